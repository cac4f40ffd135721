#include "engine/statistics/rate_multiplier.hpp"

#include <cmath>

namespace desist::statistics {

std::optional<double> rate_multiplier(double treated_risk, double control_risk, double frailty_shape) {
  if (control_risk <= 0 || control_risk >= 1 || treated_risk >= 1) return std::nullopt;
  const double treated = std::log1p(-treated_risk);
  const double control = std::log1p(-control_risk);
  if (std::isinf(frailty_shape)) return treated / control;
  return std::expm1(-treated / frailty_shape) / std::expm1(-control / frailty_shape);
}

}  // namespace desist::statistics
