// What the text of one cell says: a number, a date, yes or no; or the problem that it is none.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "engine/data/csv_file.hpp"

namespace desist {

/// A value or why there is none.
struct ReadCell {
  double value = 0;
  std::optional<DataProblemKind> problem;
  bool thousands_in_quotes = false;
  bool midnight = false;
};

/// [-+] digits [point digits] [e exponent], the nearest double; nothing for any other text, nan and inf too.
/// Up to 2^53 with a power of ten up to 22 by one exact division or product (Clinger 1990), else std::from_chars.
/// Verified by: csv_cells_test.
std::optional<double> read_decimal(std::string_view text, char point);

/// A number as its column declares it; `whole` wants no parts.
struct NumberRules {
  char point = '.';
  bool thousands = false;
  bool whole = false;
  bool quoted = false;        // the cell stood in quotes
  bool comma_divides = true;  // commas stand between cells: else a comma in quotes may be a decimal comma
  std::string_view unit;
};
ReadCell read_number_cell(std::string_view text, const NumberRules& rules);
ReadCell read_date_cell(std::string_view text, DateForm form);
ReadCell read_yes_no_cell(std::string_view text);

/// Without spaces and tabs at both ends.
std::string_view without_spaces(std::string_view text);
/// True for what other programs write for nothing: NA, N/A, NULL, #N/A and their like.
bool looks_missing(std::string_view text);

}  // namespace desist
