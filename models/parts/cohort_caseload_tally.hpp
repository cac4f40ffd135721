// What is counted of a person of a joined cohort: the cohort's own measures on the calendar, and the wait apart.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/parts/cohort_tally.hpp"

namespace desist {

/// Hands a career on to the cohort's tally, from the person's own clock to the calendar, and counts what is done while
/// waiting. With arrival 0 the cohort's tally is told exactly what it would be told without a service.
class CohortCaseloadTally : public CohortTally {
 public:
  void start(const CareerPlan& plan, const CohortBreakdown& by) {
    plan_ = &plan;
    CohortTally::start(plan, by);
    offences_waiting = recorded_waiting = unseen_waiting = weeks_waiting = 0;
  }
  /// The next person arrives then, and waits from one moment to another, all on the calendar.
  void expect(double arrival, double own_end, double waits_from, double waits_until) {
    arrival_ = arrival;
    own_end_ = own_end;
    waits_from_ = waits_from;
    waits_until_ = waits_until;
  }

  void piece(CareerPiece piece) {
    piece.from = on_calendar(piece.from);
    piece.until = on_calendar(piece.until);
    CohortTally::piece(piece);
    const double from = std::max(piece.from, waits_from_);
    const double until = std::min(piece.until, waits_until_);
    if (from >= until) return;
    weeks_waiting += until - from;
    if (piece.rate == 0 || plan_->every_offence) return;
    const double season = plan_->season.upto(until) - plan_->season.upto(from);
    for (std::size_t j = 0; j < plan_->types; ++j)
      unseen_waiting += piece.rate * piece.mix[j] * (1 - piece.detected[j]) * piece.effect[j] * season;
  }
  void seen(SeenOffence offence) {
    offence.time = before_end(offence.time);
    for (double* time : {&offence.recorded, &offence.arrested, &offence.charged, &offence.convicted})
      *time = arrival_ + *time;
    CohortTally::seen(offence);
    if (!is_waiting(offence.time)) return;
    ++offences_waiting;
    if (offence.recorded < plan_->end) ++recorded_waiting;
  }
  void unseen(UnseenOffence offence) {
    offence.time = before_end(offence.time);
    CohortTally::unseen(offence);
    if (is_waiting(offence.time)) ++offences_waiting;
  }
  void phase_begins(double time, CareerPhase phase) { CohortTally::phase_begins(on_calendar(time), phase); }
  void ended(double time) { CohortTally::ended(on_calendar(time)); }

  double weeks_waiting = 0;     // alive, free or not
  double offences_waiting = 0;  // seen, and unseen ones where every one is recorded
  double recorded_waiting = 0;  // of those seen
  double unseen_waiting = 0;    // expected number, where unseen ones are counted in bulk

 private:
  double on_calendar(double own) const { return own >= own_end_ ? plan_->end : std::min(arrival_ + own, plan_->end); }
  double before_end(double own) const { return std::min(arrival_ + own, std::nextafter(plan_->end, 0.0)); }
  // An offence at the moment of referral is the one that led to it.
  bool is_waiting(double time) const { return time > waits_from_ && time < waits_until_; }

  const CareerPlan* plan_ = nullptr;
  double arrival_ = 0;
  double own_end_ = 0;
  double waits_from_ = 0;
  double waits_until_ = 0;
};

}  // namespace desist
