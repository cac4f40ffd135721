// The page's section on money: warnings first, then costs, gains, the chance that it pays, and how the effect may fade.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/appraisal_cells.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;

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

constexpr std::string_view a_plain_number = "a plain number";  // as units of formulas say it

/// The label of the figure that says how much is added, or the formula as written.
std::string bias_in_words(const ReportInput& input, const Formula& bias) {
  const bool is_input = bias.steps.size() == 1 && bias.steps.front().operation == Formula::Operation::input;
  if (!is_input) return bias.written;
  return lower_first(input.appraisal->inputs.at(bias.steps.front().index).label) + ": " + formula_as_given(input, bias);
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
                             : flow.optimism_bias      ? bias_in_words(input, *flow.optimism_bias)
                                                       : "none";
    const std::string unit = flow.quantity_unit == a_plain_number ? "" : " " + flow.quantity_unit;
    rows.push_back({words(flow.label), arm_cell(input, value.arm), words(flow.bearer),
                    number(with_minus_sign(rounded(value.quantity, value.quantity_error)) + unit), pound_cell(cost),
                    pound_range(cost), pound_error(cost.mc_error), words(bias)});
  }
  if (rows.empty()) return "";
  return worth_heading("What it costs, and who bears it") +
         arms_table(input,
                    "Public money that the programme uses (present value): the denominator of every ratio below.",
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
  std::string text =
      worth_heading("Who gains what") +
      arms_table(input,
                 "Present value over the whole horizon, less that of the comparator. A loss is "
                 "negative.",
                 {"What", "Arm", "Whose", "Kind", "Gain", "Range", "Error", "Steps to cash", "Later"}, rows);
  WorthRows sums;
  for (const BearerValue& value : input.appraised.bearers)
    sums.push_back({words(upper_first(value.bearer)), arm_cell(input, value.arm), pound_cell(value.present_value),
                    pound_range(value.present_value), pound_error(value.present_value.mc_error)});
  text += arms_table(input, "By bearer, programme costs taken off.", {"Bearer", "Arm", "Gain", "Range", "Error"}, sums);
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
  std::string text =
      worth_heading("Who gains, group by group") +
      arms_table(input, "Present value less that of the comparator, programme costs taken off.", heads, rows);
  for (const WeightedValue& value : input.appraised.weighted)
    text += html::element(
        "p", fmt::format("Weighted, “{}” is worth {} net; {}.", html::escaped(appraised_arm(input, value.arm)),
                         html::escaped(money_with_range(value.npv)),
                         input.appraised.is_question ? "what is asked has no chance"
                                                     : chance_that("pays", value.chance_pays, value.chance_error)));
  if (weighs)
    text += html::element(
        "p",
        "Weights stand beside the plain sums, never instead of them. By income, £1 counts for (average income / "
        "income) to the power of the elasticity (HM Treasury 2022, Green Book A3.12 to A3.22). Prices of harm that are "
        "the same for everybody count a poor person’s harm as much as a rich one’s already: weighting them goes "
        "further.");
  return text;
}

/// Bearer by bearer; of more than a few years only what has added up by the last.
std::string cash_by_bearer(const ReportInput& input) {
  constexpr int most_years = 5;
  const int last = input.appraisal->years - 1;
  WorthRows rows;
  for (const BearerCash& total : input.appraised.bearer_cash)
    if (last < most_years || total.year == last)
      rows.push_back({words(upper_first(total.bearer)), arm_cell(input, total.arm),
                      words(fmt::format("End of year {}", total.year + 1)), pound_cell(total.all),
                      pound_range(total.all), pound_error(total.all.mc_error)});
  if (rows.empty()) return "";
  return arms_table(input, "The same by bearer, programme costs taken off.",
                    {"Bearer", "Arm", "By", "Gains less costs", "Range", "Error"}, rows);
}

std::string when_part(const ReportInput& input) {
  WorthRows rows;
  for (const CashTotal& total : input.appraised.cash_totals)
    rows.push_back({words(fmt::format("End of year {}", total.year + 1)), arm_cell(input, total.arm),
                    pound_cell(total.all), pound_range(total.all), pound_error(total.all.mc_error),
                    pound_cell(total.budget), pound_range(total.budget), pound_error(total.budget.mc_error)});
  if (rows.empty()) return "";
  return worth_heading("When") +
         arms_table(input,
                    "Added up from the start, undiscounted. Budgets: what can be cashed in whole steps, less what the "
                    "programme costs.",
                    {"", "Arm", "All gains less costs", "Range", "Error", "On budgets", "Range", "Error"}, rows) +
         cash_by_bearer(input);
}

