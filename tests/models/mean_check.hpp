// Checks of simulated means with a tolerance derived from their standard error.
#pragma once

#include <cmath>
#include <vector>

namespace desist::test {

struct Mean {
  double value = 0;
  double standard_error = 0;
};

inline Mean mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

/// Quantile of the normal law that leaves 1e-6 outside, both sides together.
inline constexpr double tolerance_in_errors = 4.9;

inline bool agrees(const std::vector<double>& values, double expected) {
  const Mean mean = mean_of(values);
  return std::abs(mean.value - expected) <= tolerance_in_errors * mean.standard_error + 1e-12;
}
inline bool agrees(const std::vector<double>& a, const std::vector<double>& b) {
  const Mean x = mean_of(a);
  const Mean y = mean_of(b);
  return std::abs(x.value - y.value) <= tolerance_in_errors * std::hypot(x.standard_error, y.standard_error) + 1e-12;
}

}  // namespace desist::test
