#include "engine/estimation/appraisal.hpp"

#include <stdexcept>
#include <string>

#include "engine/core/limits.hpp"
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

AppraisalResult appraise(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes,
                         std::uint64_t plan_draws) {
  if (appraisal.table) return appraise_table(appraisal);
  check_appraisal(appraisal);
  const DrawnFigures figures(appraisal, draws, outcomes, plan_draws);
  const AppraisalDraws on{appraisal, draws, figures};
  AppraisalResult result;
  result.draws = figures.draws();
  result.has_inner_noise = figures.has_inner_noise();
  result.is_noise_taken_out = figures.has_inner_noise() && figures.is_fitted();
  result.arm_names = appraisal.arm_names;
  if (appraisal.arms > 1) {
    const MainValues values = value_flows(on, result);
    value_effects(on, values, result);
    find_switching_values(on, values, result);
    share_out_variance(on, values, result);
    value_information(on, values, result);
    find_break_evens(on, values, result);
  }
  result.portfolio = value_portfolio(on);
  result.is_question = is_question(appraisal);
  if (result.is_question) leave_out_averages(result);
  return result;
}

}  // namespace desist
