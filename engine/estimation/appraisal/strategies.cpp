#include "engine/estimation/appraisal/strategies.hpp"

#include <algorithm>
#include <cmath>

#include "engine/estimation/appraisal/chances.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/value_of_information.hpp"

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

/// Of each arm to each other one: which of them are neighbours on the frontier is known when all draws are in.
std::vector<std::vector<statistics::RatioOfMeans>> ratios_to_others(const Strategies& strategies) {
  const std::size_t arms = strategies.costs.size();
  std::vector<std::vector<statistics::RatioOfMeans>> ratios(arms, std::vector<statistics::RatioOfMeans>(arms));
  for (std::size_t arm = 0; arm < arms; ++arm)
    for (std::size_t other = 0; other < arms; ++other) {
      if (other == arm) continue;
      const auto more = [&](const std::vector<Twice>& by_arm) {
        return by_arm[arm].simulated - by_arm[other].simulated;
      };
      ratios[arm][other] = ratio_over_draws(more(strategies.costs), more(strategies.effects), strategies.units);
    }
  return ratios;
}

/// Incremental ratios of means: each arm on the frontier against the one before it.
void set_dominance(const Strategies& strategies, std::vector<EffectValue>& rows) {
  std::vector<double> costs, effects;
  for (std::size_t arm = 0; arm < strategies.costs.size(); ++arm) {
    costs.push_back(mean_of(strategies.costs[arm].simulated, strategies.units));
    effects.push_back(mean_of(strategies.effects[arm].simulated, strategies.units));
  }
  const std::vector<std::vector<statistics::RatioOfMeans>> ratios = ratios_to_others(strategies);
  std::size_t before = 0;
  for (const statistics::IcerRow& row : statistics::icer_table(costs, effects)) {
    EffectValue& value = rows[row.arm];
    value.status = status_of(row.arm, row.status);
    if (row.status != statistics::Dominance::frontier) continue;
    if (row.icer) {
      value.icer = row.icer;
      const statistics::RatioOfMeans& ratio = ratios[row.arm][before];
      if (ratio.error)  // what whole steps were fitted to, in either arm
        value.icer_error = std::hypot(*ratio.error, strategies.costs[row.arm].fit_error / ratio.denominator,
                                      strategies.costs[before].fit_error / ratio.denominator);
      value.versus = strategies.names.at(before);
    }
    before = row.arm;
  }
}

EffectValue effect_value(const Strategies& strategies, std::size_t effect, std::size_t arm) {
  EffectValue value;
  value.arm = arm;
  value.effect = effect;
  value.averted = drawn_amount(strategies.plain_effects[arm], strategies.units);
  value.discounted = drawn_amount(strategies.effects[arm], strategies.units);
  value.net_cost = drawn_amount(strategies.costs[arm], strategies.units);
  const auto each =
      ratio_over_draws(strategies.costs[arm].simulated, strategies.effects[arm].simulated, strategies.units);
  if (arm > 0) {
    value.cost_each = each.ratio;
    if (each.error) value.cost_each_error = std::hypot(*each.error, strategies.costs[arm].fit_error / each.denominator);
  }
  return value;
}

/// By how much an arm's fitted net benefit is above that of the best of the others.
Twice lead_of(const Eigen::MatrixXd& fitted, const Eigen::MatrixXd& simulated, Eigen::Index arm) {
  std::vector<double> as_fitted, as_simulated;
  for (Eigen::Index d = 0; d < fitted.rows(); ++d) {
    Eigen::Index rival = arm == 0 ? 1 : 0;
    for (Eigen::Index other = 0; other < fitted.cols(); ++other)
      if (other != arm && fitted(d, other) > fitted(d, rival)) rival = other;
    as_fitted.push_back(fitted(d, arm) - fitted(d, rival));
    as_simulated.push_back(simulated(d, arm) - simulated(d, rival));
  }
  return {DrawColumn(std::move(as_simulated)), DrawColumn(std::move(as_fitted))};
}

