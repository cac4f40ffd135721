// The model "conference": when does the backlog of the case conferences clear, and how long do cases wait?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/conference.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_tally.hpp"

namespace desist {

struct Conference {
  static constexpr ModelInfo info{"conference",
                                  "Cases wait for conferences that meet at intervals and hear a limited number.",
                                  "docs/models/conference.md"};
  using Parameters = ConferenceParameters;
  using Bound = ConferencePlan;

  struct Outcomes {
    std::vector<double> clear;
    double weeks_until_clear = 0;
    double backlog_start = 0;
    double backlog_end = 0;
    std::vector<double> backlog_on;
    double mean_wait = 0;
    double wait_95 = 0;
    double share_waiting_long = 0;
    double unaware_days = 0;
    double turned_away_a_month = 0;
    double missed_high_risk_a_month = 0;
    double person_weeks = 0;
    double harm_while_waiting = 0;
    double settled_a_month = 0;
    double heard_a_week = 0;
    double referred_a_week = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum OutcomeField::Kind;
      using enum Better;
      v.outcome("clear", &O::clear,
                {.kind = chance,
                 .better = higher,
                 .over = "clear_dates",
                 .help = "The backlog is at or below the limit on the date and for the next 13 weeks."});
      v.outcome("weeks_until_clear", &O::weeks_until_clear,
                {.kind = time_until,
                 .unit = "week",
                 .better = lower,
                 .help = "Weeks until the backlog is at or below the limit and stays there for 13 weeks."});
      v.outcome("backlog_start", &O::backlog_start,
                {.unit = "case", .better = lower, .help = "Cases waiting at the start."});
      v.outcome("backlog_end", &O::backlog_end,
                {.unit = "case",
                 .better = lower,
                 .help = "Cases left waiting by the latest meetings at the end of the window."});
      v.outcome("backlog_on", &O::backlog_on,
                {.unit = "case",
                 .better = lower,
                 .over = "clear_dates",
                 .help = "Cases left waiting by the latest meetings before the date."});
      v.outcome("mean_wait", &O::mean_wait,
                {.unit = "week",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Mean wait of the cases referred in the window, from referral until heard or settled."});
      v.outcome("wait_95", &O::wait_95,
                {.unit = "week",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Wait that 95 in 100 of the cases referred in the window do not exceed."});
      v.outcome("share_waiting_long", &O::share_waiting_long,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Share of the cases referred in the window that wait longer than the long wait."});
      v.outcome("unaware_days", &O::unaware_days,
                {.unit = "day",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Mean time from referral until agencies have the papers."});
      v.outcome("turned_away_a_month", &O::turned_away_a_month,
                {.unit = "case/month", .better = lower, .help = "Cases filtered out."});
      v.outcome("missed_high_risk_a_month", &O::missed_high_risk_a_month,
                {.unit = "case/month", .better = lower, .help = "Cases filtered out that were high risk after all."});
      v.outcome(
          "person_weeks", &O::person_weeks,
          {.unit = "week", .better = lower, .help = "Weeks spent waiting within the window, all cases together."});
      v.outcome("harm_while_waiting", &O::harm_while_waiting,
                {.unit = "1", .better = lower, .help = "Incidents of harm to expect from the weeks spent waiting."});
      v.outcome("settled_a_month", &O::settled_a_month,
                {.unit = "case/month", .help = "Cases settled outside the meetings in the window."});
      v.outcome("heard_a_week", &O::heard_a_week, {.unit = "case/week", .help = "Cases heard in the window."});
      v.outcome("referred_a_week", &O::referred_a_week,
                {.unit = "case/week", .help = "Cases referred in the window, filtered out or not, repeats included."});
    }
  };

  struct Series {
    std::vector<double> backlog;
    std::vector<double> clear;
    std::vector<double> wait_by_referral;
    std::vector<double> wait_by_hearing;
    std::vector<double> share_waiting_long;

    static void describe(auto& v) {
      using S = Series;
      using enum OutcomeField::Kind;
      v.series("backlog", &S::backlog, {.unit = "case", .help = "Cases left waiting by the latest meetings."});
      v.series("clear", &S::clear,
               {.kind = chance, .help = "The backlog is at or below the limit and stays there for 13 weeks."});
      v.series("wait_by_referral", &S::wait_by_referral,
               {.unit = "week", .help = "Mean wait of the cases referred in the week."});
      v.series("wait_by_hearing", &S::wait_by_hearing,
               {.unit = "week", .help = "Mean wait of the cases heard in the week."});
      v.series(
          "share_waiting_long", &S::share_waiting_long,
          {.unit = "share", .help = "Share of the cases referred in the week that wait longer than the long wait."});
    }
  };

  /// What a run came to, whoever came.
  static void report(const Bound& plan, const Streams& streams, ConferenceTally& tally, Outcomes& outcomes,
                     Series& series);
  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
