// Weighted particles: their kernel, their weights, and what is read from them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/search/calibrate.hpp"

namespace desist {

/// The particles of one generation.
struct Population {
  std::vector<std::vector<double>> scores;    // normal scores
  std::vector<std::vector<double>> outcomes;  // one value a target
  std::vector<double> distances;              // of a synthetic likelihood: minus its logarithm
  std::vector<double> weights;                // add up to 1
  /// log of the density from which all attempts of all populations together were drawn, times their number.
  std::vector<double> drawn_from;
  /// What a regression to the figures leaves of their worth: the variance of a weighted mean over that of its
  /// intercept.
  double left_by_moving = 1;
  std::size_t size() const { return scores.size(); }
  std::size_t dimension() const { return scores.empty() ? 0 : scores.front().size(); }
};

/// A mixture of normal laws, one about each particle, of h^2 times the particles' weighted covariance, h = N^(-1/(d +
/// 4)), N what they are worth and d the number of parameters (Scott 1992, eq. 6.42).
///
/// Why not twice the covariance (Beaumont, Cornuet, Marin & Robert 2009): where a parameter is not informed its
/// proposals then have three times the prior's variance, and each such parameter takes a quarter of what particles are
/// worth: of 1,000 with ten of them 53 are left, here about 700.
class Kernel {
 public:
  explicit Kernel(const Population& particles);
  /// Chooses a particle by weight, and a place about it.
  void propose(Stream& luck, std::span<double> scores) const;
  /// A step of the kernel about a place, shrunk by a factor.
  void step(Stream& luck, std::span<const double> from, double shrunk, std::span<double> scores) const;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// Logarithm of the mixture's density; without the part of one particle, where the place is that particle itself.
  /// The factor (2 pi)^(-d/2) is left out, as in log_prior.
  double log_density(std::span<const double> scores, std::size_t without = none) const;

 private:
  std::size_t dimension_;
  double log_determinant_ = 0;                   // of L
  std::vector<double> factor_, inverse_factor_;  // L and its inverse, row-major; L L' is the covariance
  std::vector<double> centres_;                  // particles, row-major
  std::vector<double> whitened_;                 // L^-1 times them
  std::vector<double> cumulative_, log_weights_;
};

/// log(e^a + e^b).
double log_of_sum(double a, double b);

/// log N(scores; 0, I) but for the factor (2 pi)^(-d/2): the prior's density.
double log_prior(std::span<const double> scores);

/// Weights proportional to exp(logs), adding up to 1.
std::vector<double> weights_of(std::span<const double> logs);

/// 1 / sum of squared weights (Kong 1992).
double effective_size(std::span<const double> weights);

/// Moments and the quantiles q: least value whose cumulative weight is at least q. Values that are not finite count as
/// greater than all others in quantiles, and not in moments; those that are no number count nowhere.
/// Errors are those of 1 / sum of squared weights particles, times `left`.
SpreadOf spread_of(std::span<const double> values, std::span<const double> weights, double left = 1);

/// Places of equal weight: particle of each of `rows`, at u, u + 1, ... of `rows` (systematic resampling: Kitagawa
/// 1996).
std::vector<std::size_t> resampled(std::span<const double> weights, std::size_t rows, double u);

}  // namespace desist
