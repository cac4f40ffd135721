#include "engine/statistics/completer_selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/odds_ratio.hpp"

namespace desist::statistics {

double completer_risk_without_effect(double control_risk, double breach_risk, double completed_share) {
  return (control_risk - (1 - completed_share) * breach_risk) / completed_share;
}

double least_completer_risk_without_effect(double control_risk, double completed_share) {
  return std::max(0.0, 1 - (1 - control_risk) / completed_share);
}

std::optional<double> nullifying_odds_ratio(const TwoByTwo& all_referred) { return odds_ratio(all_referred); }

double e_value(double risk_ratio) {
  const double r = risk_ratio < 1 ? 1 / risk_ratio : risk_ratio;
  if (std::isinf(r)) return std::numeric_limits<double>::infinity();
  return r + std::sqrt(r * (r - 1));
}

double e_value(const Interval& risk_ratio) {
  if (risk_ratio.contains(1)) return 1;
  return e_value(risk_ratio.high < 1 ? risk_ratio.high : risk_ratio.low);
}

}  // namespace desist::statistics
