// A small table of words in a file: evidence, unit costs, deflators. Its columns are looked up by name once.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/diagnostics.hpp"

namespace desist {

/// The cells of a CSV file as they stand, whatever its encoding and the mark between cells.
///
/// UTF-8 or Windows-1252; commas, semicolons or tabs, as `division_of` finds them. Verified by: word_table_test.
class WordTable {
 public:
  WordTable(WordTable&&) = default;
  WordTable& operator=(WordTable&&) = default;

  using Place = std::optional<std::size_t>;  // of a column; nothing: the table doesn't have it

  /// Nothing where there is no such file, which is the caller's to say, or where it is no table with these columns:
  /// noted. `of`: what it is a table of, "evidence".
  static std::optional<WordTable> open(const std::string& path, std::string_view of,
                                       const std::vector<std::string>& columns, Diagnostics& found);

  std::size_t rows() const { return lines_.size(); }
  Place column(std::string_view name) const;
  /// The word of a row, which lives as long as the table; an empty one where there is no such column.
  std::string_view word(std::size_t row, Place column) const {
    return column ? cells_[row * columns_.size() + *column] : std::string_view{};
  }
  /// All cells of a row, told apart: for digests.
  std::string row_text(std::size_t row) const;
  /// The whole file.
  const std::string& text() const { return file_->text; }

  /// The first letters of a row's line.
  SourceSpan place_of(std::size_t row, std::size_t letters = 1) const;
  const std::shared_ptr<const SourceFile>& file() const { return file_; }
  /// Notes what is wrong with a row.
  void wrong(std::size_t row, const std::string& problem, const std::string& why, const std::string& cure,
             Diagnostics& found) const;

 private:
  WordTable() = default;
  bool read(std::string_view of, const std::vector<std::string>& columns, Diagnostics& found);
  bool has_all(std::string_view of, const std::vector<std::string>& columns, Diagnostics& found) const;

  std::shared_ptr<const SourceFile> file_;
  std::vector<std::string> columns_;
  std::vector<std::string_view> cells_;  // row by row: of the file's text, or undoubled
  std::deque<std::string> undoubled_;    // cells whose quotes were written twice
  std::vector<int> lines_;               // on which rows begin
};

}  // namespace desist
