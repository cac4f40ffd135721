// The refusal of parameters that no law has.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/core/text.hpp"

namespace desist {

/// Throws std::domain_error("WHAT must be between LOW and HIGH, not VALUE") unless low <= value <= high.
inline void require_between(double value, double low, double high, std::string_view what) {
  if (value >= low && value <= high) return;  // false for NaN
  throw std::domain_error(std::string(what) + " must be between " + shortest(low) + " and " + shortest(high) +
                          ", not " + shortest(value));
}

/// Throws std::domain_error("WHAT must be finite, not VALUE") unless the value is finite.
inline void require_finite(double value, std::string_view what) {
  if (!std::isfinite(value)) throw std::domain_error(std::string(what) + " must be finite, not " + shortest(value));
}

/// Throws std::domain_error("WHAT must be positive and finite, not VALUE") unless 0 < value < infinity.
inline void require_positive(double value, std::string_view what) {
  if (!(value > 0) || !std::isfinite(value)) {
    throw std::domain_error(std::string(what) + " must be positive and finite, not " + shortest(value));
  }
}

}  // namespace desist
