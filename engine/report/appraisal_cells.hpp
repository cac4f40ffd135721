// Cells and tables that the parts of the page's section on money share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/report/html.hpp"
#include "engine/report/report_input.hpp"

namespace desist::page {

using WorthRows = std::vector<std::vector<html::TableCell>>;

std::string worth_heading(const std::string& text);

/// An arm in a row of a table: by its short label, where the file gives one.
html::TableCell arm_cell(const ReportInput& input, std::size_t arm);
html::TableCell pound_cell(const DrawnAmount& amount);
html::TableCell pound_range(const DrawnAmount& amount);
html::TableCell pound_error(double error);
std::string ratio_cell(const std::optional<DrawnAmount>& ratio);

/// A table without its column "Arm" where only one is compared: its name stands above.
std::string arms_table(const ReportInput& input, const std::string& caption, std::vector<std::string> headers,
                       WorthRows rows);

// What is asked beside the money itself; each empty where there is nothing to say.
std::string switching_part(const ReportInput& input);
std::string variance_part(const ReportInput& input);
std::string averted_part(const ReportInput& input);
std::string acceptability_part(const ReportInput& input);
std::string break_even_part(const ReportInput& input);
std::string portfolio_part(const ReportInput& input);
std::string information_part(const ReportInput& input);

}  // namespace desist::page
