// Waiting: what every service with a queue is asked, and how one replicate is counted (mathematics.md 4.1, 4.2).
//
// What it computes: docs/models/waiting.md. A service tells the tally of each case once: when it was referred and when
// and how its wait ended. Everything that is reported of waits and backlogs is made from that.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/declaration.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

/// A backlog counts as cleared where it stays at or below its limit for this many weeks more (mathematics.md 4.2).
inline constexpr int weeks_of_staying = 13;
/// How long the run goes on past the window to see when those referred in it are seen; longer waits are "more than".
inline constexpr int weeks_of_following = 156;

/// What counts as in time and as clear.
struct StandardParameters {
  double yardstick = 0;
  double wanted_share = 0;
  double clear_limit = 0;
  std::vector<Date> clear_dates;

  static void describe(auto& v) {
    using P = StandardParameters;
    v.number("yardstick", &P::yardstick,
             {.unit = "week", .range = {0, 520}, .help = "The wait that counts as in time, from referral."});
    v.number("wanted_share", &P::wanted_share,
             {.unit = "share", .range = {0, 1}, .help = "Share of the cases referred that should be seen in time."});
    v.number("clear_limit", &P::clear_limit,
             {.unit = "case",
              .range = {0, 1e6},
              .off = 0,
              .help = "Number of cases waiting at or below which the backlog counts as clear."});
    v.dates("clear_dates", &P::clear_dates,
            {.may_be_absent = true, .help = "Dates for which the backlog and the chance of being clear are given."});
  }
};

/// The same, and who waits at the start where there is one queue.
struct WaitingParameters : StandardParameters {
  double starting_backlog = 0;
  double starting_wait = 0;

  static void describe(auto& v) {
    using P = WaitingParameters;
    v.number("starting_backlog", &P::starting_backlog,
             {.unit = "case", .range = {0, 1e6}, .off = 0, .help = "Cases waiting at the start."});
    v.number("starting_wait", &P::starting_wait,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "How long the first of them has waited; the others came evenly since."});
    StandardParameters::describe(v);
  }
};

/// What one replicate says of waits. Services put their own outcomes beside these.
struct WaitingOutcomes {
  double in_time = 0;
  double share_in_time = 0;
  double weeks_until_in_time = 0;
  double mean_wait = 0;
  double wait_95 = 0;
  double mean_wait_of_seen = 0;
  double gave_up = 0;
  std::vector<double> clear;
  std::vector<double> backlog_on;
  double weeks_until_clear = 0;
  double backlog_start = 0;
  double backlog_end = 0;
  double person_weeks = 0;
  double seen_a_week = 0;
  double referred_a_week = 0;

  static void describe(auto& v) {
    using O = WaitingOutcomes;
    using enum OutcomeField::Kind;
    using enum Better;
    v.outcome("in_time", &O::in_time,
              {.kind = chance,
               .better = higher,
               .help = "At least the wanted share of the cases referred in the window is seen in time."});
    v.outcome("share_in_time", &O::share_in_time,
              {.unit = "share",
               .better = higher,
               .may_be_missing = true,
               .help = "Share of the cases referred in the window that are seen in time; who gives up is not."});
    v.outcome("weeks_until_in_time", &O::weeks_until_in_time,
              {.kind = time_until,
               .unit = "week",
               .better = lower,
               .help = "Weeks until, of the cases referred in the next 13 weeks, the wanted share is seen in time."});
    v.outcome("mean_wait", &O::mean_wait,
              {.unit = "week",
               .better = lower,
               .may_be_missing = true,
               .help = "Mean wait of the cases referred in the window that do not give up, from referral until seen."});
    v.outcome("wait_95", &O::wait_95,
              {.unit = "week",
               .better = lower,
               .may_be_missing = true,
               .help = "Wait that 95 in 100 of the cases referred in the window that do not give up do not exceed."});
    v.outcome("mean_wait_of_seen", &O::mean_wait_of_seen,
              {.unit = "week",
               .better = lower,
               .may_be_missing = true,
               .help = "Mean wait of the cases seen in the window: what a service reports."});
    v.outcome("gave_up", &O::gave_up,
              {.unit = "share",
               .better = lower,
               .may_be_missing = true,
               .help = "Share of the cases referred in the window that give up before they are seen."});
    v.outcome("clear", &O::clear,
              {.kind = chance,
               .better = higher,
               .over = "clear_dates",
               .help = "The backlog is at or below the limit on the date and for the next 13 weeks."});
    v.outcome("backlog_on", &O::backlog_on,
              {.unit = "case", .better = lower, .over = "clear_dates", .help = "Cases waiting on the date."});
    v.outcome("weeks_until_clear", &O::weeks_until_clear,
              {.kind = time_until,
               .unit = "week",
               .better = lower,
               .help = "Weeks until the backlog is at or below the limit and stays there for 13 weeks."});
    v.outcome("backlog_start", &O::backlog_start,
              {.unit = "case", .better = lower, .help = "Cases waiting at the start."});
    v.outcome("backlog_end", &O::backlog_end,
              {.unit = "case", .better = lower, .help = "Cases waiting at the end of the window."});
    v.outcome("person_weeks", &O::person_weeks,
              {.unit = "week", .better = lower, .help = "Weeks spent waiting within the window, all together."});
    v.outcome("seen_a_week", &O::seen_a_week, {.unit = "case/week", .help = "Cases seen in the window."});
    v.outcome("referred_a_week", &O::referred_a_week,
              {.unit = "case/week", .help = "Cases referred in the window, those that come back included."});
  }
};

