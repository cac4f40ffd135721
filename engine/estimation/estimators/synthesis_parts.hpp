// What syntheses have in common: the scale, the studies, and when they may be pooled.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "engine/estimation/estimators/parts.hpp"
#include "engine/statistics/effect_size.hpp"
#include "engine/statistics/inference.hpp"
#include "engine/statistics/synthesis_problem.hpp"

namespace desist {

/// The scale of a synthesis.
struct SynthesisScale {
  std::string measure;
  bool ratio = true;
  std::optional<statistics::EffectMeasure> of_counts;  // empty: effects are given, a table has none

  explicit SynthesisScale(const Analysis& analysis) : measure(analysis.word("measure", "risk ratio")) {
    ratio = !measure.ends_with("difference");
    if (measure == "risk ratio") of_counts = statistics::EffectMeasure::log_risk_ratio;
    if (measure == "odds ratio") of_counts = statistics::EffectMeasure::log_odds_ratio;
    if (measure == "risk difference") of_counts = statistics::EffectMeasure::risk_difference;
  }
  double shown(double value) const { return ratio ? std::exp(value) : value; }
  statistics::Interval shown(const statistics::Interval& limits) const {
    return {shown(limits.low), shown(limits.high)};
  }
  EffectRow row(const std::string& term, const statistics::Inference& inference, double level) const {
    EffectRow row;
    row.term = term;
    row.measure = measure;
    if (measure == "risk difference") row.unit = "share";
    row.log_scale = ratio;
    row.estimate = shown(inference.estimate);
    row.error = inference.error;
    row.interval = shown(inference.interval);
    row.level = level;
    if (inference.error > 0) {
      row.statistic = inference.estimate / inference.error;
      row.p = inference.p;
    }
    row.degrees_of_freedom = inference.degrees_of_freedom;
    return row;
  }
};

/// Studies with an effect, and what was said about those without.
struct SynthesisStudies {
  std::vector<const StudyEffect*> rows;
  std::vector<statistics::EffectSize> effects;
  std::vector<std::string> notes;
  std::string refused;

  std::string label(std::size_t i) const { return rows[i]->label; }
};

statistics::TwoByTwo counts_of(const StudyEffect& study);

/// The results that an analysis is of: those that `studies` names, in the file's order, or all. A name that no result
/// has is told in `refused`.
std::vector<const StudyEffect*> chosen_studies(const AnalysisInput& input, std::string& refused);
/// Their effects on a scale.
SynthesisStudies studies_of(const AnalysisInput& input, const SynthesisScale& scale);
/// Where a study gives counts and no cell is empty: Miettinen and Nurminen's score limits and their test, as a study of
/// its own has, so that a ratio and a difference say the same of chance (1985).
void set_score_limits(const StudyEffect& study, const SynthesisScale& scale, EffectRow& row);
/// Why these studies are not pooled unasked: "" where they are alike, or the file says why.
std::string unlike_studies(const AnalysisInput& input, const std::vector<const StudyEffect*>& rows);
/// A result with what is said of any pooling.
AnalysisResult begun_synthesis(const AnalysisInput& input, const std::vector<const StudyEffect*>& rows);

}  // namespace desist
