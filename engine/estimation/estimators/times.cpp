#include "engine/estimation/estimators/times.hpp"

#include <algorithm>

namespace desist {
namespace {

std::vector<std::string> columns_with(const AnalysisInput& input, std::vector<std::string> columns) {
  const PersonOutcome& outcome = *input.outcome;
  columns.insert(columns.end(), {input.study.arm, outcome.column, outcome.event, outcome.entry});
  return columns;
}

}  // namespace

Times::Times(const AnalysisInput& input, std::vector<std::string> columns, bool all_causes)
    : rows(input.study, columns_with(input, std::move(columns))) {
  const PersonOutcome& outcome = *input.outcome;
  stop = rows.values(outcome.column);
  if (!outcome.entry.empty()) start = rows.values(outcome.entry);
  event = event_codes(input.study, outcome, rows);
  arm = rows.arms();
  causes = {outcome.cause.empty() ? outcome.label : outcome.cause};
  if (!all_causes) {
    for (int& code : event) code = code == 1 ? 1 : 0;
  } else if (!outcome.cause.empty()) {
    for (const std::string& level : input.study.people.column(outcome.event).levels.copy())
      if (level != outcome.cause && level != outcome.censored) causes.push_back(level);
  }
}

statistics::FollowUp Times::follow_up() const {
  return {{stop.data(), static_cast<std::size_t>(stop.size())},
          event,
          {start.data(), static_cast<std::size_t>(start.size())}};
}

std::string arm_name(const PersonStudy& study, std::size_t arm) {
  return study.arms.empty() ? "everyone" : study.arms[arm];
}

int arm_count(const PersonStudy& study) { return std::max(1, static_cast<int>(study.arms.size())); }

AnalysisResult begun(const AnalysisInput& input, const Times& times) {
  AnalysisResult result;
  name_estimand(input.study, result);
  if (!times.rows.note().empty()) result.notes.push_back(times.rows.note());
  const auto events = std::count(times.event.begin(), times.event.end(), 1);
  result.facts = {{"people", static_cast<double>(times.rows.size())}, {"events", static_cast<double>(events)}};
  return result;
}

EffectRow row_of_arm(const std::string& arm, const std::string& measure, const std::string& unit, double estimate) {
  EffectRow row;
  row.term = arm;
  row.measure = measure;
  row.unit = unit;
  row.estimate = estimate;
  return row;
}

}  // namespace desist
