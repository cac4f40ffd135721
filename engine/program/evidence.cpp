#include "engine/program/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "engine/core/table.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

bool digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string word_of(const Table& table, std::size_t row, std::string_view column) {
  for (std::size_t i = 0; i < table.columns().size(); ++i)
    if (table.columns()[i].name == column)
      if (const auto* word = std::get_if<std::string>(&table.row(row)[i])) return *word;
  return "";
}

std::string first_of(const Table& table, std::size_t row, std::initializer_list<std::string_view> columns) {
  for (const std::string_view column : columns)
    if (std::string word = word_of(table, row, column); !word.empty()) return word;
  return "";
}

// The line on which an id begins a row; 0 where it can't be told. `from`: the line above the first one looked at.
SourceSpan place_of(const SourceFile& file, const std::string& id, int from) {
  std::string_view rest = file.text;
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string_view here = rest.substr(0, end);
    if (line > from && (here.starts_with(id + ",") || here.starts_with("\"" + id + "\",")))
      return {line, 1, static_cast<int>(id.size())};
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

// Unit costs, deflators and discount rates lie beside the evidence and have columns of their own: appraisals read them.
const std::set<std::string> money_tables{"deflators.csv", "discount_rates.csv", "unit_costs.csv"};

}  // namespace

std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!digit(text[i])) continue;
    std::string number;
    for (; i < text.size(); ++i) {
      const bool between = i + 1 < text.size() && digit(text[i + 1]);
      const bool thousands = text[i] == ',' && between && i + 3 < text.size() && digit(text[i + 2]) &&
                             digit(text[i + 3]) && (i + 4 >= text.size() || !digit(text[i + 4]));
      if (digit(text[i]) || (text[i] == '.' && between && number.find('.') == std::string::npos))
        number += text[i];
      else if (!thousands)
        break;
    }
    numbers.push_back(number);
  }
  return numbers;
}

bool stands_in(const EvidenceRecord& record, std::string_view number, bool percent) {
  const auto wanted = read_number(number);
  if (!wanted) return false;
  for (const std::string& printed : numbers_in(record.row.printed))
    if (read_number(printed) == wanted) return true;
  const std::size_t point = number.find('.');
  const int decimals = point == std::string_view::npos ? 0 : static_cast<int>(number.size() - point - 1);
  const double scale = std::pow(10.0, decimals);
  for (const std::string& text : record.values) {
    const auto value = read_number(text);
    if (!value) continue;
    constexpr double slack = 1e-6;  // of decimal fractions held in binary
    if (std::fabs(std::fabs(*value) - *wanted) <= slack * *wanted) return true;
    if (!percent) continue;
    const double shown = std::fabs(*value) * 100 * scale;
    if (std::fabs(shown - *wanted * scale) <= 0.5 + slack) return true;
    if (std::fabs(std::floor(shown + slack) - *wanted * scale) <= slack) return true;
  }
  return false;
}

void EvidenceLibrary::add_directory(const std::string& directory, Diagnostics& found) {
  namespace fs = std::filesystem;
  std::error_code trouble;
  const fs::path place = fs::weakly_canonical(directory, trouble);
  if (trouble || !fs::is_directory(place, trouble)) return;
  if (std::find(directories_.begin(), directories_.end(), place.string()) != directories_.end()) return;
  directories_.push_back(place.string());
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(directory, trouble))
    if (entry.is_regular_file(trouble) && entry.path().extension() == ".csv" &&
        money_tables.count(entry.path().filename().string()) == 0)
      paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  const auto documents = [](const std::string& path) { return fs::path(path).filename() == "documents.csv"; };
  std::stable_partition(paths.begin(), paths.end(), documents);
  for (const std::string& path : paths) add_file(path, found);
}

void EvidenceLibrary::add_file(const std::string& path, Diagnostics& found) {
  auto file = std::make_shared<SourceFile>();
  file->shown_as = path;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  file->text = text.str();
  Table table;
  try {
    table = read_csv(file->text);
  } catch (const std::invalid_argument& problem) {
    found.add({file, {}, "is not a table of evidence", problem.what(), "", {}});
    return;
  }
  const auto has = [&](std::string_view name) {
    return std::any_of(table.columns().begin(), table.columns().end(), [&](const Column& c) { return c.name == name; });
  };
  if (std::filesystem::path(path).filename() == "documents.csv") {
    for (std::size_t i = 0; i < table.size(); ++i) titles_[word_of(table, i, "file")] = word_of(table, i, "title");
    return;
  }
  for (const std::string_view column : {"id", "quantity", "value", "unit"}) {
    if (has(column)) continue;
    found.add({file,
               {1, 1, 1},
               fmt::format("no column '{}' in this table of evidence", column),
               "",
               "every table of evidence has the columns id, quantity, value and unit",
               {}});
    return;
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    EvidenceRecord record;
    record.shown_as = path;
    record.directory = directories_.size();
    EvidenceRow& row = record.row;
    row.id = word_of(table, i, "id");
    row.quantity = word_of(table, i, "quantity");
    row.group = first_of(table, i, {"arm_or_group", "population"});
    row.period = first_of(table, i, {"period", "period_or_price_base"});
    row.unit = word_of(table, i, "unit");
    row.printed = first_of(table, i, {"verbatim_number_as_printed"});
    row.source = first_of(table, i, {"source_title", "seed_file"});
    if (const auto title = titles_.find(row.source); title != titles_.end()) row.source = title->second;
    row.place = first_of(table, i, {"paragraph_or_table", "table_or_place"});
    row.note = word_of(table, i, "note");
    row.verification = word_of(table, i, "verification");
    for (const std::string_view column : {"value", "low", "high"})
      if (std::string value = word_of(table, i, column); !value.empty()) record.values.push_back(std::move(value));
    if (row.printed.empty() && !record.values.empty()) row.printed = record.values.front();
    if (row.id.empty()) {
      found.add({file, {}, fmt::format("row {} has no id", i + 1), "", "give it one", {}});
      continue;
    }
    if (const auto before = records_.find(row.id); before != records_.end()) {
      if (before->second.directory != directories_.size()) continue;  // the directory that was added first prevails
      const bool same_file = before->second.shown_as == path;
      const SourceSpan first = same_file ? place_of(*file, row.id, 0) : SourceSpan{};
      Diagnostic twice{file,
                       place_of(*file, row.id, first.line),
                       fmt::format("evidence id '{}' is given twice", row.id),
                       same_file ? "" : fmt::format("first in {}", before->second.shown_as),
                       "give each row an id of its own",
                       {}};
      if (same_file) twice.notes.push_back({first, "first given here"});
      found.add(std::move(twice));
      continue;
    }
    ids_.push_back(row.id);
    records_.emplace(row.id, std::move(record));
  }
}

const EvidenceRecord* EvidenceLibrary::find(const std::string& id) const {
  const auto at = records_.find(id);
  return at == records_.end() ? nullptr : &at->second;
}

}  // namespace desist
