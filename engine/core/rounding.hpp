// Rounding: whole parts, and what is left of an exact zero where two sums are held against each other.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace desist {

/// The whole part of a number in [0, 2^63): one instruction, which a conversion to an unsigned type is not.
inline std::size_t whole_part(double x) { return static_cast<std::size_t>(static_cast<std::int64_t>(x)); }

/// How far a sum of a million terms of one sign may be off by rounding, as a share of it: 8 sqrt(n) u, u = 2^-53.
///
/// Rounding errors that are as often up as down add to more than lambda sqrt(n) u with a chance below
/// 2 n exp(-lambda^2/2) (Higham & Mary 2019, theorem 2.4): with lambda = 8 and n = 2^20 below 3 in 10^8. Sums of more
/// terms are of fewer that are alike, and what isn't set to zero is only printed.
inline constexpr double rounding_of_sums = 8 * 1024 * 0x1p-53;

/// The difference of two sums, or zero where it is no more than their rounding. Infinite and missing ones stay.
/// Verified by: rounding_test.
inline double difference_of_sums(double a, double b) {
  const double difference = a - b;
  return std::abs(difference) < rounding_of_sums * std::max(std::abs(a), std::abs(b)) ? 0.0 : difference;
}

/// A standard error, or zero where it is no more than the rounding of what it is the error of: values that are all
/// alike, made of other terms each.
inline double error_beyond_rounding(double error, double of) {
  return error < rounding_of_sums * std::abs(of) ? 0.0 : error;
}

}  // namespace desist
