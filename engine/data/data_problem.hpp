// What is wrong or noteworthy in data about people: counts by column and kind with the first few places, and their
// words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/diagnostics.hpp"

namespace desist {

enum class DataProblemKind {
  // the file
  empty_file,
  header_only,
  header_of_values,
  binary_file,
  utf_16,
  unclear_delimiter,
  unclosed_quote,
  text_after_quote,
  too_few_cells,
  too_many_cells,
  column_twice,
  no_such_column,
  undecodable,
  // a cell
  empty_cell,
  undeclared_missing,
  not_a_number,
  not_whole,
  too_many_digits,
  thousands_mark,
  unclear_thousands,
  decimal_comma,
  currency_sign,
  percent_sign,
  not_yes_no,
  unknown_level,
  levels_alike,
  not_a_date,
  other_date_form,
  two_digit_year,
  impossible_date,
  time_of_day,
  // rows of people
  duplicate_person,
  dates_out_of_order,
  out_of_range,
  // people and their events
  unknown_person,
  follow_up_before_index,
  completed_outside_follow_up,
  offence_before_index,
  offence_on_index_day,
  offence_after_follow_up,
  offence_in_custody,
  convicted_before_offence,
  harm_unknown,
  spell_backwards,
  spell_outside_follow_up,
  spells_overlap,
};

/// Where a problem was met. Rows are counted from 1 without the header; `line` is 0 where only the row is known.
struct DataPlace {
  std::int64_t row = 0;
  int line = 0;
  int column = 1;      // of the line, in characters from 1
  std::string text;    // the cell, cut
  std::string source;  // the line, cut
};

/// A row of a column, counted from 0, whose line only the reader of the file knows.
DataPlace row_place(std::size_t row, std::string text = "");

/// One kind of problem in one column (or of the file, where `subject` is empty).
struct DataProblem {
  DataProblemKind kind = DataProblemKind::empty_file;
  std::string subject;
  std::int64_t count = 0;
  std::vector<DataPlace> first;  // at most three
  std::string hint;              // a cure that depends on the data: "did you mean 'age'?"
};

/// Collects problems: one entry a subject and kind, in the order in which they were first met.
class DataProblems {
 public:
  /// Counts one more; the place is made by `make_place()` only while it will be kept.
  template <class MakePlace>
  DataProblem& add(DataProblemKind kind, std::string_view subject, const MakePlace& make_place) {
    DataProblem& problem = count(kind, subject);
    if (problem.first.size() < most_places) problem.first.push_back(make_place());
    return problem;
  }
  /// Counts one more that has no place: of the file, or of a column.
  DataProblem& count(DataProblemKind kind, std::string_view subject = {});
  std::vector<DataProblem> take() { return std::move(all_); }

  static constexpr std::size_t most_places = 3;

 private:
  std::vector<DataProblem> all_;
};

/// "312 cells of 'age' are no numbers": one problem as a sentence without its place.
std::string in_words(const DataProblem& problem);

/// The problems of one file as messages with their lines, for a reading that is refused.
/// Verified by: csv_messages_test.
Diagnostics diagnostics(const std::string& shown_as, std::span<const DataProblem> problems);

/// The same as remarks, one line each: "41 offences are before the index date of their person (rows 3, 9 and 12, ...)".
/// Verified by: outcomes_test.
std::vector<std::string> remarks(std::span<const DataProblem> problems);

}  // namespace desist
