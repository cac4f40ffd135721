#include "engine/program/word_table.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/data/csv_text.hpp"

namespace desist {
namespace {

constexpr std::uintmax_t most_bytes_of_a_word_table = 10'000'000;

void note_of_file(const std::shared_ptr<const SourceFile>& file, SourceSpan where, std::string problem, std::string why,
                  std::string cure, Diagnostics& found) {
  found.add({file, where, std::move(problem), std::move(why), std::move(cure), {}});
}

/// What `name` may be called in this table: a column that is spelt nearly so.
std::string columns_cure(const std::string& name, const std::vector<std::string>& has,
                         const std::vector<std::string>& needed) {
  const std::string all = fmt::format("it needs the columns {}", listed(needed));
  if (const auto near = did_you_mean(name, has)) return fmt::format("call '{}' so; {}", *near, all);
  return all;
}

}  // namespace

std::optional<WordTable> WordTable::open(const std::string& path, std::string_view of,
                                         const std::vector<std::string>& columns, Diagnostics& found) {
  std::error_code trouble;
  if (!std::filesystem::is_regular_file(path, trouble)) return std::nullopt;
  auto file = std::make_shared<SourceFile>();
  file->shown_as = path;
  WordTable table;
  table.file_ = file;
  if (std::filesystem::file_size(path, trouble) > most_bytes_of_a_word_table) {
    note_of_file(file, {}, fmt::format("is too large for a table of {}", of), "10 MB are the most",
                 "keep the rows that are used", found);
    return std::nullopt;
  }
  try {
    const FileBytes bytes(path);
    file->text = std::string(bytes.text());
  } catch (const Failure& failure) {
    note_of_file(file, {}, "can't be read", failure.what(), "", found);
    return std::nullopt;
  }
  if (file->text.starts_with("\xFF\xFE") || file->text.starts_with("\xFE\xFF") ||
      file->text.find('\0') != std::string::npos) {
    note_of_file(file, {}, fmt::format("is no table of {}", of), "it is UTF-16 or no text",
                 "save it as CSV with the encoding UTF-8", found);
    return std::nullopt;
  }
  if (file->text.starts_with("\xEF\xBB\xBF")) file->text.erase(0, 3);
  if (encoding_of(file->text) == Encoding::windows_1252) {
    if (auto text = from_windows_1252(file->text)) {
      file->text = std::move(*text);
    } else {
      note_of_file(file, {}, fmt::format("is no table of {}", of), "it is neither UTF-8 nor Windows-1252",
                   "save it as CSV with the encoding UTF-8", found);
      return std::nullopt;
    }
  }
  if (!table.read(of, columns, found)) return std::nullopt;
  return table;
}

bool WordTable::read(std::string_view of, const std::vector<std::string>& columns, Diagnostics& found) {
  const std::string_view text = file_->text;
  const Division division = division_of(text, columns);
  const int lines_before =
      static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(division.begin), '\n'));
  CsvRecords records(text.substr(division.begin), division.delimiter, division.line_end, lines_before);
  std::vector<CsvCell> cells;
  const auto problem = [&](std::string what, std::string why, std::string cure) {
    note_of_file(file_, {std::max(1, records.record().line), 1, 1}, std::move(what), std::move(why), std::move(cure),
                 found);
    return false;
  };
  while (records.next(cells)) {
    if (records.unclosed_quote())
      return problem("a quote is opened and never closed", "the rest of the file would be one cell",
                     "add a quote where the text ends");
    if (records.text_after_quote())
      return problem("text after a closing quote", "", "write a quote inside a text twice: \"\"");
    const bool is_header = columns_.empty();
    if (!is_header && cells.size() != columns_.size())
      return problem(fmt::format("this row has {}, and the header {}", counted(cells.size(), "cell"), columns_.size()),
                     "", "put a text that holds the mark between cells into quotes");
    const bool is_empty =
        std::all_of(cells.begin(), cells.end(), [](const CsvCell& cell) { return cell.text.empty(); });
    if (is_empty) continue;  // as spreadsheets leave them
    if (!is_header) lines_.push_back(records.record().line);
    for (const CsvCell& cell : cells) {
      if (!is_header) {
        cells_.push_back(cell.doubled ? undoubled_.emplace_back(undoubled(cell.text)) : cell.text);
        continue;
      }
      std::string word = cell.doubled ? undoubled(cell.text) : std::string(cell.text);
      if (std::find(columns_.begin(), columns_.end(), word) != columns_.end())
        return problem(fmt::format("two columns are called '{}'", word), "", "give each a name of its own");
      columns_.push_back(std::move(word));
    }
  }
  if (columns_.empty()) {
    note_of_file(file_, {}, "is empty", "", fmt::format("a table of {} needs the columns {}", of, listed(columns)),
                 found);
    return false;
  }
  return has_all(of, columns, found);
}

bool WordTable::has_all(std::string_view of, const std::vector<std::string>& columns, Diagnostics& found) const {
  for (const std::string& each : columns) {
    if (column(each)) continue;
    note_of_file(file_, {1, 1, 1}, fmt::format("no column '{}' in this table of {}", each, of), "",
                 columns_cure(each, columns_, columns), found);
    return false;
  }
  return true;
}

WordTable::Place WordTable::column(std::string_view name) const {
  const auto at = std::find(columns_.begin(), columns_.end(), name);
  if (at == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns_.begin());
}

std::string WordTable::row_text(std::size_t row) const {
  std::string all;
  for (std::size_t i = 0; i < columns_.size(); ++i) all.append(word(row, i)) += '\x1f';
  return all;
}

SourceSpan WordTable::place_of(std::size_t row, std::size_t letters) const {
  return {lines_[row], 1, std::max(1, static_cast<int>(letters))};
}

void WordTable::wrong(std::size_t row, const std::string& problem, const std::string& why, const std::string& cure,
                      Diagnostics& found) const {
  note_of_file(file_, place_of(row), problem, why, cure, found);
}

}  // namespace desist
