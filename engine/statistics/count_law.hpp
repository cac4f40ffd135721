// The log-probability of one count under the Poisson and the negative binomial law, with its derivatives.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace desist::statistics {

/// log P(y) and derivatives in eta = log mean and tau = log theta (0 for Poisson).
struct CountTerm {
  double log_probability = 0;
  double eta = 0;
  double eta_eta = 0;
  double tau = 0;
  double tau_tau = 0;
  double eta_tau = 0;
};

/// Negative binomial with mean m and variance m + m^2/theta, P(y) = Gamma(y + theta)/(Gamma(theta) y!) theta^theta m^y/
/// (theta + m)^(y + theta) (Lawless 1987); without theta Poisson. What depends on theta and y only is tabulated as sums
/// over 0..y - 1, which do not cancel for large theta as differences of log-gamma functions do.
/// Verified by: counts_reference; negative_binomial_test
class CountLaw {
 public:
  /// For counts up to `greatest`.
  CountLaw(std::size_t greatest, std::optional<double> theta);
  CountTerm at(std::size_t y, double eta) const;

 private:
  std::optional<double> theta_;
  std::vector<double> log_factor_;   // sum of log(1 + k/theta), less log y!
  std::vector<double> reciprocals_;  // sum of 1/(theta + k)
  std::vector<double> squares_;      // sum of 1/(theta + k)^2
};

/// The greatest count for which tables are made; more is not a count of what one person does.
inline constexpr double greatest_count = 1e7;

}  // namespace desist::statistics
