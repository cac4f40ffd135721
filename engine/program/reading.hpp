// What every part of the reader shares: the file, what is wrong with it so far, and the small readers of keys.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/program/document.hpp"
#include "engine/program/evidence.hpp"
#include "engine/program/experiment_spec.hpp"
#include "engine/program/grammar.hpp"

namespace desist {

/// A cure that says "did you mean 'x'?", or else which words are known (at most twelve).
std::string spelling_cure(std::string_view word, const std::vector<std::string>& known, std::string_view known_as);

/// A column of a posterior, as parameters name it.
struct PosteriorColumn {
  std::string name, unit;
  std::string label = {};  // what another experiment calls the parameter
};

/// A forecast whose years a parameter takes.
struct ForecastUse {
  std::size_t forecast = 0, posterior = 0;  // indices of ReportInput::forecasts, of the spec's posteriors
  double per_year = 1;                      // the parameter's unit of time in a year
  std::size_t field = 0;                    // of the model
  const Node* table = nullptr;
};

class AppraisalInputs;

/// One reading of one file.
struct Reading {
  std::shared_ptr<const SourceFile> file;
  Diagnostics& found;
  const EvidenceLibrary& evidence;
  const Node& root;
  For kind = For::both;  // what the file turned out to be; both: a study that feeds a model
  const ModelRecord* model = nullptr;
  ReportInput& text;  // sources and evidence are noted here as they are read
  Date starts, ends;  // the window, once it is read
  // (file, outcome or analysis; of an experiment with targets "") -> index
  std::map<std::pair<std::string, std::string>, std::size_t> posterior_of;
  std::vector<std::vector<PosteriorColumn>> columns_of;  // of each posterior
  std::vector<ForecastUse> forecast_of = {};
  AppraisalInputs* inputs = nullptr;  // of an appraisal, while it is read

  void problem(SourceSpan where, std::string problem, std::string why = "", std::string cure = "",
               std::vector<Diagnostic::Note> notes = {}) const;

  /// Keys against a declaration: unknown ones, missing ones, and values of another kind are reported.
  /// `shown` is the table as messages name it: "[plan]". Returns false where something was reported.
  bool check(const Node& table, const Section& keys, const std::string& shown,
             const std::vector<std::string>& further = {}) const;
  /// A dotted key of another section, such as `plan.seed = 1`, below a header: reported, and true.
  bool misplaced(const Member& member, const Node& table, const std::string& shown) const;
  std::vector<Diagnostic::Note> header_of(const Node& table, const Member& member) const;
  void unknown_key(const Member& member, const Node& table, const std::string& shown,
                   const std::vector<std::string>& known) const;

  // What a key holds, or nothing: a value of another kind has been reported by `check`.
  static std::string text_at(const Node& table, std::string_view key);
  static std::vector<std::string> texts_at(const Node& table, std::string_view key);
  std::optional<Date> date_at(const Node& table, std::string_view key) const;
  std::optional<Date> date_of(const Node& node) const;  // reports what is no date
  /// A date inside the simulated window; one outside it is reported.
  std::optional<Date> date_inside(const Node& node) const;

  /// A share: "2 in 100", "90%", "1 in 100 on every chance". Reports what is none, and what is not between 0 and 1.
  std::optional<double> chance_of(const Node& node) const;

  /// Whether a number lies between two ends; one that doesn't is reported.
  bool is_within(const Node& node, std::string_view key, double least, double most) const;

  /// Evidence ids of a table's `evidence` key: each noted for the report, unknown ones reported.
  std::vector<std::string> evidence_at(const Node& table) const;

