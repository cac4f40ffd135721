#include "engine/estimation/estimators/synthesis_parts.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

std::string design_in_words(Design design) {
  switch (design) {
    case Design::randomised:
      return "randomised";
    case Design::compared:
      return "compared";
    case Design::nested:
      return "nested";
    case Design::described:
      return "described";
  }
  return "";
}

}  // namespace

statistics::TwoByTwo counts_of(const StudyEffect& study) { return {study.x1, study.n1, study.x0, study.n0}; }

std::vector<const StudyEffect*> chosen_studies(const AnalysisInput& input, std::string& refused) {
  const std::vector<std::string>& names = input.analysis.list("studies");
  std::vector<std::string> labels;
  std::vector<const StudyEffect*> rows;
  for (const StudyEffect& study : input.study.results) {
    labels.push_back(study.label);
    if (names.empty() || std::find(names.begin(), names.end(), study.label) != names.end()) rows.push_back(&study);
  }
  for (const std::string& name : names)
    if (std::find(labels.begin(), labels.end(), name) == labels.end())
      refused = fmt::format("no [[result]] is called '{}': they are {}", name, listed(labels));
  return rows;
}

SynthesisStudies studies_of(const AnalysisInput& input, const SynthesisScale& scale) {
  SynthesisStudies studies;
  std::vector<std::string> silent, halved;
  const std::vector<const StudyEffect*> rows = chosen_studies(input, studies.refused);
  if (!studies.refused.empty()) return studies;
  for (const StudyEffect* row : rows) {
    const StudyEffect& study = *row;
    if (!study.counts) {
      studies.rows.push_back(&study);
      studies.effects.push_back({study.estimate, study.error * study.error});
      continue;
    }
    const statistics::TwoByTwo table = counts_of(study);
    if (!scale.of_counts) {
      studies.refused = fmt::format(
          "'{}' gives counts of people, of which there is no {}: give its effect and error, or choose a risk ratio, "
          "an odds ratio or a risk difference",
          study.label, scale.measure);
      return studies;
    }
    if (table.n1 < 1 || table.n0 < 1 || table.x1 < 0 || table.x0 < 0 || table.x1 > table.n1 || table.x0 > table.n0) {
      studies.refused = fmt::format("'{}': {}", study.label,
                                    statistics::problem_words(statistics::SynthesisProblem::impossible_counts));
      return studies;
    }
    if (table.degenerate() && scale.ratio) {
      silent.push_back(study.label);
      continue;
    }
    if (table.has_zero_cell()) halved.push_back(study.label);
    const auto effect = statistics::effect_size(table, *scale.of_counts);
    if (!effect) continue;
    studies.rows.push_back(&study);
    studies.effects.push_back(*effect);
  }
  if (!silent.empty())
    studies.notes.push_back(fmt::format(
        "Left out, since nobody or everybody in them had the event and a ratio can't be formed: {}", listed(silent)));
  if (!halved.empty())
    studies.notes.push_back(
        fmt::format("1/2 is added to each cell of tables with a zero: {}; `rare_events` pools the counts as they are",
                    listed(halved)));
  if (studies.rows.empty()) studies.refused = "no study has an effect on this scale: name another measure";
  return studies;
}

void set_score_limits(const StudyEffect& study, const SynthesisScale& scale, EffectRow& row) {
  if (!study.counts || !scale.of_counts) return;
  const statistics::TwoByTwo table = counts_of(study);
  const auto test = statistics::chi_square_n_minus_1(table);
  if (table.has_zero_cell() || !test) return;
  switch (*scale.of_counts) {
    case statistics::EffectMeasure::log_risk_ratio:
      row.interval = statistics::miettinen_nurminen_ratio(table, row.level);
      break;
    case statistics::EffectMeasure::log_odds_ratio:
      row.interval = statistics::miettinen_nurminen_odds_ratio(table, row.level);
      break;
    case statistics::EffectMeasure::risk_difference:
      row.interval = statistics::miettinen_nurminen_difference(table, row.level);
      break;
    default:
      return;
  }
  row.statistic = std::copysign(std::sqrt(test->statistic), statistics::risk_difference(table));
  row.p = test->p;
}

std::string unlike_studies(const AnalysisInput& input, const std::vector<const StudyEffect*>& rows) {
  if (!input.analysis.word("pool_across_designs").empty()) return "";
  std::set<std::string> designs, outcomes;
  for (const StudyEffect* row : rows) {
    designs.insert(design_in_words(row->design));
    outcomes.insert(row->outcome.empty() ? "not said" : row->outcome);
  }
  std::string why;
  if (designs.size() > 1)
    why = fmt::format("designs differ ({})", listed(std::vector<std::string>(designs.begin(), designs.end())));
  if (outcomes.size() > 1)
    why += fmt::format("{}outcomes differ ({})", why.empty() ? "" : " and ",
                       listed(std::vector<std::string>(outcomes.begin(), outcomes.end())));
  if (why.empty()) return "";
  return fmt::format(
      "No pooled effect: {}, so one number would answer no question. The studies stand side by side; `pool_across_"
      "designs = \"why\"` pools them and prints the reason",
      why);
}

AnalysisResult begun_synthesis(const AnalysisInput& input, const std::vector<const StudyEffect*>& rows) {
  AnalysisResult result;
  result.causal_words =
      std::all_of(rows.begin(), rows.end(), [](const StudyEffect* row) { return row->design == Design::randomised; });
  const std::string why = input.analysis.word("pool_across_designs");
  if (!why.empty()) result.notes.push_back("Pooled across designs or outcomes: " + why);
  result.facts.push_back({"studies", static_cast<double>(rows.size())});
  return result;
}

}  // namespace desist
