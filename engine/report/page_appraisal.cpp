// The page's section on money: warnings first, then costs, gains, the chance that it pays, what would change the
// answer, and what is worth finding out.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using WorthRows = std::vector<std::vector<html::TableCell>>;

std::string worth_heading(const std::string& text) { return html::element("h3", text); }

/// An arm in a row of a table: by its short label, where the file gives one.
html::TableCell arm_cell(const ReportInput& input, std::size_t arm) {
  return words(upper_first(short_appraised_arm(input, arm)));
}

html::TableCell pound_cell(const DrawnAmount& amount) { return number(money(amount.mean, amount.mc_error)); }

html::TableCell pound_range(const DrawnAmount& amount) {
  if (std::isnan(amount.low) || std::isnan(amount.high)) return number("");
  return number(money_range(amount.low, amount.high, amount.mc_error));
}

html::TableCell pound_error(double error) {
  return number(std::isnan(error) ? ""
                : error == 0      ? "none"
                                  : money(error, std::pow(10, std::floor(std::log10(error)))));
}

std::string ratio_cell(const std::optional<DrawnAmount>& ratio) {
  return ratio && !std::isnan(ratio->mean) ? money_with_range(*ratio) : "";
}

std::string worth_conventions(const ReportInput& input) {
  const Appraisal& appraisal = *input.appraisal;
  if (appraisal.table)
    return html::element("p",
                         fmt::format("Costs and effects of {} draws from {}; nothing is simulated here.",
                                     whole_number(static_cast<double>(input.appraised.draws)), appraisal.table->file));
  std::string text = fmt::format(
      "Money is in £ of {}, over {} from {}, each year's less that of “{}”. Ranges hold 95 in 100 of {} draws of what "
      "is not known; errors are those of the simulation.",
      appraisal.prices, years_in_words(appraisal.years), appraisal.from.in_words(), appraised_arm(input, 0),
      whole_number(static_cast<double>(input.appraised.draws)));
  if (!appraisal.discounting.empty())
    text += fmt::format(" Later years count less by “{}”{}.", schedule_label(input, 0),
                        appraisal.discounting.front().source.empty()
                            ? ""
                            : " (" + without_stop(appraisal.discounting.front().source) + ")");
  std::vector<std::string> converted;
  for (const AppraisalInput& each : appraisal.inputs)
    if (!each.prices.empty() && each.prices != appraisal.prices)
      converted.push_back(
          fmt::format("{} ({})", lower_first(each.label.empty() ? each.name : each.label), each.prices));
  if (!converted.empty())
    text += fmt::format(" Brought from prices of other years by the GDP deflator: {}.", listed(converted));
  return html::element("p", text);
}

std::string worth_warnings(const ReportInput& input) {
  const std::vector<AppraisalWarning> warnings = appraisal_warnings(input);
  if (warnings.empty()) return "";
  std::string items;
  for (const AppraisalWarning& each : warnings)
    items += fmt::format("<li><b>{}.</b> {}</li>\n", html::escaped(upper_first(each.rule)),
                         html::escaped(without_stop(upper_first(each.text)) + "."));
  return worth_heading("Read this first") + "<ul>\n" + items + "</ul>\n";
}

std::string costs_part(const ReportInput& input) {
  WorthRows rows;
  for (const FlowValue& value : input.appraised.flows) {
    const Flow& flow = input.appraisal->flows.at(value.flow);
    if (flow.role != Flow::Role::programme_cost) continue;
    DrawnAmount cost = value.present_value;  // told as what is paid
    cost.mean = -value.present_value.mean;
    cost.low = -value.present_value.high;
    cost.high = -value.present_value.low;
    const std::string bias = !flow.bias_in_law.empty() ? "none: " + flow.bias_in_law
                             : flow.optimism_bias      ? flow.optimism_bias->written
                                                       : "none";
    rows.push_back({words(flow.label), arm_cell(input, value.arm), words(flow.bearer),
                    number(with_minus_sign(rounded(value.quantity, value.quantity_error)) + " " + flow.quantity_unit),
                    pound_cell(cost), pound_range(cost), pound_error(cost.mc_error), words(bias)});
  }
  if (rows.empty()) return "";
  return worth_heading("What it costs, and who bears it") +
         html::table("Public money that the programme uses (present value): the denominator of every ratio below.",
                     {"Cost", "Arm", "From", "How much of it", "Costs", "Range", "Error", "Optimism bias added"}, rows);
}

