// The odds ratio of two groups: sample, conditional and score.
#pragma once

#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// x1 (n0 - x0) / ((n1 - x1) x0): infinite where only the denominator is 0, empty for 0/0.
std::optional<double> odds_ratio(const TwoByTwo& table);

/// sqrt of the sum of the reciprocal cells (Woolf 1955); empty where a cell is 0.
std::optional<double> log_odds_ratio_error(const TwoByTwo& table);

/// exp(log odds ratio -/+ z times its error) (Woolf 1955); empty where a cell is 0.
/// Verified by: two_by_two_reference odds_ratio
std::optional<Interval> wald_odds_ratio(const TwoByTwo& table, double confidence = usual_confidence);

/// The odds ratio after 1/2 is added to each cell (Haldane 1956; Anscombe 1956): finite for every table.
double haldane_anscombe_odds_ratio(const TwoByTwo& table);

/// The psi at which x1 is the mean of the noncentral hypergeometric law given both margins (Fisher 1935; Cornfield
/// 1956): 0 or infinite at the ends of the support, empty where the margins leave one table only.
/// Verified by: two_by_two_reference odds_ratio
std::optional<double> conditional_odds_ratio(const TwoByTwo& table);

/// Central exact limits: P(X >= x1; lower) = P(X <= x1; upper) = (1 - confidence)/2 under the noncentral hypergeometric
/// law (Cornfield 1956). Coverage is never below `confidence`; (0, infinity) where the margins leave one table only.
/// Verified by: two_by_two_reference odds_ratio; odds_ratio_test
Interval exact_odds_ratio(const TwoByTwo& table, double confidence = usual_confidence);

/// The same with half the probability of the observed table in each tail (mid-p; Lancaster 1961). Shorter; coverage is
/// near, not above, `confidence`.
/// Verified by: two_by_two_reference odds_ratio
Interval mid_p_odds_ratio(const TwoByTwo& table, double confidence = usual_confidence);

/// Score interval with the factor N/(N - 1) (Miettinen & Nurminen 1985, section 5): all psi with
/// (x1 - n1 p1~)^2 (1/(n1 p1~ q1~) + 1/(n0 p0~ q0~)) <= z^2 N/(N-1), p~ the fit under odds ratio psi. Ends are 0 or
/// infinite where the estimate is; (0, infinity) for a degenerate table. Verified by: two_by_two_reference odds_ratio
Interval miettinen_nurminen_odds_ratio(const TwoByTwo& table, double confidence = usual_confidence);

}  // namespace desist::statistics
