// Exact tests of two groups with only the group sizes fixed: Boschloo and Barnard.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// Largest (n1 + 1)(n0 + 1) for which these tests run: 2,000 people in each group. Region and supremum cost about
/// (n1 + 1)(n0 + 1) + 2000 (n1 + n0) steps. Above it every function here returns nothing.
inline constexpr std::int64_t unconditional_tables_most = 4'004'001;

/// The p-value, with the common risk at which it is attained.
struct UnconditionalResult {
  double p = 1;
  std::optional<double> at;  // the least, of several; empty where every table is extreme, so that any risk gives 1
};

/// How Boschloo's two-sided test orders tables.
enum class BoschlooTwoSided {
  fisher_order,  // by the two-sided Fisher p (R package Exact)
  doubled        // twice the smaller one-sided p
};

/// Which difference Barnard's test orders tables by.
enum class BarnardVariance { pooled, unpooled };

/// Boschloo 1970: sup over the common risk of the probability of tables whose Fisher p is at most the observed one
/// (relative slack 1e-10). Never above Fisher's p (one-sided, and two-sided by Fisher order). The extreme tables are
/// collapsed by their total k into h_k = P(extreme | k), then sum_k h_k binom(k; N, p) is searched over p on a grid of
/// 1/2000 and refined around the eight best points. A degenerate table has p = 1. Verified by: two_by_two_reference
/// tests; unconditional_tests_test
std::optional<UnconditionalResult> boschloo(const TwoByTwo& table, Alternative alternative = Alternative::two_sided,
                                            BoschlooTwoSided two_sided = BoschlooTwoSided::fisher_order);

/// Barnard 1947 in the form of Suissa & Shuster 1985: as Boschloo, ordered by z = (p1 - p0)/sqrt(variance) with the
/// pooled variance p q (1/n1 + 1/n0) or the unpooled one. z is 0 where the pooled variance is; with the unpooled
/// variance 0, a difference counts as the most extreme. Verified by: two_by_two_reference tests;
/// unconditional_tests_test
std::optional<UnconditionalResult> barnard(const TwoByTwo& table, Alternative alternative = Alternative::two_sided,
                                           BarnardVariance variance = BarnardVariance::pooled);

}  // namespace desist::statistics
