// The first screen's sentences of a study of people's rows, of several studies or of a design.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/selection_words.hpp"
#include "engine/report/withhold.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

const std::string not_answered = "Can't be answered with these figures";

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string stopped(const std::string& text) {
  return text.empty() || text.ends_with('.') || text.ends_with('?') || text.ends_with('!') ? text : text + ".";
}

/// The first sentence, without numbers of tests: the whole stands on the page.
std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return stopped(upper_first(end == std::string::npos ? text : text.substr(0, end)));
}

/// What a line of the screen is about: an outcome with the analysis that answers for it, or an analysis alone.
struct Subject {
  const PersonOutcome* outcome = nullptr;
  const AnalysisResult* analysis = nullptr;  // none: the outcome is only described
  std::string label;
};

std::vector<Subject> subjects(const ReportInput& input) {
  std::vector<Subject> all;
  const PersonResults& results = input.people_results;
  for (const PersonOutcome& outcome : input.people->outcomes) {
    if (!outcome.headline) continue;
    Subject subject{&outcome, nullptr, outcome.label.empty() ? outcome.name : outcome.label};
    for (const AnalysisResult& each : results.analyses) {
      if (each.outcome != outcome.name) continue;
      const bool better = subject.analysis == nullptr ||
                          (headline_effect(*subject.analysis) == nullptr && headline_effect(each) != nullptr);
      if (better) subject.analysis = &each;
    }
    all.push_back(subject);
  }
  for (const AnalysisResult& each : results.analyses)
    if (each.outcome.empty()) all.push_back({nullptr, &each, each.label.empty() ? each.name : each.label});
  return all;
}

/// "later" and "sooner" for times without the event, else "fewer" and "more", "less" and "more" for amounts.
std::string side_word(const EffectRow& row, const PersonOutcome* outcome, int side) {
  if (holds(row.measure, "restricted mean") || holds(row.measure, "median") || holds(row.measure, "time ratio"))
    return side > 0 ? "Later" : "Sooner";
  if (holds(row.measure, "survival") || holds(row.measure, "free of")) return side > 0 ? "Fewer" : "More";
  if (outcome == nullptr) return side > 0 ? "Higher" : "Lower";
  if (outcome->kind == PersonOutcome::Kind::amount) return side > 0 ? "More" : "Less";
  return side > 0 ? "More" : "Fewer";
}

/// "48 of 216 against 66 of 216", from the summaries of the two arms.
std::string arms_words(const ReportInput& input, const PersonOutcome& outcome, const EffectRow* row) {
  const PersonStudy& study = *input.people;
  if (study.arms.size() < 2) {
    const ArmSummary* all = summary_of(input.people_results, outcome.name, "");
    return all == nullptr ? "" : summary_words(study, *all);
  }
  const ArmSummary* treated =
      summary_of(input.people_results, outcome.name, arm_of_term(study, row == nullptr ? "" : row->term));
  const ArmSummary* control = summary_of(input.people_results, outcome.name, study.arms.front());
  if (treated == nullptr || control == nullptr) return "";
  const std::string first = summary_words(study, *treated), second = summary_words(study, *control);
  return first.empty() || second.empty() ? "" : first + " against " + second;
}

/// What the number is of, where it isn't plain: "hazard 31% lower", "pooled".
/// "; CV lowest, BS highest": of units that are ranked, those of which that is as sure as the level asks.
std::string sure_ends(const AnalysisResult& analysis, const EffectRow& headline) {
  std::vector<std::string> ends;
  for (const std::string end : {"lowest", "highest"})
    for (const EffectRow& row : analysis.effects)
      if (row.measure == "chance of the " + end && row.estimate >= (1 + headline.level) / 2)
        ends.push_back(row.term + " " + end);
  return ends.empty() ? "" : fmt::format("; {}", fmt::join(ends, ", "));
}

std::string measure_words(const EffectRow& row) {
  std::string measure = row.measure;
  for (const std::string_view end : {" ratio", " difference"})
    if (measure.ends_with(end)) measure = measure.substr(0, measure.size() - end.size());
  if (row.effect && !is_ratio(row) && row.unit == "share") return "";  // "8 fewer in 100" says it
  if (measure == "risk") return "risk ";
  if (measure.find(" needed") != std::string::npos) return measure + ": ";
  return measure + " ";
}