/// "2", or where draws differ "1.6 (0 to 3)".
std::string steps_in_words(const DrawnAmount& steps) {
  const auto count = [&](double value, double error) { return with_minus_sign(rounded(value, error)); };
  const std::string mean = count(steps.mean, steps.mc_error);
  return steps.low < steps.high ? fmt::format("{} ({} to {})", mean, count(steps.low, 0), count(steps.high, 0)) : mean;
}

std::string gains_part(const ReportInput& input) {
  WorthRows rows;
  for (const FlowValue& value : input.appraised.flows) {
    const Flow& flow = input.appraisal->flows.at(value.flow);
    if (flow.role == Flow::Role::programme_cost) continue;
    std::string steps;
    if (flow.step)
      steps = value.steps && (value.steps->mean != 0 || value.steps->low < value.steps->high)
                  ? steps_in_words(*value.steps) + " × " + flow.step_in_words
                  : "no whole step of " + flow.step_in_words;
    const std::string fading = !flow.lasts.empty() ? "lasts: " + flow.lasts : flow.fades ? "fades" : "";
    rows.push_back({words(flow.label), arm_cell(input, value.arm), words(flow.bearer), words(kind_in_words(flow.kind)),
                    pound_cell(value.present_value), pound_range(value.present_value),
                    pound_error(value.present_value.mc_error), words(steps), words(fading)});
  }
  if (rows.empty()) return "";
  std::string text = worth_heading("Who gains what") +
                     html::table(
                         "Present value over the whole horizon, less that of the comparator. A loss is "
                         "negative.",
                         {"What", "Arm", "Whose", "Kind", "Gain", "Range", "Error", "Steps to cash", "Later"}, rows);
  WorthRows sums;
  for (const BearerValue& value : input.appraised.bearers)
    sums.push_back({words(upper_first(value.bearer)), arm_cell(input, value.arm), pound_cell(value.present_value),
                    pound_range(value.present_value), pound_error(value.present_value.mc_error)});
  text += html::table("By bearer, programme costs taken off.", {"Bearer", "Arm", "Gain", "Range", "Error"}, sums);
  std::string notes;
  for (const Flow& flow : input.appraisal->flows)
    if (!flow.note.empty())
      notes += fmt::format("<li><b>{}.</b> {}</li>\n", html::escaped(flow.label), html::escaped(flow.note));
  return text + (notes.empty() ? "" : "<ul>\n" + notes + "</ul>\n");
}

