// Moments of simulated time, in weeks since the window's start.
#pragma once

#include <limits>

namespace desist {

inline constexpr double never = std::numeric_limits<double>::infinity();
inline constexpr double same_instant = 1e-9;  // half a millisecond: moments nearer than that are one

}  // namespace desist
