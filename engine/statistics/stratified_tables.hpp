// Two-by-two tables of several strata taken together: Mantel-Haenszel.
#pragma once

#include <optional>
#include <vector>

#include "engine/statistics/inference.hpp"
#include "engine/statistics/two_by_two.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::statistics {

/// A common ratio: the logarithm is what has a normal law.
struct CommonRatio {
  double ratio = 1;
  Interval interval;
  Inference log;
};

/// Odds ratio sum R/sum S with R = x1 (n0 - x0)/N, S = (n1 - x1) x0/N (Mantel & Haenszel 1959) and the variance of
/// Robins, Breslow & Greenland 1986: sum P R/2R+^2 + sum (P S + Q R)/2 R+ S+ + sum Q S/2 S+^2, P = (x1 + n0 - x0)/N, Q
/// = 1 - P. Empty where R+ or S+ is 0. Strata with an empty group tell nothing and are left out. Verified by:
/// stratified_reference; stratified_tables_test
std::optional<CommonRatio> mantel_haenszel_odds_ratio(const std::vector<TwoByTwo>& strata,
                                                      double confidence = usual_confidence);

/// Risk ratio sum (x1 n0/N)/sum (x0 n1/N), variance of its logarithm sum ((n1 n0 (x1 + x0) - x1 x0 N)/N^2)/(R+ S+)
/// (Greenland & Robins 1985). Empty where either sum is 0. Verified by: stratified_reference
std::optional<CommonRatio> mantel_haenszel_risk_ratio(const std::vector<TwoByTwo>& strata,
                                                      double confidence = usual_confidence);

/// Risk difference sum (x1 n0 - x0 n1)/N over sum n1 n0/N, variance (RD sum P + sum Q)/(sum n1 n0/N)^2 with P = (n1^2
/// x0 - n0^2 x1 + n1 n0 (n0 - n1)/2)/N^2, Q = (x1 (n0 - x0) + x0 (n1 - x1))/2N (Sato 1989). Empty without a stratum
/// with both groups. Verified by: stratified_reference
std::optional<Inference> mantel_haenszel_risk_difference(const std::vector<TwoByTwo>& strata,
                                                         double confidence = usual_confidence);

/// Cochran-Mantel-Haenszel test of no association in any stratum, one degree of freedom, less `continuity` (0 or 1/2)
/// from the absolute sum (Cochran 1954; Mantel & Haenszel 1959). Empty where the hypergeometric variance is 0.
/// Verified by: stratified_tables_test
std::optional<TestResult> cochran_mantel_haenszel(const std::vector<TwoByTwo>& strata, double continuity = 0);

/// Tests that the odds ratio is the same in all strata.
struct HomogeneityTest {
  double breslow_day = 0;  // sum (x1 - E)^2/V at the common odds ratio (Breslow & Day 1980, eq. 4.30)
  double tarone = 0;       // less (sum (x1 - E))^2/sum V (Tarone 1985)
  double degrees_of_freedom = 0;
  double breslow_day_p = 1;
  double tarone_p = 1;
};

/// Strata in which a margin is 0 tell nothing and are left out; empty where fewer than two are left, or where the
/// common odds ratio is 0, infinite or unknown. Verified by: stratified_tables_test
std::optional<HomogeneityTest> odds_ratio_homogeneity(const std::vector<TwoByTwo>& strata);

}  // namespace desist::statistics
