// [[trial.analysis]]: how a virtual trial is analysed.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/estimator_keys.hpp"
#include "engine/program/people_reading.hpp"
#include "engine/program/trial_reading.hpp"

namespace desist {
namespace {

// A person drawn takes 1.6 nanoseconds (docs/performance.md, "A bootstrap interval"): so many take two days.
constexpr double most_people_drawn = 1e14;

class TrialAnalysisReader {
 public:
  TrialAnalysisReader(Reading& reading, const ExperimentSpec& spec, std::string shown, TrialDesign& design)
      : r_(reading), spec_(spec), shown_(std::move(shown)), design_(design) {}

  void read_analysis(const Node& table) {
    const std::string shown = fmt::format("[[trial.analysis]] of '{}'", design_.name);
    if (table.kind != Node::Kind::table)
      return r_.problem(table.where, "an analysis is a table", "",
                        "write [[trial.analysis]] below the trial, and below it name and method");
    Section keys = trial_analysis_keys();
    const Node* method = table.at("method");
    const bool is_text = method && method->kind == Node::Kind::text;
    const Estimator* estimator = is_text ? find_estimator(method->text) : nullptr;
    if (is_text && !estimator) {
      std::vector<std::string> known;
      for (const Estimator& each : estimators()) known.emplace_back(each.name);
      return r_.problem(method->where, fmt::format("no estimator is called '{}'", method->text), "",
                        did_you_mean(method->text, known)
                            ? fmt::format("did you mean '{}'?", *did_you_mean(method->text, known))
                            : "`desist list estimators` names them");
    }
    if (estimator)
      if (const std::string why = why_not(*estimator); !why.empty())
        return r_.problem(method->where, fmt::format("'{}' can't analyse a trial", estimator->name), why,
                          "name another method: `desist list estimators`");
    if (estimator)
      for (const EstimatorKey& key : estimator->keys) keys.keys.push_back(section_key(key, For::projection));
    if (!r_.check(table, keys, shown) || !estimator) return;
    if (const Node* level = table.at("level"))
      r_.problem(level->where, fmt::format("'level' can't be set in {}", shown),
                 "an effect is shown where p is at most 0.05", "take the line out");
    TrialAnalysis analysis;
    analysis.analysis.name = Reading::text_at(table, "name");
    analysis.analysis.label = Reading::text_at(table, "label");
    if (analysis.analysis.label.empty()) analysis.analysis.label = analysis.analysis.name;
    analysis.analysis.method = std::string(estimator->name);
    analysis.analysis.outcome = "outcome";
    for (const TrialAnalysis& other : design_.analyses)
      if (other.analysis.name == analysis.analysis.name)
        r_.problem(table.at("name")->where, fmt::format("two analyses are called '{}'", analysis.analysis.name),
                   "results are told apart by it", "give one of them another name");
    for (const EstimatorKey& key : estimator->keys) value_of(table, key, analysis.analysis);
    const std::string of = Reading::text_at(table, "of_whom"), seen = Reading::text_at(table, "seen");
    analysis.of = of == "completers"   ? Analysed::completers
                  : of == "as treated" ? Analysed::as_treated
                                       : Analysed::everyone;
    if (analysis.of != Analysed::everyone && design_.assignment == Assignment::before_and_after)
      r_.problem(table.at("of_whom")->where, fmt::format("'{}' has no meaning in {}", of, shown_),
                 "everyone is compared with their own time before", "take the line out");
    analysis.seen = seen == "proven" ? SeenAs::proven : seen == "arrest" ? SeenAs::arrested : SeenAs::recorded;
    read_compared(table, *estimator, analysis);
    expect_chance(table, *estimator, analysis);
    expect_one_time(table, *estimator, analysis);
    expect_draws_that_end(table, analysis);
    types_of(table, analysis);
    design_.analyses.push_back(std::move(analysis));
  }

 private:
  /// Why an estimator can't stand in a virtual trial; "" where it can.
  static std::string why_not(const Estimator& estimator) {
    const bool of_people = estimator.needs == Needs::yes_no || estimator.needs == Needs::count ||
                           estimator.needs == Needs::time || estimator.needs == Needs::people;
    if (!of_people) return "a trial has people with yes or no, counts and times";
    if (estimator.name == "bounds" || estimator.name == "missing_outcomes")
      return "it says what the absent could have changed, and estimates nothing";
    if (estimator.name == "mean_count")
      return "it draws a curve of offence after offence, and of times a trial's rows hold the first alone; 'poisson' "
             "and 'rates' compare how many there are";
    return "";
  }

  /// What is compared by a method that takes any kind of outcome.
  void read_compared(const Node& table, const Estimator& estimator, TrialAnalysis& analysis) {
    const Node* node = table.at("outcome");
    if (!node) return;
    if (estimator.needs != Needs::people)
      return r_.problem(node->where, fmt::format("'outcome' has no meaning for '{}'", estimator.name),
                        "what it compares follows from the method", "take the line out");
    analysis.compared = node->text == "number" ? PersonOutcome::Kind::count
                        : node->text == "time" ? PersonOutcome::Kind::time
                                               : PersonOutcome::Kind::yes_no;
  }

