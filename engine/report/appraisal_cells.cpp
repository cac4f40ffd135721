#include "engine/report/appraisal_cells.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {

using html::number;
using html::words;

std::string worth_heading(const std::string& text) { return html::element("h3", text); }

html::TableCell arm_cell(const ReportInput& input, std::size_t arm) {
  return words(upper_first(short_appraised_arm(input, arm)));
}

html::TableCell pound_cell(const DrawnAmount& amount) { return number(money(amount.mean, amount.mc_error)); }

html::TableCell pound_range(const DrawnAmount& amount) {
  if (std::isnan(amount.low) || std::isnan(amount.high)) return number("");
  return number(money_range(amount.low, amount.high, amount.mc_error));
}

html::TableCell pound_error(double error) {
  return number(std::isnan(error) ? ""
                : error == 0      ? "none"
                                  : money(error, std::pow(10, std::floor(std::log10(error)))));
}

std::string ratio_cell(const std::optional<DrawnAmount>& ratio) {
  return ratio && !std::isnan(ratio->mean) ? money_with_range(*ratio) : "";
}

std::string arms_table(const ReportInput& input, const std::string& caption, std::vector<std::string> headers,
                       WorthRows rows) {
  const auto arm = std::find(headers.begin(), headers.end(), "Arm");
  const std::ptrdiff_t column = arm - headers.begin();
  const auto is_first = [&](const std::vector<html::TableCell>& row) {
    return row.at(static_cast<std::size_t>(column)).html == rows.front().at(static_cast<std::size_t>(column)).html;
  };
  if (input.appraised.arm_names.size() == 2 && arm != headers.end() &&
      std::all_of(rows.begin(), rows.end(), is_first)) {
    headers.erase(arm);
    for (std::vector<html::TableCell>& row : rows) row.erase(row.begin() + column);
  }
  return html::table(caption, headers, rows);
}

}  // namespace desist::page