/// What stands before a line: the first word of an outcome or a study, the name of an analysis; "Also" where too long.
std::string line_label(std::string word) {
  constexpr std::size_t longest = 8;
  word = word.substr(0, word.find_first_of(" ,:"));
  std::replace(word.begin(), word.end(), '-', ' ');
  return word.empty() || word.size() > longest ? "Also" : upper_first(word);
}

bool withheld(const ReportInput& input, const Subject& subject) {
  if (subject.analysis != nullptr && subject.analysis->withheld) return true;
  return subject.outcome != nullptr &&
         std::any_of(input.people_results.summaries.begin(), input.people_results.summaries.end(),
                     [&](const ArmSummary& each) { return each.withheld && each.outcome == subject.outcome->name; });
}

/// The rows of an analysis that are studies' own.
std::vector<const EffectRow*> study_rows(const ReportInput& input, const AnalysisResult& analysis) {
  std::vector<const EffectRow*> rows;
  for (const EffectRow& row : analysis.effects)
    for (const StudyEffect& study : input.people->results)
      if (row.effect && row.term == study.label) rows.push_back(&row);
  return rows;
}

/// Studies that stand side by side, not pooled.
bool is_side_by_side(const ReportInput& input, const Subject& subject) {
  return subject.analysis != nullptr && headline_effect(*subject.analysis) == nullptr &&
         !study_rows(input, *subject.analysis).empty();
}

Answer side_by_side_answer(const ReportInput& input, const Subject& subject) {
  int counts[3] = {0, 0, 0};
  const auto rows = study_rows(input, *subject.analysis);
  for (const EffectRow* row : rows) ++counts[direction(*row) + 1];
  const auto times = [](int count) { return count == 0 ? std::string("none") : std::to_string(count); };
  Answer answer;
  answer.verdict = "Not pooled";
  answer.text = fmt::format("{}: {} of {} lower beyond chance, {} higher, {} neither", subject.label, times(counts[0]),
                            rows.size(), times(counts[2]), times(counts[1]));
  // An estimate that points the other way than most is named, shown or not.
  std::vector<std::string> lower, higher;
  for (const EffectRow* row : rows) {
    const double none = is_ratio(*row) ? 1 : 0;
    if (row->estimate != none) (row->estimate < none ? lower : higher).push_back(row->term);
  }
  const bool most_lower = lower.size() >= higher.size();
  const std::vector<std::string>& few = most_lower ? higher : lower;
  if (!few.empty())
    answer.text +=
        fmt::format("; {} point{} {}", listed(few), few.size() == 1 ? "s" : "", most_lower ? "higher" : "lower");
  answer.text += ".";
  return answer;
}

/// ", A against C": which of more than two arms a number compares.
std::string compared_words(const PersonStudy& study, const EffectRow& row) {
  if (study.arms.size() < 3 || !row.effect) return "";
  return fmt::format(", {} against {}", arm_in_sentence(study, arm_of_term(study, row.term)),
                     arm_in_sentence(study, study.arms.front()));
}

/// One effect under readings of what is not printed, of which none is the headline more than the others.
std::vector<const EffectRow*> readings_of(const AnalysisResult& analysis, const EffectRow& headline) {
  std::vector<const EffectRow*> readings;
  if (analysis.method != "regression_to_mean_of_table") return readings;
  for (const EffectRow& row : analysis.effects)
    if (row.effect && row.measure == headline.measure) readings.push_back(&row);
  return readings;
}

/// "seen against expected 55% to 85% lower over 12 readings": the least first.
Answer readings_answer(const std::string& label, const Subject& subject, std::vector<const EffectRow*> readings) {
  std::stable_sort(readings.begin(), readings.end(), [](const EffectRow* a, const EffectRow* b) {
    return std::abs(std::log(a->estimate)) < std::abs(std::log(b->estimate));
  });
  Answer answer;
  const auto side_of = [](const EffectRow* row) { return direction(*row); };
  const int side = side_of(readings.front());
  const bool agree =
      std::all_of(readings.begin(), readings.end(), [&](const auto* row) { return side_of(row) == side; });
  answer.verdict = !agree      ? "Depends on the reading"
                   : side == 0 ? "Not shown either way"
                               : side_word(*readings.front(), subject.outcome, side);
  answer.text = fmt::format("{}: {}{} over {} readings.", label, measure_words(*readings.front()),
                            relative_range(readings.front()->estimate, readings.back()->estimate), readings.size());
  return answer;
}

