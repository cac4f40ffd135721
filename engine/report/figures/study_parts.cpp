#include "engine/report/figures/study_parts.hpp"

#include <algorithm>
#include <cctype>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string StudyInFigures::label(const std::string& outcome) const {
  for (const StudyOutcome& each : study->outcomes) {
    if (each.name == outcome) return each.label;
  }
  return outcome;
}

StudyInFigures study_of(const ReportInput& input, const FigureRequest& request, OutcomesShown otherwise) {
  StudyInFigures shown;
  if (input.studies.empty() || input.study_results.studies.empty()) return shown;
  shown.study = &input.studies.front();
  shown.result = &input.study_results.studies.front();
  const auto wanted = [&](const StudyOutcome& outcome) {
    if (!request.outcomes.empty()) {
      return std::find(request.outcomes.begin(), request.outcomes.end(), outcome.name) != request.outcomes.end();
    }
    return !outcome.describe_only && (otherwise == OutcomesShown::all || outcome.headline);
  };
  for (const StudyOutcome& outcome : shown.study->outcomes) {
    const bool has_rows = std::any_of(shown.result->rows.begin(), shown.result->rows.end(),
                                      [&](const HonestyRow& row) { return row.outcome == outcome.name; }) ||
                          std::any_of(shown.result->shares.begin(), shown.result->shares.end(),
                                      [&](const GroupShare& share) { return share.outcome == outcome.name; });
    if (has_rows && wanted(outcome)) shown.outcomes.push_back(&outcome);
  }
  return shown;
}

std::string row_label(const HonestyRow& row) {
  if (row.stratum.empty() || lowered(row.comparison).find(lowered(row.stratum)) != std::string::npos) {
    return row.comparison;
  }
  return upper_first(row.stratum) + ": " + lower_first(row.comparison);
}

std::string study_source(const ReportInput& input, const Study& study) {
  if (study.source.empty()) return sources_in_words(input);
  return "Source: " + study.source + (study.source.ends_with('.') ? "" : ".");
}

}  // namespace desist::figure
