// The refusal of numbers that a formula of this folder has no meaning for.
#pragma once

#include <cmath>
#include <stdexcept>

namespace desist::statistics {

/// Throws std::invalid_argument with the reason unless it holds.
inline void require(bool holds, const char* why) {
  if (!holds) throw std::invalid_argument(why);
}

/// Whether a number is 0 or more, and finite.
inline bool is_amount(double value) { return value >= 0 && std::isfinite(value); }

/// Whether a number is from 0 to 1.
inline bool is_share(double value) { return value >= 0 && value <= 1; }

}  // namespace desist::statistics
