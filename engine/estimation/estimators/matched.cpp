// What a comparison of matched groups can show, where matching may leave a difference that more people don't shrink.
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/power_with_bias.hpp"

namespace desist {
namespace {

using statistics::GroupSizes;

AnalysisResult power_of_matched(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const double bias = analysis.number("bias", 0), risk0 = analysis.number("control_risk", 0);
  const double risk1 = analysis.number("treated_risk", 0);
  if (!(bias >= 0 && bias < 1)) return refusal("bias is a share: 0 where the groups are alike, and below 1");
  const statistics::Precision precision{analysis.number("power", 0.8), analysis.number("alpha", 0.05),
                                        analysis.number("ratio", 1)};
  const double floor = statistics::least_difference_with_bias(bias, precision);
  AnalysisResult result;
  result.estimand = "what a planned comparison can show";
  std::optional<GroupSizes> sizes;
  if (analysis.has("people")) sizes = sizes_of(analysis);
  switch (unknown_of(analysis, {"people", "power", "treated_risk"})) {
    case 0: {
      const auto needed = statistics::group_sizes_needed_with_bias(risk1, risk0, bias, precision);
      if (risk1 == risk0) return refusal("the shares are equal: no number of people is enough");
      if (!needed)
        return refusal(fmt::format(
            "no number of people is enough: nothing up to {} in 100 can be shown. That is what a bias of {} in 100 "
            "leaves: a design with less of it is needed, not more records",
            about(100 * floor), about(100 * bias)));
      sizes = GroupSizes{std::ceil(needed->n1), std::ceil(needed->n0)};
      const bool alike = sizes->n1 == sizes->n0;
      if (alike) result.effects = {found_row("each arm", "people needed in each group", "", sizes->n1, true)};
      result.effects.push_back(found_row("both arms", "people needed", "", sizes->n1 + sizes->n0, !alike));
      result.facts = {{"treated, before rounding", needed->n1}, {"control, before rounding", needed->n0}};
      break;
    }
    case 1:
      result.effects = {found_row("comparison", "power", "share",
                                  statistics::power_with_bias(risk1, risk0, *sizes, bias, precision.alpha), true)};
      break;
    case 2: {
      const auto below = statistics::detectable_risk_below_with_bias(risk0, *sizes, bias, precision);
      if (!below)
        return refusal(fmt::format("not even a fall to none is shown: the groups are too small for a bias of {} in 100",
                                   about(100 * bias)));
      result.effects = {found_row("comparison", "smallest fall shown", "share", risk0 - *below, true),
                        found_row("comparison", "detectable treated risk", "share", *below)};
      break;
    }
    default:
      return refusal("give two of people, power and treated_risk; the third is found");
  }
  if (bias == 0) return result;
  result.effects.push_back(found_row("however many people", "smallest fall shown", "share", floor));
  result.effects.push_back(found_row("usual test, if the programme does nothing", "false alarms", "share",
                                     statistics::false_alarms_with_bias(risk0, *sizes, bias, precision.alpha)));
  result.notes.push_back(
      "The bias is one unknown number from a normal law with mean 0 and this standard deviation, the same for everyone "
      "who is counted: it doesn't shrink with people, and intervals that admit it are that much wider");
  return result;
}

}  // namespace

std::vector<Estimator> matched_estimators() {
  return {{"power_of_matched",
           "People, power or smallest fall shown where matched groups may differ by more than chance",
           Needs::nothing,
           {{"control_risk", Takes::number, true, "The comparison group's share with the outcome", "0.3"},
            {"treated_risk", Takes::number, false, "The treated group's share with the outcome", "0.25"},
            {"bias", Takes::number, true,
             "Standard deviation of the difference that matching leaves between the groups, a share; 0: alike", "0.02"},
            {"people", Takes::numbers, false,
             "People in the treated and the comparison group, or one number for both together", "[10000, 10000]"},
            {"power", Takes::number, false, "Chance of a significant result", "0.8"},
            {"alpha", Takes::number, false, "Level of the two-sided test; 0.05 where it is left out", "0.05"},
            {"ratio", Takes::number, false, "People in the treated group for each in the comparison group", "1"}},
           power_of_matched}};
}

}  // namespace desist
