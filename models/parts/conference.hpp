// The case conference: cases wait in one ordered list an area for meetings at intervals with limited hearings.
//
// What it computes and what it leaves out: docs/models/conference.md (mathematics.md 4.1 to 4.4, 5.1).
#pragma once

#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

/// What the conference needs to know. Simulated time is in weeks; all conferences together unless said otherwise.
struct ConferenceParameters {
  enum class Order { first_come, by_risk };
  enum class Record { every_case, counts };

  std::vector<std::string> conferences;
  Steps referrals;
  double growth = 0;
  Steps hearings;
  Steps extra_hearings;
  double starting_backlog = 0;
  double papers_released = 0;
  std::vector<Date> no_meetings;
  double meeting_interval = 1;
  double cancelled_meetings = 0;
  int agencies = 0;
  Steps attendance = 1;
  int quorum = 0;
  double overrun = 0;
  int overrun_hearings = 0;
  Order order = Order::first_come;
  std::vector<double> risk_levels;
  ByItem<Steps> filtered_out;
  double missed_by_filter = 0;
  ByItem<Steps> settled_outside;
  double settled_after = 0;
  double repeat_share = 0;
  double return_delay = 0;
  double clear_limit = 0;
  std::vector<Date> clear_dates;
  double long_wait = 0;
  double harm_rate = 0;
  Record record = Record::every_case;

  static void describe(auto& v) {
    using P = ConferenceParameters;
    v.items("conferences", &P::conferences,
            {.unit = "conference", .help = "The case conferences, each for an area of its own."});
    v.number("referrals", &P::referrals,
             {.unit = "case/week",
              .range = {0, 1e5},
              .help = "Cases referred, all conferences together, repeats included."});
    v.number("growth", &P::growth,
             {.unit = "share/year", .range = {-0.9, 9}, .off = 0, .help = "Change in referrals over a year."});
    v.number("hearings", &P::hearings,
             {.unit = "case/week",
              .range = {0, 1e5},
              .help = "Cases that the meetings can hear, all conferences together, closed weeks averaged in."});
    v.number("extra_hearings", &P::extra_hearings,
             {.unit = "share", .range = {-1, 99}, .off = 0, .help = "Hearings added, as a share of hearings."});
    v.number("starting_backlog", &P::starting_backlog,
             {.unit = "week", .range = {0, 520}, .help = "Cases waiting at the start, in weeks of hearings."});
    v.number("papers_released", &P::papers_released,
             {.unit = "week",
              .range = {0, 26},
              .off = 0,
              .help = "Time before a meeting at which its list closes and agencies receive the papers."});
    v.dates("no_meetings", &P::no_meetings,
            {.may_be_absent = true, .help = "Weeks without meetings, by the date on which each begins."});
    v.number("meeting_interval", &P::meeting_interval,
             {.unit = "week", .range = {1.0 / 7, 52}, .help = "Time from one meeting of a conference to the next."});
    v.number(
        "cancelled_meetings", &P::cancelled_meetings,
        {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share of meetings that fall through, each by chance."});
    v.number("agencies", &P::agencies,
             {.unit = "agency", .range = {0, 100}, .off = 0, .help = "Agencies invited to each meeting."});
    v.number("attendance", &P::attendance,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .help = "Chance that an agency comes to a meeting, each on its own."});
    v.number("quorum", &P::quorum,
             {.unit = "agency",
              .range = {0, 100},
              .off = 0,
              .help = "Agencies that must come, or the meeting falls through and its cases wait."});
    v.number("overrun", &P::overrun,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share of meetings, each by chance, that go on past their slots where cases are left."});
    v.number("overrun_hearings", &P::overrun_hearings,
             {.unit = "case",
              .range = {0, 1000},
              .off = 0,
              .help = "Cases that a meeting which goes on can hear beyond its slots."});
    v.one_of("order", &P::order, {"first come", "by risk"}, {.off = 0, .help = "Which case is heard next."});
    v.shares("risk_levels", &P::risk_levels,
             {.may_be_absent = true,
              .help = "Shares of cases by risk level, highest first; without them every case has a risk of its own."});
    v.number("filtered_out", &P::filtered_out,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .over = "conferences",
              .help = "Share of referred cases that a filter keeps from the meetings."});
    v.number("missed_by_filter", &P::missed_by_filter,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Of the cases filtered out, the share that was high risk after all."});
    v.number(
        "settled_outside", &P::settled_outside,
        {.unit = "share",
         .range = {0, 1},
         .off = 0,
         .over = "conferences",
         .help = "Share of cases, those of lowest risk, that are settled outside the meetings (MARAC Lite) if they "
                 "are not heard before."});
    v.number("settled_after", &P::settled_after,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Time from referral after which these cases are settled outside the meetings."});
    v.number("repeat_share", &P::repeat_share,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share of heard cases that are referred again within a year."});
    v.number("return_delay", &P::return_delay,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Mean time from a hearing to the next referral of a case that comes back."});
    v.number("clear_limit", &P::clear_limit,
             {.unit = "week",
              .range = {0, 520},
              .help = "Backlog, in weeks of hearings, at or below which it counts as clear."});
    v.dates("clear_dates", &P::clear_dates,
            {.may_be_absent = true, .help = "Dates on which the backlog is looked at."});
    v.number("long_wait", &P::long_wait,
             {.unit = "week", .range = {0, 520}, .help = "Wait above which a case has waited long."});
    v.number(
        "harm_rate", &P::harm_rate,
        {.unit = "1/year", .range = {0, 365}, .off = 0, .help = "Incidents of harm in a year of one case's waiting."});
    v.one_of(
        "record", &P::record, {"every case", "counts"},
        {.off = 0,
         .help = "Whether every case is followed, or cases are only counted: the same means, faster; for first come "
                 "only, and without wait_95 and share_waiting_long."});
  }
};

}  // namespace desist
