#include "engine/statistics/time_law.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

TimeLawAt time_law(TimeLaw law, double w) {
  if (law == TimeLaw::lognormal) {
    constexpr double half_log_two_pi = 0.91893853320467274178;
    const double log_density = -w * w / 2 - half_log_two_pi;
    if (w > 37) return {log_density, -w, -1, log_density - std::log(w) + std::log1p(-1 / (w * w)), w + 1 / w};
    const double survival = normal_cdf(-w);
    return {log_density, -w, -1, std::log(survival), std::exp(log_density) / survival};
  }
  if (law == TimeLaw::loglogistic) {
    const double rest = std::exp(-std::abs(w));
    const double below = w > 0 ? 1 / (1 + rest) : rest / (1 + rest);
    const double log_one_plus = (w > 0 ? w : 0) + std::log1p(rest);  // log(1 + e^w)
    return {w - 2 * log_one_plus, 1 - 2 * below, -2 * below * (1 - below), -log_one_plus, below};
  }
  const double hazard = std::exp(w);
  return {w - hazard, 1 - hazard, -hazard, -hazard, hazard};
}

}  // namespace desist::statistics
