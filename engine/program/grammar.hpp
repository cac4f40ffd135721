// What experiment files may say: the one declaration from which the reader, `desist new`, the JSON Schema and the
// manual are made. A model's own parameters, arms' figures and studies' cells come from the model and the study
// instead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace desist {

/// What a key holds.
enum class Holds {
  text,     // a sentence or a name
  texts,    // one text or a list of them
  word,     // one of the listed words
  name,     // letters, digits, - and _: it becomes a file or column name
  date,     // 2023-12-18 or "18/12/2023"
  dates,    // a list of dates
  day,      // a date, or the name of a column of dates
  whole,    // a whole number
  number,   // a number
  numbers,  // a number or a list of them
  levels,   // a list of numbers, or of figures as text
  flag,     // true or false
  figure,   // a number with a unit, as text, or a bare number
  value,    // whatever the parameter takes: a figure, a word, a list
  printed,  // a number as printed, or a table { printed, evidence | assumption }
  table,    // a table of its own, declared elsewhere
  shares,   // a name that has all of it, or a table of names with a share each
};

/// Which kinds of experiment know a key: bits.
enum class For : unsigned {
  study = 1,          // of a published table
  projection = 2,     // by a model
  people = 4,         // of people's rows, of several studies, of a design: [[analysis]]
  both = 3,           // study and projection
  studies = 5,        // study and people
  beyond_tables = 6,  // projection and people: what is asked may be printed nowhere
  all = 7,
};
constexpr bool knows(For kind, For only) { return (static_cast<unsigned>(kind) & static_cast<unsigned>(only)) != 0; }
/// "it is for a projection by a model": of a key or section that a file of another kind holds.
std::string_view whose(For only);

struct Key {
  std::string_view name;
  Holds holds = Holds::text;
  bool required = false;
  std::string_view help;                // a sentence without a full stop
  std::string_view example;             // TOML, as `new` prints it
  std::vector<std::string> words = {};  // of Holds::word
  For only = For::all;
};

/// How a section stands in the file.
enum class Shape {
  table,    // [plan]
  list,     // [[need]]
  named,    // [benchmarks]: keys are the user's names, each a table of these keys
  figures,  // [parameters]: keys are the model's or the study's, each a figure
};

struct Section {
  std::string_view name;  // "plan"; "" for the figure grammar itself
  Shape shape = Shape::table;
  For only = For::all;
  bool required = false;
  std::string_view help;
  std::vector<Key> keys;
  bool open = false;  // [[group]]: further keys are the study's cells
};

/// Every section in the order in which files are written.
const std::vector<Section>& sections();
const Section& section(std::string_view name);
/// The section that files of this kind know under a name: people's [[flow]] is no flow of money.
const Section& section(std::string_view name, For kind);
/// Those of studies of people, of funnels, those that ask for levels, the best arm and sums, and virtual trials: they
/// stand before [[claim]].
std::vector<Section> people_sections();
std::vector<Section> funnel_sections();
std::vector<Section> question_sections();
std::vector<Section> trial_sections();
std::vector<Section> placebo_sections();
std::vector<Section> appraisal_sections();
Section figures_section();

/// The keys of a figure (`hearings = { value = ..., evidence = ... }`).
const Section& figure_keys();
/// Whether a key of a figure is about an estimate's limits or error: limits, confidence, error, scale, cut.
bool is_of_estimate(std::string_view key);
/// The keys of an analysis of a virtual trial, [[trial.analysis]]; its method adds its own.
const Section& trial_analysis_keys();
/// The keys of a figure of [inputs].
const Section& input_keys();
/// The keys of a study's printed cell.
const Section& cell_keys();

/// The names in a row, for messages.
std::vector<std::string> names_of(const std::vector<Key>& keys);

}  // namespace desist
