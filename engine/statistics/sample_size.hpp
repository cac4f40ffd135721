// How many people a comparison of two proportions needs, and what a given number can show.
#pragma once

#include <optional>

namespace desist::statistics {

/// What a comparison should be able to show: power and two-sided significance level, and n1/n0.
struct Precision {
  double power = 0.8;
  double alpha = 0.05;
  double ratio = 1;
};

/// The distance from no effect, in standard errors, at which a two-sided test has the power: z_power + z_(1-alpha/2).
double wanted_z(const Precision& precision);

/// People wanted in each group, before rounding up.
struct GroupSizes {
  double n1 = 0;
  double n0 = 0;
};

/// n0 = (z_(1-alpha/2) sqrt(p q (1 + 1/r)) + z_power sqrt(p1 q1/r + p0 q0))^2/(p1 - p0)^2 with p = (r p1 + p0)/(1 + r),
/// n1 = r n0 (Fleiss, Tytun & Ury 1980, eq. 2; R's power.prop.test for r = 1). Normal approximation, without the far
/// tail. Empty where the risks are equal (no number is enough). Verified by: sample_size_test
std::optional<GroupSizes> group_sizes_needed(double risk1, double risk0, const Precision& precision = {});

/// The same with the continuity correction (Fleiss, Tytun & Ury 1980, eq. 4): what Fisher's test needs.
/// Verified by: sample_size_test
std::optional<GroupSizes> group_sizes_needed_exact(double risk1, double risk0, const Precision& precision = {});

/// n0 = (z_(1-alpha/2) + z_power)^2 (p1 q1/r + p0 q0)/(p1 - p0)^2: for Wald's test with the unpooled variance (Fleiss,
/// Levin & Paik 2003, section 4.2). Verified by: design_reference
std::optional<GroupSizes> group_sizes_needed_unpooled(double risk1, double risk0, const Precision& precision = {});

/// 2 arcsin sqrt(risk1) - 2 arcsin sqrt(risk0), whose error hardly depends on the risks (Cohen 1988, eq. 6.2.1).
double cohen_h(double risk1, double risk0);

/// Power of the two-sided test on Cohen's h, both directions: h sqrt(n1 n0/(n1 + n0)) is normal with variance 1 (Cohen
/// 1988, section 6.3; R's pwr). Verified by: design_reference
double power_of_arcsine_test(double risk1, double risk0, const GroupSizes& sizes, double alpha = 0.05);

/// The sizes at which that power is reached. Verified by: design_reference
std::optional<GroupSizes> group_sizes_needed_arcsine(double risk1, double risk0, const Precision& precision = {});

/// Probability that the pooled two-sided test is significant in the direction of the true difference.
/// Verified by: sample_size_test
double power_of_difference(double risk1, double risk0, const GroupSizes& sizes, double alpha = 0.05);

/// The same with the wrong direction added.
/// Verified by: sample_size_test
double power_of_difference_either_way(double risk1, double risk0, const GroupSizes& sizes, double alpha = 0.05);

/// The largest risk1 below risk0 that a comparison of these sizes shows with the power wanted; empty where not even 0
/// is shown. `precision.ratio` is not read: the sizes say it. Verified by: sample_size_test
std::optional<double> detectable_risk_below(double risk0, const GroupSizes& sizes, const Precision& precision = {});

/// The least risk1 above risk0 that is shown with the power wanted; empty where not even 1 is.
/// Verified by: sample_size_test
std::optional<double> detectable_risk_above(double risk0, const GroupSizes& sizes, const Precision& precision = {});

}  // namespace desist::statistics
