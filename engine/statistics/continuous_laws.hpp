// Student's t, chi-square and F laws, as tests and intervals need them.
#pragma once

namespace desist::statistics {

/// Probability that Student's t with `df` > 0 degrees of freedom is at least `t`. Verified by: continuous_laws_test
double student_tail(double t, double df);

/// Two-sided p-value of a t statistic.
double student_two_sided(double t, double df);

/// The value that Student's t stays below with probability `p`, 0 < p < 1. Verified by: continuous_laws_test
double student_quantile(double p, double df);

/// Probability that a t variate with noncentrality `delta` is at least `t` (Boost.Math; Benton & Krishnamoorthy 2003).
/// Verified by: design_reference means
double noncentral_student_tail(double t, double df, double delta);

/// Probability that chi-square with `df` > 0 degrees of freedom is at least `statistic` >= 0.
/// Verified by: continuous_laws_test
double chi_square_tail(double statistic, double df);

/// The value that chi-square stays below with probability `p`, 0 < p < 1. Verified by: continuous_laws_test
double chi_square_quantile(double p, double df);

/// Probability that F with these degrees of freedom is at least `statistic` >= 0. Verified by: continuous_laws_test
double f_tail(double statistic, double df1, double df2);

}  // namespace desist::statistics