std::string social_groups_part(const ReportInput& input) {
  const bool weighs = has_weights(*input.appraisal);
  WorthRows rows;
  for (const GroupValue& value : input.appraised.groups) {
    if (!value.group && value.present_value.mean == 0 && value.present_value.mc_error == 0) continue;
    std::vector<html::TableCell> row{words(social_group_label(input, value)), arm_cell(input, value.arm),
                                     pound_cell(value.present_value), pound_range(value.present_value),
                                     pound_error(value.present_value.mc_error)};
    if (weighs) {
      row.push_back(number(value.weight ? weight_with_range(*value.weight) : "1"));
      row.push_back(pound_cell(value.weighted));
      row.push_back(pound_range(value.weighted));
      row.push_back(pound_error(value.weighted.mc_error));
      row.push_back(
          number(value.switches_at ? weight_in_words(*value.switches_at, value.switches_error.value_or(0)) : ""));
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return "";
  std::vector<std::string> heads{"Who", "Arm", "Gain", "Range", "Error"};
  if (weighs) heads.insert(heads.end(), {"Weight of £1", "Weighted", "Range", "Error", "Breaks even at weight"});
  std::string text = worth_heading("Who gains, group by group") +
                     html::table("Present value less that of the comparator, programme costs taken off.", heads, rows);
  for (const WeightedValue& value : input.appraised.weighted)
    text += html::element(
        "p", fmt::format("Weighted, {} is worth {} net, and pays in {} of 100 draws.",
                         html::escaped(appraised_arm(input, value.arm)), html::escaped(money_with_range(value.npv)),
                         in_100(value.chance_pays, value.chance_error)));
  if (weighs)
    text += html::element(
        "p",
        "Weights stand beside the plain sums, never instead of them. By income, £1 counts for (average income / "
        "income) to the power of the elasticity (HM Treasury 2022, Green Book A3.12 to A3.22). Prices of harm that are "
        "the same for everybody count a poor person’s harm as much as a rich one’s already: weighting them goes "
        "further.");
  return text;
}

std::string when_part(const ReportInput& input) {
  WorthRows rows;
  for (const CashTotal& total : input.appraised.cash_totals)
    rows.push_back({words(fmt::format("End of year {}", total.year + 1)), arm_cell(input, total.arm),
                    pound_cell(total.all), pound_range(total.all), pound_error(total.all.mc_error),
                    pound_cell(total.budget), pound_range(total.budget), pound_error(total.budget.mc_error)});
  if (rows.empty()) return "";
  return worth_heading("When") +
         html::table(
             "Added up from the start, undiscounted. Budgets: what can be cashed in whole steps, less what the "
             "programme costs.",
             {"", "Arm", "All gains less costs", "Range", "Error", "On budgets", "Range", "Error"}, rows);
}

std::string chance_part(const ReportInput& input) {
  WorthRows rows;
  for (const ArmValue& value : input.appraised.arms) {
    if (&value != main_value(input, value.arm) || value.arm == 0) continue;
    const std::string payback =
        value.payback_year ? fmt::format("by the end of year {}", *value.payback_year + 1) : "not within the horizon";
    rows.push_back({arm_cell(input, value.arm), number(in_100(value.chance_pays, value.chance_error)),
                    number(rounded(100 * value.chance_error, 0.1)), pound_cell(value.npv), pound_range(value.npv),
                    pound_error(value.npv.mc_error), number(ratio_cell(value.bcr)),
                    number(ratio_cell(value.fiscal_bcr)), number(money_with_range(value.fiscal_npv)), words(payback)});
  }
  if (rows.empty()) return "";
  std::string text =
      worth_heading("The chance that it pays") +
      html::table(
          "Net present value: gains less costs of all bearers. Back for each £1: expected gains over expected "
          "public money of the programme, never the mean of ratios; as cash, what can be cashed alone.",
          {"Arm", "Pays in", "Error", "Net present value", "Range", "Error", "Back for each £1", "As cash",
           "Net, as cash", "Paid back, undiscounted"},
          rows);
  if (input.appraised.is_noise_taken_out)
    text += html::element("p",
                          "The chance leaves out the luck of single runs: it is corrected for that noise, which "
                          "would pull it towards one half.");
  else if (input.appraised.has_inner_noise)
    text +=
        html::element("p", fmt::format("{} draws are too few to take the luck of single runs out of the chance, the "
                                       "ranges and what is worth finding out: 100 would do. It pulls the chance "
                                       "towards one half and makes the rest too large.",
                                       whole_number(static_cast<double>(input.appraised.draws))));
  return text;
}

std::string switching_part(const ReportInput& input) {
  std::vector<const SwitchingValue*> figures;
  for (const SwitchingValue& each : input.appraised.switching)
    if (each.npv_low != each.npv_high) figures.push_back(&each);  // what an arm doesn't use moves nothing
  if (figures.empty()) return "";
  std::stable_sort(figures.begin(), figures.end(), [](const SwitchingValue* a, const SwitchingValue* b) {
    if (a->arm != b->arm) return a->arm < b->arm;
    return std::abs(a->npv_high - a->npv_low) > std::abs(b->npv_high - b->npv_low);
  });
  WorthRows rows;
  for (const SwitchingValue* each : figures) {
    std::string at = each->switches_at || each->switches > 1 ? switching_words(input, *each) : "nowhere";
    const bool is_beyond_nought = each->switches_at && each->low_value > 0 && *each->switches_at <= 0;
    if (is_beyond_nought)
      at = "nowhere";
    else if (each->switches_at && !switches_within_range(*each))
      at += " (not in its range)";
    rows.push_back({words(each->label), arm_cell(input, each->arm),
                    number(figure_value(each->low_value, figure_unit(input, each->slot, each->unit), 0)),
                    number(figure_value(each->high_value, figure_unit(input, each->slot, each->unit), 0)),
                    number(money(each->npv_low, each->npv_error)), number(money(each->npv_high, each->npv_error)),
                    pound_error(each->npv_error), words(at)});
  }
  return worth_heading("What would change the answer") +
         html::table(
             "Expected net present value with one figure at each end of its range (or of the middle 95 in 100 "
             "of its law), the others drawn as ever, and the value from which on the answer changes.",
             {"Figure", "Arm", "Lowest", "Highest", "Net at lowest", "Net at highest", "Error", "It"}, rows);
}

std::string variance_part(const ReportInput& input) {
  WorthRows rows;
  for (const NpvShare& each : input.appraised.shares)
    rows.push_back({words(each.label), arm_cell(input, each.arm),
                    number(in_100(std::max(0.0, each.share), each.mc_error)),
                    number(rounded(100 * each.mc_error, 0.1))});
  if (rows.empty()) return "";
  return html::table(
      "What the spread of net present value comes from: the share of its variance over draws that goes "
      "away if a figure were known (Sobol' 1993), the luck of single runs apart.",
      {"Figure", "Arm", "Share", "Error"}, rows);
}

std::string forms_part(const ReportInput& input) {
  if (input.appraised.arms.size() <= input.appraised.arm_names.size()) return "";
  WorthRows rows;
  for (const ArmValue& value : input.appraised.arms) {
    if (value.arm == 0) continue;
    rows.push_back({arm_cell(input, value.arm), words(form_label(input, value.fade)),
                    words(schedule_label(input, value.discounting)), pound_cell(value.npv), pound_range(value.npv),
                    pound_error(value.npv.mc_error), number(ratio_cell(value.bcr)),
                    number(in_100(value.chance_pays, value.chance_error))});
  }
  if (rows.size() < 2) return "";
  std::string weights;
  for (const Fade& fade : input.appraisal->fades)
    if (fade.weight)
      weights +=
          fmt::format("{}{} {}%", weights.empty() ? "" : ", ", lower_first(fade.label), shortest(100 * *fade.weight));
  std::string text =
      worth_heading("Had the effect faded otherwise, or later years counted otherwise") +
      html::table(
          "How an effect fades after it was last seen is printed nowhere, so forms stand side by side; the "
          "first is used everywhere else.",
          {"Arm", "What becomes of the effect", "Later years", "Net present value", "Range", "Error",
           "Back for each £1", "Pays in"},
          rows);
  if (!weights.empty()) text += html::element("p", "Weights that the file gives to the forms: " + weights + ".");
  return text;
}

std::string dominance_words(const ReportInput& input, const EffectValue& value) {
  const std::vector<std::string>& names = input.appraised.arm_names;
  const auto at = std::find(names.begin(), names.end(), value.versus);
  const std::string versus =
      at == names.end() ? value.versus
                        : lower_first(short_appraised_arm(input, static_cast<std::size_t>(at - names.begin())));
  switch (value.status) {
    case EffectValue::Status::comparator:
      return "compared with";
    case EffectValue::Status::frontier:
      return value.icer
                 ? fmt::format("{} for each more, against {}", money(*value.icer, value.icer_error.value_or(0)), versus)
                 : "on the frontier";
    case EffectValue::Status::dominated:
      return "dominated: another averts as much for no more";
    case EffectValue::Status::extendedly_dominated:
      break;
  }
  return "dominated by a mix of two others";
}

std::string averted_part(const ReportInput& input) {
  WorthRows rows;
  for (const EffectValue& value : input.appraised.effects) {
    const Effect& effect = input.appraisal->effects.at(value.effect);
    const auto count = [&](double amount) { return with_minus_sign(rounded(amount, value.averted.mc_error)); };
    std::string range;
    if (!std::isnan(value.averted.low) && !std::isnan(value.averted.high))
      range = with_minus_sign(rounded(value.averted.low, value.averted.mc_error)) + " to " +
              with_minus_sign(rounded(value.averted.high, value.averted.mc_error));
    const bool none = value.status != EffectValue::Status::comparator && value.averted.mean <= 0;
    rows.push_back({words(effect.label), arm_cell(input, value.arm),
                    number(value.status == EffectValue::Status::comparator ? "" : count(value.averted.mean)),
                    number(value.status == EffectValue::Status::comparator ? "" : range),
                    number(value.status == EffectValue::Status::comparator ? "" : money_with_range(value.net_cost)),
                    number(value.cost_each ? money(*value.cost_each, value.cost_each_error.value_or(0))
                           : none          ? "none is averted"
                                           : ""),
                    pound_error(value.cost_each_error.value_or(std::nan(""))), words(dominance_words(input, value))});
  }
  if (rows.empty()) return "";
  return worth_heading("What is averted, and what each costs") +
         html::table(
             "Averted: fewer than in the comparator (more, where more is better). Each costs: net cost over "
             "what is averted, both in expectation.",
             {"Effect", "Arm", "Averted", "Range", "Net public cost", "Each costs", "Error", "Beside the others"},
             rows);
}

std::string acceptability_part(const ReportInput& input) {
  std::string text;
  for (const Acceptability& curve : input.appraised.acceptability) {
    const Effect& effect = input.appraisal->effects.at(curve.effect);
    std::vector<std::string> headers{"Worth of one"};
    for (std::size_t arm = 0; arm < curve.chance_best.size(); ++arm)
      headers.push_back(appraised_arm(input, arm) + " best in 100");
    headers.insert(headers.end(), {"Best on average", "Worth finding out", "Error"});
    WorthRows rows;
    constexpr std::size_t most_rows = 11;
    const std::size_t step = (curve.worth.size() + most_rows - 1) / most_rows;
    for (std::size_t k = 0; k < curve.worth.size(); k += std::max<std::size_t>(step, 1)) {
      std::vector<html::TableCell> row{words(money(curve.worth[k], 0))};
      for (const auto& chances : curve.chance_best)
        row.push_back(number(bare_in_100(chances[k], curve.chance_error[k])));
      row.push_back(arm_cell(input, curve.best[k]));
      row.push_back(number(money(curve.evpi[k], curve.evpi_error[k])));
      row.push_back(pound_error(curve.evpi_error[k]));
      rows.push_back(std::move(row));
    }
    text += html::table(fmt::format("{}: draws in 100 in which each arm is best, by what one {} averted is worth.",
                                    effect.label, effect.unit),
                        headers, rows);
  }
  return text.empty() ? "" : worth_heading("By what one averted is worth") + text;
}

std::string study_size_rows(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  std::string text;
  for (std::size_t s = 0; s < input.appraisal->studies.size(); ++s) {
    WorthRows rows;
    for (const StudyValue& value : information.studies) {
      if (value.study != s) continue;
      const double error = std::max(value.evsi_error, value.evsi_cross_validated_error);
      rows.push_back({words(whole_number(value.size)),
                      number(money(std::min(value.evsi, value.evsi_cross_validated), error)),
                      number(money(std::max(value.evsi, value.evsi_cross_validated), error)),
                      number(money(value.population, value.population_error)),
                      number(money(value.cost, value.cost_error)),
                      number(money(value.loss, value.loss_error)),
                      number(money(value.net, value.net_error)),
                      pound_error(value.net_error),
                      {value.is_best         ? "<b>the best size</b>"
                       : value.is_told_apart ? ""
                                             : "not told apart from the best",
                       false}});
    }
    if (rows.empty()) continue;
    const NextStudy& study = input.appraisal->studies[s];
    text += html::table(fmt::format("{}. It answers after {}; the decision matters for {}.", study.label,
                                    years_in_words(study.answer_after), years_in_words(study.decision_lasts)),
                        {"People", "Worth to those appraised: at least about", "At most about",
                         "Worth to all who come after", "Costs", "Lost by those in it", "Net", "Error", ""},
                        rows);
    if (!study.note.empty()) text += html::element("p", study.note);
  }
  if (!text.empty())
    text += html::element(
        "p",
        "What it is worth to all who come after, and the net, stand on what following the study is worth in "
        "draws that it was not learnt from: on average the lower of the two numbers. A size is told apart "
        "from the best where it is two errors of their difference behind.");
  return text;
}

std::string information_part(const ReportInput& input) {
  if (!input.appraised.information) return "";
  const Information& information = *input.appraised.information;
  const DrawnAmount& evpi = information.evpi_amount;
  std::string text = worth_heading("What is worth finding out before deciding");
  text += html::element(
      "p", fmt::format("With today's knowledge the best choice is “{}”. To know every figure would be worth {} "
                       "(simulation error {}); no study can be worth more to those appraised.",
                       appraised_arm(input, information.best_arm), money(std::max(0.0, evpi.mean), evpi.mc_error),
                       pound_error(evpi.mc_error).html));
  WorthRows rows;
  std::vector<std::string> worth_nothing;
  for (const InformationValue& figure : information.figures) {
    const double error = std::max(figure.mc_error, figure.cross_validated_error);
    if (std::max(figure.in_sample, figure.cross_validated) <= 2 * error) {
      worth_nothing.push_back(lower_first(without_stop(figure.label)));
      continue;
    }
    rows.push_back({words(upper_first(figure.label)),
                    number(money(std::max(0.0, std::min(figure.cross_validated, figure.in_sample)), error)),
                    number(money(std::max(figure.cross_validated, figure.in_sample), error)), pound_error(error)});
  }
  text += html::table(
      "Knowing one figure, or several as one. The two numbers bracket it: the first errs low, the "
      "second high.",
      {"Figure", "At least about", "At most about", "Error"}, rows);
  if (!worth_nothing.empty())
    text +=
        html::element("p", "Worth nothing beyond the simulation's error, known alone: " + listed(worth_nothing) + ".");
  text += study_size_rows(input);
  if (!information.studies.empty() && best_study(input) == nullptr)
    text += html::element("p", "No study asked about is shown to be worth its cost at any size tried.");
  return text;
}

std::string break_even_part(const ReportInput& input) {
  WorthRows rows;
  for (const BreakEvenValue& value : input.appraised.break_evens) {
    const BreakEven& asked = input.appraisal->break_evens.at(value.break_even);
    const std::string unit = break_even_unit(input, asked);
    rows.push_back({words(asked.label), arm_cell(input, asked.arm),
                    number(value.value ? figure_value(*value.value, unit, value.value_error) : "no value does"),
                    number(value.value ? figure_value(value.value_error, unit, value.value_error) : ""),
                    number(value.chance_reached ? in_100(*value.chance_reached, value.chance_error) : ""),
                    number(asked.trial_control && asked.trial_treated
                               ? whole_number(*asked.trial_treated) + " against " + whole_number(*asked.trial_control)
                               : ""),
                    number(value.power ? in_100(*value.power, value.power_error) : "")});
  }
  if (rows.empty()) return "";
  return worth_heading("The least that would pay") +
         html::table(
             "The value at which the expected net present value is nought, the others drawn as ever; and the "
             "chance that the trial that was done had of showing it.",
             {"Figure", "Arm", "Breaks even at", "Error", "Draws as good or better", "The trial",
              "Its chance to show it"},
             rows);
}

std::string portfolio_part(const ReportInput& input) {
  WorthRows rows;
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const PortfolioProgramme& programme = input.appraisal->portfolio->programmes.at(value.programme);
    const auto count = [](const DrawnAmount& amount) {
      return rounded_range(amount.low, amount.high, amount.mc_error);
    };
    rows.push_back({words(programme.label), words(programme.evidence_level), number(count(value.people)),
                    number(count(value.must_avert)), number(needed_range(value.share_needed)),
                    number(in_100(value.chance_possible, value.chance_possible_error)),
                    number(value.chance_reached ? in_100(*value.chance_reached, value.chance_error.value_or(0))
                                                : "no law of its effect")});
  }
  if (rows.empty()) return "";
  const std::string averted = plural_of(input.appraisal->portfolio->averted);
  return worth_heading("What each would have to achieve") +
         html::table(
             fmt::format("One budget, {}, spent on one programme. Above 100 in 100 it can't be done. There is no "
                         "ranking: what they have shown is not of one kind.",
                         input.appraisal->portfolio->budget.written),
             {"Programme", "Evidence of an effect", "People it pays for", upper_first(averted) + " to avert",
              "Of what is expected, in 100", "Possible in", "Reached in"},
             rows);
}

}  // namespace

