// Small conferences for tests.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models/conference.hpp"
#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_counts.hpp"
#include "tests/models/run_model.hpp"

namespace desist::test {

using Order = ConferenceParameters::Order;
using Record = ConferenceParameters::Record;

inline Window window_of(int weeks) {
  const Date start = Date::from_ymd(2023, 9, 30);
  return {start, Date{start.days + 7 * weeks}};
}

/// `conferences` weekly conferences with these referrals and hearings a week each, and nothing else going on.
inline ConferenceParameters plain(int conferences, double referrals, double hearings) {
  ConferenceParameters parameters;
  for (int a = 1; a <= conferences; ++a) parameters.conferences.push_back(std::to_string(a));
  parameters.referrals = Steps(referrals * conferences);
  parameters.hearings = Steps(hearings * conferences);
  parameters.filtered_out.values.assign(static_cast<std::size_t>(conferences), Steps(0));
  parameters.settled_outside.values.assign(static_cast<std::size_t>(conferences), Steps(0));
  parameters.clear_limit = 2;
  parameters.long_wait = 4;
  return parameters;
}

/// The MARAC figures with everything switched on and the meetings out of step with the weeks.
inline ConferenceParameters everything() {
  ConferenceParameters parameters = plain(3, 25, 22);
  parameters.growth = 0.1;
  parameters.extra_hearings = Steps({{0, 0}, {11.3, 0.5}});
  parameters.starting_backlog = 7;
  parameters.papers_released = 5.0 / 7;
  parameters.no_meetings = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2024, 1, 1)};
  parameters.meeting_interval = 1.4;
  parameters.cancelled_meetings = 0.1;
  parameters.filtered_out.values = {Steps(0), Steps({{0, 0}, {15.4, 0.21}}), Steps(0.1)};
  parameters.missed_by_filter = 0.05;
  parameters.repeat_share = 0.3;
  parameters.return_delay = 9.7;
  parameters.clear_dates = {Date::from_ymd(2024, 1, 31), Date::from_ymd(2024, 3, 31)};
  return parameters;
}

/// The same with meetings that need a quorum, or overrun.
inline ConferenceParameters meetings_by_chance() {
  ConferenceParameters parameters = everything();
  parameters.agencies = 9;
  parameters.attendance = Steps({{0, 0.9}, {20.5, 0.75}});
  parameters.quorum = 7;
  parameters.overrun = 0.4;
  parameters.overrun_hearings = 9;
  return parameters;
}

using Result = Replicate<Conference>;

inline Result empty_result(const ConferencePlan& plan) {
  Result result;
  const auto weeks = static_cast<std::size_t>(plan.weeks);
  result.outcomes.clear.resize(plan.clear_weeks.size());
  result.outcomes.backlog_on.resize(plan.clear_weeks.size());
  for (auto* series : {&result.series.backlog, &result.series.clear, &result.series.wait_by_referral,
                       &result.series.wait_by_hearing, &result.series.share_waiting_long})
    series->resize(weeks);
  return result;
}
inline Result run(const ConferencePlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  Result result = empty_result(plan);
  Conference::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

/// The sums of one replicate of all conferences, in the form that the plan asks for.
inline ConferenceTally tally(const ConferencePlan& plan, const Streams& streams) {
  ConferenceTally sums;
  sums.begin(plan);
  for (int conference = 0; conference < plan.conferences; ++conference) {
    if (plan.counts_only) {
      count_cases(plan, streams, conference, sums);
      continue;
    }
    ConferenceCases cases;
    follow_cases(plan, streams, conference, cases);
    tally_cases(plan, cases, sums);
  }
  return sums;
}

}  // namespace desist::test
