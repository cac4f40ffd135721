// The sentences of the first screen and of the page's first paragraph: verdict, text, and parts that may be dropped
// from the end where room is short. Made from results and labels; no statistic is computed here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist {

struct Answer {
  std::string verdict;             // "Not shown either way", "Doesn't fit"; or the line's label
  std::string text;                // "As it was, no. Clear by 31 March 2024: "
  std::vector<std::string> parts;  // "both 48 in 100", ...
};

/// One line of the first screen, in order: its label, its text, and parts of which as many are shown as fit.
struct ScreenLine {
  std::string label;
  std::string start;
  std::vector<std::string> parts;
  std::string between;
  std::string end;
  int drop = 0;               // where there are more lines than ten, those with the highest number go first; 0: never
  std::string whole() const;  // with all parts, for the page
  std::string fitting(std::size_t width) const;  // with those that fit, one at least
};

/// The lines of the first screen that have something to say, without its title: at most nine.
std::vector<ScreenLine> screen_lines(const ReportInput& input, const std::string& report_path);
/// All of them, for the page.
std::vector<ScreenLine> all_lines(const ReportInput& input, const std::string& report_path);

/// What is printed nowhere decides: the lines below say what each number would mean, or what a study could show.
Answer unprinted_answer(const ReportInput& input);

// A projection
Answer projection_answer(const ReportInput& input);
/// The chances on what is assumed: the answer, unless the file says that what decides is printed nowhere.
Answer assumed_answer(const ReportInput& input);
std::vector<Answer> need_answers(const ReportInput& input);
/// What is said of a need beside its levels: "clear by 31 March 2024, with a chance of 90%; with extra hearings 88%; In
/// the file 250" taken apart.
struct NeedWords {
  std::string target, besides, chosen;
};
NeedWords need_words(const std::string& text);
/// What a sweep varies, as the file calls it: "keyworkers", "starts a week".
std::string levels_in_words(const Sweep& sweep);
/// The figure in whose weeks another is counted ("6 to 8 weeks of hearings"), where the file chooses it: a change of it
/// moves both. Nothing for other figures.
std::string counted_in_choice(const ReportInput& input, const FigureSource& source);
/// What sweeps say, the label as the verdict: "2 in 100 at 10 workers, 50 at 13", a part a level.
std::vector<Answer> sweep_answers(const ReportInput& input);
/// What falls are made of, the label as the verdict: "63% lower. Of that", a part a term, the largest first.
std::vector<Answer> decomposition_answers(const ReportInput& input);
/// Whether levels of an amount look alike as they are told although one adds to the one before it, beyond twice the
/// error of that: levels share their luck, so what they add is known better than they are.
bool hides_what_is_added(const SweepText& text, const SweepResult& result);
/// The value of a sweep at one level in words: "48" of a chance in 100, "39%", "1,230".
std::string swept_value(const SweepText& text, double value, double mc_error);
// Printed falls against a programme that does nothing; all empty where there is no placebo.
std::vector<Answer> placebo_answers(const ReportInput& input);  // one each, the label as the verdict
Answer boundary_answer(const ReportInput& input);               // of the first: on which levels its verdict hangs
Answer anyway_answer(const ReportInput& input);                 // how much of it is expected, a part a model
Answer left_answer(const ReportInput& input);                   // the share counted at which nothing is left
/// Of the first printed fall.
std::string first_placebo_verdict(const ReportInput& input);
/// "Cannot tell": the words of mathematics.md 2.4.
std::string placebo_verdict_words(PlaceboVerdict verdict);
/// "above", "inside", "below": where the printed fall is to the band.
std::string fall_position(FallIs position);
/// "86% lower", "12% higher", "no change"; of a range "4% to 91% lower", "5% higher to 62% lower".
std::string fall_in_words(double fall);
std::string falls_in_words(double low, double high);
/// "12 to 140 in 100": of the printed fall, on the log scale.
std::string explained_in_words(const PlaceboEnvelope& envelope);
// What targets say of parameters; all empty where there is no target.
Answer targets_answer(const ReportInput& input);                 // how near they are met, a part each
Answer known_answer(const ReportInput& input);                   // what they fix, a part each
Answer given_answer(const ReportInput& input);                   // of a parameter where others are given, a part each
Answer not_known_answer(const ReportInput& input);               // what they leave open
std::vector<Answer> held_out_answers(const ReportInput& input);  // printed against predicted, one each
/// "weeks before": a parameter's name as words.
std::string parameter_words(const ReportInput& input, std::size_t parameter);
/// "before 26 weeks, length 13 weeks": the others' levels in a row of what is given.
std::string given_words(const ReportInput& input, const ParameterGiven& given, const ParameterGiven::Row& row);
/// "0.22 to 0.29"; or that no value of its range meets the targets there.
std::string left_words(const ReportInput& input, const ParameterGiven& given, const ParameterGiven::Row& row);
/// "rate x weeks before / effect".
std::string combination_words(const ReportInput& input, const Combination& combination);
/// "within −18% and +98%": the limits of a product or quotient (95 in 100) against its median.
std::string known_within(const Combination& combination);
/// "3 to 17 weeks", "71% to 83%": rounded to what the spread lets one tell.
std::string spread_words(double low, double high, const std::string& unit, double error = 0);
/// "informed", "not informed", "not identified".
std::string fit_words(const ParameterFit& fit);
/// Why it stopped, a sentence.
std::string stopped_words(const ReportInput& input);
/// "Clear by 31 March 2024": an outcome as the file labels it, or as the model explains it.
std::string outcome_words(const ReportInput& input, const std::string& outcome, const std::string& item);
/// "12", or "12.5" where steps are parts of one.
std::string level_in_words(double value, double step);
/// Which arm is best; nothing unless the file asks.
Answer best_answer(const ReportInput& input);
Answer people_answer(const ReportInput& input);
/// What outcomes that are readings of the same thing come to, a part each: of the first arm and of the one beside it.
std::vector<Answer> reading_answers(const ReportInput& input);
Answer price_answer(const ReportInput& input);
/// The figures that decide an outcome, the greatest share of its spread first: those clear of their own error.
std::vector<const InfluenceRow*> deciding_rows(const ReportInput& input);
Answer decides_answer(const ReportInput& input);
/// The years ahead, a part each; and what the first years alone would have said. One a forecast.
std::vector<Answer> forecast_answers(const ReportInput& input);
std::vector<Answer> prior_answers(const ReportInput& input);  // the first year with other priors
std::vector<Answer> back_test_answers(const ReportInput& input);
/// The largest Monte Carlo error of the chances that answer, or of shares of a fall; nothing where there are none.
std::optional<double> headline_error(const ReportInput& input);
/// Of an amount that answers: the largest Monte Carlo error of an arm's mean, as a share of the mean. Nothing for
/// chances and times.
std::optional<double> headline_mean_error(const ReportInput& input);

