#include "engine/data/csv_header.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/csv_cells.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

constexpr std::size_t most_of_cell = 40;    // bytes of a cell in a message
constexpr std::size_t most_of_line = 4000;  // bytes of a line; a message shows 160 characters around the place

// At most so many bytes, never a part of a UTF-8 character.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

std::string as_utf_8(std::string_view text, Encoding encoding) {
  if (encoding != Encoding::windows_1252) return std::string(text);
  std::string all;
  for (const char byte : text) all += from_windows_1252({&byte, 1}).value_or("?");
  return all;
}

bool is_value(const std::string& text) {
  return !text.empty() && (read_decimal(text, '.') || !read_date_cell(text, DateForm::iso).problem ||
                           !read_date_cell(text, DateForm::uk).problem);
}

}  // namespace

bool is_readable_text(std::string_view bytes, DataProblems& problems) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    problems.count(Kind::utf_16);
  } else if (bytes.find('\0') != std::string_view::npos) {
    problems.count(Kind::binary_file);
  } else if (bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos) {
    problems.count(Kind::empty_file);
  } else {
    return true;
  }
  return false;
}

std::optional<std::string> decoded(const CsvCell& cell, Encoding encoding) {
  std::string single;
  std::string_view text = cell.text;
  if (cell.doubled) text = single = undoubled(text);
  text = without_spaces(text);
  return encoding == Encoding::windows_1252 ? from_windows_1252(text) : std::optional<std::string>(text);
}

DataPlace place_of(const CsvRecord& record, std::int64_t row, const char* at, std::string_view cell,
                   Encoding encoding) {
  const std::string_view source = record.source;
  std::string_view before = source.substr(0, static_cast<std::size_t>(at - source.data()));
  const int lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  if (lines > 0) before.remove_prefix(before.rfind('\n') + 1);
  const std::size_t begin = static_cast<std::size_t>(before.data() - source.data());
  std::string_view line = source.substr(begin, source.find('\n', begin) - begin);
  while (line.ends_with('\r')) line.remove_suffix(1);
  // Far into a very long line, the piece around the place is kept: the message cuts it there in any case.
  const std::string ahead = as_utf_8(before, encoding);
  const auto characters =
      std::count_if(ahead.begin(), ahead.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  DataPlace place;
  place.row = row;
  place.line = record.line + lines;
  place.column = static_cast<int>(characters) + 1;
  place.text = cut(as_utf_8(cell.substr(0, cell.find_first_of("\r\n")), encoding), most_of_cell);
  place.source = before.size() < most_of_line ? std::string(cut(as_utf_8(line, encoding), 2 * most_of_line)) : "";
  return place;
}

std::vector<std::string> read_header(const CsvRecord& record, const std::vector<CsvCell>& cells, Encoding encoding,
                                     DataProblems& problems) {
  std::vector<std::string> names;
  for (const CsvCell& cell : cells) {
    const auto place = [&] { return place_of(record, 0, cell.text.data(), cell.text, encoding); };
    const auto name = decoded(cell, encoding);
    if (!name) problems.add(Kind::undecodable, fmt::format("column {}", names.size() + 1), place);
    names.push_back(name.value_or(""));
    if (!names.back().empty() && std::count(names.begin(), names.end(), names.back()) == 2)
      problems.add(Kind::column_twice, names.back(), place);
  }
  if (holds_values(names))
    problems.add(Kind::header_of_values, "",
                 [&] { return place_of(record, 0, cells.front().text.data(), cells.front().text, encoding); });
  return names;
}

bool holds_values(const std::vector<std::string>& names) {
  const auto count = [&](const auto& what) { return std::count_if(names.begin(), names.end(), what); };
  const auto named = count([](const std::string& name) { return !name.empty(); });
  return named > 0 && count(is_value) == named;
}

std::string delimiter_words(char delimiter) {
  switch (delimiter) {
    case ',':
      return "commas";
    case ';':
      return "semicolons";
    case '\t':
      return "tabs";
    default:
      return fmt::format("'{}'", delimiter);
  }
}

bool check_division(const Division& division, DataProblems& problems) {
  if (division.others.empty()) return true;
  std::vector<std::string> marks{delimiter_words(division.delimiter)};
  for (const char other : division.others) marks.push_back(delimiter_words(other));
  problems.count(Kind::unclear_delimiter).hint =
      fmt::format("declare which stand between cells: {}", listed(marks, "or"));
  return false;
}

}  // namespace desist