Answer answer_of(const ReportInput& input, const Subject& subject) {
  Answer answer;
  if (withheld(input, subject)) {
    answer.verdict = not_answered;
    answer.text = fmt::format("{}: withheld, as fewer than {} people in an arm had it, or did not.", subject.label,
                              input.people->smallest_shown);
    return answer;
  }
  const EffectRow* row = subject.analysis == nullptr ? nullptr : headline_effect(*subject.analysis);
  const std::string arms = subject.outcome == nullptr ? "" : arms_words(input, *subject.outcome, row);
  const std::string compared = row == nullptr || subject.outcome == nullptr ? "" : compared_words(*input.people, *row);
  const std::string label = subject.label + compared;
  std::string text = label + (arms.empty() ? "" : ", " + arms);
  if (subject.analysis != nullptr && subject.analysis->selection)
    return selection_answer(subject.label, *subject.analysis->selection);
  if (row == nullptr && is_side_by_side(input, subject)) return side_by_side_answer(input, subject);
  if (row == nullptr) {
    const bool refused = subject.analysis != nullptr && !subject.analysis->refused.empty();
    answer.verdict = refused ? not_answered : "";
    if (refused) answer.text = text + ": " + lower_first(first_sentence(subject.analysis->refused));
    if (!refused) answer.text = text + (arms.empty() ? ": see the report." : ".");
    return answer;
  }
  if (const auto readings = readings_of(*subject.analysis, *row); readings.size() > 1)
    return readings_answer(label, subject, readings);
  const int side = direction(*row);
  if (row->effect) {
    answer.verdict = side == 0 ? "Not shown either way" : side_word(*row, subject.outcome, side);
    // One test on this side of 5% and another on that: the answer is the choice of test.
    const bool disagree = side != 0 && subject.analysis->tests_disagree;
    if (disagree) answer.verdict = "Depends on the test";
    // "Reduced" and "raised" are for people assigned by chance, all of them analysed.
    if (side != 0 && subject.analysis->causal_words && answer.verdict == "Fewer") answer.verdict = "Reduced";
    if (side != 0 && subject.analysis->causal_words && answer.verdict == "More") answer.verdict = "Raised";
  }
  // "if 5% of all are bad decisions": what a number without data holds for.
  answer.text = row->term.starts_with("if ")
                    ? fmt::format("{}: {}, {}: {}.", text, row->term, row->measure, effect_words(*row))
                    : fmt::format("{}: {}{}{}.", text, measure_words(*row), effect_words(*row),
                                  sure_ends(*subject.analysis, *row));
  // The arms' own numbers are a part of their own: the first outcome has a line for them.
  if (!arms.empty()) answer.parts = {fmt::format("{}: {}{}.", label, measure_words(*row), effect_words(*row)), arms};
  return answer;
}

}  // namespace

Answer evaluation_answer(const ReportInput& input) {
  const std::vector<Subject> all = subjects(input);
  return all.empty() ? Answer{not_answered, "No outcome is analysed.", {}} : answer_of(input, all.front());
}

