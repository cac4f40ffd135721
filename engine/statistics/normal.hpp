// The normal and the chi-square law, as the formulas of this folder need them.
#pragma once

namespace desist::statistics {

/// Probability that a standard normal variate is at most `z`; its upper tail is `normal_cdf(-z)`, without cancellation.
double normal_cdf(double z);

/// The value that a standard normal variate stays below with probability `p`, 0 < p < 1.
double normal_quantile(double p);

/// The z of a two-sided interval: 1.959964 for 0.95.
double two_sided_z(double confidence);

/// Probability that chi-square with one degree of freedom is at least `statistic` >= 0.
double chi_square_tail(double statistic);

}  // namespace desist::statistics
