#include "engine/search/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/statistics/draw_values.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist {
namespace {

/// Chance that noise alone makes one of the higher levels look worse than the best.
constexpr double alpha_of_turning = 0.01;

/// The order statistics ceil(q N) for q = .025 and .975.
std::pair<double, double> middle_95(std::span<const double> values) {
  const std::vector<double> sorted = rising(values);
  return {order_statistic(sorted, 0.025), order_statistic(sorted, 0.975)};
}

SweepLevel level_of(double level, std::span<const double> values, OutcomeField::Kind kind) {
  SweepLevel result;
  result.level = level;
  const MeanAndError found = mean_of(values);
  result.mean = found.mean;
  result.mc_error = found.error;
  if (kind == OutcomeField::Kind::amount) {
    std::tie(result.low, result.high) = middle_95(values);
    return result;
  }
  const auto draws = static_cast<std::int64_t>(values.size());
  const auto count = static_cast<std::int64_t>(std::llround(found.mean * static_cast<double>(draws)));
  const statistics::Interval limits = statistics::clopper_pearson({count, draws}, 0.95);
  result.low = limits.low;
  result.high = limits.high;
  if (count == 0 || count == draws) result.mc_error = 1 / static_cast<double>(draws);  // what one draw more could move
  return result;
}

std::optional<std::size_t> turning_level(const std::vector<std::span<const double>>& values, Better better) {
  if (better == Better::neither) return std::nullopt;
  const double sign = better == Better::higher ? 1 : -1;
  std::size_t best = 0;
  for (std::size_t l = 1; l < values.size(); ++l)
    if (sign * mean_of(values[l]).mean > sign * mean_of(values[best]).mean) best = l;
  const std::size_t higher = values.size() - 1 - best;
  if (higher == 0) return std::nullopt;
  const double far = statistics::normal_quantile(1 - alpha_of_turning / static_cast<double>(higher));
  for (std::size_t l = best + 1; l < values.size(); ++l) {
    const MeanAndError loss = mean_of(values[best], values[l]);
    if (sign * loss.mean > far * loss.error) return best;
  }
  return std::nullopt;
}

}  // namespace

SweepArms sweep_arms(const Sweep& sweep, const std::vector<Arm>& arms, const ParameterDraws& draws) {
  SweepArms made;
  std::vector<Parameter> parameters = draws.parameters();
  const std::size_t slot = parameters.size();
  parameters.push_back({"(level)", sweep.vary, "", FixedLaw{0}});
  for (const std::size_t arm : sweep.arms)
    for (const double level : sweep.levels) {
      Arm held = arms[arm];
      held.name += " (" + sweep.vary + " " + shortest(level) + ")";
      held.variant = !made.arms.empty();  // a run's first arm can't be one
      held.layout.fields[sweep.field].pieces.push_back({sweep.from_week, sweep.items, slot});
      held.overrides = {{slot, level * sweep.per_unit}};
      made.arms.push_back(std::move(held));
    }
  made.draws = ParameterDraws(std::move(parameters), draws.correlations(), draws.posteriors(), draws.seed());
  return made;
}

std::vector<SweepResult> sweep(const std::vector<Sweep>& sweeps, const ModelRecord& model, const std::vector<Arm>& arms,
                               const ParameterDraws& draws, const Window& window, const Plan& plan,
                               const RunControl& control) {
  std::vector<SweepResult> results;
  for (std::size_t s = 0; s < sweeps.size(); ++s) {
    const Sweep& asked = sweeps[s];
    Plan alone = plan;
    alone.to_a_rule = false;
    alone.draws = asked.draws;
    alone.replicates_per_draw = 1;  // a draw's mean is then one future
    alone.keep_draw_means = asked.draws;
    RunControl quiet = control;
    quiet.checkpoint.clear();
    const SweepArms made = sweep_arms(asked, arms, draws);
    const OutcomeTable outcomes = simulate(model, made.arms, made.draws, window, alone, nullptr, quiet);
    if (!outcomes.complete()) return results;
    const OutcomeField& field = outcomes.outcome_fields()[outcomes.outcomes()[asked.outcome].field];
    for (std::size_t a = 0; a < asked.arms.size(); ++a) {
      SweepResult result;
      result.sweep = s;
      result.arm = arms[asked.arms[a]].name;
      std::vector<std::span<const double>> values;
      for (std::size_t l = 0; l < asked.levels.size(); ++l)
        values.push_back(outcomes.draw_means(a * asked.levels.size() + l, asked.outcome));
      for (std::size_t l = 0; l < values.size(); ++l) {
        SweepLevel level = level_of(asked.levels[l], values[l], field.kind);
        if (l > 0) {
          const MeanAndError added = mean_of(values[l], values[l - 1]);
          level.added = added.mean;
          level.added_error = added.error;
          const MeanAndError from_first = mean_of(values[l], values[0]);
          level.from_first = from_first.mean;
          level.from_first_error = from_first.error;
        }
        result.levels.push_back(level);
      }
      // A time is wanted soon; that it comes at all is wanted more.
      const bool time = field.kind == OutcomeField::Kind::time_until;
      const Better wanted = !time                            ? field.better
                            : field.better == Better::lower  ? Better::higher
                            : field.better == Better::higher ? Better::lower
                                                             : Better::neither;
      result.turns_at = turning_level(values, wanted);
      results.push_back(std::move(result));
    }
  }
  return results;
}

}  // namespace desist
