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

MatchNoise match_noise(const Placebo& placebo, const PointFutures& at, const PointFutures& moved) {
  const std::size_t pilots = std::min(moved.matched.size(), at.matched.size());
  const PointFutures first = first_of(at, pilots);
  const MeanAndError mean = mean_of(first.matched);
  MatchNoise noise;
  noise.error = mean.error / mean.mean;
  noise.of_future.assign(at.matched.size(), 0);
  for (std::size_t d = 0; d < pilots; ++d)
    if (!std::isnan(first.matched[d]))
      noise.of_future[d] =
          static_cast<double>(at.matched.size()) / static_cast<double>(pilots) * (first.matched[d] / mean.mean - 1);
  const double apart = std::log(mean_of(moved.matched).mean / mean.mean);
  if (!(std::abs(apart) > 0)) return noise;  // the parameter moves nothing
  const auto ratio = [](const PointFutures& futures) {
    return mean_of(futures.after).mean / mean_of(futures.before).mean;
  };
  const double here = ratio(at);
  if (here > 0) noise.slope_of_ratio = (ratio(moved) - ratio(first)) / here / apart;
  const double fall = mean_fall(placebo, moved) - mean_fall(placebo, first);
  noise.slope_of_fall = std::isfinite(fall) ? fall / apart : -noise.slope_of_ratio;
  return noise;
}

}  // namespace desist
