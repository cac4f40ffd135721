// What the figures of a study share: which study, outcomes and words.
#pragma once

#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist::figure {

enum class OutcomesShown { headline, all };

/// The study that is drawn, and its outcomes: those a request names, else the headlines or all with inference.
struct StudyInFigures {
  const Study* study = nullptr;
  const StudyResult* result = nullptr;
  std::vector<const StudyOutcome*> outcomes;
  std::string label(const std::string& outcome) const;
};
StudyInFigures study_of(const ReportInput& input, const FigureRequest& request, OutcomesShown otherwise);

/// The comparison's label, with its stratum where the label does not say it.
std::string row_label(const HonestyRow& row);

/// "Source: ..." of the study's table.
std::string study_source(const ReportInput& input, const Study& study);

}  // namespace desist::figure
