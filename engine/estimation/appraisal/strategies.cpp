#include "engine/estimation/appraisal/strategies.hpp"

#include <algorithm>

#include "engine/statistics/cost_effectiveness.hpp"

namespace desist {
namespace {

constexpr std::size_t points_of_plane = 500;

EffectValue::Status status_of(std::size_t arm, statistics::Dominance dominance) {
  switch (dominance) {
    case statistics::Dominance::dominated:
      return EffectValue::Status::dominated;
    case statistics::Dominance::extendedly_dominated:
      return EffectValue::Status::extendedly_dominated;
    case statistics::Dominance::frontier:
      break;
  }
  return arm == 0 ? EffectValue::Status::comparator : EffectValue::Status::frontier;
}

/// Incremental ratios of means: each arm on the frontier against the one before it.
void set_dominance(const Strategies& strategies, std::vector<EffectValue>& rows) {
  std::vector<double> costs, effects;
  for (std::size_t arm = 0; arm < strategies.costs.size(); ++arm) {
    costs.push_back(mean_of(strategies.costs[arm].simulated, strategies.draws));
    effects.push_back(mean_of(strategies.effects[arm].simulated, strategies.draws));
  }
  std::string before;
  for (const statistics::IcerRow& row : statistics::icer_table(costs, effects)) {
    EffectValue& value = rows[row.arm];
    value.status = status_of(row.arm, row.status);
    if (row.status != statistics::Dominance::frontier) continue;
    if (row.icer) {
      value.icer = row.icer;
      value.versus = before;
    }
    before = strategies.names.at(row.arm);
  }
}

EffectValue effect_value(const Strategies& strategies, std::size_t effect, std::size_t arm) {
  EffectValue value;
  value.arm = arm;
  value.effect = effect;
  value.averted = drawn_amount(strategies.plain_effects[arm], strategies.draws);
  value.discounted = drawn_amount(strategies.effects[arm], strategies.draws);
  value.net_cost = drawn_amount(strategies.costs[arm], strategies.draws);
  const auto each = statistics::ratio_of_means(strategies.costs[arm].simulated.spread_over(strategies.draws),
                                               strategies.effects[arm].simulated.spread_over(strategies.draws));
  if (arm > 0) {
    value.cost_each = each.ratio;
    value.cost_each_error = each.error;
  }
  return value;
}

Acceptability acceptability_of(const Strategies& strategies, std::size_t effect, std::span<const double> worth) {
  Acceptability curve;
  curve.effect = effect;
  curve.chance_best.resize(strategies.costs.size());
  const auto results =
      statistics::results_by_threshold(draws_by_arm(strategies.costs, strategies.draws, true),
                                       draws_by_arm(strategies.effects, strategies.draws, true), worth);
  for (const statistics::ThresholdResult& at : results) {
    curve.worth.push_back(at.threshold);
    double error = 0;
    for (std::size_t arm = 0; arm < at.best_share.size(); ++arm) {
      curve.chance_best[arm].push_back(at.best_share[arm].value);
      error = std::max(error, at.best_share[arm].error);
    }
    curve.chance_error.push_back(error);
    curve.best.push_back(at.best);
    curve.evpi.push_back(at.evpi());
    curve.evpi_error.push_back(at.evpi_error());
  }
  return curve;
}

}  // namespace

Eigen::MatrixXd draws_by_arm(const std::vector<Twice>& by_arm, std::size_t draws, bool fitted) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(draws), static_cast<Eigen::Index>(by_arm.size()));
  for (std::size_t arm = 0; arm < by_arm.size(); ++arm) {
    const DrawColumn& column = fitted ? by_arm[arm].fitted : by_arm[arm].simulated;
    for (std::size_t d = 0; d < draws; ++d)
      matrix(static_cast<Eigen::Index>(d), static_cast<Eigen::Index>(arm)) = column[d];
  }
  return matrix;
}

void compare_strategies(const Strategies& strategies, std::size_t effect, std::span<const double> worth,
                        AppraisalResult& result) {
  std::vector<EffectValue> rows;
  for (std::size_t arm = 0; arm < strategies.costs.size(); ++arm) rows.push_back(effect_value(strategies, effect, arm));
  set_dominance(strategies, rows);
  result.effects.insert(result.effects.end(), rows.begin(), rows.end());
  if (!worth.empty()) result.acceptability.push_back(acceptability_of(strategies, effect, worth));
  for (std::size_t arm = 1; arm < strategies.costs.size(); ++arm) {
    for (std::size_t draw = 0; draw < std::min(points_of_plane, strategies.draws); ++draw)
      result.plane.push_back(
          {arm, effect, draw, strategies.effects[arm].fitted[draw], strategies.costs[arm].fitted[draw]});
  }
}

}  // namespace desist
