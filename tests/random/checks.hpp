// Statistical checks with a stated false-alarm rate of 1e-6 each; every one is shown to fail on a wrong sampler.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"

namespace desist {

inline constexpr double false_alarm = 1e-6;
/// A standard normal variate exceeds this in absolute value with probability 1e-6.
inline constexpr double two_sided_limit = 4.8916;
/// Draws of a check of a mean or a share: finds a bias of a hundredth of a standard deviation with probability 0.999
/// (n >= (8 sigma / delta)^2).
inline constexpr std::size_t enough_draws = 640'000;

/// How many standard errors the mean of the sample lies from `mean`.
inline double distance_of_mean(const std::vector<double>& sample, double mean, double standard_deviation) {
  double sum = 0;
  for (const double x : sample) sum += x - mean;
  return sum / (standard_deviation * std::sqrt(static_cast<double>(sample.size())));
}

/// The p-value of Pearson's chi-square test of the observed numbers against probabilities that sum to 1.
/// Neighbouring cells are joined until 25 are expected in each.
inline double chi_square_p(const std::vector<double>& observed, const std::vector<double>& probabilities) {
  double total = 0;
  for (const double o : observed) total += o;
  std::vector<double> o_joined;
  std::vector<double> e_joined;
  double o_sum = 0;
  double e_sum = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    o_sum += observed[i];
    e_sum += probabilities[i] * total;
    if (e_sum >= 25) {
      o_joined.push_back(o_sum);
      e_joined.push_back(e_sum);
      o_sum = e_sum = 0;
    }
  }
  o_joined.back() += o_sum;
  e_joined.back() += e_sum;
  double statistic = 0;
  for (std::size_t i = 0; i < o_joined.size(); ++i) {
    statistic += (o_joined[i] - e_joined[i]) * (o_joined[i] - e_joined[i]) / e_joined[i];
  }
  const double degrees = static_cast<double>(o_joined.size() - 1);
  return boost::math::gamma_q(degrees / 2, statistic / 2, BoostPolicy());
}

/// The p-value of a sample against a continuous law: 128 cells of equal probability of cdf(x).
template <class Cdf>
double fit_p(const std::vector<double>& sample, const Cdf& cdf) {
  constexpr std::size_t cells = 128;
  std::vector<double> observed(cells, 0);
  for (const double x : sample) {
    const auto cell = static_cast<std::size_t>(cdf(x) * static_cast<double>(cells));
    observed[std::min(cell, cells - 1)] += 1;
  }
  return chi_square_p(observed, std::vector<double>(cells, 1.0 / static_cast<double>(cells)));
}

/// What a call says when it refuses its arguments.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const std::domain_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace desist
