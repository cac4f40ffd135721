// What an interval or a test really does: exact enumeration of both binomials.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// True risks of the two groups.
struct RiskPair {
  double risk1 = 0;
  double risk0 = 0;
};

/// Probability, at each pair of risks, that the interval contains `truth` of that pair. The interval is computed once
/// for each of the (n1 + 1)(n0 + 1) tables; every table is counted, none simulated. Verified by:
/// operating_characteristics_test
std::vector<double> coverage(std::int64_t n1, std::int64_t n0, std::span<const RiskPair> risks,
                             const std::function<Interval(const TwoByTwo&)>& interval,
                             const std::function<double(const RiskPair&)>& truth);

/// Probability, at each pair of risks, that the p-value is at most alpha: the size where the risks are equal, the power
/// where they differ. Verified by: operating_characteristics_test; two_by_two_reference exact_fisher_power
std::vector<double> rejection_probability(std::int64_t n1, std::int64_t n0, std::span<const RiskPair> risks,
                                          const std::function<double(const TwoByTwo&)>& p_value, double alpha = 0.05);

}  // namespace desist::statistics
