// Tornado with switching values, and the break-even values that the file asks for.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/estimation/appraisal/figure_effect.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/sample_size.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

/// Of each group: beyond it the tables are too many to count, and a normal law is as good.
constexpr double most_counted = 2000;

/// Chance that the finished trial's test finds these risks to differ: the test of the coherent pair (chi-square times
/// (N - 1)/N, mathematics.md 7.3), every table counted.
std::vector<double> power_of_trial(const std::vector<statistics::RiskPair>& risks, const BreakEven& asked) {
  const double treated = *asked.trial_treated, control = *asked.trial_control;
  std::vector<double> powers;
  if (std::max(treated, control) > most_counted) {
    for (const statistics::RiskPair& pair : risks)
      powers.push_back(statistics::power_of_difference_either_way(pair.risk1, pair.risk0, {treated, control}));
    return powers;
  }
  const auto p_value = [](const statistics::TwoByTwo& table) {
    const auto test = statistics::chi_square_n_minus_1(table);
    return test ? test->p : 1.0;
  };
  return statistics::rejection_probability(std::llround(treated), std::llround(control), risks, p_value);
}

/// A function of the break-even value and of means over draws: its influence, or the error of a value without one.
double error_through(const Crossing& value, double slope, const DrawColumn& rest, const DrawUnits& units) {
  if (!value.influence.varies()) return std::hypot(error_of(rest, units), slope * value.error);
  return error_of(rest + DrawColumn(slope) * value.influence, units);
}

/// Power at the break-even value and the mean risk of the controls, with its delta-method error.
void set_power(const DrawColumn& control, const Crossing& value, const BreakEven& asked, const DrawUnits& units,
               BreakEvenValue& found) {
  constexpr double step = 1e-4;  // a power bends over 1/sqrt(people) at least
  const double mean = mean_of(control, units.count());
  const auto inside = [](double risk) { return std::clamp(risk, 0.0, 1.0); };
  const double at = inside(value.at), low = inside(at - step), high = inside(at + step);
  const double fewer = inside(mean - step), more = inside(mean + step);
  const std::vector<double> powers =
      power_of_trial({{at, mean}, {low, mean}, {high, mean}, {at, fewer}, {at, more}}, asked);
  const double slope = (powers[2] - powers[1]) / (high - low);
  const double slope_of_control = (powers[4] - powers[3]) / (more - fewer);
  found.power = powers[0];
  found.power_error = error_through(value, slope, DrawColumn(slope_of_control) * (control - DrawColumn(mean)), units);
}

/// Share of draws as good as the break-even value or better: drawing, and where that value lies. Its density there is
/// read within one error of the value.
void set_chance(const DrawColumn& figure, const Crossing& value, bool more_is_better, const DrawUnits& units,
                BreakEvenValue& found) {
  const std::size_t draws = units.count();
  const auto as_good = [&](double figure_at, double limit) {
    return more_is_better ? figure_at >= limit : figure_at <= limit;
  };
  const auto count = [&](double limit) {
    std::int64_t good = 0;
    for (std::size_t d = 0; d < draws; ++d) good += as_good(figure[d], limit) ? 1 : 0;
    return good;
  };
  const auto n = static_cast<std::int64_t>(draws);
  const auto share = statistics::share_of_draws(count(value.at), n);
  found.chance_reached = share.value;
  double slope = 0;
  if (value.error > 0)
    slope = static_cast<double>(count(value.at + value.error) - count(value.at - value.error)) /
            static_cast<double>(n) / (2 * value.error);
  if (share.value == 0 || share.value == 1) {
    found.chance_error = std::hypot(share.error, slope * value.error);
    return;
  }
  std::vector<double> good(draws);
  for (std::size_t d = 0; d < draws; ++d) good[d] = as_good(figure[d], value.at) ? 1 : 0;
  found.chance_error = error_through(value, slope, DrawColumn(std::move(good)), units);
}

/// Where a share of the draws of all other figures pays, as one moves on common luck: between the ends searched, by
/// halving; nothing where the share is reached at neither end or at both. Its error: the place at the share moved by
/// its own error, up and down.
void set_sure_value(const AppraisalDraws& on, const FigureEffect& effect, std::size_t arm, std::size_t slot,
                    BreakEvenValue& found) {
  if (!effect.is_exact || !effect.moves) return;
  const HeldNpv held(on, arm, {slot}, Means::fitted);
  const auto chance = [&](double value) { return share_above_nought(held.column(value), on.units()); };
  const bool rises = effect.npv_high > effect.npv_low;
  const double worst = rises ? effect.searched_low : effect.searched_high;
  const double best = rises ? effect.searched_high : effect.searched_low;
  const auto place_of = [&](double share) -> std::optional<double> {
    double below = worst, above = best;
    if (chance(below).value >= share || chance(above).value < share) return std::nullopt;
    constexpr int halvings = 40;
    for (int i = 0; i < halvings; ++i) {
      const double middle = (below + above) / 2;
      (chance(middle).value >= share ? above : below) = middle;
    }
    return above;
  };
  constexpr double sure = 0.9;
  found.sure_value = place_of(sure);
  if (!found.sure_value) return;
  const double error = chance(*found.sure_value).mc_error;
  const auto more = place_of(std::min(1.0, sure + error)), fewer = place_of(sure - error);
  found.sure_error = more && fewer ? std::abs(*more - *fewer) / 2 : infinity;
}

