#include "models/parts/caseload_tally.hpp"

namespace desist {

void CaseloadTally::begin(const CaseloadPlan& plan) {
  WaitingTally::begin(plan.waiting);
  end = plan.waiting.end;
  completed = effective = dropped_out = ended_client_weeks = client_weeks = slot_weeks = worker_weeks = 0;
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  for (std::vector<double>* series : {&started, &clients, &at_work}) series->assign(weeks, 0.0);
}

void CaseloadTally::week_ended(int week, const CaseloadWeek& service) {
  if (week >= end) return;
  const auto at = static_cast<std::size_t>(week);
  clients[at] = service.clients;
  at_work[at] = service.at_work;
  client_weeks = service.client_weeks;
  slot_weeks += service.slots;
  worker_weeks += service.at_work;
}

}  // namespace desist
