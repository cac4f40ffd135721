// Forecasts of a yearly count from very few points: growth that is not known and changes from year to year.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// What is assumed of growth, on the scale of logarithms: with two or three points it decides how wide a forecast is.
struct GrowthPriors {
  double mean_growth = 0.3;  // sd of the mean growth around none: half to double in a year are within two
  double change = 0.15;      // scale of the half-normal law of the sd of a year's growth around the mean
};

/// What holds growth back.
struct GrowthLimits {
  double damping = 1;  // each year's mean growth is this part of the year's before (Gardner & McKenzie 1985)
  double ceiling = std::numeric_limits<double>::infinity();  // those eligible: no count is above
};

/// The law of the next years' counts N_t after a yearly series.
///
///   log N_t - log N_(t-1) = G_t ~ N(gbar, tau^2),   gbar ~ N(0, mean_growth^2),   tau ~ |N(0, change^2)|.
///
/// Given tau all is normal: gbar has precision 1/mean_growth^2 + n/tau^2 and mean m, variance v; tau itself is
/// integrated on 400 midpoints up to four prior scales, its likelihood being that of n normal growths with common
/// covariance mean_growth^2. No growth is seen more finely than Poisson chance in its two counts allows: where tau^2 is
/// smaller, that is its variance (else growths that happen to be equal would leave no doubt). With c = damping + ... +
/// damping^h (h without damping), the logarithm of the mean number h years ahead is normal around log N + c m with
/// variance c^2 v + h tau^2 given tau; Poisson chance adds 1/N to it, its variance on that scale for counts above a
/// hundred (delta method). Hierarchical normal model: Gelman et al. 2013, 5.4.
///
/// Range: 2 to 100 counts of at least 100 (in smaller ones chance alone would pass for growth); throws
/// std::invalid_argument otherwise, and for priors that are not positive and finite: two growths and a flat prior leave
/// a law of Cauchy's kind, which has no mean. Verified by: growth_forecast_test.
class GrowthForecast {
 public:
  explicit GrowthForecast(std::span<const double> counts, GrowthPriors priors = {}, GrowthLimits limits = {});

  /// The chance that the count `years` ahead is at most `count`.
  double cdf(int years, double count) const;
  /// The count that it stays at or below with chance p, 0 < p < 1.
  double quantile(int years, double p) const;
  Interval interval(int years, double confidence = usual_confidence) const;
  double mean(int years) const;
  /// The mean growth so far, gone on with: what a line through the series says. No ceiling holds it.
  double plain_line(int years) const;

  /// One point of the grid: the sd of growth around its mean, its posterior weight, and the law of the mean growth.
  struct Scale {
    double change = 0;
    double weight = 0;
    double mean = 0;
    double variance = 0;
  };
  std::span<const Scale> scales() const { return scales_; }
  double last() const { return last_; }
  const GrowthLimits& limits() const { return limits_; }

 private:
  struct Component {
    double mean = 0;
    double sd = 0;
  };
  Component ahead(const Scale& scale, int years) const;  // of the logarithm of the count

  std::vector<Scale> scales_;
  GrowthLimits limits_;
  double first_ = 0;
  double last_ = 0;
  std::size_t growths_ = 0;
};

}  // namespace desist::statistics
