// The tidy tables of an appraisal: one row an estimate, with its unit, spread and Monte Carlo error.
#include <algorithm>
#include <cmath>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

const std::string over_draws = "parameters";

std::string arm_name(const ReportInput& input, std::size_t arm) { return input.appraised.arm_names.at(arm); }

std::string pounds(const ReportInput& input) {
  return input.appraisal->prices.empty() ? "£" : "£ of " + input.appraisal->prices;
}

std::string form_name(const ReportInput& input, std::size_t fade) {
  const auto& fades = input.appraisal->fades;
  return fade < fades.size() ? fades[fade].name : "";
}

std::string schedule_name(const ReportInput& input, std::size_t schedule) {
  const auto& all = input.appraisal->discounting;
  return schedule < all.size() ? all[schedule].name : "";
}

std::string status_word(EffectValue::Status status) {
  switch (status) {
    case EffectValue::Status::comparator:
      return "comparator";
    case EffectValue::Status::frontier:
      return "frontier";
    case EffectValue::Status::dominated:
      return "dominated";
    case EffectValue::Status::extendedly_dominated:
      break;
  }
  return "extendedly dominated";
}

Table worth_table(const ReportInput& input) {
  Table table(named({"arm", "versus", "form", "schedule", "quantity", "unit", "estimate", "low", "high", "level",
                     "spread", "mc_error"}));
  const std::string money_unit = pounds(input);
  for (const ArmValue& value : input.appraised.arms) {
    const auto add = [&](const char* quantity, const std::string& unit, const DrawnAmount& amount, bool has_range) {
      if (std::isnan(amount.mean)) return;
      table.add({arm_name(input, value.arm), arm_name(input, 0), word(form_name(input, value.fade)),
                 word(schedule_name(input, value.discounting)), std::string(quantity), unit, number(amount.mean),
                 has_range ? number(amount.low) : Cell{}, has_range ? number(amount.high) : Cell{},
                 has_range && !std::isnan(amount.low) ? Cell{0.95} : Cell{}, over_draws, number(amount.mc_error)});
    };
    const auto alone = [&](const char* quantity, const std::string& unit, double estimate, double error) {
      add(quantity, unit, {estimate, 0, 0, error}, false);
    };
    add(input.appraised.is_question_held ? "net present value where it breaks even" : "net present value", money_unit,
        value.npv, true);
    add("benefits", money_unit, value.benefits, true);
    add("programme costs", money_unit, value.costs, true);
    add("cashable", money_unit, value.cashable, true);
    add("fiscal net present value", money_unit, value.fiscal_npv, true);
    if (value.bcr) add("benefit-cost ratio", "1", *value.bcr, true);
    if (value.fiscal_bcr) add("fiscal benefit-cost ratio", "1", *value.fiscal_bcr, true);
    alone("return on investment", "1", value.return_on_investment, value.roi_error);
    alone("chance that it pays", "share", value.chance_pays, value.chance_error);
    alone("chance that it pays, inner noise left in", "share", value.chance_plug_in, value.chance_plug_in_error);
    const auto year = [](const std::optional<int>& at) { return at ? number(*at + 1) : Cell{}; };
    if (value.payback_earliest)
      table.add({arm_name(input, value.arm), arm_name(input, 0), word(form_name(input, value.fade)),
                 word(schedule_name(input, value.discounting)), std::string("year of payback"), std::string("year"),
                 year(value.payback_year), year(value.payback_earliest), year(value.payback_latest), Cell{0.95},
                 std::string("simulation"), Cell{}});
  }
  return table;
}

Table flow_values_table(const ReportInput& input) {
  Table table(named({"arm",
                     "versus",
                     "flow",
                     "label",
                     "bearer",
                     "kind",
                     "is",
                     "quantity_comparator",
                     "quantity",
                     "quantity_comparator_error",
                     "quantity_error",
                     "quantity_unit",
                     "steps",
                     "steps_error",
                     "estimate",
                     "low",
                     "high",
                     "unit",
                     "spread",
                     "mc_error",
                     "note"}));
  for (const FlowValue& value : input.appraised.flows) {
    const Flow& flow = input.appraisal->flows.at(value.flow);
    table.add({arm_name(input, value.arm),
               arm_name(input, 0),
               flow.name,
               flow.label,
               flow.bearer,
               kind_word(flow.kind),
               role_word(flow.role),
               number(value.quantity_comparator),
               number(value.quantity),
               number(value.quantity_comparator_error),
               number(value.quantity_error),
               word(flow.quantity_unit),
               value.steps ? number(value.steps->mean) : Cell{},
               value.steps ? number(value.steps->mc_error) : Cell{},
               number(value.present_value.mean),
               number(value.present_value.low),
               number(value.present_value.high),
               pounds(input),
               over_draws,
               number(value.present_value.mc_error),
               word(flow.note)});
  }
  return table;
}

