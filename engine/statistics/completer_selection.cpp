#include "engine/statistics/completer_selection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/odds_ratio.hpp"

namespace desist::statistics {
namespace {

constexpr std::size_t middles = 40;

/// Middles of equal parts of the probability of Jeffreys' posterior.
std::array<double, middles> jeffreys_middles(const Proportion& p) {
  std::array<double, middles> values{};
  const double a = static_cast<double>(p.count) + 0.5, b = static_cast<double>(p.n - p.count) + 0.5;
  for (std::size_t i = 0; i < middles; ++i)
    values[i] = boost::math::ibeta_inv(a, b, (static_cast<double>(i) + 0.5) / middles, BoostPolicy());
  return values;
}

}  // namespace

double completer_risk_without_effect(double control_risk, double breach_risk, double completed_share) {
  return (control_risk - (1 - completed_share) * breach_risk) / completed_share;
}

double least_completer_risk_without_effect(double control_risk, double completed_share) {
  return std::max(0.0, 1 - (1 - control_risk) / completed_share);
}

ConfidenceSet completer_risk_limits(const CompletionTable& table, double confidence) {
  const auto n = static_cast<double>(table.referred());
  const double pi = table.completed_share(), p_0 = table.control.estimate();
  const double q = static_cast<double>(table.breached.count) / n;
  const double variance = p_0 * (1 - p_0) / static_cast<double>(table.control.n) + q * (1 - q) / n;
  return fieller_set({p_0 - q, pi, variance, q * pi / n, pi * (1 - pi) / n}, normal_quantile((1 + confidence) / 2));
}

std::optional<ChanceOfSoFew> chance_of_so_few(const CompletionTable& table) {
  const auto controls = jeffreys_middles(table.control);
  const auto breachers = jeffreys_middles(table.breached);
  const auto shares = jeffreys_middles({table.completed.n, table.referred()});
  // P(X <= x) falls smoothly in p: read off a grid, linearly.
  constexpr std::size_t steps = 2000;
  std::array<double, steps + 1> so_few{};
  const auto x = static_cast<double>(table.completed.count), n = static_cast<double>(table.completed.n);
  for (std::size_t i = 0; i <= steps; ++i)
    so_few[i] = x == n ? 1 : boost::math::ibetac(x + 1, n - x, static_cast<double>(i) / steps, BoostPolicy());
  double sum = 0, count = 0;
  for (const double p_0 : controls)
    for (const double pi : shares)
      for (const double p_B : breachers) {
        const double p_C = completer_risk_without_effect(p_0, p_B, pi);
        if (!(p_C >= 0 && p_C <= 1)) continue;
        const double place = p_C * steps;
        const auto below = std::min(static_cast<std::size_t>(place), steps - 1);
        sum += so_few[below] + (place - static_cast<double>(below)) * (so_few[below + 1] - so_few[below]);
        ++count;
      }
  if (count == 0) return std::nullopt;
  return ChanceOfSoFew{sum / count, count / (middles * middles * middles)};
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
