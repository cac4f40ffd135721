#include "engine/estimation/estimators/times.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"

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

bool is_known_at(const Times& times, std::size_t arm, double time) {
  double last = -1;
  bool ends_in_events = true;
  for (std::size_t i = 0; i < times.arm.size(); ++i) {
    if (times.arm[i] != static_cast<int>(arm)) continue;
    const double stop = times.stop[static_cast<Eigen::Index>(i)];
    if (stop > last) {
      last = stop;
      ends_in_events = true;
    }
    if (stop == last) ends_in_events = ends_in_events && times.event[i] > 0;
  }
  return last >= time || (last >= 0 && ends_in_events);
}

std::string time_in_words(double time, const PersonOutcome& outcome) {
  constexpr std::size_t long_number = 6;  // such as a year in weeks
  const std::string &unit = outcome.unit, exact = shortest(time);
  const std::string number = exact.size() > long_number ? about(time) : exact;
  return trimmed(fmt::format("{} {}", number, time == 1 || unit.empty() ? unit : plural(unit)));
}

EffectRow difference_by(const std::string& arm, const std::string& measure, const ShareBy& shares,
                        const Analysis& analysis) {
  const double error = std::hypot(shares.treated_error, shares.control_error);
  return difference_row(arm, measure, "share", shares.treated - shares.control, error > 0 ? error : std::nan(""),
                        analysis);
}

std::optional<std::string> unknown_at(const AnalysisInput& input, const Times& times, std::size_t arm, double time) {
  for (const std::size_t a : {arm, std::size_t{0}})
    if (!is_known_at(times, a, time))
      return fmt::format("Nobody of '{}' is followed to {}, so that no difference by then is known.",
                         arm_name(input.study, a), time_in_words(time, *input.outcome));
  return std::nullopt;
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
