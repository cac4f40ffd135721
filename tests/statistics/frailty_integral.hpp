// A naive mean over gamma rates: Simpson's rule in the logarithm of the rate.
#pragma once

#include <cmath>

namespace desist::statistics {

/// E f(Z), Z gamma of shape k and mean mu.
template <class F>
double frailty_integral(double k, double mu, F f) {
  constexpr int steps = 40000;
  const double low = std::log(mu / k) - 45 / k - 4;
  const double high = std::log(mu / k) + std::log(60 + k + 14 * std::sqrt(k));
  const double h = (high - low) / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double log_z = low + i * h;
    const double z = std::exp(log_z);
    const double density = std::exp(k * (log_z - std::log(mu / k)) - z * k / mu - std::lgamma(k));
    sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * density * f(z);
  }
  return sum * h / 3;
}

/// Integral of f from `low` to `high` by Simpson's rule.
template <class F>
double simpson(double low, double high, F f, int steps = 4000) {
  const double h = (high - low) / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * f(low + i * h);
  return sum * h / 3;
}

}  // namespace desist::statistics
