#include "engine/program/evidence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/word_table.hpp"

namespace desist {
// The columns of a table of evidence, some of which have had another name.
struct EvidenceColumns {
  explicit EvidenceColumns(const WordTable& table)
      : id(table.column("id")),
        quantity(table.column("quantity")),
        group(either(table, "arm_or_group", "population")),
        period(either(table, "period", "period_or_price_base")),
        unit(table.column("unit")),
        printed(table.column("verbatim_number_as_printed")),
        source(table.column("source_title")),
        seed_file(table.column("seed_file")),
        place(either(table, "paragraph_or_table", "table_or_place")),
        note(table.column("note")),
        verification(table.column("verification")),
        values{table.column("value"), table.column("low"), table.column("high")} {}

  WordTable::Place id, quantity;
  std::array<WordTable::Place, 2> group, period;
  WordTable::Place unit, printed, source, seed_file;
  std::array<WordTable::Place, 2> place;
  WordTable::Place note, verification;
  std::array<WordTable::Place, 3> values;

 private:
  static std::array<WordTable::Place, 2> either(const WordTable& table, std::string_view one, std::string_view other) {
    return {table.column(one), table.column(other)};
  }
};

namespace {

bool digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string_view first_word(const WordTable& table, std::size_t row, const std::array<WordTable::Place, 2>& places) {
  const std::string_view first = table.word(row, places[0]);
  return first.empty() ? table.word(row, places[1]) : first;
}

EvidenceRecord record_of(const WordTable& table, const EvidenceColumns& columns, std::size_t i) {
  EvidenceRecord record;
  const auto word = [&](WordTable::Place column) { return std::string(table.word(i, column)); };
  const auto either = [&](const std::array<WordTable::Place, 2>& places) {
    return std::string(first_word(table, i, places));
  };
  EvidenceRow& row = record.row;
  row.id = word(columns.id);
  row.quantity = word(columns.quantity);
  row.group = either(columns.group);
  row.period = either(columns.period);
  row.unit = word(columns.unit);
  row.printed = word(columns.printed);
  row.source = either({columns.source, columns.seed_file});
  row.place = either(columns.place);
  row.note = word(columns.note);
  row.verification = word(columns.verification);
  for (const WordTable::Place value : columns.values)
    if (!table.word(i, value).empty()) record.values.push_back(word(value));
  if (row.printed.empty() && !record.values.empty()) row.printed = record.values.front();
  return record;
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

struct EvidenceLibrary::File {
  WordTable table;
  EvidenceColumns columns;
  std::size_t directory = 0;  // the how-manieth that was added
};

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
  for (const std::string& path : paths) documents(path) ? add_titles(path, found) : add_file(path, found);
}

void EvidenceLibrary::add_titles(const std::string& path, Diagnostics& found) {
  const auto table = WordTable::open(path, "documents", {"file", "title"}, found);
  if (!table) return;
  const WordTable::Place file = table->column("file"), title = table->column("title");
  for (std::size_t i = 0; i < table->rows(); ++i) titles_[std::string(table->word(i, file))] = table->word(i, title);
}

void EvidenceLibrary::add_file(const std::string& path, Diagnostics& found) {
  auto read = WordTable::open(path, "evidence", {"id", "quantity", "value", "unit"}, found);
  if (!read) return;
  const EvidenceColumns columns(*read);
  const auto file = std::make_shared<const File>(File{std::move(*read), columns, directories_.size()});
  files_.push_back(file);
  const WordTable& table = file->table;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string_view id = table.word(i, columns.id);
    if (id.empty()) {
      table.wrong(i, "this row has no id", "figures name it", "give it one", found);
      continue;
    }
    const auto [before, is_new] = rows_.emplace(id, Row{file.get(), i});
    if (is_new) {
      ids_.emplace_back(id);
      continue;
    }
    const File& other = *before->second.file;
    if (other.directory != file->directory) continue;  // the directory that was added first prevails
    const bool same_file = &other == file.get();
    Diagnostic twice{table.file(),
                     table.place_of(i, id.size()),
                     fmt::format("evidence id '{}' is given twice", id),
                     same_file ? "" : fmt::format("first in {}", other.table.file()->shown_as),
                     "give each row an id of its own",
                     {}};
    if (same_file) twice.notes.push_back({table.place_of(before->second.row, id.size()), "first given here"});
    found.add(std::move(twice));
  }
}

const EvidenceRecord* EvidenceLibrary::find(const std::string& id) const {
  const auto at = rows_.find(id);
  if (at == rows_.end()) return nullptr;
  const auto [record, is_new] = records_.try_emplace(id);
  if (is_new) {
    const File& file = *at->second.file;
    record->second = record_of(file.table, file.columns, at->second.row);
    std::string& source = record->second.row.source;
    if (const auto title = titles_.find(source); title != titles_.end()) source = title->second;
  }
  return &record->second;
}

}  // namespace desist
