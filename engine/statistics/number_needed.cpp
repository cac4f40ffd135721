#include "engine/statistics/number_needed.hpp"

#include <limits>

#include "engine/core/limits.hpp"

namespace desist::statistics {

NumberNeeded number_needed(const Interval& difference) {
  const double l = difference.low;
  const double u = difference.high;
  if (u < 0) return {NumberNeeded::Kind::benefit, Interval{-1 / l, -1 / u}, std::nullopt};
  if (l > 0) return {NumberNeeded::Kind::harm, std::nullopt, Interval{1 / u, 1 / l}};
  return {NumberNeeded::Kind::either, Interval{l < 0 ? -1 / l : infinity, infinity},
          Interval{u > 0 ? 1 / u : infinity, infinity}};
}

}  // namespace desist::statistics
