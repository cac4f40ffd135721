// The page's section on money, what is asked beside it: what would change the answer, what is averted, what is worth
// finding out.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
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

std::string dominance_words(const ReportInput& input, const EffectValue& value) {
  const std::vector<std::string>& names = input.appraised.arm_names;
  const auto at = std::find(names.begin(), names.end(), value.versus);
  const std::string versus =
      at == names.end() ? value.versus : short_appraised_arm(input, static_cast<std::size_t>(at - names.begin()));
  switch (value.status) {
    case EffectValue::Status::comparator:
      return "compared with";
    case EffectValue::Status::frontier:
      return value.icer ? fmt::format("{} for each more, against “{}”",
                                      money(*value.icer, value.icer_error.value_or(0)), versus)
                        : "on the frontier";
    case EffectValue::Status::dominated:
      return "dominated: another averts as much for no more";
    case EffectValue::Status::extendedly_dominated:
      break;
  }
  return "dominated by a mix of two others";
}

std::string loss_cell(const NextStudy& study, const StudyValue& value) {
  if (study.measure == NextStudy::Measure::mean) return "not counted";
  return study.nobody_loses.empty() ? money(value.loss, value.loss_error) : "nothing";
}

/// Which arm people get until an answer, and what it would cost if they waited.
std::string meanwhile_words(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  const std::string arm = short_appraised_arm(input, information.best_arm);
  std::string words = fmt::format(
      "Until the answer comes all but those in the study have what is worth most on average "
      "today: {}.",
      arm);
  if (information.best_arm == 0) return words;
  const StudyValue* worth_most = nullptr;
  for (const StudyValue& value : information.studies)
    if (value.is_best && (worth_most == nullptr || value.net > worth_most->net)) worth_most = &value;
  if (worth_most == nullptr) return words;
  return words + fmt::format(
                     " If they waited for it with “{}” instead, {} would be lost until the answer of “{}” with {} "
                     "people (error {}): that is in no number above.",
                     short_appraised_arm(input, 0), money(worth_most->waiting, worth_most->waiting_error),
                     input.appraisal->studies.at(worth_most->study).label, whole_number(worth_most->size),
                     money(worth_most->waiting_error, worth_most->waiting_error));
}

/// What the numbers of a study stand on, under its table.
std::string study_notes(const NextStudy& study, const std::vector<StudyValue>& values, std::size_t index) {
  std::string text;
  if (!study.note.empty()) text += html::element("p", study.note);
  if (!study.any_size.empty())
    text += html::element("p", "It answers at the same time at every size: " + study.any_size);
  if (!study.nobody_loses.empty()) text += html::element("p", "Nobody loses by being in it: " + study.nobody_loses);
  for (const StudyValue& value : values) {
    if (value.study != index || !value.is_best) continue;
    if (value.is_largest)
      text += html::element("p", "The best size is the largest tried: a larger one might be worth more.");
    if (value.answer_after >= study.decision_lasts)
      text += html::element("p", "At no size tried does it answer while the decision matters.");
  }
  return text;
}

std::string study_size_rows(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  std::string text;
  for (std::size_t s = 0; s < input.appraisal->studies.size(); ++s) {
    const NextStudy& study = input.appraisal->studies[s];
    WorthRows rows;
    for (const StudyValue& value : information.studies) {
      if (value.study != s) continue;
      const double error = std::max(value.evsi_error, value.evsi_cross_validated_error);
      rows.push_back({words(whole_number(value.size)),
                      number(rounded(value.answer_after, 0.1)),
                      number(money(std::min(value.evsi, value.evsi_cross_validated), error)),
                      number(money(std::max(value.evsi, value.evsi_cross_validated), error)),
                      number(money(value.population, value.population_error)),
                      number(money(value.cost, value.cost_error)),
                      number(loss_cell(study, value)),
                      number(money(value.net, value.net_error)),
                      pound_error(value.net_error),
                      {value.is_best         ? "<b>the best size</b>"
                       : value.is_told_apart ? ""
                                             : "not told apart from the best",
                       false}});
    }
    if (rows.empty()) continue;
    text += html::table(
        fmt::format("{}. It answers {} after {}; the decision matters for {}.", study.label,
                    years_in_words(study.answer_after), study.recruits_a_year ? "the last has joined" : "today",
                    years_in_words(study.decision_lasts)),
        {"People", "Answers after, years", "Worth to those appraised: at least about", "At most about",
         "Worth to all who come after", "Costs", "Lost by those in it", "Net", "Error", ""},
        rows);
    text += study_notes(study, information.studies, s);
  }
  if (!text.empty())
    text += html::element(
        "p",
        "What it is worth to all who come after, and the net, stand on what following the study is worth in "
        "draws that it was not learnt from: on average the lower of the two numbers. A size is told apart "
        "from the best where it is two errors of their difference behind.");
  if (!text.empty()) text += html::element("p", meanwhile_words(input));
  return text;
}

}  // namespace

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
    rows.push_back(
        {words(each->label), arm_cell(input, each->arm), number(value_of_figure(input, *each, each->low_value, 0)),
         number(value_of_figure(input, *each, each->high_value, 0)), number(money(each->npv_low, each->npv_error)),
         number(money(each->npv_high, each->npv_error)), pound_error(each->npv_error), words(at)});
  }
  return worth_heading("What would change the answer") +
         arms_table(input,
                    fmt::format("Expected net present value with one figure at each end of its range (or of the "
                                "middle 95 in 100 of its law), the others drawn as ever{}, and the value from which on "
                                "the answer changes.",
                                input.appraised.is_question ? " but what is asked, at its break-even value" : ""),
                    {"Figure", "Arm", "Lowest", "Highest", "Net at lowest", "Net at highest", "Error", "It"}, rows);
}

