// The effect of one study, with its variance, from a two-by-two table.
#pragma once

#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// What a study contributes to a synthesis.
struct EffectSize {
  double effect = 0;
  double variance = 0;
};

enum class EffectMeasure { log_risk_ratio, log_odds_ratio, risk_difference };

/// When 1/2 is added to each cell.
enum class HalfRule {
  tables_with_a_zero,  // only where a cell is 0 (Haldane 1956; metafor's default, also for the difference)
  never
};

/// With a, b people with and without the event in group 1 and c, d in group 0, n1 = a + b, n0 = c + d:
/// log risk ratio log(a/n1) - log(c/n0), variance 1/a - 1/n1 + 1/c - 1/n0 (Katz et al. 1978);
/// log odds ratio log(ad/(bc)), variance 1/a + 1/b + 1/c + 1/d (Woolf 1955);
/// risk difference a/n1 - c/n0, variance ab/n1^3 + cd/n0^3.
/// Empty where the effect is not finite or the variance is 0: only under HalfRule::never.
/// A table in which nobody (or everybody) had the event has an effect under the 1/2 rule, made by the rule alone: see
/// `TwoByTwo::degenerate`. Verified by: synthesis_reference
std::optional<EffectSize> effect_size(const TwoByTwo& table, EffectMeasure measure,
                                      HalfRule rule = HalfRule::tables_with_a_zero);

}  // namespace desist::statistics