  /// Chance is repeated as it made the groups.
  void expect_chance(const Node& table, const Estimator& estimator, const TrialAnalysis& analysis) {
    if (estimator.name != "randomisation_test") return;
    std::string why, cure = "name another method: `desist list estimators`";
    if (design_.assignment == Assignment::matched || design_.assignment == Assignment::before_and_after)
      why = "nobody is assigned by chance there";
    if (design_.assignment == Assignment::stepped_wedge)
      why = "chance orders the clusters there, and the test assigns people or clusters to a group for good";
    if (why.empty() && analysis.of != Analysed::everyone) {
      why = "those who are compared were not assigned by chance";
      cure = "take out of_whom, or name another method";
    }
    if (why.empty()) return;
    r_.problem(table.at("method")->where, fmt::format("'randomisation_test' can't analyse {}", shown_), why, cure);
  }

  /// A curve gives a trial one effect: what lies between the arms at one time of the follow-up.
  void expect_one_time(const Node& table, const Estimator& estimator, const TrialAnalysis& analysis) {
    if (estimator.name != "kaplan_meier" && estimator.name != "competing_risks") return;
    const std::vector<double>& at = analysis.analysis.number_list("at");
    if (at.size() > 1)
      r_.problem(table.at("at")->where, fmt::format("'at' has {} times", at.size()),
                 "an analysis of a trial has one effect", "name one of them, in weeks, or add an analysis for each");
    else if (at.size() == 1 && !(at[0] > 0 && at[0] <= design_.follow_up))
      r_.problem(table.at("at")->where, fmt::format("nobody is followed to {:.6g} weeks", at[0]),
                 fmt::format("the follow-up is {:.6g} weeks", design_.follow_up),
                 "name a time within it, in weeks, or take the line out: it is then the end");
  }

  /// People drawn or assigned again in all trials of a design, at all sizes.
  void expect_draws_that_end(const Node& table, const TrialAnalysis& analysis) {
    const double each = draws_of(analysis);
    if (each == 0) return;
    const std::string key = analysis.analysis.method == "bootstrap" ? "resamples" : "draws";
    if (const Node* node = table.at(key))
      if (const std::string why = why_no_draws(analysis); !why.empty())
        return r_.problem(node->where, why, "fewer say too little, and more take too long", "write a number between");
    const double all = each * people_analysed(design_);
    if (all <= most_people_drawn) return;
    r_.problem(table.at("method")->where, fmt::format("'{}' would draw {:.0e} people", analysis.analysis.method, all),
               fmt::format("{} times in each trial at every size; {:.0e} take two days of one processor",
                           shortest(each), most_people_drawn),
               fmt::format("ask for fewer {}, trials or sizes", key));
  }

  void value_of(const Node& table, const EstimatorKey& key, Analysis& analysis) {
    const Node* node = table.at(key.name);
    const auto& known = trial_columns();
    if (node && (key.takes == Takes::column || key.takes == Takes::columns))
      for (const std::string& column : Reading::texts_at(table, key.name))
        if (std::find(known.begin(), known.end(), column) == known.end())
          r_.problem(node->where, fmt::format("a trial has no column '{}'", column), "",
                     spelling_cure(column, known, "it has"));
    take_value(table, key, analysis);
  }

  void types_of(const Node& table, TrialAnalysis& analysis) {
    const Node* node = table.at("types");
    if (!node || spec_.arms.empty()) return;
    const auto& parameters = r_.model->parameters;
    std::size_t field = 0;
    while (field < parameters.size() && parameters[field].name != r_.model->history_types) ++field;
    if (field == parameters.size()) return;
    const std::vector<std::string>& known = spec_.arms.front().layout.fields[field].items;
    for (const std::string& type : Reading::texts_at(table, "types")) {
      const auto at = std::find(known.begin(), known.end(), type);
      if (at == known.end())
        r_.problem(node->where, fmt::format("unknown type '{}'", type), "",
                   spelling_cure(type, known, fmt::format("'{}' has", r_.model->history_types)));
      else
        analysis.types.push_back(static_cast<std::size_t>(at - known.begin()));
    }
  }

  Reading& r_;
  const ExperimentSpec& spec_;
  std::string shown_;
  TrialDesign& design_;
};

}  // namespace

void expect_times_followed(Reading& reading, const Node& also_followed, double weeks, const TrialDesign& design) {
  for (const TrialAnalysis& each : design.analyses) {
    const std::vector<double>& at = each.analysis.number_list("at");
    if (at.size() == 1 && at[0] > weeks)
      reading.problem(also_followed.where,
                      fmt::format("analysis '{}' is of {:.6g} weeks, and nobody is followed so long with {:.6g}",
                                  each.analysis.name, at[0], weeks),
                      "", "take the shorter follow-up out, or 'at': it is then the end of each");
  }
}

void read_trial_analysis(Reading& reading, const ExperimentSpec& spec, const std::string& shown, const Node& table,
                         TrialDesign& design) {
  TrialAnalysisReader(reading, spec, shown, design).read_analysis(table);
}

}  // namespace desist
