// How many people a comparison of two rates needs, and what a given number can show.
#pragma once

#include <optional>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// Rates of events a year of two groups followed for `years` each.
struct RateDesign {
  double rate1 = 0;
  double rate0 = 0;
  double years = 1;
  double dispersion = 0;  // k of a negative-binomial count: variance m + k m^2; 0 for Poisson
};

/// Which test the power is of. With n1 = r n0, t years, k dispersion and variances a person
///   difference: l1/t + k l1^2 and l0/t + k l0^2, of l1 - l0;
///   log_ratio: 1/(t l1) + k and 1/(t l0) + k, of log(l1/l0) (Keene et al. 2007, for trials of rates);
///   log_ratio_pooled_null: the same, its critical value with both rates (r l1 + l0)/(1 + r) (Zhu & Lakkis 2014, method
///   2).
enum class RateComparison { difference, log_ratio, log_ratio_pooled_null };

/// n0 = (z_(1-alpha/2) sqrt(V0) + z_power sqrt(VA))^2/effect^2, V = V_1/r + V_0; V0 = VA but for the pooled test. Empty
/// for equal rates or where a number is outside its range (rates and years above 0, dispersion not below).
/// Verified by: design_reference two_rates; design_test
std::optional<GroupSizes> people_needed_for_rates(const RateDesign& rates, RateComparison test,
                                                  const Precision& precision = {});

/// Probability that the test is significant in the direction of the true difference.
/// Verified by: design_test
std::optional<double> power_of_rates(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                     double alpha = 0.05);

/// The largest rate1 below (least above) rate0 that is shown with the power wanted; rate1 of `rates` is not read. Empty
/// where none is. Verified by: design_test
std::optional<double> detectable_rate_below(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                            const Precision& precision = {});
std::optional<double> detectable_rate_above(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                            const Precision& precision = {});

}  // namespace desist::statistics
