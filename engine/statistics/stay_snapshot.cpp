#include "engine/statistics/stay_snapshot.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/greatest.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

/// Means are searched within this factor of the bins' finite ends.
constexpr double beyond_longest = 100;

double log_likelihood(std::span<const SnapshotBin> bins, const StayShape& shape) {
  double sum = 0;
  for (const SnapshotBin& bin : bins) {
    if (bin.count == 0) continue;
    const double share = share_longer_so_far(shape, bin.from) - share_longer_so_far(shape, bin.to);
    sum += static_cast<double>(bin.count) * std::log(std::max(share, 1e-300));
  }
  return sum;
}

/// The log-likelihood of a mean, with the spread that suits it best.
class SpreadProfile {
 public:
  SpreadProfile(std::span<const SnapshotBin> bins, StayLaw law, double least, double most)
      : bins_(bins), law_(law), least_(std::log(least)), most_(std::log(most)) {}

  double best_spread(double log_mean) const {
    return std::exp(greatest_of([&](double log_spread) { return at(log_mean, log_spread); }, least_, most_, 16));
  }
  double operator()(double log_mean) const { return at(log_mean, std::log(best_spread(log_mean))); }

 private:
  double at(double log_mean, double log_spread) const {
    return log_likelihood(bins_, {law_, std::exp(log_mean), std::exp(log_spread)});
  }

  std::span<const SnapshotBin> bins_;
  StayLaw law_;
  double least_, most_;
};

}  // namespace

double share_longer_so_far(const StayShape& shape, double time) {
  if (time <= 0) return 1;
  if (std::isinf(time)) return 0;
  const double variance = shape.spread * shape.spread;
  double share = 0;
  if (shape.law == StayLaw::lognormal) {
    const double s = std::sqrt(std::log1p(variance));
    const double d = (std::log(shape.mean / time) + s * s / 2) / s;
    share = normal_cdf(d) - time / shape.mean * normal_cdf(d - s);
  } else {
    const double k = 1 / variance;
    const double x = time / (shape.mean * variance);
    share =
        boost::math::gamma_q(k + 1, x, BoostPolicy()) - time / shape.mean * boost::math::gamma_q(k, x, BoostPolicy());
  }
  return std::clamp(share, 0.0, 1.0);
}

std::optional<SnapshotFit> fit_stays(std::span<const SnapshotBin> bins, StayLaw law, double least_spread,
                                     double most_spread, double confidence) {
  double all = 0;
  double shortest = std::numeric_limits<double>::infinity();
  double longest = 0;
  int counted = 0;
  for (const SnapshotBin& bin : bins) {
    all += static_cast<double>(bin.count);
    counted += bin.count > 0 ? 1 : 0;
    for (const double end : {bin.from, bin.to}) {
      if (end <= 0 || std::isinf(end)) continue;
      shortest = std::min(shortest, end);
      longest = std::max(longest, end);
    }
  }
  if (counted < 2) return std::nullopt;

  const SpreadProfile profile(bins, law, least_spread, most_spread);
  const double low = std::log(shortest / beyond_longest);
  const double high = std::log(longest * beyond_longest);
  const double best = greatest_of(profile, low, high, 128);
  const double most = profile(best);
  SnapshotFit fit;
  fit.mean = std::exp(best);
  fit.spread = profile.best_spread(best);
  fit.mean_so_far = fit.mean * (1 + fit.spread * fit.spread) / 2;
  fit.starts = all / fit.mean;
  double any = 0;
  for (const SnapshotBin& bin : bins)
    if (bin.count > 0) any += static_cast<double>(bin.count) * std::log(static_cast<double>(bin.count) / all);
  fit.deviance = std::max(0.0, 2 * (any - most));
  const double limit = chi_square_quantile(confidence, 1);
  const auto beyond = [&](double log_mean) { return 2 * (most - profile(log_mean)) - limit; };
  fit.open_below = beyond(low) < 0;
  fit.open_above = beyond(high) < 0;
  fit.interval = {fit.open_below ? std::exp(low) : std::exp(root_between(beyond, low, best, 1)),
                  fit.open_above ? std::exp(high) : std::exp(root_between(beyond, best, high, -1))};
  return fit;
}

}  // namespace desist::statistics
