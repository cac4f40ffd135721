// Words for what virtual trials show.
#pragma once

#include <string>
#include <vector>

#include "engine/report/answers.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

const TrialDesign& design_of(const ReportInput& input, const TrialResult& result);
const TrialAnalysis& analysis_of(const ReportInput& input, const TrialResult& result);

/// A value on the scale of estimation as a reader knows it: "5.2 fewer in 100", "0.74 times".
std::string trial_effect(const TrialResult& result, double value, double error);
/// "completers only", "as treated"; "" for everyone.
std::string of_whom_words(const TrialAnalysis& analysis);
/// "each by a coin", "in blocks of 4".
std::string assignment_words(const TrialDesign& design);
/// How long a trial of so many people takes, in weeks; nothing where the file does not say how many enter in a week.
std::optional<double> weeks_needed(const TrialDesign& design, std::size_t people);

/// The answer: how many people, or how often an effect is shown. Then one a further trial, the label as the verdict.
std::vector<Answer> trial_answers(const ReportInput& input);
/// Whether a size tried shows it as often as the file asks: "Yes", "No", "Depends on which outcome is meant" where some
/// analyses are shown so and others are not; nothing where the file doesn't say how often. An analysis that shows
/// something where nothing was done is no yes: "Yes, but also where nothing was done" where all are such.
std::string trial_verdict(const ReportInput& input);
Answer wrong_way_answer(const ReportInput& input);        // analyses of others than everyone as assigned: what they say
Answer found_by_chance_answer(const ReportInput& input);  // where there is no effect
Answer no_number_answer(const ReportInput& input);        // where a method gives none in more than 5 trials of 100
Answer inconclusive_answer(const ReportInput& input);     // of matched comparisons: in how many nothing is shown
Answer how_long_answer(const ReportInput& input);         // where it isn't varied
Answer looks_answer(const ReportInput& input);
Answer assurance_answer(const ReportInput& input);  // the chance of showing it, over what is not known
/// A trial among people with other careers, side by side: one for each trial that is tried so.
std::vector<Answer> careers_answers(const ReportInput& input);
/// A trial with other follow-ups, side by side: how many people it takes then, and how long until all are followed.
Answer follow_up_answer(const ReportInput& input);
/// "12 months"; "1.5 years" of more than two.
std::string duration_words(double weeks);
/// The size at which a result is told: nearest to what the first analysis of the same trial needs, or the greatest.
const TrialSize& telling_size(const ReportInput& input, const TrialResult& result);
/// What a result says of so many people, or of the most that are tried.
const TrialSize& size_with(const TrialResult& result, std::size_t people);
/// Whether an analysis finds something where nothing was done more often than its level (5% if not set) allows, beyond
/// the Monte Carlo error; of a result at any of its sizes. False where no such trials were run.
bool shows_without_effect(const TrialAnalysis& analysis, const std::optional<Characteristic>& found);
bool shows_without_effect(const TrialAnalysis& analysis, const TrialResult& result);
/// "31 in 100 where nothing was done"; "" where that keeps the level.
std::string without_effect_words(const TrialAnalysis& analysis, const std::optional<Characteristic>& found);
/// The same at the least size tried that has all the people whom a result asks for.
std::string asked_without_effect(const ReportInput& input, const TrialResult& result);
/// "88 to 100 where nothing was done": from the least to the greatest over the sizes; "" where all keep the
/// level.
std::string all_without_effect(const TrialAnalysis& analysis, const TrialResult& result);
/// The people whom a result asks for: those needed, or the most that are tried.
std::size_t people_asked_for(const TrialResult& result);
/// The largest Monte Carlo error of a power that is shown.
double trial_error(const ReportInput& input);

}  // namespace desist