Table bearers_table(const ReportInput& input) {
  Table table(named({"arm", "versus", "bearer", "estimate", "low", "high", "unit", "spread", "mc_error"}));
  for (const BearerValue& value : input.appraised.bearers)
    table.add({arm_name(input, value.arm), arm_name(input, 0), value.bearer, number(value.present_value.mean),
               number(value.present_value.low), number(value.present_value.high), pounds(input), over_draws,
               number(value.present_value.mc_error)});
  return table;
}

Table social_groups_table(const ReportInput& input) {
  Table table(named({"arm", "versus", "social_group", "label", "quantity", "unit", "estimate", "low", "high", "spread",
                     "mc_error", "note"}));
  const auto add = [&](std::size_t arm, const std::string& name, const std::string& label, const char* quantity,
                       const std::string& unit, const DrawnAmount& amount, const std::string& note) {
    table.add({arm_name(input, arm), arm_name(input, 0), name, label, std::string(quantity), unit, number(amount.mean),
               number(amount.low), number(amount.high), over_draws, number(amount.mc_error), word(note)});
  };
  const double none = std::nan("");
  for (const GroupValue& value : input.appraised.groups) {
    const SocialGroup* group = value.group ? &input.appraisal->groups.at(*value.group) : nullptr;
    const std::string name = group != nullptr ? group->name : "";
    const std::string label = social_group_label(input, value);
    const std::string note = group != nullptr ? group->note : "";
    add(value.arm, name, label, "present value", pounds(input), value.present_value, note);
    if (value.weight) add(value.arm, name, label, "weight", "1", *value.weight, note);
    if (has_weights(*input.appraisal)) add(value.arm, name, label, "weighted", pounds(input), value.weighted, note);
    if (value.switches_at)
      add(value.arm, name, label, "weight at which it breaks even", "1",
          {*value.switches_at, none, none, value.switches_error.value_or(none)}, note);
  }
  for (const WeightedValue& value : input.appraised.weighted) {
    add(value.arm, "", "all together", "weighted net present value", pounds(input), value.npv, "");
    if (!input.appraised.is_question)
      add(value.arm, "", "all together", "chance that it pays, weighted", "share",
          {value.chance_pays, none, none, value.chance_error}, "");
  }
  return table;
}

Table cash_table(const ReportInput& input) {
  Table table(
      named({"arm", "versus", "flow", "bearer", "kind", "is", "year", "quantity", "quantity_error", "quantity_unit",
             "estimate", "low", "high", "unit", "spread", "mc_error", "present_value", "present_value_error"}));
  for (const CashFlow& cash : input.appraised.cash) {
    const Flow& flow = input.appraisal->flows.at(cash.flow);
    table.add({arm_name(input, cash.arm), arm_name(input, 0), flow.name, flow.bearer, kind_word(flow.kind),
               role_word(flow.role), whole(cash.year + 1), number(cash.quantity), number(cash.quantity_error),
               word(flow.quantity_unit), number(cash.amount.mean), number(cash.amount.low), number(cash.amount.high),
               pounds(input), over_draws, number(cash.amount.mc_error), number(cash.present_value),
               number(cash.present_value_error)});
  }
  return table;
}

Table cash_totals_table(const ReportInput& input) {
  Table table(named({"arm", "versus", "quantity", "bearer", "to_end_of_year", "estimate", "low", "high", "unit",
                     "spread", "mc_error"}));
  const auto add = [&](std::size_t arm, const char* quantity, const std::string& bearer, int year,
                       const DrawnAmount& amount) {
    table.add({arm_name(input, arm), arm_name(input, 0), std::string(quantity), word(bearer), whole(year + 1),
               number(amount.mean), number(amount.low), number(amount.high), pounds(input), over_draws,
               number(amount.mc_error)});
  };
  for (const CashTotal& total : input.appraised.cash_totals) {
    add(total.arm, "all money", "", total.year, total.all);
    add(total.arm, "what can be cashed less programme costs", "", total.year, total.budget);
  }
  for (const BearerCash& total : input.appraised.bearer_cash)
    add(total.arm, "all money of one bearer", total.bearer, total.year, total.all);
  return table;
}

