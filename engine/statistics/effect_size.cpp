#include "engine/statistics/effect_size.hpp"

#include <cmath>

namespace desist::statistics {

std::optional<EffectSize> effect_size(const TwoByTwo& table, EffectMeasure measure, HalfRule rule) {
  const double added = rule == HalfRule::tables_with_a_zero && table.has_zero_cell() ? 0.5 : 0;
  const double a = static_cast<double>(table.x1) + added;
  const double b = static_cast<double>(table.n1 - table.x1) + added;
  const double c = static_cast<double>(table.x0) + added;
  const double d = static_cast<double>(table.n0 - table.x0) + added;
  const double n1 = a + b;
  const double n0 = c + d;
  EffectSize found;
  switch (measure) {
    case EffectMeasure::log_risk_ratio:
      found = {std::log(a / n1) - std::log(c / n0), 1 / a - 1 / n1 + 1 / c - 1 / n0};
      break;
    case EffectMeasure::log_odds_ratio:
      found = {std::log(a / b) - std::log(c / d), 1 / a + 1 / b + 1 / c + 1 / d};
      break;
    case EffectMeasure::risk_difference:
      found = {a / n1 - c / n0, a * b / (n1 * n1 * n1) + c * d / (n0 * n0 * n0)};
      break;
  }
  if (!std::isfinite(found.effect) || !std::isfinite(found.variance) || !(found.variance > 0)) return std::nullopt;
  return found;
}

}  // namespace desist::statistics
