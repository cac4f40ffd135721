#include "models/pathway.hpp"

#include "engine/core/limits.hpp"
#include "models/parts/pathway_cases.hpp"

namespace desist {
namespace {

double mean_of(double sum, double number) { return number > 0 ? sum / number : missing; }

}  // namespace

void Pathway::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local WaitingTally tally;
  thread_local PathwayFlows flows;
  thread_local PathwayCases cases;
  cases.follow(plan, streams, tally, flows);
  tally.report(outcomes, series);
  const double weeks = plan.waiting.end;
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    const StageFlow& flow = flows.stages[s];
    outcomes.stage_wait[s] = mean_of(flow.waited, flow.stayed);
    outcomes.stage_wait_from_referral[s] = mean_of(flow.since_referral, flow.bound);
    outcomes.stage_gave_up[s] = mean_of(flow.gave_up, flow.came);
    outcomes.stage_backlog_end[s] = flow.waiting_at_end;
    outcomes.stage_backlog_mean[s] = flow.waiting_weeks / weeks;
    outcomes.stage_seen_a_week[s] = flow.seen / weeks;
    outcomes.stage_served_mean[s] = flow.busy_weeks / weeks;
    outcomes.stage_busy[s] = mean_of(flow.busy_weeks, plan.stages[s].server_weeks);
  }
  outcomes.completed_a_week = flows.completed / weeks;
  outcomes.returned_a_week = flows.returned / weeks;
  outcomes.cost_a_year = flows.cost / weeks * weeks_per_year;
}

}  // namespace desist