/// The Monte Carlo error of the share of draws in which an arm is best.
double error_of_best(const Strategies& strategies, const Eigen::MatrixXd& fitted, const Eigen::MatrixXd& simulated,
                     std::size_t arm, const statistics::ShareOfDraws& share) {
  const bool is_plain =
      strategies.figures == nullptr || (!(strategies.figures->fit_degrees() > 0) && !strategies.units.share_sets());
  if (is_plain || fitted.cols() < 2) return share.error;
  const Twice lead = lead_of(fitted, simulated, static_cast<Eigen::Index>(arm));
  return std::max(share.error, chance_above_nought(lead, *strategies.figures, strategies.units).mc_error);
}

/// What it is worth to know everything, where all draws are at hand and luck may be in them.
void set_evpi(const Strategies& strategies, const Eigen::MatrixXd& fitted, const Eigen::MatrixXd& simulated,
              Acceptability& curve) {
  const statistics::PerfectInformation perfect = statistics::perfect_information(fitted, simulated);
  curve.best.push_back(perfect.best);
  curve.evpi.push_back(perfect.value);
  curve.evpi_error.push_back(strategies.units.with_sets(perfect.error, column_of(perfect.gains)));
}

/// The same of more draws, in which no luck is. What sets add is what they add to the first part's.
void set_evpi(const Strategies& strategies, const Eigen::MatrixXd& net, const statistics::ThresholdResult& at,
              std::size_t place, AcceptabilitySums& all, Acceptability& curve) {
  if (all.sets.size() <= place)
    all.sets.push_back(strategies.units.share_sets()
                           ? strategies.units.squared_error(column_of(statistics::perfect_information(net).gains))
                           : 0);
  curve.best.push_back(at.best);
  curve.evpi.push_back(at.evpi());
  curve.evpi_error.push_back(strategies.units.with_sets(at.evpi_error(), all.sets[place]));
}

Acceptability acceptability_of(const Strategies& strategies, std::size_t effect, std::span<const double> worth) {
  Acceptability curve;
  curve.effect = effect;
  curve.chance_best.resize(strategies.costs.size());
  AcceptabilitySums fresh;
  AcceptabilitySums& all = strategies.units.sums(fresh);
  const std::size_t draws = strategies.units.count();
  const Eigen::MatrixXd fitted_costs = draws_by_arm(strategies.costs, draws, true),
                        fitted_effects = draws_by_arm(strategies.effects, draws, true),
                        costs = draws_by_arm(strategies.costs, draws, false),
                        effects = draws_by_arm(strategies.effects, draws, false);
  if (!all.tally) all.tally.emplace(std::vector<double>(worth.begin(), worth.end()), strategies.costs.size());
  all.tally->add(fitted_costs, fitted_effects);
  std::size_t place = 0;
  for (const statistics::ThresholdResult& at : all.tally->results()) {
    const Eigen::MatrixXd fitted = statistics::net_benefits(fitted_costs, fitted_effects, at.threshold);
    const Eigen::MatrixXd simulated = statistics::net_benefits(costs, effects, at.threshold);
    curve.worth.push_back(at.threshold);
    double error = 0;
    for (std::size_t arm = 0; arm < at.best_share.size(); ++arm) {
      curve.chance_best[arm].push_back(at.best_share[arm].value);
      error = std::max(error, error_of_best(strategies, fitted, simulated, arm, at.best_share[arm]));
    }
    curve.chance_error.push_back(error);
    if (strategies.units.is_whole())
      set_evpi(strategies, fitted, simulated, curve);
    else
      set_evpi(strategies, fitted, at, place++, all, curve);
  }
  return curve;
}

}  // namespace

DrawColumn column_of(const Eigen::VectorXd& values) {
  return DrawColumn(std::vector<double>(values.data(), values.data() + values.size()));
}

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
    for (std::size_t draw = 0; draw < std::min(points_of_plane, strategies.units.count()); ++draw)
      result.plane.push_back(
          {arm, effect, draw, strategies.effects[arm].fitted[draw], strategies.costs[arm].fitted[draw]});
  }
}

}  // namespace desist
