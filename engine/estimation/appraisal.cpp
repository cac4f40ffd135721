#include "engine/estimation/appraisal.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/estimation/appraisal/draw_units.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"
#include "engine/estimation/appraisal/parts.hpp"

namespace desist {
namespace {

/// What the reader of experiments has made sure of.
void check_appraisal(const Appraisal& appraisal) {
  const auto require = [](bool sound, const char* what) {
    if (!sound) throw std::logic_error(std::string("an appraisal ") + what);
  };
  require(appraisal.arms >= 1 && appraisal.years >= 1, "needs an arm and a year");
  require(!appraisal.discounting.empty(), "needs a discount schedule");
  for (const DiscountedBy& schedule : appraisal.discounting)
    require(schedule.factors.size() >= static_cast<std::size_t>(appraisal.years), "needs a factor for every year");
  for (const AppraisalInput& input : appraisal.inputs)
    require(input.slots.size() == appraisal.arms, "needs a slot of every input in every arm");
  for (const AppraisalOutcome& outcome : appraisal.outcomes)
    require(outcome.slots.size() == (outcome.by_year ? static_cast<std::size_t>(appraisal.years) : 1),
            "needs an outcome's slot for every year");
  for (const Flow& flow : appraisal.flows)
    require(0 <= flow.first && flow.first < appraisal.years && (!flow.yearly || flow.first <= flow.last) &&
                flow.last < appraisal.years,
            "has a flow outside its horizon");
}

/// What averages over a range that is asked, and any chance, is taken out again: it would be read as an answer.
void leave_out_averages(AppraisalResult& result) {
  for (ArmValue& value : result.arms)
    value.chance_pays = value.chance_error = value.chance_plug_in = value.chance_plug_in_error = missing;
  for (WeightedValue& value : result.weighted) value.chance_pays = value.chance_error = missing;
  for (BreakEvenValue& value : result.break_evens) value.chance_reached.reset();
  result.information.reset();
  result.effects.clear();
  result.plane.clear();
  result.shares.clear();
  result.acceptability.clear();
  result.claims.clear();
}

}  // namespace

bool is_question(const Appraisal& appraisal) {
  for (const Formula* formula : value_formulas(appraisal))
    for (const std::size_t input : inputs_of(*formula))
      if (appraisal.inputs.at(input).is_asked) return true;
  return false;
}

namespace {

/// What stands on sums over all draws.
MainValues value_sums(const AppraisalDraws& on, const HeldQuestions& asked, AppraisalResult& result) {
  MainValues values;
  if (on.appraisal.arms > 1) {
    values = value_flows(on, asked, result);
    value_effects(on, values, result);
  }
  result.portfolio = value_portfolio(on);
  return values;
}

/// What needs a table of draws.
void value_table(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  if (on.appraisal.arms < 2) return;
  find_switching_values(on, values, result);
  share_out_variance(on, values, result);
  value_information(on, values, result);
  find_break_evens(on, values, result);
}

/// Takes the sums of more draws.
void take_sums(AppraisalResult&& of_more, AppraisalResult& result) {
  result.arms = std::move(of_more.arms);
  result.cash = std::move(of_more.cash);
  result.cash_totals = std::move(of_more.cash_totals);
  result.bearer_cash = std::move(of_more.bearer_cash);
  result.flows = std::move(of_more.flows);
  result.bearers = std::move(of_more.bearers);
  result.groups = std::move(of_more.groups);
  result.weighted = std::move(of_more.weighted);
  result.effects = std::move(of_more.effects);
  result.acceptability = std::move(of_more.acceptability);
  result.claims = std::move(of_more.claims);
  result.portfolio = std::move(of_more.portfolio);
}

}  // namespace

AppraisalResult appraise(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes,
                         std::uint64_t plan_draws) {
  if (appraisal.table) return appraise_table(appraisal, draws);
  check_appraisal(appraisal);
  const auto all =
      static_cast<std::size_t>(outcomes.empty() ? std::max<std::uint64_t>(plan_draws, 2) : outcomes.draws());
  if (all < 2) throw std::invalid_argument("an appraisal needs two draws, since they are its units of error");
  const std::size_t at_hand = appraisal.outcomes.empty() ? std::min(all, draws_at_hand) : all;
  AppraisalResult result;
  result.draws = all;
  if (at_hand < all) result.tabled_draws = at_hand;
  result.arm_names = appraisal.arm_names;
  DrawFold fold(all);
  DrawUnits of_first(0);
  HeldQuestions asked;
  for (std::size_t first = 0; first < all; first += at_hand) {
    const DrawnFigures figures(appraisal, draws, outcomes, first, std::min(at_hand, all - first));
    if (first == 0) {
      of_first = figures.units();
      asked = hold_questions({appraisal, draws, figures, of_first});
    }
    const AppraisalDraws on{appraisal, draws, figures,
                            at_hand == all ? of_first : of_first.in_part(figures.draws(), fold)};
    AppraisalResult sums;
    sums.arm_names = appraisal.arm_names;
    const MainValues values = value_sums(on, asked, sums);
    take_sums(std::move(sums), result);
    if (first == 0) {
      result.plane = std::move(sums.plane);
      result.has_inner_noise = figures.has_inner_noise();
      result.is_noise_taken_out = figures.has_inner_noise() && figures.is_fitted();
      value_table({appraisal, draws, figures, of_first}, values, result);
    }
    fold.start_next_part();
  }
  result.is_question = is_question(appraisal);
  result.is_question_held = asked.are_all_held;
  if (result.is_question) leave_out_averages(result);
  return result;
}

}  // namespace desist
