// A count seen against one that was expected, when what was expected is itself not known exactly.
#pragma once

#include <cstdint>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// A count that is Poisson about a gamma mean: negative binomial with mean m and variance m + v m^2. v = 0 is Poisson.
struct ExpectedCount {
  double mean = 0;
  double relative_variance = 0;  // v, of the mean
};

/// The counts between which one will lie: the tails outside each end have at most half of 1 - confidence.
/// Throws std::invalid_argument unless mean > 0 and v >= 0, both finite. Verified by: expected_count_test
Interval predicted_count(const ExpectedCount& expected, double confidence = usual_confidence);

/// Limits of the factor that multiplies the mean, given the count seen: those at which it or a more extreme one has
/// half of 1 - confidence (Clopper & Pearson 1934, for this law). Verified by: expected_count_test
Interval seen_over_expected(std::int64_t seen, const ExpectedCount& expected, double confidence = usual_confidence);

/// Twice the smaller tail of a count as extreme, where the factor is 1; at most 1. Verified by: expected_count_test
double seen_p_value(std::int64_t seen, const ExpectedCount& expected);

}  // namespace desist::statistics
