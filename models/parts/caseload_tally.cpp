#include "models/parts/caseload_tally.hpp"

namespace desist {

void CaseloadTally::begin(const CaseloadServicePlan& plan) {
  WaitingTally::begin(plan.waiting);
  week = 0;
  completed = effective = dropped_out = ended_client_weeks = client_weeks = slot_weeks = worker_weeks = 0;
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  for (std::vector<double>* series : {&started, &clients, &at_work}) series->assign(weeks, 0.0);
}

void CaseloadTally::week_ended(int ended, const CaseloadWeek& service) {
  const auto at = static_cast<std::size_t>(ended);
  week = at + 1;
  if (at >= started.size()) return;
  clients[at] = service.clients;
  at_work[at] = service.at_work;
  client_weeks = service.client_weeks;
  slot_weeks += service.slots;
  worker_weeks += service.at_work;
}

}  // namespace desist
