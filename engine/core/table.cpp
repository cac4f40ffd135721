#include "engine/core/table.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

std::string quoted(std::string_view word) {
  std::string text = "\"";
  for (const char letter : word) {
    if (letter == '"') text += '"';
    text += letter;
  }
  return text += '"';
}

std::string word_text(std::string_view word) {
  if (word.empty()) return "";
  const bool edge_blank = word.front() == ' ' || word.back() == ' ';  // some readers trim what is not quoted
  return edge_blank || word.find_first_of(",\"\r\n") != std::string_view::npos ? quoted(word) : std::string(word);
}

std::string cell_text(const Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return shortest(*number);
  if (const auto* word = std::get_if<std::string>(&cell)) return word_text(*word);
  return "";
}

// One line of fields; a lone empty field is quoted, because a blank line is no row.
std::string record(const std::vector<std::string>& fields) {
  if (fields.size() == 1 && fields.front().empty()) return "\"\"\n";
  return fmt::format("{}\n", fmt::join(fields, ","));
}

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  /// The next row that is not a blank line, or nothing at the end.
  std::optional<std::vector<std::string>> next() {
    while (take_line_end()) {
    }
    if (rest_.empty()) return std::nullopt;
    row_line_ = line_;
    std::vector<std::string> fields{read_field()};
    while (rest_.starts_with(',')) {
      rest_.remove_prefix(1);
      fields.push_back(read_field());
    }
    if (!rest_.empty() && !take_line_end()) fail(line_, "text after a closing quote");
    return fields;
  }

  int row_line() const { return row_line_; }

  [[noreturn]] static void fail(int line, std::string_view problem) {
    throw std::invalid_argument(fmt::format("line {}: {}", line, problem));
  }

 private:
  bool take_line_end() {
    const std::size_t length = rest_.starts_with("\r\n") ? 2 : rest_.starts_with('\n') ? 1 : 0;
    rest_.remove_prefix(length);
    if (length > 0) ++line_;
    return length > 0;
  }

  std::string read_field() { return rest_.starts_with('"') ? read_quoted() : read_plain(); }

  std::string read_plain() {
    std::size_t length = std::min(rest_.find_first_of(",\n"), rest_.size());
    if (length < rest_.size() && rest_[length] == '\n' && length > 0 && rest_[length - 1] == '\r') --length;
    const std::string_view word = rest_.substr(0, length);
    if (word.find('"') != std::string_view::npos) fail(line_, "a quote inside a cell that does not begin with one");
    if (word.find('\0') != std::string_view::npos) fail(line_, "a zero byte: this is not a text file");
    if (word.find('\r') != std::string_view::npos) fail(line_, "a carriage return inside a cell that is not quoted");
    rest_.remove_prefix(length);
    return std::string(word);
  }

  std::string read_quoted() {
    const int opened = line_;
    std::string word;
    rest_.remove_prefix(1);
    while (true) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) fail(opened, "a quote is opened here and never closed");
      const std::string_view piece = rest_.substr(0, end);
      line_ += static_cast<int>(std::count(piece.begin(), piece.end(), '\n'));
      word += piece;
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) return word;
      word += '"';
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  int line_ = 1;
  int row_line_ = 1;
};

}  // namespace

const Cell& Table::at(std::size_t row, std::string_view column) const {
  const auto found =
      std::find_if(columns_.begin(), columns_.end(), [column](const Column& c) { return c.name == column; });
  if (found == columns_.end()) throw std::out_of_range(fmt::format("no column '{}'", column));
  return rows_.at(row)[static_cast<std::size_t>(found - columns_.begin())];
}

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns_.size())
    throw std::invalid_argument(fmt::format("a row of {} cells for {} columns", row.size(), columns_.size()));
  rows_.push_back(std::move(row));
}

std::string Table::csv() const {
  std::vector<std::string> fields;
  for (const Column& column : columns_) fields.push_back(word_text(column.name));
  std::string text = record(fields);
  for (const std::vector<Cell>& row : rows_) {
    fields.clear();
    for (const Cell& cell : row) fields.push_back(cell_text(cell));
    text += record(fields);
  }
  return text;
}

Table read_csv(std::string_view text) {
  CsvReader reader(text);
  const auto header = reader.next();
  if (!header) CsvReader::fail(1, "no header line");
  std::vector<Column> columns;
  for (const std::string& name : *header) {
    if (std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; }))
      CsvReader::fail(reader.row_line(), fmt::format("two columns are called '{}'", name));
    columns.push_back({name, ""});
  }
  Table table(std::move(columns));
  while (auto fields = reader.next()) {
    if (fields->size() != header->size())
      CsvReader::fail(reader.row_line(),
                      fmt::format("{} cells, but the header has {}", fields->size(), header->size()));
    table.add({fields->begin(), fields->end()});
  }
  return table;
}

}  // namespace desist
