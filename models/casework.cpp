#include "models/casework.hpp"

#include <limits>

#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"

namespace desist {
namespace {

void report_cases(const CaseworkPlan& plan, const CaseworkTally& tally, Casework::Outcomes& outcomes,
                  Casework::Series& series) {
  double referred = 0;
  outcomes.on_time = 1;
  for (std::size_t kind = 0; kind < tally.classes.size(); ++kind) {
    const CaseworkTally::OfClass& of = tally.classes[kind];
    referred += of.referred;
    outcomes.share_on_time[kind] = of.referred > 0 ? of.on_time / of.referred : missing;
    if (of.on_time < plan.waiting.wanted_share * of.referred) outcomes.on_time = 0;
  }
  const double stayed = referred - tally.gone_in_window;
  outcomes.mean_turnaround = stayed > 0 ? tally.turnaround / stayed : missing;
  for (std::size_t i = 0; i < plan.waiting.clear_weeks.size(); ++i) {
    const auto week = static_cast<std::size_t>(plan.waiting.clear_weeks[i]);
    outcomes.overdue_on[i] = tally.overdue[week];
    outcomes.outstanding_on[i] = tally.outstanding[week];
  }
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  outcomes.overdue_end = tally.overdue[weeks];
  outcomes.outstanding_end = tally.outstanding[weeks];
  for (std::size_t week = 0; week < weeks; ++week) {
    series.outstanding[week] = tally.outstanding[week + 1];
    series.overdue[week] = tally.overdue[week + 1];
    series.hours_outstanding[week] = tally.hours_outstanding[week];
  }
}

void report_hours(const CaseworkPlan& plan, const CaseworkTally& tally, Casework::Outcomes& outcomes) {
  const double weeks = plan.waiting.end;
  outcomes.finished_a_week = tally.finished_in_window / weeks;
  outcomes.hours_referred_a_week = tally.hours_referred / weeks;
  outcomes.hours_offered_a_week = tally.hours_offered / weeks;
  outcomes.hours_used_a_week = tally.hours_worked / weeks;
  outcomes.spare_hours_a_week = difference_of_sums(tally.hours_offered, tally.hours_worked) / weeks;
  outcomes.utilisation = tally.hours_offered > 0 ? tally.hours_worked / tally.hours_offered : missing;
}

}  // namespace

void Casework::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local CaseworkTally tally;
  run_casework(plan, streams, tally);
  report(plan, tally, outcomes, series);
}

void Casework::report(const Bound& plan, const CaseworkTally& tally, Outcomes& outcomes, Series& series) {
  tally.waits.report(outcomes, series);
  report_cases(plan, tally, outcomes, series);
  report_hours(plan, tally, outcomes);
}

}  // namespace desist