// A study
Answer study_answer(const ReportInput& input);
std::vector<Answer> headline_answers(const ReportInput& input);
Answer groups_answer(const ReportInput& input);
Answer beside_answer(const ReportInput& input);
Answer settle_answer(const ReportInput& input);

// A study of people's rows, of several studies or of a design
Answer evaluation_answer(const ReportInput& input);                        // of the first headline outcome
std::vector<Answer> side_by_side_answers(const ReportInput& input);        // a study each, where they are not pooled
std::vector<Answer> further_evaluation_answers(const ReportInput& input);  // of the others, the label as the verdict
Answer absolute_answer(const ReportInput& input);                          // the first outcome in each arm, a part each
Answer evaluation_groups_answer(const ReportInput& input);
Answer withheld_answer(const ReportInput& input);  // small counts, and how to show them
Answer refused_answer(const ReportInput& input);   // analyses without a number, a part each

// A funnel
Answer funnel_answer(const ReportInput& input);                      // the share that answers, or how it changed
std::vector<Answer> funnel_steps_answers(const ReportInput& input);  // a column each, a part a step
Answer funnel_losses_answer(const ReportInput& input);               // a part each step that falls out
Answer funnel_changes_answer(const ReportInput& input);  // counts of the columns compared, the most changed first
Answer funnel_audit_answer(const ReportInput& input);    // sums that don't hold, a part each

/// The first answer of whichever kind of experiment it is.
Answer main_answer(const ReportInput& input);
/// Its verdict; of what has none, a share or an amount, the answer itself: the first sentence of the first line.
std::string verdict_or_answer(const ReportInput& input);

// All: one a claim: verdict "Fits", "Doesn't fit" or "Can't be checked"; text why; the first part the sentence itself
std::vector<Answer> claim_answers(const ReportInput& input);

/// "Not shown either way", "Can't be answered with these figures"; and what an answer hangs on, "who completed".
std::string verdict_words(Verdict verdict);
std::string depends_words(DependsOn reason);

/// "criteria and weekly": an arm's name as words, for lines where its label is too long.
std::string short_arm(const ReportInput& input, const std::string& arm);

}  // namespace desist
