#include "engine/data/people.hpp"

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/interner.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

std::string value_text(const DataColumn& column, std::size_t row) {
  if (!column.codes.empty()) return std::string(column.levels[static_cast<std::size_t>(column.codes[row])]);
  const double value = column.values[row];
  return column.declared.type == ColumnType::date ? Date{static_cast<int>(value)}.iso() : shortest(value);
}

void check_duplicates(const DataFile& file, const std::string& name, DataProblems& problems) {
  const DataColumn& column = file.column(name);
  Interner met;
  for (std::size_t row = 0; row < file.rows; ++row) {
    if (column.missing[row]) continue;
    const std::size_t before = met.texts().size();
    const std::string text = value_text(column, row);
    met.number(text);
    if (met.texts().size() == before) problems.add(Kind::duplicate_person, name, [&] { return row_place(row, text); });
  }
}

void check_order(const DataFile& file, const std::vector<std::string>& order, DataProblems& problems) {
  std::vector<const DataColumn*> columns;
  for (const std::string& name : order) columns.push_back(&file.column(name));
  for (std::size_t row = 0; row < file.rows; ++row) {
    const DataColumn* before = nullptr;
    for (const DataColumn* column : columns) {
      if (column->missing[row]) continue;
      if (before != nullptr && column->values[row] < before->values[row])
        problems.add(Kind::dates_out_of_order,
                     fmt::format("'{}' before '{}'", column->declared.name, before->declared.name),
                     [&] { return row_place(row, value_text(*column, row) + " before " + value_text(*before, row)); });
      before = column;
    }
  }
}

void check_range(const DataFile& file, const std::string& name, std::optional<double> low, std::optional<double> high,
                 DataProblems& problems) {
  const DataColumn& column = file.column(name);
  const auto shown = [&](double value) {
    return column.declared.type == ColumnType::date ? Date{static_cast<int>(value)}.iso() : shortest(value);
  };
  for (std::size_t row = 0; row < file.rows; ++row) {
    if (column.missing[row]) continue;
    const auto place = [&] { return row_place(row, value_text(column, row)); };
    const double value = column.values[row];
    if (low && value < *low) problems.add(Kind::out_of_range, fmt::format("'{}' below {}", name, shown(*low)), place);
    if (high && value > *high)
      problems.add(Kind::out_of_range, fmt::format("'{}' above {}", name, shown(*high)), place);
  }
}

std::optional<double> days_of(const std::optional<Date>& date) {
  return date ? std::optional<double>(date->days) : std::nullopt;
}

}  // namespace

std::vector<DataProblem> check_people(const DataFile& file, const PeopleRules& rules) {
  DataProblems problems;
  if (rules.person) check_duplicates(file, *rules.person, problems);
  check_order(file, rules.date_order, problems);
  for (const PeopleRules::Range& range : rules.ranges) check_range(file, range.column, range.low, range.high, problems);
  for (const PeopleRules::DateRange& range : rules.date_ranges)
    check_range(file, range.column, days_of(range.first), days_of(range.last), problems);
  return problems.take();
}

}  // namespace desist
