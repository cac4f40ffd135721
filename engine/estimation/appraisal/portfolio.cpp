// Programmes under one budget: what each would have to achieve to earn its share.
#include "engine/core/limits.hpp"
#include "engine/estimation/appraisal/parts.hpp"

namespace desist {
namespace {

/// Nothing but NaN where the mean denominator is not above nought.
DrawnAmount ratio_or_missing(const DrawColumn& numerator, const DrawColumn& denominator, const DrawUnits& units) {
  return drawn_ratio({numerator, numerator}, {denominator, denominator}, units)
      .value_or(DrawnAmount{missing, missing, missing, missing});
}

PortfolioValue programme_value(const AppraisalDraws& on, std::size_t index) {
  const PortfolioProgramme& programme = on.appraisal.portfolio->programmes[index];
  const Evaluator evaluator = on.evaluator();
  const DrawUnits& units = on.units();
  const auto column = [&](const Formula& formula) { return evaluator.column(formula, 0, 0); };
  const DrawColumn budget = column(on.appraisal.portfolio->budget), cost = column(programme.cost_each);
  const DrawColumn worth = column(programme.worth_each), at_stake = column(programme.expected_each) * worth;
  PortfolioValue value;
  value.programme = index;
  value.people = ratio_or_missing(budget, cost, units);
  value.must_avert = ratio_or_missing(budget, worth, units);
  value.share_needed = ratio_or_missing(cost, at_stake, units);
  const auto chance = [&](const DrawColumn& margin) {
    return chance_above_nought({margin, margin}, on.figures, units, AtNought::counts);
  };
  const Chance possible = chance(at_stake - cost);
  value.chance_possible = possible.value;
  value.chance_possible_error = possible.mc_error;
  if (programme.effect) {
    const Chance reached = chance(column(*programme.effect) * at_stake - cost);
    value.chance_reached = reached.value;
    value.chance_error = reached.mc_error;
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
