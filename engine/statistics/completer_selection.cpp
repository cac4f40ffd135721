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

// Means over beta laws by the trapezoidal rule in the normal score of their quantiles: it converges exponentially for
// smooth functions (Trefethen & Weideman 2014). Steps of 0.4 to 6.8 on both sides leave out 1e-11 of a law.
constexpr std::size_t score_nodes = 35;
constexpr double score_step = 0.4;

double node_score(std::size_t i) { return score_step * (static_cast<double>(i) - (score_nodes - 1) / 2.0); }

/// Quantiles of Beta(a, b) at the normal scores.
std::array<double, score_nodes> beta_at_scores(double a, double b) {
  std::array<double, score_nodes> values{};
  for (std::size_t i = 0; i < score_nodes; ++i) {
    const double z = node_score(i), tail = normal_cdf(-std::abs(z));
    values[i] =
        z < 0 ? boost::math::ibeta_inv(a, b, tail, BoostPolicy()) : boost::math::ibetac_inv(a, b, tail, BoostPolicy());
  }
  return values;
}

std::array<double, score_nodes> jeffreys_at_scores(const Proportion& p) {
  return beta_at_scores(static_cast<double>(p.count) + 0.5, static_cast<double>(p.n - p.count) + 0.5);
}

std::array<double, score_nodes> score_weights() {
  std::array<double, score_nodes> weights{};
  double sum = 0;
  for (std::size_t i = 0; i < score_nodes; ++i) sum += weights[i] = std::exp(-node_score(i) * node_score(i) / 2);
  for (double& weight : weights) weight /= sum;
  return weights;
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

// With F_0 the law of p_0 and s = (1 - pi) p_B, p_C is below c with probability F_0(s + pi c) - F_0(s). The mean of
// P(X <= x | p_C) over it, by parts, is that at c drawn from Beta(x + 1, n - x), whose density is -d/dc P(X <= x | c).
std::optional<ChanceOfSoFew> chance_of_so_few(const CompletionTable& table) {
  const auto shares = jeffreys_at_scores({table.completed.n, table.referred()});
  const auto breachers = jeffreys_at_scores(table.breached);
  const auto x = static_cast<double>(table.completed.count), n = static_cast<double>(table.completed.n);
  const bool everybody = table.completed.count == table.completed.n;  // no more than everybody: certain
  const auto completers = everybody ? std::array<double, score_nodes>{} : beta_at_scores(x + 1, n - x);
  const auto weights = score_weights();
  const double a = static_cast<double>(table.control.count) + 0.5,
               b = static_cast<double>(table.control.n - table.control.count) + 0.5;
  const auto below = [&](double p) { return boost::math::ibeta(a, b, std::min(p, 1.0), BoostPolicy()); };
  double few = 0, fits = 0;
  for (std::size_t i = 0; i < score_nodes; ++i)
    for (std::size_t j = 0; j < score_nodes; ++j) {
      const double pi = shares[i], s = (1 - pi) * breachers[j], weight = weights[i] * weights[j], least = below(s);
      fits += weight * (below(s + pi) - least);
      if (everybody) continue;
      for (std::size_t k = 0; k < score_nodes; ++k)
        few += weight * weights[k] * (below(s + pi * completers[k]) - least);
    }
  if (!(fits > 0)) return std::nullopt;
  return ChanceOfSoFew{everybody ? 1 : few / fits, fits};
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