std::string variance_part(const ReportInput& input) {
  WorthRows rows;
  bool is_simulated = false;
  for (const NpvShare& each : input.appraised.shares) {
    is_simulated = is_simulated || (!each.total && !each.slots.empty());
    rows.push_back({words(each.label), arm_cell(input, each.arm),
                    number(in_100(std::max(0.0, each.share), each.mc_error)), number(rounded(100 * each.mc_error, 0.1)),
                    number(each.total ? in_100(*each.total, *each.total_error) : ""),
                    number(each.total ? rounded(100 * *each.total_error, 0.1) : "")});
  }
  if (rows.empty()) return "";
  std::string text =
      arms_table(input,
                 "What the spread of net present value comes from: the share of its variance over draws that goes "
                 "away if a figure were known (Sobol' 1993), and the share that is left if all others were (total: "
                 "Homma &amp; Saltelli 1996, Jansen 1999), the luck of single runs apart. Totals add up to more than "
                 "all where figures multiply each other.",
                 {"Figure", "Arm", "Share", "Error", "Total", "Error"}, rows);
  if (is_simulated)
    text += html::element("p",
                          "There is no total of a figure that moves what is simulated: it takes runs in which that "
                          "figure alone is drawn again.");
  return text;
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
         arms_table(
             input,
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
    const char* change = !effect.lower_is_better ? "more" : effect.unit == "person" ? "fewer" : "averted";
    text += html::table(fmt::format("{}: draws in 100 in which each arm is best, by what one {} {} is worth.",
                                    effect.label, effect.unit, change),
                        headers, rows);
  }
  return text.empty() ? "" : worth_heading("By what each one is worth") + text;
}

/// " where one reoffence averted is worth £20,000": of a table of draws, which is valued at one worth.
std::string at_one_worth(const ReportInput& input) {
  const Information& information = *input.appraised.information;
  if (!information.worth || input.appraisal->effects.empty()) return "";
  return fmt::format(" where one {} averted is worth {}", input.appraisal->effects.front().unit,
                     money(*information.worth, 0));
}

std::string information_part(const ReportInput& input) {
  if (!input.appraised.information) return "";
  const Information& information = *input.appraised.information;
  const DrawnAmount& evpi = information.evpi_amount;
  std::string text = worth_heading("What is worth finding out before deciding");
  text += html::element(
      "p", fmt::format("With today's knowledge the best choice is “{}”{}. To know every figure would be worth {} "
                       "(simulation error {}){}; no study can be worth more to those appraised.",
                       appraised_arm(input, information.best_arm), at_one_worth(input),
                       money(std::max(0.0, evpi.mean), evpi.mc_error), pound_error(evpi.mc_error).html,
                       information.worth ? ", most of all that one may be worth" : ""));
  WorthRows rows;
  std::vector<std::string> worth_nothing;
  for (const InformationValue& figure : information.figures) {
    const double error = std::max(figure.mc_error, figure.cross_validated_error);
    if (std::max(figure.in_sample, figure.cross_validated) <= 2 * error) {
      worth_nothing.push_back(lower_first(without_stop(figure.label)));
      continue;
    }
    rows.push_back({words(upper_first(figure.label)), number(money(std::max(0.0, figure.cross_validated), error)),
                    number(money(std::max(0.0, figure.in_sample), error)), pound_error(error)});
  }
  text += html::table(
      "Knowing one figure, or several as one, reckoned twice: on draws that the regression has not seen, which errs "
      "low "
      "on average, and on its own, which errs high. The luck of the draws is in both alike.",
      {"Figure", "Unseen draws", "Its own draws", "Error"}, rows);
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
                    number(value.chance_reached          ? in_100(*value.chance_reached, value.chance_error)
                           : input.appraised.is_question ? "asked"
                                                         : ""),
                    number(value.sure_value ? figure_value(*value.sure_value, unit, value.sure_error) : ""),
                    number(asked.trial_control && asked.trial_treated
                               ? whole_number(*asked.trial_treated) + " against " + whole_number(*asked.trial_control)
                               : ""),
                    number(value.power ? in_100(*value.power, value.power_error) : "")});
  }
  if (rows.empty()) return "";
  return worth_heading("The least that would pay") +
         arms_table(input,
                    "The value at which the expected net present value is nought, the others drawn as ever; how much "
                    "of the law of this figure alone lies past it, which is not the chance that it pays, since the "
                    "others are averaged over; the value at which 90 in 100 draws of the others pay; and the chance "
                    "that the trial that was done had of showing the first.",
                    {"Figure", "Arm", "Breaks even at", "Error", "Its own law past it", "Pays in 90 of 100 at",
                     "The trial", "Its chance to show it"},
                    rows);
}

std::string portfolio_part(const ReportInput& input) {
  WorthRows rows;
  std::string notes;
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
    if (!programme.note.empty())
      notes += fmt::format("<li><b>{}.</b> {}</li>\n", html::escaped(programme.label), html::escaped(programme.note));
  }
  if (rows.empty()) return "";
  const std::string averted = plural(input.appraisal->portfolio->averted);
  return worth_heading("What each would have to achieve") +
         html::table(
             fmt::format("One budget, {}, spent on one programme. Above 100 in 100 it can't be done. There is no "
                         "ranking: what they have shown is not of one kind.",
                         formula_as_given(input, input.appraisal->portfolio->budget)),
             {"Programme", "Evidence of an effect", "People it pays for", upper_first(averted) + " to avert",
              "Of what is expected, in 100", "Possible in", "Reached in"},
             rows) +
         (notes.empty() ? "" : "<ul>\n" + notes + "</ul>\n");
}

}  // namespace desist::page
