// The negative binomial rate ratio of two arms alone, from how many people had each count.
#pragma once

#include <cstdint>
#include <span>

#include "engine/statistics/regression_problem.hpp"

namespace desist::statistics {

/// log(mean1 / mean0) with its error by the expected information at fixed theta.
struct TwoArmNegativeBinomial {
  double log_ratio = 0;
  double error = 0;
  double theta = 0;
};

/// The fit of `negative_binomial` to a constant and an arm, everyone followed for the same time: number y of each span
/// is the number of people with y events. Rows that are alike are one, and the fitted means are the arms' own whatever
/// theta is (the score of a mean is sum (y - m) / (1 + alpha m)), so that one equation in theta is left:
///   sum_k N_k/(theta + k) = sum_arms n log(1 + m/theta),  N_k people with more than k events
/// (Lawless 1987, eq. 2.6), by Newton's method in log theta with bisection where it leaves its bracket. Var of a log
/// mean is (1/m + 1/theta)/n. Its problems: `empty` for an arm without people, `complete_separation` for one without
/// events, `no_overdispersion` as there. Verified by: two_arm_counts_test equals_the_regression.
Fitted<TwoArmNegativeBinomial> two_arm_negative_binomial(std::span<const std::int64_t> control,
                                                         std::span<const std::int64_t> treated);

}  // namespace desist::statistics
