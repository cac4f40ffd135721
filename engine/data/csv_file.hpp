// Reads a delimited file of people or events into typed columns, and never guesses without saying so.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/csv_text.hpp"
#include "engine/data/data_problem.hpp"
#include "engine/data/text_list.hpp"

namespace desist {

enum class ColumnType { number, integer, yes_no, category, date, text };
enum class DateForm { iso, uk };  // 2023-12-18; 18/12/2023, day first, one or two digits of day and month

/// What a column of a file holds, as its user declares it.
struct DeclaredColumn {
  std::string name;  // as in the header
  ColumnType type = ColumnType::number;
  DateForm date_form = DateForm::iso;
  std::vector<std::string> levels;   // of a category, in this order; none: as found, in order of their bytes
  std::vector<std::string> missing;  // texts that stand for a missing value, as the empty cell always does
  std::string unit;                  // "£" lets numbers carry the sign
  bool decimal_comma = false;        // "1,5" is one and a half
  bool thousands = false;            // "1,372" is 1372 ("1.372" with a decimal comma); in quotes this needs no word
  bool required = false;             // an empty cell is a problem
};

struct FileDeclaration {
  std::vector<DeclaredColumn> columns;
  std::optional<char> delimiter;  // else found among comma, semicolon and tab
};

/// The values of one column. Numbers, whole numbers, yes (1) and no (0), and dates (days since 1970-01-01) are
/// `values`; categories and texts are `codes` that count `levels` from 0. A missing value is 0 with its flag set.
struct DataColumn {
  DeclaredColumn declared;
  LargeVector<double> values;
  LargeVector<std::int32_t> codes;
  TextList levels;                    // of a text: every text that occurs, in order of first appearance
  LargeVector<std::uint8_t> missing;  // one a row
  std::size_t missing_count = 0;
  bool made = false;                 // no column of the file: worked out and appended
  std::size_t quoted_thousands = 0;  // numbers like "1,372" in quotes, taken as 1372
  std::size_t midnights = 0;         // dates with the time 00:00, which was left off
};

/// What was found rather than declared.
struct DetectedForm {
  char delimiter = ',';
  bool delimiter_named_in_file = false;  // by Excel's line "sep=;"
  Encoding encoding = Encoding::utf_8;
  char line_end = '\n';
  std::size_t blank_lines = 0;
  std::size_t empty_rows = 0;             // rows whose cells are all empty, as spreadsheets leave them: left out
  std::vector<std::string> not_declared;  // columns of the file that nobody asked for
};

/// A file as read. Cells with a problem are missing in `columns`: with any problem, the values are not to be used.
struct DataFile {
  std::string shown_as;
  std::size_t rows = 0;
  std::vector<DataColumn> columns;  // as declared
  DetectedForm detected;
  std::vector<DataProblem> problems;

  /// The column of that name; throws std::out_of_range for one that was not declared.
  const DataColumn& column(std::string_view name) const;
};

/// Reads a file: 2 million rows in seconds, in memory of about the file and its columns.
/// Throws Failure(usage) where the path can't be read, a folder too; all else is a problem in the result.
/// Verified by: csv_file_test, csv_messages_test, csv_smoke.
DataFile read_data_file(const std::string& path, const FileDeclaration& declaration);

/// The same of bytes in memory; `shown_as` is the path in messages.
DataFile read_data(std::string_view bytes, const std::string& shown_as, const FileDeclaration& declaration);

/// What a reader of results should know about how a file was read, one sentence each: "cells are divided by
/// semicolons".
std::vector<std::string> in_words(const DataFile& file);

/// A declaration that fits a whole file, and for each column what it was taken for and why: shown to the user, who
/// keeps it or changes it. `problems` are those of the header and the rows.
struct ProposedDeclaration {
  FileDeclaration declaration;
  std::vector<std::string> reasons;  // one a column: "'age' is taken as a whole number: 18 to 70, 3 cells empty"
  std::vector<DataProblem> problems;
};

/// Texts that the user names as levels, by column: "none" is then a level, not a missing value.
using NamedLevels = std::map<std::string, std::vector<std::string>>;

/// Proposes a declaration from every row of a file, not from the first ones. Verified by: csv_proposal_test.
ProposedDeclaration propose_declaration(std::string_view bytes, const NamedLevels& named = {});

}  // namespace desist
