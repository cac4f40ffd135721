// The tidy CSV tables of a run: one row an estimate, one a week and arm, one a cell, one a source.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/core/table.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

/// A file of the results: its name and its text.
struct NamedText {
  std::string name;
  std::string text;
};

Table estimates_table(const EstimateTable& estimates);
Table series_table(const EstimateTable& estimates);
Table influence_table(const EstimateTable& estimates);
Table needs_table(const SearchResults& found, const std::vector<Need>& needs);
Table sources_table(const std::vector<FigureSource>& sources);
Table audit_table(const StudyResults& results);
Table honesty_table(const StudyResults& results);

/// Every table that has rows, as "estimates.csv", "series.csv", ...
std::vector<NamedText> csv_files(const ReportInput& input);

}  // namespace desist
