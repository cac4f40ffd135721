#include "models/cohort_caseload.hpp"

#include <algorithm>
#include <array>

#include "engine/core/limits.hpp"
#include "engine/random/counts.hpp"
#include "models/parts/career_trace.hpp"
#include "models/parts/cohort_caseload_run.hpp"

namespace desist {
namespace {

/// How the waits of the people referred ended, in numbers of people.
void report(const CohortCaseloadSpace& space, CohortCaseload::Outcomes& outcomes) {
  using Wait = CareerCase::Wait;
  std::array<double, kinds_of_wait> people{};
  for (const CareerCase& person : space.people) people[static_cast<std::size_t>(person.wait)] += 1;
  const auto how = [&](Wait wait) { return people[static_cast<std::size_t>(wait)]; };
  outcomes.referred = static_cast<double>(space.people.size()) - how(Wait::not_referred);
  outcomes.people_referred = outcomes.referred;  // each comes once
  outcomes.share_again = outcomes.referred > 0 ? 0 : missing;
  outcomes.gave_up_waiting = how(Wait::gave_up);
  outcomes.custody_waiting = how(Wait::to_custody);
  outcomes.desisted_waiting = how(Wait::desisted);
  outcomes.died_waiting = how(Wait::died);
  outcomes.waiting_end = how(Wait::waits);
}

void report(const CaseloadServicePlan& plan, const CaseloadTally& tally, CohortCaseload::Outcomes& outcomes,
            CohortCaseload::Series& series) {
  tally.report(outcomes, series);
  double started = 0;
  for (const double of_week : tally.started) started += of_week;
  outcomes.clients_end = tally.clients.back();
  outcomes.utilisation = tally.slot_weeks > 0 ? tally.client_weeks / tally.slot_weeks : missing;
  outcomes.workers_at_work = tally.worker_weeks / plan.waiting.end;
  outcomes.cost_a_year =
      plan.posts * plan.cost_per_worker + started / (plan.waiting.end / weeks_per_year) * plan.cost_per_start;
  std::copy(tally.clients.begin(), tally.clients.end(), series.clients.begin());
  std::copy(tally.started.begin(), tally.started.end(), series.started.begin());
  std::copy(tally.at_work.begin(), tally.at_work.end(), series.at_work.begin());
}

}  // namespace

void CohortCaseload::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local CohortCaseloadTally cohort;
  thread_local CaseloadTally service;
  thread_local CohortCaseloadSpace space;
  service.begin(plan.service);
  CohortCaseloadRun(plan, streams, space).run(service, cohort);

  desist::report(plan.cohort, cohort, outcomes, series);
  report(plan.service, service, outcomes, series);
  report(space, outcomes);
  outcomes.years_waiting = cohort.weeks_waiting / weeks_per_year;
  outcomes.offences_waiting = cohort.offences_waiting;
  outcomes.recorded_waiting = cohort.recorded_waiting;
  if (cohort.unseen_waiting > 0) {
    const double u = uniform(streams.words(Purpose("offences not seen, waiting"), 0)[0]);
    outcomes.offences_waiting += static_cast<double>(poisson_by_search(u, cohort.unseen_waiting));
  }
}

std::vector<TraceLane> CohortCaseload::trace_lanes() { return CareerTrace::lanes(); }

std::vector<Trace> CohortCaseload::traces(const Bound& plan, const Streams& streams, std::size_t people) {
  CaseloadTally service;
  CohortCaseloadSpace space;
  service.begin(plan.service);
  return CohortCaseloadRun(plan, streams, space).traces(service, people);
}

}  // namespace desist
