#include "engine/estimation/estimators/contrasts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/comparison.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/number_needed.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

using statistics::Alternative;
using statistics::TwoByTwo;

EffectRow effect_row(const Contrast& contrast, const std::string& measure, double estimate,
                     const statistics::Interval& interval, const Analysis& analysis) {
  EffectRow row;
  row.term = contrast.term;
  row.measure = measure;
  row.estimate = estimate;
  row.interval = interval;
  row.level = level_of(analysis);
  row.effect = true;
  return row;
}

void add_differences(const TwoByTwo& t, const Contrast& contrast, const Analysis& analysis, AnalysisResult& result) {
  const double level = level_of(analysis), difference = statistics::risk_difference(t);
  EffectRow row = effect_row(contrast, "risk difference", difference,
                             statistics::miettinen_nurminen_difference(t, level), analysis);
  row.unit = "share";
  row.headline = contrast.headline;
  const auto test = statistics::chi_square_n_minus_1(t);
  row.p = test ? test->p : 1;
  result.effects.push_back(row);
  row = effect_row(contrast, "risk difference (Newcombe)", difference, statistics::newcombe(t, level), analysis);
  row.unit = "share";
  result.effects.push_back(row);
}

void add_ratios(const TwoByTwo& t, const Contrast& contrast, const Analysis& analysis, AnalysisResult& result) {
  const double level = level_of(analysis);
  if (const auto ratio = statistics::risk_ratio(t)) {
    EffectRow row =
        effect_row(contrast, "risk ratio", *ratio, statistics::miettinen_nurminen_ratio(t, level), analysis);
    row.log_scale = true;
    if (const auto error = statistics::log_risk_ratio_error(t); error && *error > 0) row.error = *error;
    result.effects.push_back(row);
  } else {
    result.notes.push_back("Nobody had the outcome in either group: a ratio of risks is not known.");
  }
  const auto odds = statistics::conditional_odds_ratio(t);
  if (!odds) return;
  EffectRow row = effect_row(contrast, "odds ratio (exact)", *odds, statistics::exact_odds_ratio(t, level), analysis);
  row.log_scale = true;
  row.p = std::min(
      1.0, 2 * std::min(statistics::fisher_p(t, Alternative::less), statistics::fisher_p(t, Alternative::greater)));
  result.effects.push_back(row);
  row = effect_row(contrast, "odds ratio (mid-p)", *odds, statistics::mid_p_odds_ratio(t, level), analysis);
  row.log_scale = true;
  row.p = statistics::mid_p(t);
  result.effects.push_back(row);
}

/// 1 over the difference in the direction seen; an interval only where it does not run through infinity.
void add_number_needed(const TwoByTwo& t, const Contrast& contrast, const Analysis& analysis, AnalysisResult& result) {
  statistics::Interval limits = statistics::miettinen_nurminen_difference(t, level_of(analysis));
  double difference = statistics::risk_difference(t);
  if (!contrast.fewer_is_better) {
    limits = {-limits.high, -limits.low};
    difference = -difference;
  }
  if (difference == 0) return;
  const statistics::NumberNeeded needed = statistics::number_needed(limits);
  const double nan = std::nan("");
  EffectRow row = effect_row(contrast, difference < 0 ? "number needed to benefit" : "number needed to harm",
                             1 / std::abs(difference), {nan, nan}, analysis);
  row.unit = "people";
  row.effect = false;
  switch (needed.kind) {
    case statistics::NumberNeeded::Kind::benefit:
      row.interval = *needed.benefit;
      break;
    case statistics::NumberNeeded::Kind::harm:
      row.interval = *needed.harm;
      break;
    case statistics::NumberNeeded::Kind::either:
      result.notes.push_back(
          fmt::format("{}: the number needed runs from {} to benefit through infinity (no difference) to {} to harm.",
                      contrast.term, about(needed.benefit->low), about(needed.harm->low)));
      break;
  }
  result.effects.push_back(row);
}

}  // namespace

void add_risk(const std::string& arm, const statistics::Proportion& share, const Analysis& analysis,
              AnalysisResult& result) {
  EffectRow row;
  row.term = arm;
  row.measure = "risk";
  row.unit = "share";
  row.estimate = share.estimate();
  row.level = level_of(analysis);
  row.interval = statistics::wilson(share, row.level);
  result.effects.push_back(row);
}

void add_contrast(const TwoByTwo& t, const Contrast& contrast, const AnalysisInput& input, AnalysisResult& result) {
  add_differences(t, contrast, input.analysis, result);
  add_ratios(t, contrast, input.analysis, result);
  add_number_needed(t, contrast, input.analysis, result);
  const HonestyRow row = estimation::row_of_table(t.x1, t.n1, t.x0, t.n0);
  const auto test = statistics::chi_square_n_minus_1(t);
  const double none = std::nan("");
  result.tests.push_back(
      {"chi-square x (N - 1)/N" + contrast.test_suffix, test ? test->statistic : 0.0, 1.0, {}, row.p_coherent, 0});
  result.tests.push_back({"Fisher" + contrast.test_suffix, none, {}, {}, row.p_fisher, 0});
  if (row.p_boschloo) result.tests.push_back({"Boschloo" + contrast.test_suffix, none, {}, {}, *row.p_boschloo, 0});
  if (row.p_boschloo_doubled)
    result.tests.push_back({"Boschloo, doubled" + contrast.test_suffix, none, {}, {}, *row.p_boschloo_doubled, 0});
  result.tests_disagree = result.tests_disagree || (row.tests_disagree && contrast.term == input.study.arms[1]);
  if (row.tests_disagree)
    result.notes.push_back(fmt::format(
        "{}: tests and intervals fall on both sides of 5%; the answer is read from the risk difference of Miettinen "
        "and Nurminen with chi-square x (N - 1)/N, which belong together.",
        contrast.term));
  result.facts.push_back({"chance of a lower risk" + contrast.test_suffix, row.chance_of_fewer_mean});
  if (input.study.design == Design::randomised) return;
  if (const auto ratio = statistics::risk_ratio(t))
    result.facts.push_back({"E-value" + contrast.test_suffix, statistics::e_value(*ratio)});
}

}  // namespace desist