std::string appraisal_section(const ReportInput& input) {
  if (!input.appraisal) return "";
  std::string text = worth_conventions(input);
  for (const auto part :
       {worth_warnings, costs_part, gains_part, social_groups_part, when_part, chance_part, switching_part,
        variance_part, forms_part, averted_part, acceptability_part, break_even_part, portfolio_part, information_part})
    text += part(input);
  return text;
}

std::vector<std::string> appraisal_methods(const ReportInput& input) {
  if (!input.appraisal) return {};
  std::vector<std::string> notes;
  if (!input.appraisal->table) {
    notes.emplace_back(
        "Every flow of money is a quantity times what one of it is worth, in each arm, draw and year. Money of later "
        "years "
        "counts less by the schedule; the first twelve months are not discounted. Every draw uses one set of figures "
        "for "
        "all arms, years and flows, so that what is not known of one is in all.");
    notes.emplace_back(
        "Back for each £1: expected gains over expected public money of the programme. Savings and harm avoided are "
        "above "
        "the line, never below it, so that a label can't move the ratio (HM Treasury, Green Book).");
    notes.emplace_back(
        "Pays in so many of 100 draws: the draws whose net present value is above nought, the luck of single runs left "
        "out. Yes is nine in ten or more beyond the simulation's error, no one in ten or fewer.");
  }
  if (!input.appraised.effects.empty())
    notes.emplace_back(
        "An arm that costs more and averts no more is dominated; one that a mix of two others beats is extendedly "
        "dominated. The others are compared each with the next cheaper.");
  if (input.appraised.information)
    notes.emplace_back(
        "The value of knowing a figure is found by regression of net benefit on it (Strong, Oakley &amp; Brennan "
        "2014), in "
        "sample and by tenfold cross-validation; that of a study in the same two ways by regression on what the study "
        "would report (Strong and others 2015), bias that no size shrinks included; its worth to those who come after, "
        "by the second, less its cost and what those in it lose (Willan &amp; Pinto 2005).");
  return notes;
}

}  // namespace desist::page
