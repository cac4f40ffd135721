// Words for money and for what an appraisal comes to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/report/answers.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

/// "£1.4 million", "−£69,500": no digit beyond the Monte Carlo error, three at most; "no number" of NaN.
std::string money(double value, double mc_error);

/// "−£0.9 million to £1.8 million": both rounded alike, to two digits of the greater; one where they are the same.
std::string money_range(double low, double high, double mc_error);

/// "£1.4 million (−£0.9 million to £1.8 million)"; the amount alone where nothing is uncertain.
std::string money_with_range(const DrawnAmount& amount);

/// A figure's value in its own unit: "£240 per person", "9%", "310 people per year".
std::string figure_value(double value, const std::string& unit, double error);

/// The unit of a parameter that an input of its own gives; shares keep theirs, which the file writes as a percentage.
std::string figure_unit(const ReportInput& input, std::size_t slot, const std::string& unit);

/// The unit of a figure that is moved, as its own file words it, and how many of it are one of the row's: what is a
/// parameter of the model alone is counted in the model's units.
struct WordedUnit {
  std::string unit;
  double factor = 1;
};
WordedUnit worded_unit(const ReportInput& input, const SwitchingValue& row);
/// A value of such a figure in these words.
std::string value_of_figure(const ReportInput& input, const SwitchingValue& row, double value, double error);

/// The unit of the figure whose break-even value is asked for.
std::string break_even_unit(const ReportInput& input, const BreakEven& asked);

/// The label of an arm or strategy, and a short one for lines.
std::string appraised_arm(const ReportInput& input, std::size_t arm);
std::string short_appraised_arm(const ReportInput& input, std::size_t arm);

/// The form that the answer stands on, as ArmValue::fade has it.
std::size_t main_form(const ReportInput& input);

/// What an arm is worth in the main form and schedule; nothing of the comparator or where there are no flows.
const ArmValue* main_value(const ReportInput& input, std::size_t arm);

/// The arm other than the comparator with the greatest mean net present value: the one that the first screen is about.
std::optional<std::size_t> leading_arm(const ReportInput& input);

/// What an appraisal says of one arm.
enum class WorthIt { yes, no, depends, not_shown };

/// From nine in ten draws on, error of the simulation aside, it is yes, from one in ten down no. Between them it
/// depends on the figure that moves it furthest of those that can change the answer alone; where none can, it is not
/// shown either way. Verified by: appraisal_report_test
struct AppraisalVerdict {
  WorthIt worth_it = WorthIt::not_shown;
  const SwitchingValue* on = nullptr;  // of depends
};
/// The figure of an arm that is a question, with what it is worth at the ends of its range; nullptr where none is.
const SwitchingValue* asked_figure(const ReportInput& input, std::size_t arm);

AppraisalVerdict appraisal_verdict(const ReportInput& input, std::size_t arm);

/// "Yes", "Depends on the cost of the course", "Not shown either way".
std::string verdict_words(const AppraisalVerdict& verdict);

/// Switching values of an arm that are inside what is thought possible, the one that moves the answer furthest first.
std::vector<const SwitchingValue*> deciding_figures(const ReportInput& input, std::size_t arm);

/// Whether it turns the answer inside what is thought possible.
bool switches_within_range(const SwitchingValue& figure);
/// "pays below £240 per person".
std::string switching_words(const ReportInput& input, const SwitchingValue& figure);

/// "can be cashed", "public, not cash", "economic", "social".
std::string kind_in_words(Flow::Kind kind);
/// "cashable", "fiscal", "economic", "social": as the file and the tables have it.
std::string kind_word(Flow::Kind kind);
std::string role_word(Flow::Role role);

/// A formula that is one figure as the file gives that, "£500,000"; any other as it is written.
std::string formula_as_given(const ReportInput& input, const Formula& formula);

/// "an offence", "a reoffence".
std::string with_article(const std::string& noun);

/// As the file labels it; "Everybody else" for people who are not told apart.
std::string social_group_label(const ReportInput& input, const GroupValue& value);

/// What £1 of a social group counts: "1.7", and "1.7 (1.1 to 2.4)"; one decimal, as weights are stated.
std::string weight_in_words(double weight, double mc_error);
std::string weight_with_range(const DrawnAmount& weight);

/// "Stops with the evidence", as the file labels it; "nothing fades" where there is no form, "forms by their weights".
std::string form_label(const ReportInput& input, std::size_t fade);

/// A discount schedule as the file labels it; nothing where there is none.
std::string schedule_label(const ReportInput& input, std::size_t schedule);

/// "by the end of year 4 (3 to 5 by the simulation's error)", "not within the horizon".
std::string payback_words(const ArmValue& value);

/// "3 years", "1 year".
std::string years_in_words(double years);

/// The best study that is worth its cost by more than two errors, or nothing.
const StudyValue* best_study(const ReportInput& input);

/// Of 100 expected, how many must be averted: "2 to 21", "under 1 to 4", "10 to more than all", "more than all".
std::string needed_range(const DrawnAmount& share);

/// The largest Monte Carlo error of the chances that the answer stands on: that arms pay; without arms that a strategy
/// is best, or that a programme can earn its share.
double appraisal_error(const ReportInput& input);

/// Guard-rails: "unverified unit costs" first, then the file's warnings.
std::vector<AppraisalWarning> appraisal_warnings(const ReportInput& input);

// Lines of the first screen; empty where there is nothing to say.
Answer appraisal_answer(const ReportInput& input);        // verdict, chance, money
Answer short_appraisal_answer(const ReportInput& input);  // verdict and chance alone, where room is short
Answer net_answer(const ReportInput& input);              // money, where the verdict takes the first line
Answer other_arms_answer(const ReportInput& input);       // the other arms, a part each
Answer costs_answer(const ReportInput& input);            // public money and who bears it
Answer ratio_answer(const ReportInput& input);            // back for each £1, cashable alone
Answer gainers_answer(const ReportInput& input);          // bearers, a part each, the one that gains most first
Answer weighted_answer(const ReportInput& input);         // with each social group's £ weighted
Answer against_answer(const ReportInput& input);          // who loses, effects that go the other way, warnings
Answer switching_answer(const ReportInput& input);        // what decides, and from where on
Answer find_out_answer(const ReportInput& input);         // value of information
Answer next_study_answer(const ReportInput& input);       // whether a study is worth its cost: the best one
Answer other_studies_answer(const ReportInput& input);    // the others, each at its best size, a part each
Answer each_averted_answer(const ReportInput& input);     // cost of each averted
std::vector<Answer> break_even_answers(
    const ReportInput& input);  // the least that pays, and whether a trial could see it
std::vector<Answer> needed_answers(
    const ReportInput& input);  // a part a programme, four a line: what it must avert of what is expected
std::vector<Answer> shown_answers(const ReportInput& input);  // levels of evidence, a part each
/// How often each is as good as it must be, where evidence says; an outcome apart beside its programme, so that a
/// chance for what went well never stands alone.
Answer reached_answer(const ReportInput& input);

}  // namespace desist
