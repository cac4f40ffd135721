#include <algorithm>
#include <cmath>

#include "engine/search/placebo.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

/// E F of these futures; missing where it is infinite in one.
double mean_fall(const Placebo& placebo, const PointFutures& futures) {
  return placebo_point(placebo, futures.before, futures.after).mean;
}

PointFutures first_of(const PointFutures& futures, std::size_t count) {
  return {futures.before.first(count), futures.after.first(count), futures.matched.first(count)};
}

}  // namespace

MatchSlopes match_slopes(const Placebo& placebo, const PointFutures& at, const PointFutures& moved, double step) {
  const PointFutures first = first_of(at, std::min(moved.matched.size(), at.matched.size()));
  const double apart = std::log(mean_of(moved.matched).mean / mean_of(first.matched).mean);
  MatchSlopes slopes;
  slopes.of_mean = apart / step;
  if (!(std::abs(apart) > 0)) return slopes;  // the parameter moves nothing
  const auto ratio = [](const PointFutures& futures) {
    return mean_of(futures.after).mean / mean_of(futures.before).mean;
  };
  const double here = ratio(at);
  if (here > 0) slopes.of_ratio = (ratio(moved) - ratio(first)) / here / apart;
  const double fall = mean_fall(placebo, moved) - mean_fall(placebo, first);
  slopes.of_fall = std::isfinite(fall) ? fall / apart : -slopes.of_ratio;
  return slopes;
}

MatchNoise match_noise(std::span<const double> matched, std::size_t pilots, const MatchSlopes& slopes) {
  const MeanAndError mean = mean_of(matched.first(pilots));
  MatchNoise noise;
  noise.slopes = slopes;
  noise.error = mean.error / mean.mean;
  noise.of_future.assign(matched.size(), 0);
  const double share = static_cast<double>(matched.size()) / static_cast<double>(pilots);
  for (std::size_t d = 0; d < pilots; ++d)
    if (!std::isnan(matched[d])) noise.of_future[d] = share * (matched[d] / mean.mean - 1);
  return noise;
}

}  // namespace desist
