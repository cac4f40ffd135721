// Programmes under one budget: what each would have to achieve to earn its share.
#include <cmath>

#include "engine/estimation/appraisal/parts.hpp"
#include "engine/statistics/cost_effectiveness.hpp"

namespace desist {
namespace {

/// The ratio of means, so that it is where the mean net value is nought, with limits by draw.
DrawnAmount drawn_ratio(const DrawColumn& numerator, const DrawColumn& denominator, std::size_t draws) {
  if (!numerator.varies() && !denominator.varies() && denominator[0] > 0) {  // exactly, without a sum over draws
    const double value = numerator[0] / denominator[0];
    return {value, value, value, 0};
  }
  const auto ratio = statistics::ratio_of_means(numerator.spread_over(draws), denominator.spread_over(draws));
  const DrawColumn by_draw = numerator / denominator;
  const double none = std::nan("");
  DrawnAmount found{ratio.ratio.value_or(none), none, none, ratio.error.value_or(none)};
  if (!ratio.by_draw) return found;
  found.low = quantile_of(by_draw, draws, 0.025);
  found.high = quantile_of(by_draw, draws, 0.975);
  return found;
}

PortfolioValue programme_value(const AppraisalDraws& on, std::size_t index) {
  const PortfolioProgramme& programme = on.appraisal.portfolio->programmes[index];
  const Evaluator evaluator = on.evaluator();
  const std::size_t draws = on.count();
  const auto column = [&](const Formula& formula) { return evaluator.column(formula, 0, 0); };
  const DrawColumn budget = column(on.appraisal.portfolio->budget), cost = column(programme.cost_each);
  const DrawColumn worth = column(programme.worth_each), at_stake = column(programme.expected_each) * worth;
  PortfolioValue value;
  value.programme = index;
  value.people = drawn_ratio(budget, cost, draws);
  value.must_avert = drawn_ratio(budget, worth, draws);
  value.share_needed = drawn_ratio(cost, at_stake, draws);
  std::int64_t possible = 0, reached = 0;
  const DrawColumn effect = programme.effect ? column(*programme.effect) : DrawColumn(0.0);
  for (std::size_t d = 0; d < draws; ++d) {
    possible += cost[d] <= at_stake[d] ? 1 : 0;
    reached += cost[d] <= effect[d] * at_stake[d] ? 1 : 0;
  }
  value.chance_possible = static_cast<double>(possible) / static_cast<double>(draws);
  if (programme.effect) {
    const auto share = statistics::share_of_draws(reached, static_cast<std::int64_t>(draws));
    value.chance_reached = share.value;
    value.chance_error = share.error;
  }
  return value;
}

}  // namespace

std::vector<PortfolioValue> value_portfolio(const AppraisalDraws& on) {
  std::vector<PortfolioValue> values;
  if (!on.appraisal.portfolio) return values;
  for (std::size_t index = 0; index < on.appraisal.portfolio->programmes.size(); ++index)
    values.push_back(programme_value(on, index));
  return values;
}

}  // namespace desist
