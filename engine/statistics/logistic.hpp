// The logistic function.
#pragma once

#include <cmath>

namespace desist::statistics {

/// 1/(1 + e^-z), without overflow on either side.
inline double logistic(double z) { return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z)); }

}  // namespace desist::statistics