Table averted_table(const ReportInput& input) {
  Table table(named({"arm",
                     "effect",
                     "label",
                     "unit",
                     "averted",
                     "low",
                     "high",
                     "spread",
                     "mc_error",
                     "averted_discounted",
                     "averted_discounted_error",
                     "net_cost",
                     "net_cost_low",
                     "net_cost_high",
                     "net_cost_error",
                     "status",
                     "cost_each",
                     "cost_each_error",
                     "icer",
                     "icer_error",
                     "icer_versus",
                     "cost_unit"}));
  for (const EffectValue& value : input.appraised.effects) {
    const Effect& effect = input.appraisal->effects.at(value.effect);
    table.add({arm_name(input, value.arm),
               effect.name,
               effect.label,
               effect.unit,
               number(value.averted.mean),
               number(value.averted.low),
               number(value.averted.high),
               over_draws,
               number(value.averted.mc_error),
               number(value.discounted.mean),
               number(value.discounted.mc_error),
               number(value.net_cost.mean),
               number(value.net_cost.low),
               number(value.net_cost.high),
               number(value.net_cost.mc_error),
               status_word(value.status),
               maybe(value.cost_each),
               maybe(value.cost_each_error),
               maybe(value.icer),
               maybe(value.icer_error),
               word(value.versus),
               pounds(input)});
  }
  return table;
}

Table switching_table(const ReportInput& input) {
  Table table(named({"arm", "parameter", "label", "unit", "low_value", "high_value", "npv_at_low", "npv_at_high",
                     "npv_unit", "spread", "mc_error", "switches_at", "switches_at_error", "within_range", "method"}));
  for (const SwitchingValue& value : input.appraised.switching) {
    const auto [unit, factor] = worded_unit(input, value);
    const std::optional<double> at =
        value.switches_at ? std::optional(*value.switches_at * factor) : std::optional<double>();
    table.add({arm_name(input, value.arm), value.name, value.label, unit, number(value.low_value * factor),
               number(value.high_value * factor), number(value.npv_low), number(value.npv_high), pounds(input),
               over_draws, number(value.npv_error), maybe(at), at ? finite(value.switch_error * factor) : Cell{},
               yes(switches_within_range(value)),
               std::string(value.is_exact ? "by formula, on common draws" : "conditional mean of the draws")});
  }
  return table;
}

Table npv_shares_table(const ReportInput& input) {
  Table table(named({"arm", "parameter", "label", "share_of_variance", "unit", "spread", "mc_error", "total_share",
                     "total_share_error"}));
  for (const NpvShare& each : input.appraised.shares) {
    std::string names;
    for (const std::size_t slot : each.slots)
      if (slot < input.parameters.size()) names += (names.empty() ? "" : " ") + input.parameters[slot].name;
    table.add({arm_name(input, each.arm), word(names), each.label, number(each.share), std::string("share"), over_draws,
               number(each.mc_error), maybe(each.total), maybe(each.total_error)});
  }
  return table;
}

Table information_table(const ReportInput& input) {
  Table table(named({"of", "size", "statistic", "estimate", "unit", "spread", "mc_error", "is_best", "is_told_apart"}));
  if (!input.appraised.information) return table;
  const Information& information = *input.appraised.information;
  const std::string unit = pounds(input);
  const auto add = [&](const std::string& of, double size, const char* statistic, double estimate, double error,
                       const StudyValue* study = nullptr, const std::string& other_unit = "") {
    table.add({of, number(size), std::string(statistic), number(estimate), other_unit.empty() ? unit : other_unit,
               over_draws, number(error), study != nullptr ? yes(study->is_best) : Cell{},
               study != nullptr ? yes(study->is_told_apart) : Cell{}});
  };
  const double none = std::nan("");
  add("(all figures)", none, "EVPI", information.evpi_amount.mean, information.evpi_amount.mc_error);
  add("(all figures)", none, "EVPI, inner noise left in", information.evpi_plug_in, information.evpi_plug_in_error);
  for (const InformationValue& figure : information.figures) {
    add(figure.label, none, "EVPPI, in sample", figure.in_sample, figure.mc_error);
    add(figure.label, none, "EVPPI, cross-validated", figure.cross_validated, figure.cross_validated_error);
  }
  for (const StudyValue& study : information.studies) {
    const std::string& name = input.appraisal->studies.at(study.study).name;
    add(name, study.size, "EVSI, in sample", study.evsi, study.evsi_error, &study);
    add(name, study.size, "EVSI, cross-validated", study.evsi_cross_validated, study.evsi_cross_validated_error,
        &study);
    add(name, study.size, "value to all who come after", study.population, study.population_error, &study);
    add(name, study.size, "cost", study.cost, study.cost_error, &study);
    add(name, study.size, "loss of those in the study on the worse arm", study.loss, study.loss_error, &study);
    add(name, study.size, "net benefit of sampling", study.net, study.net_error, &study);
    add(name, study.size, "behind the best size", study.behind, study.behind_error, &study);
    add(name, study.size, "lost by waiting for the answer with the first arm", study.waiting, study.waiting_error,
        &study);
    add(name, study.size, "answer after", study.answer_after, study.answer_after_error, &study, "year");
  }
  return table;
}

