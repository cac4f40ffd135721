// One figure as an experiment file gives it: what it is, and where it comes from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/program/reading.hpp"

namespace desist {

/// A figure taken apart, its keys found sound; the value itself is read by whoever knows its unit.
struct SourcedFigure {
  std::string name;             // "referrals", "weekly_meetings.extra_hearings"
  SourceSpan at;                // its key
  const Node* value = nullptr;  // of `value` or `printed`
  const Node* range = nullptr;
  const Node* likely = nullptr;
  const Node* limits = nullptr;  // around a value
  const Node* error = nullptr;
  const Node* confidence = nullptr;
  const Node* scale = nullptr;
  const Node* cut = nullptr;
  const Node* where = nullptr;  // items
  const Node* from = nullptr;
  FigureSource source;  // printed and spread still empty

  bool is_estimate() const { return limits != nullptr || error != nullptr; }
};

/// Whether the keys of an estimate fit each other and the figure: each slip is reported.
/// Verified by: reader_estimates_test.
bool check_estimate_keys(const Reading& reading, const SourcedFigure& figure, const Node& table);

/// The law of a value with limits or an error, both in `unit`; inside `allowed`, or cut there where the file says why.
/// What contradicts its scale, or the print, is reported. Verified by: reader_estimates_test.
struct EstimateReading {
  EstimateLaw law;
  std::string spread;  // for FigureSource
};
std::optional<EstimateReading> read_estimate(const Reading& reading, const SourcedFigure& figure, const Quantity& value,
                                             const Unit& unit, const Range& allowed);

/// What an estimate prints: "0.79 (0.63 to 0.98)", "£1,204 (standard error £120)"; the value alone of other figures.
std::string printed_estimate(const SourcedFigure& figure);

/// A law that is outside of what its figure can be less often than this is nowhere said to be: a run of 65,536 draws
/// meets such a value once in 15 runs, and it is drawn at the end instead.
inline constexpr double least_chance_outside = 1e-6;

/// Reads the keys of a figure: exactly one of value and range (or `printed` for a cell), exactly one of evidence,
/// assumption and choice. Everything wrong is reported; then nothing is returned.
/// Verified by: reader_errors_test, reader_grammar_test.
std::optional<SourcedFigure> read_figure(const Reading& reading, const Member& member, const std::string& name,
                                         const std::string& shown, const Section& keys);

/// The text of a figure as written: of a bare number, its digits.
std::string as_written(const Node& node);

/// A figure's numbers in a declared unit, with the law of its uncertainty.
struct MeasuredFigure {
  Quantity quantity;
  Law law;
  std::string spread;  // for FigureSource
};

/// Reads value or range in `unit`, within `allowed`: wrong units, ranges upside down, values outside and numbers that
/// contradict the evidence row are reported.
/// Verified by: reader_errors_test, reader_grammar_test.
std::optional<MeasuredFigure> measure(const Reading& reading, const SourcedFigure& figure, const Unit& unit,
                                      const Range& allowed);

/// Whether the numbers of a figure's text stand in its evidence rows; those that don't are reported with the row's
/// print.
void hold_against_evidence(const Reading& reading, const Node& node, const std::vector<std::string>& ids);

/// Adds the figure to the report's sources.
void note_source(Reading& reading, const SourcedFigure& figure, const std::string& printed, const std::string& spread);

/// Reads a parameter that is structure into an arm's layout; what can't be is reported.
/// Verified by: reader_errors_test, reader_grammar_test.
bool read_structure_value(const Reading& reading, const ParameterField& field, const SourcedFigure& figure,
                          FieldLayout& layout);

/// The items of a field's list that `where` names: "7 of 8 conferences" or their names. Unknown ones are reported.
std::optional<std::vector<std::size_t>> named_items(const Reading& reading, const ParameterField& field,
                                                    const std::vector<std::string>& names, const Node& where);

/// A value that a field could have, as TOML: for messages.
std::string example_value(const ParameterField& field);

/// Reports the first of the arms in which the number changes after `from_week`, from which a level would hold in its
/// place: the change would be lost without a word.
bool loses_no_step(const Reading& reading, const ExperimentSpec& spec, const Node& asked, std::size_t field,
                   const std::vector<std::size_t>& items, double from_week, const std::vector<std::size_t>& arms);

/// A table that only says what a figure is called, which a posterior sets: in [inputs] and [parameters].
bool is_label_alone(const Node& figure);
/// The one of this name among `figures`; null where it is none of them or is a figure.
const Node* label_alone(const Node* figures, std::string_view name);

/// A number with its unit, as messages and lists show it: "9153 cases a year", "21%".
std::string shown_value(double value, const Unit& unit);

}  // namespace desist
