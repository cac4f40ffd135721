#include "engine/statistics/rate_multiplier.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

std::optional<double> rate_multiplier(double treated_risk, double control_risk, double frailty_shape) {
  if (control_risk <= 0 || control_risk >= 1 || treated_risk >= 1) return std::nullopt;
  const double treated = std::log1p(-treated_risk);
  const double control = std::log1p(-control_risk);
  if (std::isinf(frailty_shape)) return treated / control;
  return std::expm1(-treated / frailty_shape) / std::expm1(-control / frailty_shape);
}

SolvedMultiplier solve_rate_multiplier(const std::function<double(double)>& prevalence, double treated_risk,
                                       double least, double most) {
  require(least > 0 && least < most && std::isfinite(most), "a multiplier is looked for between two bounds above 0");
  require(is_share(treated_risk), "a prevalence is from 0 to 1");
  if (prevalence(least) > treated_risk) return {least, SolvedMultiplier::At::least};
  if (prevalence(most) < treated_risk) return {most, SolvedMultiplier::At::most};
  const auto excess = [&](double log_m) { return prevalence(std::exp(log_m)) - treated_risk; };
  return {std::exp(root_between(excess, std::log(least), std::log(most), -1)), SolvedMultiplier::At::root};
}

}  // namespace desist::statistics
