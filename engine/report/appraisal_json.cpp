#include "engine/report/appraisal_json.hpp"

#include <optional>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/json_cells.hpp"

namespace desist {
namespace {

using WorthJson = nlohmann::ordered_json;

/// Null where there is no number to have one.
WorthJson error_if_any(const std::optional<double>& value, double error) {
  return value ? json_number(error) : WorthJson(nullptr);
}

/// A number with its Monte Carlo error.
WorthJson with_error(double value, double error) {
  return {{"estimate", json_number(value)}, {"mc_error", json_number(error)}};
}

WorthJson amount_json(const DrawnAmount& amount) {
  return {{"estimate", json_number(amount.mean)},
          {"low", json_number(amount.low)},
          {"high", json_number(amount.high)},
          {"spread", "parameters"},
          {"mc_error", json_number(amount.mc_error)}};
}

WorthJson arms_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const ArmValue& value : input.appraised.arms) {
    WorthJson one = {{"arm", input.appraised.arm_names.at(value.arm)},
                     {"form", form_label(input, value.fade)},
                     {"schedule", value.discounting < input.appraisal->discounting.size()
                                      ? input.appraisal->discounting[value.discounting].name
                                      : ""},
                     {"net_present_value", amount_json(value.npv)},
                     {"benefits", amount_json(value.benefits)},
                     {"programme_costs", amount_json(value.costs)},
                     {"cashable", amount_json(value.cashable)},
                     {"fiscal_net_present_value", amount_json(value.fiscal_npv)}};
    if (value.bcr) one["benefit_cost_ratio"] = amount_json(*value.bcr);
    if (value.fiscal_bcr) one["fiscal_benefit_cost_ratio"] = amount_json(*value.fiscal_bcr);
    one["return_on_investment"] = with_error(value.return_on_investment, value.roi_error);
    if (!input.appraised.is_question) one["chance_pays"] = with_error(value.chance_pays, value.chance_error);
    const auto year = [](const std::optional<int>& at) { return at ? WorthJson(*at + 1) : WorthJson(nullptr); };
    one["payback_by_end_of_year"] = {{"estimate", year(value.payback_year)},
                                     {"low", year(value.payback_earliest)},
                                     {"high", year(value.payback_latest)},
                                     {"spread", "simulation"}};
    all.push_back(std::move(one));
  }
  return all;
}

WorthJson flows_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const FlowValue& value : input.appraised.flows) {
    const Flow& flow = input.appraisal->flows.at(value.flow);
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"flow", flow.name},
                   {"bearer", flow.bearer},
                   {"kind", kind_word(flow.kind)},
                   {"is", role_word(flow.role)},
                   {"present_value", amount_json(value.present_value)},
                   {"steps", value.steps ? amount_json(*value.steps) : WorthJson(nullptr)}});
  }
  return all;
}

WorthJson bearers_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const BearerValue& value : input.appraised.bearers)
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"bearer", value.bearer},
                   {"present_value", amount_json(value.present_value)}});
  return all;
}

WorthJson social_groups_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const GroupValue& value : input.appraised.groups)
    all.push_back(
        {{"arm", input.appraised.arm_names.at(value.arm)},
         {"social_group", value.group ? WorthJson(input.appraisal->groups.at(*value.group).name) : WorthJson(nullptr)},
         {"present_value", amount_json(value.present_value)},
         {"weight", value.weight ? amount_json(*value.weight) : WorthJson(nullptr)},
         {"weighted", amount_json(value.weighted)},
         {"breaks_even_at_weight", json_maybe(value.switches_at)},
         {"breaks_even_at_weight_error", json_maybe(value.switches_error)}});
  return all;
}

WorthJson weighted_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const WeightedValue& value : input.appraised.weighted)
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"net_present_value", amount_json(value.npv)},
                   {"chance_pays", with_error(value.chance_pays, value.chance_error)}});
  return all;
}

WorthJson effects_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const EffectValue& value : input.appraised.effects)
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"effect", input.appraisal->effects.at(value.effect).name},
                   {"averted", amount_json(value.averted)},
                   {"cost_each", json_maybe(value.cost_each)},
                   {"cost_each_error", json_maybe(value.cost_each_error)},
                   {"icer", json_maybe(value.icer)},
                   {"icer_error", json_maybe(value.icer_error)},
                   {"icer_versus", value.versus}});
  return all;
}

WorthJson switching_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const SwitchingValue& value : input.appraised.switching) {
    const auto [unit, factor] = worded_unit(input, value);
    const std::optional<double> at =
        value.switches_at ? std::optional(*value.switches_at * factor) : std::optional<double>();
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"parameter", value.name},
                   {"label", value.label},
                   {"unit", unit},
                   {"low_value", json_number(value.low_value * factor)},
                   {"high_value", json_number(value.high_value * factor)},
                   {"npv_at_low", json_number(value.npv_low)},
                   {"npv_at_high", json_number(value.npv_high)},
                   {"mc_error", json_number(value.npv_error)},
                   {"switches_at", json_maybe(at)},
                   {"switches_at_error", error_if_any(at, value.switch_error * factor)}});
  }
  return all;
}

