// A tidy table: named columns with units, rows of numbers, words or nothing. Written as CSV.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace desist {

using Cell = std::variant<std::monostate, double, std::string>;  // nothing, a number, a word

struct Column {
  std::string name;
  std::string unit;  // "" where rows carry their own unit in a column of that name
};

class Table {
 public:
  Table() = default;
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  const std::vector<Column>& columns() const { return columns_; }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  const std::vector<Cell>& row(std::size_t index) const { return rows_.at(index); }
  /// The cell of a row in the column of that name; throws std::out_of_range for an unknown name.
  const Cell& at(std::size_t row, std::string_view column) const;
  void add(std::vector<Cell> row);  // throws std::invalid_argument unless one cell a column

  /// RFC 4180 text with a header line and "\n" line ends; numbers by `shortest`, so they read back as the same doubles.
  /// Verified by: table_test.
  std::string csv() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Reads RFC 4180 text (quotes, doubled quotes, line ends in quotes) into words; the first row is the header.
/// A cell stays a word, an empty one too: callers say what they take for a number. Blank lines are no rows.
/// Throws std::invalid_argument with the line: "line 7: 5 cells, but the header has 6".
Table read_csv(std::string_view text);

}  // namespace desist
