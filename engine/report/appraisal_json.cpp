#include "engine/report/appraisal_json.hpp"

#include <cmath>

#include "engine/report/appraisal_words.hpp"

namespace desist {
namespace {

using WorthJson = nlohmann::ordered_json;

WorthJson number_or_null(double value) { return std::isfinite(value) ? WorthJson(value) : WorthJson(nullptr); }

WorthJson perhaps(const std::optional<double>& value) { return value ? number_or_null(*value) : WorthJson(nullptr); }

WorthJson amount_json(const DrawnAmount& amount) {
  return {{"estimate", number_or_null(amount.mean)},
          {"low", number_or_null(amount.low)},
          {"high", number_or_null(amount.high)},
          {"spread", "parameters"},
          {"mc_error", number_or_null(amount.mc_error)}};
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
    one["return_on_investment"] = number_or_null(value.return_on_investment);
    one["chance_pays"] = {{"estimate", number_or_null(value.chance_pays)},
                          {"mc_error", number_or_null(value.chance_error)}};
    one["payback_by_end_of_year"] = value.payback_year ? WorthJson(*value.payback_year + 1) : WorthJson(nullptr);
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
                   {"steps", perhaps(value.steps)}});
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
         {"breaks_even_at_weight", perhaps(value.switches_at)},
         {"breaks_even_error", perhaps(value.switches_error)}});
  return all;
}

WorthJson weighted_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const WeightedValue& value : input.appraised.weighted)
    all.push_back(
        {{"arm", input.appraised.arm_names.at(value.arm)},
         {"net_present_value", amount_json(value.npv)},
         {"chance_pays",
          {{"estimate", number_or_null(value.chance_pays)}, {"mc_error", number_or_null(value.chance_error)}}}});
  return all;
}

WorthJson effects_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const EffectValue& value : input.appraised.effects)
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"effect", input.appraisal->effects.at(value.effect).name},
                   {"averted", amount_json(value.averted)},
                   {"cost_each", perhaps(value.cost_each)},
                   {"cost_each_error", perhaps(value.cost_each_error)},
                   {"icer", perhaps(value.icer)},
                   {"icer_versus", value.versus}});
  return all;
}

WorthJson switching_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const SwitchingValue& value : input.appraised.switching)
    all.push_back({{"arm", input.appraised.arm_names.at(value.arm)},
                   {"parameter", value.name},
                   {"label", value.label},
                   {"unit", value.unit},
                   {"low_value", number_or_null(value.low_value)},
                   {"high_value", number_or_null(value.high_value)},
                   {"npv_at_low", number_or_null(value.npv_low)},
                   {"npv_at_high", number_or_null(value.npv_high)},
                   {"mc_error", number_or_null(value.npv_error)},
                   {"switches_at", perhaps(value.switches_at)}});
  return all;
}

WorthJson information_json(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  WorthJson json = {{"evpi", amount_json(information.evpi_amount)},
                    {"best_arm", input.appraised.arm_names.at(information.best_arm)},
                    {"figures", WorthJson::array()},
                    {"studies", WorthJson::array()}};
  for (const InformationValue& figure : information.figures)
    json["figures"].push_back({{"label", figure.label},
                               {"evppi_in_sample", number_or_null(figure.in_sample)},
                               {"evppi_cross_validated", number_or_null(figure.cross_validated)},
                               {"mc_error", number_or_null(figure.mc_error)}});
  for (const StudyValue& study : information.studies)
    json["studies"].push_back({{"study", input.appraisal->studies.at(study.study).name},
                               {"people", number_or_null(study.size)},
                               {"evsi", number_or_null(study.evsi)},
                               {"evsi_error", number_or_null(study.evsi_error)},
                               {"population", number_or_null(study.population)},
                               {"cost", number_or_null(study.cost)},
                               {"loss_waiting", number_or_null(study.loss_waiting)},
                               {"net", number_or_null(study.net)},
                               {"net_error", number_or_null(study.net_error)},
                               {"is_best", study.is_best}});
  return json;
}

WorthJson acceptability_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const Acceptability& curve : input.appraised.acceptability)
    for (std::size_t k = 0; k < curve.worth.size(); ++k) {
      WorthJson chances = WorthJson::object();
      for (std::size_t arm = 0; arm < curve.chance_best.size(); ++arm)
        chances[input.appraised.arm_names.at(arm)] = number_or_null(curve.chance_best[arm][k]);
      all.push_back({{"effect", input.appraisal->effects.at(curve.effect).name},
                     {"worth", number_or_null(curve.worth[k])},
                     {"chance_best", chances},
                     {"mc_error", number_or_null(curve.chance_error.at(k))},
                     {"best", input.appraised.arm_names.at(curve.best.at(k))},
                     {"evpi", number_or_null(curve.evpi.at(k))},
                     {"evpi_error", number_or_null(curve.evpi_error.at(k))}});
    }
  return all;
}

WorthJson portfolio_json(const ReportInput& input) {
  WorthJson all = WorthJson::array();
  for (const PortfolioValue& value : input.appraised.portfolio)
    all.push_back({{"programme", input.appraisal->portfolio->programmes.at(value.programme).name},
                   {"people", amount_json(value.people)},
                   {"must_avert", amount_json(value.must_avert)},
                   {"share_needed", amount_json(value.share_needed)},
                   {"chance_possible", number_or_null(value.chance_possible)},
                   {"chance_reached", perhaps(value.chance_reached)},
                   {"chance_error", perhaps(value.chance_error)}});
  return all;
}

}  // namespace

nlohmann::ordered_json appraisal_json(const ReportInput& input) {
  const Appraisal& appraisal = *input.appraisal;
  WorthJson json = {{"years", appraisal.years}, {"prices", appraisal.prices}, {"draws", input.appraised.draws}};
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
                                          {"share", finite(each.share)},
                                          {"mc_error", finite(each.mc_error)}});
  if (!input.appraised.acceptability.empty()) json["acceptability"] = acceptability_json(input);
  if (input.appraised.information) json["information"] = information_json(input);
  json["break_evens"] = WorthJson::array();
  for (const BreakEvenValue& value : input.appraised.break_evens)
    json["break_evens"].push_back({{"label", appraisal.break_evens.at(value.break_even).label},
                                   {"value", perhaps(value.value)},
                                   {"power", perhaps(value.power)},
                                   {"chance_reached", perhaps(value.chance_reached)}});
  if (!input.appraised.portfolio.empty()) json["portfolio"] = portfolio_json(input);
  json["warnings"] = WorthJson::array();
  for (const AppraisalWarning& each : appraisal_warnings(input))
    json["warnings"].push_back({{"rule", each.rule}, {"text", each.text}});
  return json;
}

}  // namespace desist