std::vector<Answer> further_evaluation_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  const std::vector<Subject> all = subjects(input);
  // What is printed nowhere, or a funnel, has the first line; else the first subject has.
  const std::size_t first = input.unprinted.empty() && !input.people->funnel ? 1 : 0;
  for (std::size_t i = first; i < all.size(); ++i) {
    Answer answer = answer_of(input, all[i]);
    answer.verdict = line_label(all[i].outcome == nullptr ? all[i].analysis->name : all[i].label);
    // The limits say which way it points: where room is short, the counts go.
    if (!answer.parts.empty() && answer.parts.front().ends_with('.')) answer.parts.front().pop_back();
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<Answer> side_by_side_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  const std::vector<Subject> all = subjects(input);
  if (all.empty() || !is_side_by_side(input, all.front())) return answers;
  for (const EffectRow* row : study_rows(input, *all.front().analysis)) {
    for (const StudyEffect& study : input.people->results) {
      if (study.label != row->term) continue;
      Answer answer;
      answer.verdict = line_label(study.label);
      const std::string counts =
          study.counts ? fmt::format(", {} of {} against {} of {}", study.x1, study.n1, study.x0, study.n0) : "";
      const std::string design = study_label(study.design == Design::randomised ? study.design : Design::compared);
      answer.text = fmt::format("{}{}: {}. {}.", study.label, counts, effect_words(*row), design);
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

Answer evaluation_groups_answer(const ReportInput& input) {
  Answer answer;
  const PersonStudy& study = *input.people;
  const PersonResults& results = input.people_results;
  if (study.arms.size() < 2 || results.summaries.empty()) return answer;
  answer.text = study.design == Design::randomised ? "Called randomised"
                : study.design == Design::nested   ? "Not randomised, and compared with a group that holds the treated"
                                                   : "Not randomised: someone chose who was sent";
  std::vector<std::string> people;
  for (auto arm = study.arms.rbegin(); arm != study.arms.rend(); ++arm) {
    for (const FlowBox& box : results.flow) {
      if (box.arm != *arm || box.withheld) continue;
      people.push_back(whole_number(static_cast<double>(box.people)));
      break;
    }
  }
  if (people.size() == study.arms.size()) answer.text += fmt::format(", {}", fmt::join(people, " against "));
  double most = -1;
  std::string column;
  for (const BalanceRow& row : results.balance) {
    for (const double difference : row.standardised_differences) {
      if (std::isnan(difference) || std::abs(difference) <= most) continue;
      most = std::abs(difference);
      column = row.label;
    }
  }
  // From a tenth of a standard deviation on, a difference is worth naming (Austin 2009).
  constexpr double worth_naming = 0.1;
  if (most >= worth_naming)
    answer.text +=
        fmt::format(". Most unlike in {}: {}% of a standard deviation", lower_first(column), whole_number(100 * most));
  else if (most >= 0)
    answer.text += ". Alike in what is described";  // to a tenth of a standard deviation
  answer.text = stopped(answer.text);
  return answer;
}

Answer withheld_answer(const ReportInput& input) {
  Answer answer;
  const PersonStudy& study = *input.people;
  if (study.smallest_shown > 0 && anything_withheld(input.people_results)) {
    answer.text = fmt::format(
        "Counts of 1 to {} people, and what would give them away. To show them: show_all = \"why\" in [data].",
        study.smallest_shown - 1);
  } else if (!study.shown_why.empty()) {
    answer.text = "Nothing: small counts are shown. " + stopped(upper_first(study.shown_why));
  }
  return answer;
}

Answer absolute_answer(const ReportInput& input) {
  Answer answer;
  const std::vector<Subject> all = subjects(input);
  if (all.empty() || all.front().outcome == nullptr || withheld(input, all.front())) return answer;
  const PersonStudy& study = *input.people;
  for (const std::string& arm : study.arms) {
    const ArmSummary* summary = summary_of(input.people_results, all.front().outcome->name, arm);
    if (summary == nullptr || summary->people == 0) return {};
    std::string words = arm_in_sentence(study, arm) + " ";
    if (summary->with_outcome && summary->unlike_follow_up)
      words += summary_words(study, *summary);  // no share: it would be one of no time in particular
    else if (summary->with_outcome)
      words += in_100(static_cast<double>(*summary->with_outcome) / static_cast<double>(summary->people), 0) + " (" +
               summary_words(study, *summary) + ")";
    else
      words += summary_words(study, *summary);
    answer.parts.insert(answer.parts.begin(), words);
  }
  const bool unlike = std::any_of(study.arms.begin(), study.arms.end(), [&](const std::string& arm) {
    return summary_of(input.people_results, all.front().outcome->name, arm)->unlike_follow_up;
  });
  if (unlike) answer.parts.emplace_back("followed for unlike times");
  // A level of one letter is a name: it stays as it is.
  if (!answer.parts.empty() && !(answer.parts.front().size() > 1 && answer.parts.front()[1] == ' '))
    answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer refused_answer(const ReportInput& input) {
  Answer answer;
  const std::vector<Subject> all = subjects(input);  // these have lines of their own
  const auto has_line = [&](const AnalysisResult& analysis) {
    return std::any_of(all.begin(), all.end(), [&](const Subject& subject) { return subject.analysis == &analysis; });
  };
  for (const AnalysisResult& each : input.people_results.analyses)
    if (!each.refused.empty() && !has_line(each))
      answer.parts.push_back((each.label.empty() ? each.name : each.label) + ": " +
                             lower_first(first_sentence(each.refused)));
  return answer;
}

}  // namespace desist
