#include "models/caseload.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/date.hpp"
#include "engine/core/limits.hpp"
#include "models/parts/caseload_cases.hpp"
#include "models/parts/caseload_run.hpp"
#include "models/parts/caseload_tally.hpp"

namespace desist {

void Caseload::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local CaseloadTally tally;
  thread_local CaseloadSpace space;
  tally.begin(plan);
  CasesReferred cases(plan.demand, plan.support, streams);
  CaseloadRun(plan, streams, cases, space, tally).run();

  tally.report(outcomes, series);
  const double years = plan.waiting.end / weeks_per_year;
  double started = 0;
  for (const double of_week : tally.started) started += of_week;
  outcomes.clients_end = tally.clients.back();
  outcomes.utilisation = tally.slot_weeks > 0 ? tally.client_weeks / tally.slot_weeks : missing;
  outcomes.workers_at_work = tally.worker_weeks / plan.waiting.end;
  outcomes.load = tally.worker_weeks > 0 ? tally.client_weeks / tally.worker_weeks : missing;
  outcomes.completions_a_year = tally.completed / years;
  outcomes.effective_completions_a_year = tally.effective / years;
  outcomes.dropped_out_a_year = tally.dropped_out / years;
  outcomes.cost_a_year = plan.posts * plan.cost_per_worker + started / years * plan.cost_per_start;
  outcomes.cost_per_completion = tally.completed > 0 ? outcomes.cost_a_year / outcomes.completions_a_year : missing;
  std::copy(tally.clients.begin(), tally.clients.end(), series.clients.begin());
  std::copy(tally.started.begin(), tally.started.end(), series.started.begin());
  std::copy(tally.at_work.begin(), tally.at_work.end(), series.at_work.begin());
}

}  // namespace desist