/// Of a question: what it is worth at the ends of what is asked, and no chance.
std::string question_part(const ReportInput& input) {
  WorthRows rows;
  for (std::size_t arm = 1; arm < input.appraised.arm_names.size(); ++arm)
    if (const SwitchingValue* asked = asked_figure(input, arm)) {
      rows.push_back({words(asked->label), arm_cell(input, arm),
                      number(value_of_figure(input, *asked, asked->low_value, 0)),
                      number(money(asked->npv_low, asked->npv_error)),
                      number(value_of_figure(input, *asked, asked->high_value, 0)),
                      number(money(asked->npv_high, asked->npv_error)), pound_error(asked->npv_error),
                      words(switching_words(input, *asked))});
    }
  return worth_heading("What is asked") +
         arms_table(
             input,
             std::string("Expected net present value at the ends of a range that is a question. Nobody says "
                         "how likely any part of it is, so there is no chance that it pays, no worth of finding "
                         "out and no share of a spread; ") +
                 (input.appraised.is_question_held
                      ? "every other sum of money on this page and beside it is that where it breaks even (or at "
                        "the better end of the range, where it does so nowhere)."
                      : "what tables give as a mean is one over the range asked, and no answer."),
             {"Figure", "Arm", "At the least", "Net", "At the most", "Net", "Error", "It"}, rows);
}

std::string chance_part(const ReportInput& input) {
  if (input.appraised.is_question) return question_part(input);
  WorthRows rows;
  for (const ArmValue& value : input.appraised.arms) {
    if (&value != main_value(input, value.arm) || value.arm == 0) continue;
    rows.push_back({arm_cell(input, value.arm), number(in_100(value.chance_pays, value.chance_error)),
                    number(rounded(100 * value.chance_error, 0.1)), pound_cell(value.npv), pound_range(value.npv),
                    pound_error(value.npv.mc_error), number(ratio_cell(value.bcr)),
                    number(ratio_cell(value.fiscal_bcr)), number(money_with_range(value.fiscal_npv)),
                    words(payback_words(value))});
  }
  if (rows.empty()) return "";
  std::string text =
      worth_heading("The chance that it pays") +
      arms_table(input,
                 "Net present value: gains less costs of all bearers. Back for each £1: expected gains over expected "
                 "public money of the programme, never the mean of ratios; as cash, what can be cashed alone.",
                 {"Arm", "Pays in", "Error", "Net present value", "Range", "Error", "Back for each £1", "As cash",
                  "Net, as cash", "Expected to be paid back, undiscounted"},
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

std::string forms_part(const ReportInput& input) {
  if (input.appraised.arms.size() <= input.appraised.arm_names.size()) return "";
  WorthRows rows;
  for (const ArmValue& value : input.appraised.arms) {
    if (value.arm == 0) continue;
    rows.push_back({arm_cell(input, value.arm), words(form_label(input, value.fade)),
                    words(schedule_label(input, value.discounting)), pound_cell(value.npv), pound_range(value.npv),
                    pound_error(value.npv.mc_error), number(ratio_cell(value.bcr)),
                    number(input.appraised.is_question ? "" : in_100(value.chance_pays, value.chance_error))});
  }
  if (rows.size() < 2) return "";
  std::string weights;
  for (const Fade& fade : input.appraisal->fades)
    if (fade.weight)
      weights +=
          fmt::format("{}{} {}%", weights.empty() ? "" : ", ", lower_first(fade.label), shortest(100 * *fade.weight));
  std::string text =
      worth_heading("Had the effect faded otherwise, or later years counted otherwise") +
      arms_table(input,
                 "How an effect fades after it was last seen is printed nowhere, so forms stand side by side; the "
                 "first is used everywhere else.",
                 {"Arm", "What becomes of the effect", "Later years", "Net present value", "Range", "Error",
                  "Back for each £1", "Pays in"},
                 rows);
  if (!weights.empty()) text += html::element("p", "Weights that the file gives to the forms: " + weights + ".");
  return text;
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
        "So many in 100 that it pays: the share of draws of the uncertain figures whose net present value is above "
        "nought, the luck of single runs left out. Yes is nine in ten or more beyond the simulation's error, no one in "
        "ten or fewer.");
  }
  if (input.appraised.tabled_draws)
    notes.push_back(fmt::format(
        "Of {} draws, sums, chances, ratios and ranges count all, a range within 1/1,000 of its standard deviation. "
        "What "
        "moves one figure or learns about it (what would change the answer, what decides the spread, break-even "
        "values, what is worth finding out) and the points of the plane take the first {}, and so do their errors.",
        whole_number(static_cast<double>(input.appraised.draws)),
        whole_number(static_cast<double>(*input.appraised.tabled_draws))));
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