/// The same, week by week.
struct WaitingSeries {
  std::vector<double> backlog;
  std::vector<double> wait_by_referral;
  std::vector<double> wait_by_service;
  std::vector<double> share_in_time;
  std::vector<double> in_time;
  std::vector<double> clear;

  static void describe(auto& v) {
    using S = WaitingSeries;
    using enum OutcomeField::Kind;
    v.series("backlog", &S::backlog, {.unit = "case", .help = "Cases waiting at the end of the week."});
    v.series("wait_by_referral", &S::wait_by_referral,
             {.unit = "week", .help = "Mean wait of the cases referred in the week that do not give up."});
    v.series("wait_by_service", &S::wait_by_service,
             {.unit = "week", .help = "Mean wait of the cases seen in the week."});
    v.series("share_in_time", &S::share_in_time,
             {.unit = "share", .help = "Share of the cases referred in the week that are seen in time."});
    v.series("in_time", &S::in_time,
             {.kind = chance, .help = "Of the cases referred in the week, the wanted share is seen in time."});
    v.series("clear", &S::clear,
             {.kind = chance, .help = "The backlog is at or below the limit and stays there for 13 weeks."});
  }
};

/// What a draw and arm say of waiting, bound.
struct WaitingPlan {
  /// Nobody waits at the start. Throws std::invalid_argument for a window shorter than a week.
  WaitingPlan(const StandardParameters& parameters, const Window& window);
  WaitingPlan(const WaitingParameters& parameters, const Window& window);

  int weeks = 0;           // whole weeks of the window
  int backlog_weeks = 0;   // the backlog is wanted until here: 13 weeks past the last date that is looked at
  int last_week = 0;       // the run ends here at the latest
  double end = 0;          // of the window
  double asked_until = 0;  // cases referred before this are followed until they are settled
  double yardstick = 0;
  double wanted_share = 0;
  double clear_limit = 0;
  std::vector<int> clear_weeks;
  std::vector<double> starting;  // times of referral of those who wait at the start, the first of them first; below 0
};

/// Counts one replicate. Kept from replicate to replicate for its memory: `begin` empties it.
///
/// What happens at the very end of a week belongs to that week, for those referred, seen and waiting alike, so that
///   cases at the start + referred in the window = seen in it + given up in it + waiting at its end,
/// and person_weeks is the integral of the number waiting over the window (Little 1961 on a finite path;
/// mathematics.md 4.1). Verified by: waiting_test.
class WaitingTally {
 public:
  void begin(const WaitingPlan& plan);

  /// A case referred at `referred` was seen at `start`. A wait that ends before it begins throws std::logic_error.
  void seen(double referred, double start) { ended(referred, start, true); }
  /// A case gave up at `left`, unseen.
  void gave_up(double referred, double left) { ended(referred, left, false); }
  /// A case still waits when the run ends at `now`: its wait is longer than that.
  void still_waits(double referred, double now);

  /// Whether all that the results ask for is settled at time `now`, given how many of those referred before
  /// plan.asked_until still wait: then the run may stop.
  bool may_stop(double now, std::size_t asked_for_waiting) const {
    return now >= plan_->backlog_weeks && asked_for_waiting == 0;
  }

  void report(WaitingOutcomes& outcomes, WaitingSeries& series) const;

  /// The wait that the service announces at the start of `week`, once it is told of all that happened until then: the
  /// mean wait of the cases seen in the week before, or in the latest week in which any was; until one is, for how long
  /// the first of the starting backlog has waited.
  double announced(int week) const;

 private:
  void came(double referred);
  void ended(double referred, double until, bool is_seen);

  struct Week {  // of referral
    double referred = 0;
    double seen = 0;
    double waited = 0;  // by those seen
    double in_time = 0;
  };
  struct Served {
    double seen = 0;
    double waited = 0;
  };
  const WaitingPlan* plan_ = nullptr;
  std::vector<Week> by_referral_;
  std::vector<Served> by_service_;
  std::vector<double> change_;  // of the number waiting, by week
  std::vector<double> waits_;   // of the cases referred in the window that do not give up
  double started_ = 0;          // waiting at the start
  double referred_ = 0;         // in the window
  double gave_up_ = 0;          // of those
  double person_weeks_ = 0;
};

}  // namespace desist
