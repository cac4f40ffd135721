#include "models/parts/casework.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/parts/casework_run.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

/// Cases by routes.
class CaseworkReferred {
 public:
  static constexpr std::uint64_t starting_ids = 0;  // those of cases referred later are above 2^24

  CaseworkReferred(const CaseworkPlan& plan, const Streams& streams) : demand_(plan.demand, streams) {}
  void draw_week(std::vector<Referral>& referrals, double announced_wait) {
    demand_.draw_week(referrals, announced_wait);
  }
  void start(const Referral&, double) const {}
  void leave(const Referral&, double) const {}

 private:
  Demand demand_;
};

}  // namespace

void CaseworkTally::begin(const CaseworkPlan& plan) {
  plan_ = &plan;
  waits.begin(plan.waiting);
  classes.assign(plan.classes.size(), {});
  outstanding.assign(static_cast<std::size_t>(plan.waiting.backlog_weeks) + 2, 0.0);
  overdue.assign(outstanding.size(), 0.0);
  hours_outstanding.clear();
  turnaround = hours_referred = hours_worked = hours_offered = finished_in_window = 0;
  all_hours_referred = all_hours_worked = all_hours_gone = gone_in_window = 0;
  asked_for_unfinished_ = 0;
}

void CaseworkTally::referred(const CaseworkRecord& each) {
  all_hours_referred += each.hours;
  if (each.referred < 0) return;
  if (each.referred < plan_->waiting.asked_until) ++asked_for_unfinished_;
  if (each.referred < plan_->waiting.end) {
    hours_referred += each.hours;
    classes[each.kind].referred += 1;
  }
}

void CaseworkTally::count(const CaseworkRecord& each, double until) {
  const auto last = static_cast<double>(outstanding.size() - 1);
  const double due = each.referred + plan_->classes[each.kind].due;
  outstanding[week_end(std::min(each.referred, last))] += 1;
  outstanding[week_end(std::min(until, last))] -= 1;
  if (until > due) {
    overdue[week_end(std::min(due, last))] += 1;
    overdue[week_end(std::min(until, last))] -= 1;
  }
}

void CaseworkTally::finished(const CaseworkRecord& each) {
  count(each, each.finished);
  const double took = each.finished - each.referred;
  if (each.finished < plan_->waiting.end) finished_in_window += 1;
  if (each.referred < 0) return;
  if (each.referred < plan_->waiting.asked_until) --asked_for_unfinished_;
  if (each.referred < plan_->waiting.end) {
    turnaround += took;
    if (took <= plan_->classes[each.kind].due + same_instant) classes[each.kind].on_time += 1;
  }
}

void CaseworkTally::gone(const CaseworkRecord& each) {
  waits.gave_up(each.referred, each.leaves);
  count(each, each.leaves);
  all_hours_gone += each.hours;
  if (each.referred < 0) return;
  if (each.referred < plan_->waiting.asked_until) --asked_for_unfinished_;
  if (each.referred < plan_->waiting.end) gone_in_window += 1;
}

void CaseworkTally::unfinished(const CaseworkRecord& each, double now) {
  count(each, never);
  if (each.referred >= 0 && each.referred < plan_->waiting.end) turnaround += now - each.referred;
}

void CaseworkTally::week_ended(int week, double offered, double worked) {
  all_hours_worked += worked;
  if (week >= plan_->waiting.weeks) return;
  hours_offered += offered;
  hours_worked += worked;
  hours_outstanding.push_back(std::max(0.0, all_hours_referred - all_hours_worked - all_hours_gone));
}

void CaseworkTally::end() {
  for (auto* numbers : {&outstanding, &overdue}) {
    double now = 0;
    for (double& number : *numbers) number = now += number;
  }
}

void run_casework(const CaseworkPlan& plan, const Streams& streams, CaseworkTally& tally,
                  std::vector<CaseworkRecord>* log) {
  thread_local CaseworkDesk desk;
  CaseworkReferred cases(plan, streams);
  CaseworkRun(plan, streams, cases, desk, tally, log).run();
}

}  // namespace desist
