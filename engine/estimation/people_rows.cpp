#include "engine/estimation/people_rows.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

bool has_codes(const DataColumn& column) {
  return column.declared.type == ColumnType::category || column.declared.type == ColumnType::text;
}

}  // namespace

PeopleRows::PeopleRows(const PersonStudy& study, const std::vector<std::string>& columns) : study_(study) {
  std::vector<const DataColumn*> used;
  for (const std::string& name : columns) {
    if (name.empty()) continue;
    const DataColumn& column = study.people.column(name);
    if (std::find(used.begin(), used.end(), &column) == used.end()) used.push_back(&column);
  }
  std::vector<std::size_t> without(used.size(), 0);
  for (std::size_t row = 0; row < study.people.rows; ++row) {
    bool complete = true;
    for (std::size_t c = 0; c < used.size(); ++c) {
      if (used[c]->missing[row] == 0) continue;
      ++without[c];
      complete = false;
    }
    if (complete) rows_.push_back(row);
  }
  left_out_ = study.people.rows - rows_.size();
  if (left_out_ == 0) return;
  std::vector<std::string> parts;
  for (std::size_t c = 0; c < used.size(); ++c)
    if (without[c] > 0) parts.push_back(fmt::format("{} without '{}'", without[c], used[c]->declared.name));
  note_ = fmt::format("{} of {} rows are left out: {}", left_out_, study.people.rows, listed(parts));
}

Eigen::VectorXd PeopleRows::values(const std::string& name) const {
  const DataColumn& column = study_.people.column(name);
  Eigen::VectorXd result(static_cast<Eigen::Index>(size()));
  for (std::size_t i = 0; i < size(); ++i)
    result[static_cast<Eigen::Index>(i)] =
        has_codes(column) ? static_cast<double>(column.codes[rows_[i]]) : column.values[rows_[i]];
  return result;
}

std::vector<int> PeopleRows::codes(const std::string& name, std::vector<std::string>* levels) const {
  const DataColumn& column = study_.people.column(name);
  std::vector<int> result(size());
  if (has_codes(column)) {
    for (std::size_t i = 0; i < size(); ++i) result[i] = column.codes[rows_[i]];
    if (levels != nullptr) *levels = column.levels.copy();
    return result;
  }
  std::map<double, int> order;
  for (const std::size_t row : rows_) order.emplace(column.values[row], 0);
  int next = 0;
  for (auto& [value, code] : order) code = next++;
  for (std::size_t i = 0; i < size(); ++i) result[i] = order.at(column.values[rows_[i]]);
  if (levels != nullptr) {
    levels->clear();
    const bool yes_no = column.declared.type == ColumnType::yes_no;
    for (const auto& [value, code] : order) levels->push_back(yes_no ? (value > 0 ? "yes" : "no") : shortest(value));
  }
  return result;
}

std::vector<int> PeopleRows::strata(const std::vector<std::string>& columns) const {
  std::vector<std::vector<int>> of_row(size());
  for (const std::string& name : columns) {
    const std::vector<int> each = codes(name);
    for (std::size_t i = 0; i < size(); ++i) of_row[i].push_back(each[i]);
  }
  std::map<std::vector<int>, int> order;
  for (const auto& combination : of_row) order.emplace(combination, 0);
  int next = 0;
  for (auto& [combination, code] : order) code = next++;
  std::vector<int> result(size());
  for (std::size_t i = 0; i < size(); ++i) result[i] = order.at(of_row[i]);
  return result;
}

std::vector<int> PeopleRows::arms() const {
  if (study_.arm.empty()) return std::vector<int>(size(), 0);
  std::vector<std::string> levels;
  std::vector<int> result = codes(study_.arm, &levels);
  std::vector<int> place;
  for (const std::string& level : levels) {
    const auto at = std::find(study_.arms.begin(), study_.arms.end(), level);
    if (at == study_.arms.end()) throw std::logic_error("an arm that the study does not list: " + level);
    place.push_back(static_cast<int>(at - study_.arms.begin()));
  }
  for (int& code : result) code = place[static_cast<std::size_t>(code)];
  return result;
}

DesignMatrix PeopleRows::design(const std::vector<std::string>& covariates, bool intercept, bool with_arms) const {
  DesignMatrix result;
  std::vector<Eigen::VectorXd> columns;
  const auto n = static_cast<Eigen::Index>(size());
  if (intercept) {
    columns.push_back(Eigen::VectorXd::Ones(n));
    result.terms.emplace_back("(intercept)");
  }
  const auto indicator = [&](const std::vector<int>& codes, int level) {
    Eigen::VectorXd column(n);
    for (Eigen::Index i = 0; i < n; ++i) column[i] = codes[static_cast<std::size_t>(i)] == level ? 1 : 0;
    return column;
  };
  if (with_arms && !study_.arm.empty()) {
    const std::vector<int> arm = arms();
    for (std::size_t level = 1; level < study_.arms.size(); ++level) {
      result.of_arm.push_back(columns.size());
      columns.push_back(indicator(arm, static_cast<int>(level)));
      result.terms.push_back(study_.arms[level]);
    }
  }
  for (const std::string& name : covariates) {
    const DataColumn& column = study_.people.column(name);
    if (!has_codes(column)) {
      columns.push_back(values(name));
      result.terms.push_back(name);
      continue;
    }
    std::vector<std::string> levels;
    const std::vector<int> code = codes(name, &levels);
    bool reference = true;  // the first level that someone has
    for (std::size_t level = 0; level < levels.size(); ++level) {
      if (std::find(code.begin(), code.end(), static_cast<int>(level)) == code.end()) continue;
      if (!std::exchange(reference, false)) {
        columns.push_back(indicator(code, static_cast<int>(level)));
        result.terms.push_back(name + ": " + levels[level]);
      }
    }
  }
  result.x.resize(n, static_cast<Eigen::Index>(columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c) result.x.col(static_cast<Eigen::Index>(c)) = columns[c];
  return result;
}

}  // namespace desist
