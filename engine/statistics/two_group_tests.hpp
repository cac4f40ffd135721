// Tests of two groups having the same risk: chi-square and conditional exact.
#pragma once

#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// A test statistic with its p-value.
struct TestResult {
  double statistic = 0;
  double p = 1;
};

/// Pearson's chi-square, N (ad - bc)^2 over the product of the margins (Pearson 1900); empty for a degenerate table.
/// Verified by: two_by_two_reference tests
std::optional<TestResult> chi_square(const TwoByTwo& table);

/// Chi-square with continuity correction (Yates 1934), as R: each |observed - expected| is lowered by min(1/2, itself).
/// Verified by: two_by_two_reference tests
std::optional<TestResult> chi_square_yates(const TwoByTwo& table);

/// Chi-square times (N - 1)/N (Pearson 1947; Campbell 2007), the test that inverts into Miettinen-Nurminen's
/// difference: together the coherent pair on which a verdict rests. Verified by: two_by_two_reference tests;
/// risk_difference_test agrees_with_its_test
std::optional<TestResult> chi_square_n_minus_1(const TwoByTwo& table);

/// Fisher's exact test given both margins (Fisher 1935). Two-sided: all tables that are no more probable than this one,
/// with a relative slack of 1e-7 for rounding, as R. Any n that fits an int64; time grows with sqrt(n).
/// Verified by: two_by_two_reference tests; two_group_tests_test
double fisher_p(const TwoByTwo& table, Alternative alternative = Alternative::two_sided);

/// The one-sided tails with half the probability of the observed table; two-sided: twice the smaller, at most 1
/// (Lancaster 1961).
/// Verified by: two_by_two_reference tests
double mid_p(const TwoByTwo& table, Alternative alternative = Alternative::two_sided);

}  // namespace desist::statistics
