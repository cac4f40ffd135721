// The law of the median of counts of people who are alike in law.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace desist::statistics {

/// P(median = 0), P(median = 1/2), P(median = 1), ...: element j is for j/2, of n counts with the given P(X = 0), P(X =
/// 1), ...; what these leave out lies above them all. For n = 2m with cdf F and S(b) = P(X >= b) the two in the middle
/// are a < b with probability binom(2m, m) (F(a)^m - F(a - 1)^m)(S(b)^m - S(b + 1)^m), and both a with 1 - P(m or more
/// below a) - P(m or more above a) + P(m on either side) (David & Nagaraja 2003, Order Statistics, 2.1 and 2.2). A
/// median above the greatest count given has no element. Throws std::invalid_argument unless 1 <= n <= 2,000 and
/// probabilities are 0 or more and add up to at most 1. Verified by: median_law_test, career_law_test.
std::vector<double> median_law(std::size_t n, std::span<const double> probabilities);

}  // namespace desist::statistics
