// A conference with its parameters bound: every table that one draw and arm needs, built once.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/events/meetings.hpp"
#include "engine/random/counts.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/conference.hpp"
#include "models/parts/conference_returns.hpp"

namespace desist {

/// Weeks for which the backlog must stay at or below the limit to count as clear (mathematics.md 4.2).
inline constexpr int weeks_of_staying_clear = 13;
/// Weeks after the window for which cases referred in it are followed; what is unheard then has waited "at least" so
/// long.
inline constexpr int weeks_followed = 156;

/// One meeting of every conference, held or not.
struct ConferenceMeeting {
  double time = 0;
  double list_closes = 0;  // cases referred by then can be heard
  int week = 0;            // week w holds the times in (w, w + 1]
  bool held = true;
};

/// A stretch of one week between neighbouring instants at which the count form must know who has come.
struct ReferralSlice {
  double from = 0;
  double length = 0;
  double share_of_rest = 1;     // of the week's new cases not yet placed; 1 in a week's last slice
  double share_of_returns = 1;  // of the cases that come back before the next meeting, likewise
  int week = 0;
  int meeting = 0;  // the next
};

/// How far past the window a run goes: until its cases are heard and its last backlog has stayed clear, or not at all.
enum class FollowUp { cases_and_backlog, none };

class ConferencePlan {
 public:
  ConferencePlan(const ConferenceParameters& parameters, const Window& window,
                 FollowUp follow_up = FollowUp::cases_and_backlog);

  int conferences;
  int weeks;          // of the window; simulated time 0 is its start
  int demand_weeks;   // weeks in which cases are referred
  int last_week;      // of the run, at most
  int backlog_weeks;  // weeks for which the backlog is kept: window, dates and staying clear
  double end;         // of the window, in weeks

  ConferenceParameters::Order order;
  std::vector<double> risk_levels;  // cumulative shares, highest first; empty: a risk of its own
  bool counts_only;
  double papers;
  bool draws_risk;  // whether each case has one: for its turn, or to be settled outside the meetings
  bool settles;     // any case outside the meetings
  double settled_after;
  ReturnLaw returns;
  double missed_by_filter;
  double long_wait;
  double harm_rate;      // a week of waiting
  double base_hearings;  // all conferences, a week, at the start: what "weeks of hearings" means throughout
  double clear_limit;    // cases
  std::vector<int> clear_weeks;

  double interval;  // meeting m is at (m + 1) interval
  std::vector<ConferenceMeeting> meetings;
  std::vector<std::int32_t> latest_meeting;  // how many meetings have been by the end of week k, up to backlog_weeks
  std::size_t meetings_in_window = 0;
  std::vector<int> capacity;          // of conference a at meeting m: [a * meetings.size() + m]
  bool meetings_vary;                 // by chance: some fall through or overrun
  std::vector<double> falls_through;  // chance, by meeting; empty where they don't vary
  double overrun;
  int overrun_hearings;

  std::vector<int> starting_cases;  // by conference
  double starting_age = 0;          // of the oldest: ages are spread evenly over (0, starting_age)

  std::vector<ReferralSlice> slices;   // count form only
  std::vector<int> slices_by_meeting;  // slices that are over when a meeting takes place
  std::vector<int> slices_by_list;     // and when its list closes
  int slices_in_window = 0;
  std::vector<double> slice_middles;

  /// Cases referred to one conference in a week at this word of its stream: by inversion, so that arms stay together.
  std::int64_t referrals(int week, std::uint64_t word) const {
    return tables_[static_cast<std::size_t>(week) & changing_](word);
  }
  /// Share of a conference's referrals that its filter keeps out, averaged over a week.
  double filter(int conference, int week) const {
    return filter_.empty() ? 0
                           : filter_[static_cast<std::size_t>(conference) * static_cast<std::size_t>(demand_weeks) +
                                     static_cast<std::size_t>(week)];
  }
  bool has_filter() const { return !filter_.empty(); }
  /// Share of a conference's cases, those of lowest risk, that it settles outside its meetings.
  const Steps& settled_outside(int conference) const { return settled_[static_cast<std::size_t>(conference)]; }
  int capacity_of(int conference, std::size_t meeting) const {
    return capacity[static_cast<std::size_t>(conference) * meetings.size() + meeting];
  }

 private:
  void plan_meetings(const ConferenceParameters& parameters, const Window& window);
  void plan_attendance(const ConferenceParameters& parameters);
  void plan_referrals(const ConferenceParameters& parameters);
  void plan_filter(const ConferenceParameters& parameters);
  void plan_slices();

  std::vector<PoissonTable> tables_;  // by week, or one for all
  std::size_t changing_ = 0;          // all bits where there is one a week
  std::vector<double> filter_;        // by conference and week, or empty
  std::vector<Steps> settled_;        // by conference
};

}  // namespace desist
