// Moments of simulated time, in weeks since the window's start.
#pragma once

#include <cstddef>

#include "engine/core/limits.hpp"

namespace desist {

inline constexpr double never = infinity;
inline constexpr double same_instant = 1e-9;  // half a millisecond: moments nearer than that are one

/// The first end of a week at or after `time`: 0 for what was before the start. So a week ends with its last instant.
inline std::size_t week_end(double time) {
  const double weeks = time - same_instant;
  if (weeks <= 0) return 0;
  const auto whole = static_cast<std::size_t>(weeks);  // several times faster than std::ceil
  return whole + (static_cast<double>(whole) < weeks ? 1 : 0);
}

}  // namespace desist
