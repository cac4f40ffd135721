// Values of an outcome by draw, one future each: means and their errors, order statistics and theirs.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "engine/core/limits.hpp"

namespace desist {

struct MeanAndError {
  double mean = missing;
  double error = missing;
};

/// Of values, or of their differences from others draw by draw (Welford 1962); those that are missing are left out.
inline MeanAndError mean_of(std::span<const double> values, std::span<const double> others = {}) {
  double mean = 0, squares = 0, count = 0;
  for (std::size_t d = 0; d < values.size(); ++d) {
    const double value = others.empty() ? values[d] : values[d] - others[d];
    if (std::isnan(value)) continue;
    const double step = value - mean;
    mean += step / ++count;
    squares += step * (value - mean);
  }
  if (count < 1) return {};
  if (count < 2) return {mean, missing};
  return {mean, std::sqrt(squares / (count - 1) / count)};
}

/// The values that are not missing, in rising order.
inline std::vector<double> rising(std::span<const double> values) {
  std::vector<double> sorted;
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// Where the order statistic ceil(q N) stands among N values in rising order, from 0 on, N at least 1 (mathematics.md
/// 6.4).
inline std::size_t order_place(double q, std::size_t values) {
  const auto count = static_cast<double>(values);
  return static_cast<std::size_t>(std::clamp(std::ceil(q * count), 1.0, count)) - 1;
}

/// The order statistic ceil(q N) of values in rising order, the first at least; missing of none.
inline double order_statistic(std::span<const double> sorted, double q) {
  return sorted.empty() ? missing : sorted[order_place(q, sorted.size())];
}

/// Half the distance of the order statistics ceil(N (q -/+ sqrt(q (1 - q)/N))) (mathematics.md 6.5).
inline double order_statistic_error(std::span<const double> sorted, double q) {
  if (sorted.empty()) return missing;
  const double step = std::sqrt(q * (1 - q) / static_cast<double>(sorted.size()));
  const double low = order_statistic(sorted, q - step), high = order_statistic(sorted, q + step);
  return low == high ? 0 : (high - low) / 2;  // both infinite: no more is known
}

}  // namespace desist