BreakEvenValue break_even_value(const AppraisalDraws& on, const MainValues& values, const BreakEven& asked) {
  BreakEvenValue found;
  const std::size_t slot = on.appraisal.inputs.at(asked.input).slots.at(asked.arm);
  const FigureEffect effect = figure_effect(on, values.npv.at(asked.arm), asked.arm, slot);
  if (effect.crossings.empty()) return found;
  const DrawColumn& figure = on.figures.slot(slot);
  const double now = mean_of(figure, on.count());
  const Crossing& value = *std::min_element(
      effect.crossings.begin(), effect.crossings.end(),
      [&](const Crossing& a, const Crossing& b) { return std::abs(a.at - now) < std::abs(b.at - now); });
  found.value = value.at;
  found.value_error = value.error;
  // Better lies where the NPV is above nought: on the side of its mean now where it pays, else on the other.
  const bool pays_now = mean_of(values.npv.at(asked.arm).simulated, on.count()) > 0;
  set_sure_value(on, effect, asked.arm, slot, found);
  if (is_uncertain(on.parameters.parameters().at(slot).law))
    set_chance(figure, value, (now > value.at) == pays_now, on.units(), found);
  if (asked.trial_control && asked.trial_treated && asked.control_risk) {
    const std::size_t control = on.appraisal.inputs.at(*asked.control_risk).slots.at(0);
    set_power(on.figures.slot(control), value, asked, on.units(), found);
  }
  return found;
}

/// Where it breaks even next to the middle of the figure's range; nullptr where it doesn't.
const Crossing* nearest_to_middle(const FigureEffect& effect) {
  const double middle = (effect.low_value + effect.high_value) / 2;
  const Crossing* nearest = nullptr;
  for (const Crossing& each : effect.crossings)
    if (nearest == nullptr || std::abs(each.at - middle) < std::abs(nearest->at - middle)) nearest = &each;
  return nearest;
}

}  // namespace

std::optional<HeldFigure> question_at_break_even(const AppraisalDraws& on, const Twice& npv, std::size_t arm) {
  for (const AppraisalInput& input : on.appraisal.inputs) {
    const std::size_t slot = input.slots.at(arm);
    if (!input.is_asked || !is_uncertain(on.parameters.parameters().at(slot).law)) continue;
    const FigureEffect effect = figure_effect(on, npv, arm, slot);
    if (effect.crossings.empty()) continue;
    return HeldFigure{slot, DrawColumn(nearest_to_middle(effect)->at)};
  }
  return std::nullopt;
}

HeldQuestions hold_questions(const AppraisalDraws& on) {
  HeldQuestions asked;
  asked.by_arm.resize(on.appraisal.arms);
  bool some = false, all = true;
  for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm)
    for (const AppraisalInput& input : on.appraisal.inputs) {
      const std::size_t slot = input.slots.at(arm);
      if (!input.is_asked || !is_uncertain(on.parameters.parameters().at(slot).law)) continue;
      const FigureEffect effect = figure_effect(on, Twice(), arm, slot);
      if (effect.is_exact && !effect.moves) continue;
      some = true;
      all = all && effect.is_exact && asked.by_arm[arm].empty();
      if (!effect.is_exact) continue;
      const double better = effect.npv_high > effect.npv_low ? effect.high_value : effect.low_value;
      const Crossing* nearest = nearest_to_middle(effect);
      asked.by_arm[arm].push_back({slot, DrawColumn(nearest != nullptr ? nearest->at : better)});
    }
  asked.are_all_held = some && all;
  if (!asked.are_all_held) asked.by_arm.assign(on.appraisal.arms, {});
  return asked;
}

void find_switching_values(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm) {
    std::vector<SwitchingValue> rows;
    const std::optional<HeldFigure> asked = question_at_break_even(on, values.npv[arm], arm);
    for (const std::size_t slot : on.figures.uncertain(arm)) {
      const bool beside_question = asked && slot != asked->slot;
      const FigureEffect effect =
          figure_effect(on, values.npv[arm], arm, slot,
                        beside_question ? std::vector<HeldFigure>{*asked} : std::vector<HeldFigure>{});
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
      // Beside what is asked, at its break-even value, all others break even where they are: no news.
      row.switches = beside_question ? 0 : static_cast<int>(effect.crossings.size());
      if (row.switches == 1) {
        row.switches_at = effect.crossings.front().at;
        row.switch_error = effect.crossings.front().error;
      }
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
