// The logarithm of a standard exponential variate at a probability, fast enough for a hot loop.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "engine/random/stream.hpp"

namespace desist {

/// log(-log u) for the uniform u of a word: what competing Weibull times are compared by.
///
/// For u in [1/16, 15/16) by the Taylor polynomial of degree 7 about the middle of an interval of 1/256; its error
/// there is below 1e-12, as the radius of convergence is 32 half intervals or more. Elsewhere by two logarithms.
/// Verified by: state_paths_test Logarithms_of_exponentials.
class LogExponential {
 public:
  LogExponential() {
    for (std::size_t i = 0; i < taylor_.size(); ++i) taylor_[i] = about((static_cast<double>(first + i) + 0.5) / parts);
  }
  double operator()(std::uint64_t word) const {
    const double u = uniform(word);
    const auto i = static_cast<std::size_t>(word >> 56U) - first;
    if (i >= taylor_.size()) return std::log(-std::log(u));
    const Taylor& a = taylor_[i];
    const double x = u - (static_cast<double>(word >> 56U) + 0.5) / parts;
    const double x2 = x * x;
    return ((a[0] + a[1] * x) + x2 * (a[2] + a[3] * x)) + x2 * x2 * ((a[4] + a[5] * x) + x2 * (a[6] + a[7] * x));
  }

 private:
  static constexpr std::size_t degree = 7;
  static constexpr double parts = 256;
  static constexpr std::size_t first = 16;
  using Taylor = std::array<double, degree + 1>;

  // With s the series of -log(u) / -log(middle) - 1 in u - middle, that of log(1 + s) by k L_k = k s_k - sum of
  // j L_j s_(k-j).
  static Taylor about(double middle) {
    const double at_middle = -std::log(middle);
    Taylor s{};
    double power = 1;
    for (std::size_t k = 1; k <= degree; ++k) {
      power /= -middle;
      s[k] = power / (static_cast<double>(k) * at_middle);
    }
    Taylor log{std::log(at_middle)};
    for (std::size_t k = 1; k <= degree; ++k) {
      double sum = static_cast<double>(k) * s[k];
      for (std::size_t j = 1; j < k; ++j) sum -= static_cast<double>(j) * log[j] * s[k - j];
      log[k] = sum / static_cast<double>(k);
    }
    return log;
  }

  std::array<Taylor, 224> taylor_{};
};

}  // namespace desist