WorthJson information_json(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  WorthJson json = {{"evpi", amount_json(information.evpi_amount)},
                    {"evpi_inner_noise_left_in", with_error(information.evpi_plug_in, information.evpi_plug_in_error)},
                    {"best_arm", input.appraised.arm_names.at(information.best_arm)},
                    {"figures", WorthJson::array()},
                    {"studies", WorthJson::array()}};
  for (const InformationValue& figure : information.figures)
    json["figures"].push_back({{"label", figure.label},
                               {"evppi_in_sample", json_number(figure.in_sample)},
                               {"evppi_cross_validated", json_number(figure.cross_validated)},
                               {"mc_error", json_number(figure.mc_error)},
                               {"cross_validated_error", json_number(figure.cross_validated_error)}});
  for (const StudyValue& study : information.studies)
    json["studies"].push_back(
        {{"study", input.appraisal->studies.at(study.study).name},
         {"people", json_number(study.size)},
         {"evsi_in_sample", with_error(study.evsi, study.evsi_error)},
         {"evsi_cross_validated", with_error(study.evsi_cross_validated, study.evsi_cross_validated_error)},
         {"stands_on", "evsi_cross_validated"},
         {"population", with_error(study.population, study.population_error)},
         {"cost", with_error(study.cost, study.cost_error)},
         {"loss_in_study", with_error(study.loss, study.loss_error)},
         {"net", with_error(study.net, study.net_error)},
         {"answer_after_years", with_error(study.answer_after, study.answer_after_error)},
         {"lost_by_waiting", with_error(study.waiting, study.waiting_error)},
         {"behind_best", with_error(study.behind, study.behind_error)},
         {"is_best", study.is_best},
         {"is_told_apart_from_best", study.is_told_apart}});
  return json;
}

WorthJson acceptability_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const Acceptability& curve : input.appraised.acceptability)
    for (std::size_t k = 0; k < curve.worth.size(); ++k) {
      WorthJson chances = WorthJson::object();
      for (std::size_t arm = 0; arm < curve.chance_best.size(); ++arm)
        chances[input.appraised.arm_names.at(arm)] = json_number(curve.chance_best[arm][k]);
      all.push_back({{"effect", input.appraisal->effects.at(curve.effect).name},
                     {"worth", json_number(curve.worth[k])},
                     {"chance_best", chances},
                     {"mc_error", json_number(curve.chance_error.at(k))},
                     {"best", input.appraised.arm_names.at(curve.best.at(k))},
                     {"evpi", json_number(curve.evpi.at(k))},
                     {"evpi_error", json_number(curve.evpi_error.at(k))}});
    }
  return all;
}

WorthJson portfolio_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const PortfolioProgramme& programme = input.appraisal->portfolio->programmes.at(value.programme);
    all.push_back({{"programme", programme.name},
                   {"people", amount_json(value.people)},
                   {"must_avert", amount_json(value.must_avert)},
                   {"share_needed", amount_json(value.share_needed)},
                   {"chance_possible", json_number(value.chance_possible)},
                   {"chance_possible_error", json_number(value.chance_possible_error)},
                   {"chance_reached", json_maybe(value.chance_reached)},
                   {"chance_reached_error", json_maybe(value.chance_error)}});
    if (!programme.outcome_of.empty()) all.back()["outcome_of"] = programme.outcome_of;
  }
  return all;
}

}  // namespace

nlohmann::ordered_json appraisal_json(const ReportInput& input) {
  const Appraisal& appraisal = *input.appraisal;
  WorthJson json = {{"years", appraisal.years}, {"prices", appraisal.prices}, {"draws", input.appraised.draws}};
  if (input.appraised.is_question_held) json["held_where_it_breaks_even"] = true;
  if (input.appraised.tabled_draws) json["tabled_draws"] = *input.appraised.tabled_draws;
  if (input.appraised.has_inner_noise) json["inner_noise_taken_out"] = input.appraised.is_noise_taken_out;
  json["arms"] = arms_json(input);
  json["flows"] = flows_json(input);
  json["bearers"] = bearers_json(input);
  if (!input.appraised.groups.empty()) json["social_groups"] = social_groups_json(input);
  if (!input.appraised.weighted.empty()) json["weighted"] = weighted_json(input);
  json["effects"] = effects_json(input);
  json["switching"] = switching_json(input);
  json["shares_of_variance"] = WorthJson::array();
  for (const NpvShare& each : input.appraised.shares)
    json["shares_of_variance"].push_back({{"arm", input.appraised.arm_names.at(each.arm)},
                                          {"label", each.label},
                                          {"share", json_number(each.share)},
                                          {"mc_error", json_number(each.mc_error)},
                                          {"total_share", json_maybe(each.total)},
                                          {"total_share_error", json_maybe(each.total_error)}});
  if (!input.appraised.acceptability.empty()) json["acceptability"] = acceptability_json(input);
  if (input.appraised.information) json["information"] = information_json(input);
  json["break_evens"] = WorthJson::array();
  for (const BreakEvenValue& value : input.appraised.break_evens)
    json["break_evens"].push_back({{"label", appraisal.break_evens.at(value.break_even).label},
                                   {"value", json_maybe(value.value)},
                                   {"value_error", error_if_any(value.value, value.value_error)},
                                   {"power", json_maybe(value.power)},
                                   {"power_error", error_if_any(value.power, value.power_error)},
                                   {"chance_reached", json_maybe(value.chance_reached)},
                                   {"chance_reached_error", error_if_any(value.chance_reached, value.chance_error)}});
  if (!input.appraised.portfolio.empty()) json["portfolio"] = portfolio_json(input);
  json["warnings"] = WorthJson::array();
  for (const AppraisalWarning& each : appraisal_warnings(input))
    json["warnings"].push_back({{"rule", each.rule}, {"text", each.text}});
  return json;
}

}  // namespace desist
