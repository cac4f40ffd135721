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
  for (const PrintedAmount& amount : printed_figure(text).amounts) numbers.push_back(amount.digits);
  return numbers;
}

namespace {

bool is_same_size(double a, double b) {
  constexpr double slack = 1e-6;  // of decimal fractions held in binary
  return std::fabs(a - b) <= slack * std::fabs(b);
}

/// Whether the value column holds the amount: a share is a percentage over 100, rounded or cut to the printed decimals.
bool is_value(const std::string& text, const PrintedAmount& amount) {
  const auto value = read_number(text);
  if (!value || (amount.negative && !(*value < 0))) return false;
  const double size = std::fabs(*value);
  if (!amount.percent) return is_same_size(size, amount.size());
  constexpr double slack = 1e-6;
  const std::size_t point = amount.digits.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : amount.digits.size() - point - 1;
  const double scale = std::pow(10.0, static_cast<double>(decimals));
  const double shown = size * 100 * scale, wanted = amount.size() * scale;
  return std::fabs(shown - wanted) <= 0.5 + slack || std::fabs(std::floor(shown + slack) - wanted) <= slack;
}

bool stands_in(const EvidenceRecord& record, const PrintedAmount& amount) {
  const auto is_negative = [](const std::string& value) { return value.starts_with('-'); };
  const bool falls = std::any_of(record.values.begin(), record.values.end(), is_negative);
  const bool in_hundred = record.row.unit.find("per cent") != std::string::npos ||
                          record.row.unit.find("percent") != std::string::npos ||
                          record.row.unit.find('%') != std::string::npos;
  for (const PrintedAmount& printed : printed_figure(record.row.printed).amounts) {
    const bool is_signed = !amount.negative || printed.negative || falls;
    const bool is_share = printed.percent || in_hundred;
    if (is_signed && amount.percent == is_share && is_same_size(printed.size(), amount.size())) return true;
  }
  return std::any_of(record.values.begin(), record.values.end(),
                     [&](const std::string& value) { return is_value(value, amount); });
}

}  // namespace

Stands stands_in(const EvidenceRecord& record, const PrintedFigure& figure, const PrintedAmount& amount) {
  if (!stands_in(record, amount)) return Stands::no;
  const std::string side = printed_figure(record.row.printed).side;
  if (!side.empty() && !figure.side.empty() && side != figure.side) return Stands::no;
  const PrintedFigure unit = printed_unit(record.row.unit);
  const auto differ = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  return differ(figure.time, unit.time) || differ(figure.per, unit.per) ? Stands::in_another_unit : Stands::yes;
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