  /// The tables of [[name]], an empty list where there is none; another shape is reported.
  std::vector<const Node*> tables_of(const Section& section) const;
  /// The sound ones of them, each with what messages call it; what is wrong with the others is reported.
  void each_table(const Section& section,
                  const std::function<void(const Node& table, const std::string& shown)>& read) const;
};

/// The place of a stretch of a text, in bytes, in its file; the whole text where it stands otherwise than on one plain
/// line.
SourceSpan place_in(const Node& text, std::size_t at, std::size_t length);

/// What a table calls itself: its label, or else the name at `key` with blanks for its underscores.
std::string label_or_name(const Node& table, std::string_view key = "name");
/// A label that heads a line of the first screen: one that is too long for it is reported. False then.
bool fits_a_line(const Reading& reading, const Node& table, std::string_view example);
/// "half life" of "half_life".
std::string with_blanks(std::string name);

/// Whether a thing of this name has been read before: reported ("two flows are called ..."), and true.
template <class Each>
bool is_named_before(const Reading& reading, const std::vector<Each>& all, const Node& table, std::string_view what) {
  const std::string name = Reading::text_at(table, "name");
  if (std::none_of(all.begin(), all.end(), [&](const Each& each) { return each.name == name; })) return false;
  reading.problem(table.at("name")->where, fmt::format("two {} are called '{}'", what, name), "",
                  "give each a name of its own");
  return true;
}

/// Whether a key stands in a table under a name that nobody knows and that is nearest to it: that has been reported.
bool is_misspelt(const Node& table, std::string_view key, const std::vector<std::string>& known);

/// Reports that a file beside this one, which a table names, can't be used: the first line of why, and what says more.
void refuse_other_file(const Reading& reading, const Failure& failure, std::string_view what, const std::string& name,
                       SourceSpan where);
/// The path of a file beside this one.
std::string path_beside(const Reading& reading, const std::string& name);

/// "[[arm]] 'weekly'": a table of a list as messages name it.
std::string shown_item(const Section& section, const Node& item, std::size_t index);

enum class Wanted { experiment, study, calibrated };  // the others: files that a [[posterior]] names
/// Reads a text that has been loaded; throws Failure(invalid_experiment). `evidence_directory`: for studies that it
/// names.
ExperimentSpec read_source(const std::shared_ptr<const SourceFile>& file, const EvidenceLibrary& evidence,
                           const Catalogue& catalogue, const std::string& evidence_directory, Wanted wanted);

// The parts of an experiment, each in a file of its own.
std::optional<Study> read_study(Reading& reading, const std::string& name);
void read_sums(Reading& reading);    // sentences of arithmetic: any kind of experiment may have them
void read_beside(Reading& reading);  // evidence shown next to the result of a study
void read_forecasts(Reading& reading, ExperimentSpec& spec);   // before the projection that takes them
void read_projection(Reading& reading, ExperimentSpec& spec);  // parameters, then arms
/// Sections of an appraisal, with the projection that it may stand on: `others` reads that between inputs and formulas.
void read_appraisal(Reading& reading, ExperimentSpec& spec, const std::function<void()>& others);
void read_correlations(Reading& reading, ExperimentSpec& spec);
/// What an arm's range for a parameter, "course.rate", has in common with that of the base, "rate": it is the same
/// unknown, so a draw stands at the same place of both ranges. Correlations of the file prevail, and what targets
/// inform is drawn from its posterior: so it is called once it is known what they inform.
void share_luck_with_arms(ExperimentSpec& spec);
void read_questions(Reading& reading, ExperimentSpec& spec);  // headlines, benchmarks, needs and claims of a projection
void read_needs(Reading& reading, ExperimentSpec& spec);      // levels that are looked for
void read_sweeps(Reading& reading, ExperimentSpec& spec);     // levels that are tried one by one
void read_decompositions(Reading& reading, ExperimentSpec& spec);  // a fall, shared out among mechanisms
/// "What each buys" as a name for files: "what_each_buys".
std::string file_name_of(const std::string& label);
void read_trials(Reading& reading, ExperimentSpec& spec);       // virtual trials of the arms
void read_calibration(Reading& reading, ExperimentSpec& spec);  // targets, and how parameters are learnt from them
void read_placebos(Reading& reading, ExperimentSpec& spec);     // printed falls, and the box of null programmes
void read_pictures(Reading& reading, ExperimentSpec& spec);     // after arms and questions: a tornado adds variants
/// A study of people's rows, of several studies, or of a design. `catalogue` and `evidence_directory`: for studies that
/// it names.
void read_people(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                 const std::string& evidence_directory);
void read_plan(Reading& reading, ExperimentSpec& spec);

/// Reads every [[posterior]] with the file that it names: names of posteriors and their columns for the parameters.
void read_posteriors(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                     const std::string& evidence_directory, Wanted wanted);

/// The column of a posterior that fills a parameter of this unit ("share", or "" for a ratio); what it can't be is
/// reported at the member that names it.
std::optional<std::size_t> posterior_column(const Reading& reading, const ExperimentSpec& spec, std::size_t posterior,
                                            const Member& member, const std::string& unit);

/// The columns of a study's posterior, in the order in which `evaluate` gives them.
/// Verified by: reader_grammar_test.
std::vector<std::string> posterior_columns(const Study& study);

/// An outcome as people name it: "clear by 2024-03-31", "turned away", "clear [2024-03-31]".
struct NamedOutcome {
  std::size_t slot = 0;  // into outcome_slots of the first arm
  std::string outcome, item;
};
/// Reads such a name; what it can't be is reported at `where`.
std::optional<NamedOutcome> read_outcome_name(const Reading& reading, const ExperimentSpec& spec, std::string_view text,
                                              SourceSpan where);

/// A number that the model takes, and what one of it is in the field's unit: "hearings a week", "filtered_out in 100".
struct NamedLevel {
  std::size_t field = 0;
  double per_unit = 1;
};
/// Reads such a name for `purpose` ("a need looks for ..."); what it can't be is reported.
std::optional<NamedLevel> read_level_name(const Reading& reading, const Node& node, std::string_view purpose);

/// Today's level of a number in the first arm, for those items, from a week on.
struct TodaysLevel {
  double value = 0;       // in the field's unit; the middle of a range
  bool is_known = false;  // a printed figure
};
TodaysLevel todays_level(const ExperimentSpec& spec, std::size_t field, const std::vector<std::size_t>& items,
                         double week);

/// Levels of a number, rising, in what one of it is; "a sweep" has them, or "an unknown". What they can't be is
/// reported.
std::optional<std::vector<double>> levels_at(const Reading& reading, const Node& levels, const ParameterField& field,
                                             double per_unit, std::string_view whose);

/// The items of a number's list that a `where` key names; all where it is absent. Unknown ones, and a list of several
/// where none is named, are reported.
std::optional<std::vector<std::size_t>> items_at(const Reading& reading, const ExperimentSpec& spec, const Node& table,
                                                 std::string_view asked_at, std::size_t field);

/// Arms named by a key that holds "all" or names; all reported arms where it is absent. Unknown ones are reported.
std::vector<std::size_t> arms_at(const Reading& reading, const ExperimentSpec& spec, const Node& table,
                                 std::string_view key);

}  // namespace desist
