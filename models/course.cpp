#include "models/course.hpp"

#include <algorithm>

#include "engine/core/limits.hpp"

namespace desist {

void Course::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local CourseTally tally;
  run_course(plan, streams, tally);
  report(plan, tally, outcomes, series);
}

void Course::report(const Bound& plan, const CourseTally& tally, Outcomes& outcomes, Series& series) {
  tally.waiting.report(outcomes, series);

  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : missing; };
  const double years = plan.waiting.end / weeks_per_year;
  const double cost = plan.session_cost * (tally.held + plan.cancelled_cost * tally.cancelled);
  outcomes.lapsed = share(tally.lapsed, tally.referred);
  // The tally of waits knows only that they were not seen.
  if (tally.referred > 0) outcomes.gave_up = std::max(0.0, outcomes.gave_up - outcomes.lapsed);
  outcomes.sessions_a_year = tally.held / years;
  outcomes.cancelled = share(tally.cancelled, tally.held + tally.cancelled);
  outcomes.full = share(tally.full, tally.held);
  outcomes.group_size = share(tally.came, tally.held);
  outcomes.completions_a_year = tally.completed / years;
  outcomes.cost_a_year = cost / years;
  outcomes.cost_a_completion = share(cost, tally.completed);
}

}  // namespace desist
