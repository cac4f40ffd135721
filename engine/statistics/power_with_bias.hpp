// What a comparison of shares can show where the groups differ in more than the programme: an error that more people
// don't shrink.
#pragma once

#include <optional>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// The difference seen is the true one plus a bias from the law N(0, bias^2), the same whoever is counted: what
/// matching leaves of the difference between people, of periods, or of recording. An interval that admits it has
/// variance p1 q1/n1 + p0 q0/n0 + bias^2 (Rosenbaum 2010, Design of Observational Studies, ch. 3, for the reason;
/// mathematics.md 8.4). bias = 0 is sample_size.hpp.

/// Probability that the two-sided test with such a variance is significant in the direction of the true difference:
/// Phi((|p1 - p0| - z_(1-alpha/2) s0)/s1), s0^2 = p q (1/n1 + 1/n0) + bias^2 at the pooled share p, s1^2 the variance
/// above. Verified by: power_with_bias_test
double power_with_bias(double risk1, double risk0, const GroupSizes& sizes, double bias, double alpha = 0.05);

/// Sizes at which that power is reached. Empty where no number is enough: |p1 - p0| <= least_difference. Verified by:
/// power_with_bias_test
std::optional<GroupSizes> group_sizes_needed_with_bias(double risk1, double risk0, double bias,
                                                       const Precision& precision = {});

/// The largest risk1 below risk0, and the least above it, that is shown with the power wanted; empty where none is.
/// Verified by: power_with_bias_test
std::optional<double> detectable_risk_below_with_bias(double risk0, const GroupSizes& sizes, double bias,
                                                      const Precision& precision = {});
std::optional<double> detectable_risk_above_with_bias(double risk0, const GroupSizes& sizes, double bias,
                                                      const Precision& precision = {});

/// (z_(1-alpha/2) + z_power) bias: no difference up to this is shown with that power, however many people are counted.
double least_difference_with_bias(double bias, const Precision& precision = {});

/// How often the usual test, which takes no account of the bias, finds a difference where the programme makes none:
/// 2 Phi(-z_(1-alpha/2) s/sqrt(s^2 + bias^2)), s^2 = p q (1/n1 + 1/n0). It is alpha without a bias and goes to 1 as the
/// groups grow. Verified by: power_with_bias_test
double false_alarms_with_bias(double risk, const GroupSizes& sizes, double bias, double alpha = 0.05);

}  // namespace desist::statistics
