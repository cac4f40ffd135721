// Tornado with switching values, and the break-even values that the file asks for.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/estimation/appraisal/figure_effect.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/sample_size.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

/// Of each group: beyond it the tables are too many to count, and a normal law is as good.
constexpr double most_counted = 2000;

/// Chance that the finished trial's test finds these risks to differ: the test of the coherent pair (chi-square times
/// (N - 1)/N, mathematics.md 7.3), every table counted.
double power_of_trial(double treated, double control, double n_treated, double n_control) {
  if (std::max(n_treated, n_control) > most_counted)
    return statistics::power_of_difference_either_way(treated, control, {n_treated, n_control});
  const statistics::RiskPair risks{treated, control};
  const auto p_value = [](const statistics::TwoByTwo& table) {
    const auto test = statistics::chi_square_n_minus_1(table);
    return test ? test->p : 1.0;
  };
  return statistics::rejection_probability(std::llround(n_treated), std::llround(n_control), {&risks, 1}, p_value)[0];
}

double share_at_least_as_good(const DrawColumn& figure, std::size_t draws, double value, bool more_is_better) {
  std::size_t good = 0;
  for (std::size_t d = 0; d < draws; ++d) good += (more_is_better ? figure[d] >= value : figure[d] <= value) ? 1U : 0U;
  return static_cast<double>(good) / static_cast<double>(draws);
}

BreakEvenValue break_even_value(const AppraisalDraws& on, const MainValues& values, const BreakEven& asked) {
  BreakEvenValue found;
  const std::size_t slot = on.appraisal.inputs.at(asked.input).slots.at(asked.arm);
  const FigureEffect effect = figure_effect(on, values.npv.at(asked.arm), asked.arm, slot);
  if (effect.crossings.empty()) return found;
  const double now = mean_of(on.figures.slot(slot), on.count());
  found.value = *std::min_element(effect.crossings.begin(), effect.crossings.end(),
                                  [&](double a, double b) { return std::abs(a - now) < std::abs(b - now); });
  // Better lies where the NPV is above nought: on the side of its mean now where it pays, else on the other.
  const bool pays_now = mean_of(values.npv.at(asked.arm).simulated, on.count()) > 0;
  const bool more_is_better = (now > *found.value) == pays_now;
  if (is_uncertain(on.parameters.parameters().at(slot).law))
    found.chance_reached = share_at_least_as_good(on.figures.slot(slot), on.count(), *found.value, more_is_better);
  if (asked.trial_control && asked.trial_treated && asked.control_risk) {
    const DrawColumn control = on.figures.slot(on.appraisal.inputs.at(*asked.control_risk).slots.at(0));
    found.power =
        power_of_trial(*found.value, mean_of(control, on.count()), *asked.trial_treated, *asked.trial_control);
  }
  return found;
}

}  // namespace

void find_switching_values(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm) {
    std::vector<SwitchingValue> rows;
    for (const std::size_t slot : on.figures.uncertain(arm)) {
      const FigureEffect effect = figure_effect(on, values.npv[arm], arm, slot);
      const bool matters = effect.npv_low != effect.npv_high || !effect.crossings.empty();
      if (!effect.moves || !matters) continue;  // as what only another arm uses
      SwitchingValue row;
      row.arm = arm;
      row.slot = slot;
      const FigureWords words = figure_words(on, slot);
      row.name = words.name;
      row.label = words.label;
      row.unit = words.unit;
      row.low_value = effect.low_value;
      row.high_value = effect.high_value;
      row.npv_low = effect.npv_low;
      row.npv_high = effect.npv_high;
      row.npv_error = effect.npv_error;
      row.switches = static_cast<int>(effect.crossings.size());
      if (effect.crossings.size() == 1) row.switches_at = effect.crossings.front();
      row.searched_low = effect.searched_low;
      row.searched_high = effect.searched_high;
      row.is_exact = effect.is_exact;
      rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const SwitchingValue& a, const SwitchingValue& b) {
      return std::abs(a.npv_high - a.npv_low) > std::abs(b.npv_high - b.npv_low);
    });
    result.switching.insert(result.switching.end(), rows.begin(), rows.end());
  }
}

void find_break_evens(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  for (std::size_t index = 0; index < on.appraisal.break_evens.size(); ++index) {
    BreakEvenValue value = break_even_value(on, values, on.appraisal.break_evens[index]);
    value.break_even = index;
    result.break_evens.push_back(value);
  }
}

}  // namespace desist
