// What one replicate of the conference leaves: sums over all conferences, by week.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/parts/conference_plan.hpp"

namespace desist {

/// Number of cases of one week, and the sum of their waits.
struct WaitSum {
  double cases = 0;
  double weeks = 0;  // waited, all together
  double waited_long = 0;
  double mean() const;  // NaN for no cases
  WaitSum& operator+=(const WaitSum& other) {
    cases += other.cases;
    weeks += other.weeks;
    waited_long += other.waited_long;
    return *this;
  }
};

/// The sums of one replicate. Kept from replicate to replicate for its memory: `begin` empties it.
///
/// Identity (Little 1961 on a finite path; verified by: conference_test): person_weeks is the integral of the number
/// waiting over the window, whichever form made it.
struct ConferenceTally {
  std::vector<double> left;          // cases waiting just after the latest meetings, at the end of week k (0: start)
  WaitSum of_referred;               // cases referred in the window
  WaitSum of_heard;                  // cases heard in the window
  bool waits_by_week = true;         // whether the next two are wanted; without them the count form is twice as fast
  std::vector<WaitSum> by_referral;  // by week of the window in which the case was referred
  std::vector<WaitSum> by_hearing;   // by week of the window in which it was heard
  std::vector<double> waits;         // of every case referred in the window; case form only
  double referred = 0;               // in the window, filtered out or not, returning cases included
  double turned_away = 0;            // of these, filtered out
  double heard = 0;                  // in the window
  double settled = 0;                // in the window, outside the meetings
  double gone = 0;                   // in the window, on their own: given cases only
  double waiting_at_end = 0;         // of the window, whether their list is closed or not
  double person_weeks = 0;           // waited within the window

  void begin(const ConferencePlan& plan);
  /// Adds what one conference left: at the start, then at each meeting as far as the plan keeps the backlog.
  void add_left(const ConferencePlan& plan, std::span<const std::int32_t> left_by_meeting);
  /// The backlog is at or below the limit at the end of week k and of the next 13 (mathematics.md 4.2).
  bool is_clear(const ConferencePlan& plan, int week) const;
};

}  // namespace desist
