// Sections of the report page, each as HTML; empty where there is nothing to say.
#pragma once

#include <string>
#include <vector>

#include "engine/report/documents.hpp"

namespace desist::page {

std::string answer_section(const ReportInput& input);
std::string appraisal_section(const ReportInput& input);            // money: costs, gains, chance, information
std::string results_section(const ReportInput& input);              // tables of a study or a projection
std::string people_section(const ReportInput& input);               // flow, table 1, outcomes by arm, analyses
std::string selection_html(const AnalysisResult& analysis);         // the mechanism behind completers
std::string funnel_section(const ReportInput& input);               // steps by column, changes
std::vector<std::string> people_methods(const ReportInput& input);  // HTML, a sentence or two each
std::vector<std::string> appraisal_methods(const ReportInput& input);
std::string forecast_section(const ReportInput& input);       // counted, forecast, tried on what is known
std::string calibration_section(const ReportInput& input);    // what targets say of parameters
std::string best_section(const ReportInput& input);           // the leading arm against each other
std::string needs_section(const ReportInput& input);          // levels tried and found
std::string sums_section(const ReportInput& input);           // arithmetic sentences, step by step
std::string placebo_section(const ReportInput& input);        // what a programme that does nothing shows
std::string levels_section(const ReportInput& input);         // what each level buys
std::string decomposition_section(const ReportInput& input);  // parts of a fall
std::string trials_section(const ReportInput& input);         // virtual trials by size
std::string audit_section(const ReportInput& input);          // arithmetic, with room for the owner's reply
std::string claims_section(const ReportInput& input);
std::string decides_section(const ReportInput& input);  // shares of the spread
std::string limits_section(const ReportInput& input);   // what can't be said, what to ask for
std::string sources_section(const ReportInput& input);
std::string methods_section(const ReportInput& input);
std::string reproduce_section(const ReportInput& input);

std::string figure_html(const Figure& figure, const PagePictures& pictures, std::size_t number);

}  // namespace desist::page
