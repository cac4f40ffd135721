// [[trial.analysis]]: how a virtual trial is analysed.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/estimator_keys.hpp"
#include "engine/program/people_reading.hpp"
#include "engine/program/trial_reading.hpp"

namespace desist {
namespace {

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
    types_of(table, analysis);
    design_.analyses.push_back(std::move(analysis));
  }

 private:
  /// Why an estimator can't stand in a virtual trial; "" where it can.
  static std::string why_not(const Estimator& estimator) {
    if (estimator.needs == Needs::people)
      return "it draws or shuffles the people of one study thousands of times for one answer, and would at each size "
             "of "
             "each of thousands of trials; 'risks', and 'poisson' with errors = \"HC1\", have the same aim";
    if (estimator.needs != Needs::yes_no && estimator.needs != Needs::count && estimator.needs != Needs::time)
      return "a trial has people with yes or no, counts and times";
    if (estimator.name == "kaplan_meier" || estimator.name == "competing_risks")
      return "it draws curves, and has no one effect whose bias and coverage could be told; 'restricted_mean' and "
             "'cox' "
             "have";
    if (estimator.name == "log_rank")
      return "it is a test alone, and has no effect whose bias and coverage could be told; 'cox' has one and its own "
             "test";
    return "";
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

void read_trial_analysis(Reading& reading, const ExperimentSpec& spec, const std::string& shown, const Node& table,
                         TrialDesign& design) {
  TrialAnalysisReader(reading, spec, shown, design).read_analysis(table);
}

}  // namespace desist
