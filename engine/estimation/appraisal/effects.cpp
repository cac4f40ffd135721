// Effects beside money: averted, cost of one, the plane, acceptability.
#include <algorithm>
#include <cmath>

#include <Eigen/Core>

#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/flow_difference.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/strategies.hpp"

namespace desist {
namespace {

/// What an arm averts beside the comparator, plain and discounted.
DrawColumn averted_column(const Evaluator& evaluator, const AppraisalDraws& on, const Effect& effect, std::size_t arm,
                          std::span<const double> factors) {
  const int last = effect.yearly ? effect.last : effect.first;
  YearColumns better(effect.first, last);
  for (int year = effect.first; year <= (is_by_year(effect.quantity, on.appraisal) ? last : effect.first); ++year) {
    const DrawColumn before = evaluator.column(effect.quantity, 0, year);
    const DrawColumn after = evaluator.column(effect.quantity, arm, year);
    better.push_back(effect.lower_is_better ? before - after : after - before);
  }
  std::vector<DrawColumn> weights;
  if (effect.fades) weights = fade_weights(evaluator, main_fade(on.appraisal), arm, on.parameters.seed());
  return sum_over_years(better, weights, factors);
}

}  // namespace

void value_effects(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  for (std::size_t index = 0; index < on.appraisal.effects.size(); ++index) {
    const Effect& effect = on.appraisal.effects[index];
    Strategies strategies;
    strategies.units = on.units();
    strategies.figures = &on.figures;
    strategies.names = result.arm_names;
    strategies.effects.resize(1);
    strategies.plain_effects.resize(1);
    strategies.costs = values.public_cost;
    for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm) {
      const std::span<const double> factors = on.appraisal.discounting[0].factors;
      const auto averted = [&](std::span<const double> by_year) {
        return twice(on,
                     [&](const Evaluator& evaluator) { return averted_column(evaluator, on, effect, arm, by_year); });
      };
      strategies.plain_effects.push_back(averted({}));
      strategies.effects.push_back(averted(factors));
    }
    compare_strategies(strategies, index, effect.worth, result);
  }
}

}  // namespace desist
