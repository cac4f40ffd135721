// The first line of a data file, and what is wrong with a file before its rows are read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/csv_text.hpp"
#include "engine/data/data_problem.hpp"

namespace desist {

/// Refuses what is no text: an empty file, UTF-16, NUL bytes. True where the text can be read on.
bool is_readable_text(std::string_view bytes, DataProblems& problems);

/// The text of a cell as UTF-8 without quotes' doubling and outer spaces, or nothing where a byte is no character.
std::optional<std::string> decoded(const CsvCell& cell, Encoding encoding);

/// A record with `cell` (or its start) as a place for a message, its texts cut.
DataPlace place_of(const CsvRecord& record, std::int64_t row, const char* at, std::string_view cell, Encoding encoding);

/// The names of the columns; names given twice and lines that hold values are problems.
std::vector<std::string> read_header(const CsvRecord& record, const std::vector<CsvCell>& cells, Encoding encoding,
                                     DataProblems& problems);

/// "semicolons": a mark between cells in words.
std::string delimiter_words(char delimiter);

/// True where every name is a number or a date: the first line holds values. A year among words is a name.
bool holds_values(const std::vector<std::string>& names);

/// Complains where more than one mark divides the rows; true where the choice is clear.
bool check_division(const Division& division, DataProblems& problems);

}  // namespace desist