Table acceptability_table(const ReportInput& input) {
  Table table(named({"effect", "worth", "worth_unit", "arm", "chance_best", "unit", "spread", "mc_error", "on_frontier",
                     "evpi", "evpi_error", "evpi_unit"}));
  for (const Acceptability& curve : input.appraised.acceptability)
    for (std::size_t k = 0; k < curve.worth.size(); ++k)
      for (std::size_t arm = 0; arm < curve.chance_best.size(); ++arm)
        table.add({input.appraisal->effects.at(curve.effect).name, number(curve.worth[k]), pounds(input),
                   arm_name(input, arm), number(curve.chance_best[arm][k]), std::string("share"), over_draws,
                   number(curve.chance_error.at(k)), yes(curve.best.at(k) == arm), number(curve.evpi.at(k)),
                   number(curve.evpi_error.at(k)), pounds(input)});
  return table;
}

Table plane_table(const ReportInput& input) {
  Table table(named({"arm", "versus", "effect", "draw", "averted", "unit", "net_cost", "cost_unit", "spread"}));
  for (const PlanePoint& point : input.appraised.plane) {
    const Effect& effect = input.appraisal->effects.at(point.effect);
    table.add({arm_name(input, point.arm), arm_name(input, 0), effect.name, whole(point.draw), number(point.averted),
               effect.unit, number(point.cost), pounds(input), over_draws});
  }
  return table;
}

Table break_even_table(const ReportInput& input) {
  Table table(named({"arm", "label", "breaks_even_at", "unit", "mc_error", "power_of_trial", "power_error",
                     "chance_as_good", "chance_error", "pays_in_90_of_100_at", "pays_in_90_of_100_error",
                     "trial_control", "trial_treated", "spread"}));
  const auto error_of = [](const std::optional<double>& value, double error) { return value ? finite(error) : Cell{}; };
  for (const BreakEvenValue& value : input.appraised.break_evens) {
    const BreakEven& asked = input.appraisal->break_evens.at(value.break_even);
    table.add({arm_name(input, asked.arm), asked.label, maybe(value.value), word(break_even_unit(input, asked)),
               error_of(value.value, value.value_error), maybe(value.power), error_of(value.power, value.power_error),
               maybe(value.chance_reached), error_of(value.chance_reached, value.chance_error), maybe(value.sure_value),
               error_of(value.sure_value, value.sure_error), maybe(asked.trial_control), maybe(asked.trial_treated),
               over_draws});
  }
  return table;
}

Table portfolio_table(const ReportInput& input) {
  Table table(named({"programme", "label", "evidence_level", "quantity", "unit", "estimate", "low", "high", "spread",
                     "mc_error", "note"}));
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const Portfolio& portfolio = *input.appraisal->portfolio;
    const PortfolioProgramme& programme = portfolio.programmes.at(value.programme);
    const auto add = [&](const char* quantity, const std::string& unit, const DrawnAmount& amount) {
      table.add({programme.name, programme.label, word(programme.evidence_level), std::string(quantity), unit,
                 number(amount.mean), number(amount.low), number(amount.high), over_draws, number(amount.mc_error),
                 word(programme.note)});
    };
    const double none = std::nan("");
    add("people that the budget pays for", "person", value.people);
    add("must be averted", portfolio.averted, value.must_avert);
    add("share needed of what is expected", "share", value.share_needed);
    add("chance that it is possible", "share", {value.chance_possible, none, none, value.chance_possible_error});
    if (value.chance_reached)
      add("chance that it is reached", "share", {*value.chance_reached, none, none, value.chance_error.value_or(none)});
  }
  return table;
}

}  // namespace

std::vector<NamedText> appraisal_files(const ReportInput& input) {
  std::vector<NamedText> files;
  if (!input.appraisal) return files;
  const std::pair<const char*, Table> all[] = {
      {"acceptability.csv", acceptability_table(input)},
      {"appraisal.csv", worth_table(input)},
      {"averted.csv", averted_table(input)},
      {"bearers.csv", bearers_table(input)},
      {"break_even.csv", break_even_table(input)},
      {"cash.csv", cash_table(input)},
      {"cash_totals.csv", cash_totals_table(input)},
      {"flows.csv", flow_values_table(input)},
      {"information.csv", information_table(input)},
      {"npv_shares.csv", npv_shares_table(input)},
      {"plane.csv", plane_table(input)},
      {"portfolio.csv", portfolio_table(input)},
      {"social_groups.csv", social_groups_table(input)},
      {"switching.csv", switching_table(input)},
  };
  for (const auto& [name, table] : all)
    if (!table.empty()) files.push_back({name, table.csv()});
  return files;
}

}  // namespace desist
