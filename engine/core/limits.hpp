// The two numbers that are none: without limit, and not there.
#pragma once

#include <limits>

namespace desist {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

}  // namespace desist
