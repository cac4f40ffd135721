// What the figures of a study of people's rows share: which analyses, sources, keys of arms. Only figures include it.
#pragma once

#include <string>
#include <vector>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/people_words.hpp"

namespace desist::figure {

/// The analyses that a request names, else all, in the file's order; none that is withheld or refused.
std::vector<const AnalysisResult*> analyses_of(const ReportInput& input, const FigureRequest& request);

/// "Source: ..." of the study, else the documents behind the figures, else the data of the file.
std::string people_source(const ReportInput& input);

/// An arm's place among the study's, for its colour and dash.
std::size_t place_of(const PersonStudy& study, const std::string& arm);

/// A row of short lines with the arms' names, in their colours and dashes.
Json key_of_arms(const PersonStudy& study, const std::vector<std::string>& arms, double width);

/// {"field": "arm", ...} with the arms' colours or dashes as its range.
Json arm_channel(const PersonStudy& study, const std::vector<std::string>& arms, const char* property);

/// Ticks for ratios inside [low, high]: 1, 2 and 5, or finer where these are few.
std::vector<double> ratio_ticks(double low, double high);

/// The same text with a true minus sign before every negative number.
std::string with_minus_signs(std::string text);

}  // namespace desist::figure
