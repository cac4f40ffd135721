// What each column of a file could be, judged by all of its cells.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "engine/core/date.hpp"
#include "engine/core/text.hpp"
#include "engine/data/csv_cells.hpp"
#include "engine/data/csv_file.hpp"
#include "engine/data/csv_header.hpp"
#include "engine/data/interner.hpp"

namespace desist {
namespace {

constexpr std::size_t most_levels = 20;  // of a category; more is taken for a text, which is said

// What the cells of a column allow so far.
class Evidence {
 public:
  /// The user's own levels are levels, whatever they look like.
  void name_levels(const std::vector<std::string>& levels) { named_ = levels; }

  void look(const std::string& text, bool quoted, bool comma_divides) {
    if (text.empty()) {
      ++empty_;
      return;
    }
    if (looks_missing(text) && std::find(named_.begin(), named_.end(), text) == named_.end()) {
      ++codes_[text];
      return;
    }
    ++cells_;
    if (number_) {
      const ReadCell read = read_number_cell(text, {'.', false, false, quoted, comma_divides, "\xC2\xA3"});
      number_ = !read.problem;
      whole_ =
          whole_ && number_ && !read_number_cell(text, {'.', false, true, quoted, comma_divides, "\xC2\xA3"}).problem;
      pounds_ = pounds_ || text.find("\xC2\xA3") != std::string::npos;
      range(read);
    }
    if (iso_) range(dates(text, DateForm::iso, iso_));
    if (uk_) {
      range(dates(text, DateForm::uk, uk_));
      month_first_ = month_first_ && uk_ && Date{static_cast<int>(last_)}.day() <= 12;
    }
    yes_no_ = yes_no_ && !read_yes_no_cell(text).problem;
    if (levels_.texts().size() <= most_levels) levels_.number(text);
  }

  /// The column's declaration, and why.
  DeclaredColumn declared(const std::string& name, std::string& reason) const {
    DeclaredColumn column;
    column.name = name;
    std::string taken;
    if (cells_ == 0) {
      column.type = ColumnType::text;
      taken = "a text: no cell says what it is";
    } else if (yes_no_ && levels_.texts().size() <= 2) {
      column.type = ColumnType::yes_no;
      taken = "yes or no: " + listed(quoted_levels());
    } else if (number_) {
      column.type = whole_ ? ColumnType::integer : ColumnType::number;
      if (pounds_) column.unit = "\xC2\xA3";
      taken = fmt::format("a {}: {} to {}{}", whole_ ? "whole number" : "number", shortest(low_), shortest(high_),
                          pounds_ ? ", in pounds" : "");
    } else if (iso_ || uk_) {
      column.type = ColumnType::date;
      column.date_form = iso_ ? DateForm::iso : DateForm::uk;
      taken = fmt::format("a{} date: {} to {}", iso_ ? "n ISO" : " UK", Date{static_cast<int>(low_)}.iso(),
                          Date{static_cast<int>(high_)}.iso());
      if (uk_ && month_first_) taken += "; the month could stand first as well, for no day is above 12";
    } else if (levels_.texts().size() <= most_levels && levels_.texts().size() < cells_) {
      column.type = ColumnType::category;
      column.levels = levels_.texts().copy();
      std::sort(column.levels.begin(), column.levels.end());
      std::vector<std::string> shown = quoted_levels();
      taken = fmt::format("a category of {}: {}", shown.size(), listed(shown));
    } else {
      column.type = ColumnType::text;
      taken = "a text";
    }
    std::vector<std::string> more;
    if (empty_ > 0) more.push_back(fmt::format("{} {} empty", empty_, empty_ == 1 ? "cell is" : "cells are"));
    for (const auto& [code, count] : codes_) {
      column.missing.push_back(code);
      more.push_back(fmt::format("'{}' ({} {}) is taken for missing", code, count, count == 1 ? "cell" : "cells"));
    }
    reason = fmt::format("'{}' is taken as {}", name, taken);
    for (const std::string& each : more) reason += "; " + each;
    return column;
  }

 private:
  ReadCell dates(const std::string& text, DateForm form, bool& possible) {
    const ReadCell read = read_date_cell(text, form);
    possible = !read.problem;
    return read;
  }
  void range(const ReadCell& read) {
    if (read.problem) return;
    low_ = ranged_ ? std::min(low_, read.value) : read.value;
    high_ = ranged_ ? std::max(high_, read.value) : read.value;
    last_ = read.value;
    ranged_ = true;
  }
  std::vector<std::string> quoted_levels() const {
    std::vector<std::string> all = levels_.texts().copy();
    std::sort(all.begin(), all.end());
    for (std::string& each : all) each = '\'' + each + '\'';
    return all;
  }

  bool number_ = true, whole_ = true, iso_ = true, uk_ = true, yes_no_ = true;
  bool month_first_ = true, ranged_ = false, pounds_ = false;
  std::size_t cells_ = 0, empty_ = 0;
  double low_ = 0, high_ = 0, last_ = 0;
  std::map<std::string, std::size_t> codes_;
  Interner levels_;
  std::vector<std::string> named_;
};

}  // namespace

ProposedDeclaration propose_declaration(std::string_view bytes, const NamedLevels& named) {
  ProposedDeclaration proposed;
  DataProblems problems;
  if (is_readable_text(bytes, problems)) {
    const Division division = division_of(bytes, {});
    check_division(division, problems);
    const Encoding encoding = encoding_of(bytes);
    CsvRecords records(bytes.substr(division.begin), division.delimiter, division.line_end,
                       division.named_in_file ? 1 : 0);
    std::vector<CsvCell> cells;
    records.next(cells);
    const std::vector<std::string> header = read_header(records.record(), cells, encoding, problems);
    std::vector<Evidence> evidence(header.size());
    for (std::size_t i = 0; i < header.size(); ++i)
      if (const auto levels = named.find(header[i]); levels != named.end()) evidence[i].name_levels(levels->second);
    while (records.next(cells)) {
      for (std::size_t i = 0; i < std::min(cells.size(), header.size()); ++i)
        evidence[i].look(decoded(cells[i], encoding).value_or("?"), cells[i].quoted, division.delimiter == ',');
    }
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i].empty()) continue;  // a column without a name is not used, which the reader says
      std::string reason;
      proposed.declaration.columns.push_back(evidence[i].declared(header[i], reason));
      proposed.reasons.push_back(reason);
    }
    proposed.declaration.delimiter = division.delimiter;
  }
  proposed.problems = problems.take();
  return proposed;
}

}  // namespace desist
