#include "engine/statistics/growth_forecast.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

constexpr int grid_points = 400;
constexpr double grid_end = 4;  // prior scales; 6e-5 of the prior lies above
constexpr double smallest_count = 100;

bool is_positive(double value) { return value > 0 && std::isfinite(value); }

}  // namespace

GrowthForecast::GrowthForecast(std::span<const double> counts, GrowthPriors priors, GrowthLimits limits)
    : limits_(limits) {
  require(counts.size() >= 2 && counts.size() <= 100, "a forecast needs 2 to 100 counts");
  for (const double count : counts)
    require(count >= smallest_count && std::isfinite(count),
            "a forecast needs counts of at least 100: in smaller ones chance alone would pass for growth");
  require(is_positive(priors.mean_growth) && is_positive(priors.change),
          "a forecast needs priors of finite width: a flat one and two growths leave a law without a mean");
  require(limits.damping > 0 && limits.damping <= 1, "damping is above 0 and at most 1");
  require(limits.ceiling >= counts.back(), "the ceiling lies below the last count");
  first_ = counts.front();
  last_ = counts.back();
  growths_ = counts.size() - 1;

  struct Growth {
    double value = 0;
    double chance = 0;  // variance that Poisson chance in its two counts gives it, by the delta method
  };
  std::vector<Growth> growths;
  for (std::size_t i = 1; i < counts.size(); ++i)
    growths.push_back({std::log(counts[i] / counts[i - 1]), 1 / counts[i] + 1 / counts[i - 1]});
  const double prior = priors.mean_growth * priors.mean_growth;
  std::vector<double> logs;
  for (int k = 0; k < grid_points; ++k) {
    const double change = (k + 0.5) / grid_points * grid_end * priors.change;
    // The growths are normal around 0 with covariance diag(variance) + prior 11' (Sherman & Morrison 1950).
    double precision = 1 / prior;
    double weighted = 0;
    double distance = 0;
    double determinant = 0;
    for (const Growth& growth : growths) {
      const double variance = std::max(change * change, growth.chance);
      precision += 1 / variance;
      weighted += growth.value / variance;
      distance += growth.value * growth.value / variance;
      determinant += std::log(variance);
    }
    distance -= weighted * weighted / precision;
    determinant += std::log(prior * precision);
    logs.push_back(-(distance + determinant + change * change / (priors.change * priors.change)) / 2);
    scales_.push_back({change, 0, weighted / precision, 1 / precision});
  }
  const double largest = *std::max_element(logs.begin(), logs.end());
  double total = 0;
  for (std::size_t k = 0; k < logs.size(); ++k) total += scales_[k].weight = std::exp(logs[k] - largest);
  for (Scale& scale : scales_) scale.weight /= total;
}

GrowthForecast::Component GrowthForecast::ahead(const Scale& scale, int years) const {
  double drift = 0;  // in mean growths
  double part = 1;
  for (int year = 0; year < years; ++year) drift += part *= limits_.damping;
  const double mean = std::log(last_) + drift * scale.mean;
  const double variance = drift * drift * scale.variance + years * scale.change * scale.change + std::exp(-mean);
  return {mean, std::sqrt(variance)};
}

double GrowthForecast::cdf(int years, double count) const {
  require(years >= 1, "a forecast is for a year ahead");
  if (count >= limits_.ceiling) return 1;
  if (count <= 0) return 0;
  double chance = 0;
  for (const Scale& scale : scales_) {
    const Component at = ahead(scale, years);
    chance += scale.weight * normal_cdf((std::log(count) - at.mean) / at.sd);
  }
  return chance;
}

double GrowthForecast::quantile(int years, double p) const {
  require(p > 0 && p < 1, "the chance of a quantile lies between 0 and 1");
  if (p >= cdf(years, std::nextafter(limits_.ceiling, 0))) return limits_.ceiling;
  // Between the smallest and the largest of the quantiles of the components.
  const double z = normal_quantile(p);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Scale& scale : scales_) {
    const Component at = ahead(scale, years);
    low = std::min(low, at.mean + z * at.sd);
    high = std::max(high, at.mean + z * at.sd);
  }
  const auto excess = [&](double log_count) { return cdf(years, std::exp(log_count)) - p; };
  return std::exp(root_between(excess, low - 1e-9, high + 1e-9, -1));
}

Interval GrowthForecast::interval(int years, double confidence) const {
  return {quantile(years, (1 - confidence) / 2), quantile(years, (1 + confidence) / 2)};
}

double GrowthForecast::mean(int years) const {
  require(years >= 1, "a forecast is for a year ahead");
  double sum = 0;
  for (const Scale& scale : scales_) {
    const Component at = ahead(scale, years);
    const double variance = at.sd * at.sd;
    const double all = std::exp(at.mean + variance / 2);
    if (std::isinf(limits_.ceiling)) {
      sum += scale.weight * all;
      continue;
    }
    // E min(X, c) of a lognormal X.
    const double z = (std::log(limits_.ceiling) - at.mean) / at.sd;
    sum += scale.weight * (all * normal_cdf(z - at.sd) + limits_.ceiling * normal_cdf(-z));
  }
  return sum;
}

double GrowthForecast::plain_line(int years) const {
  return last_ * std::pow(last_ / first_, years / static_cast<double>(growths_));
}

}  // namespace desist::statistics
