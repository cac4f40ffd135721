// The tidy CSV tables of a run: one row an estimate, one a week and arm, one a cell, one a source.
#pragma once

#include <string>
#include <string_view>
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
Table decomposition_table(const ReportInput& input);          // parts of a fall
Table decomposition_draws_table(const ReportInput& input);    // the same in every draw, where there are replicates
Table decomposition_subsets_table(const ReportInput& input);  // the fall with each subset of mechanisms at work
Table levels_table(const ReportInput& input);                 // outcomes at the levels of sweeps
Table forecasts_table(const ReportInput& input);
Table best_table(const ReportInput& input);                          // the leading arm against each other
std::vector<NamedText> calibration_files(const ReportInput& input);  // of an experiment with targets
std::vector<NamedText> appraisal_files(const ReportInput& input);    // of an experiment with money
std::vector<NamedText> placebo_files(const ReportInput& input);      // of an experiment with printed falls
Table sums_table(const std::vector<Sum>& sums);
Table sources_table(const std::vector<FigureSource>& sources);

// A study
Table cells_table(const StudyResults& results);       // how each printed cell reads as a count
Table audit_table(const ReportInput& input);          // the arithmetic, a row a check; of funnels too
Table honesty_table(const StudyResults& results);     // every comparison of every outcome, with every number
Table shares_table(const StudyResults& results);      // of a described table: a group's share with an outcome
Table compliers_table(const StudyResults& results);   // effect in those who comply, with Fieller's limits
Table selection_table(const StudyResults& results);   // completers' risk if nothing worked
Table allocation_table(const StudyResults& results);  // sizes of the groups, and bounds for absent people
Table claims_table(const ReportInput& input);         // of studies and projections

// A study of people's rows, of several studies or of a design
Table effects_table(const PersonResults& results);                           // every number of every analysis
Table tests_table(const PersonResults& results);                             // of a whole: log-rank, heterogeneity
Table curves_table(const PersonStudy& study, const PersonResults& results);  // a row a step
Table covariances_table(const PersonResults& results);                       // of regressions' coefficients
Table facts_table(const PersonResults& results);                             // "people", "log-likelihood"
Table mechanism_table(const PersonResults& results);  // of selection, along the surface of equal shares
Table notes_table(const PersonResults& results);      // notes, refusals, what was withheld
Table summaries_table(const PersonStudy& study, const PersonResults& results);  // an outcome in an arm, no model
Table table1_table(const PersonStudy& study, const PersonResults& results);     // who was in each arm
Table flow_table(const PersonResults& results);                                 // from referral to analysis
Table studies_table(const PersonStudy& study);                                  // the results that are pooled
Table funnel_table(const PersonStudy& study, const PersonResults& results);     // a row a step and column
Table funnel_changes_table(const PersonStudy& study, const PersonResults& results);

/// "reproduced", "cannot be reproduced", "cannot be checked".
std::string verdict_name(AuditVerdict verdict);

/// "found", "already met", "nothing does", "any does", "not settled".
std::string_view verdict_word(NeedResult::Verdict verdict);

/// "settled", "settled within", "not settled".
std::string_view verdict_word(DecisionResult::Verdict verdict);

/// "evidence", "assumption", "choice", "study".
std::string_view kind_name(FigureSource::Kind kind);

/// Every table that has rows, as "estimates.csv", "series.csv", ...
std::vector<NamedText> csv_files(const ReportInput& input);

}  // namespace desist
