// The port of the conference: cases that come at given moments, and leave the list at given ones.
#include <algorithm>
#include <stdexcept>

#include <gmock/gmock.h>

#include "models/parts/conference_run.hpp"
#include "tests/models/conference_helpers.hpp"
#include "tests/models/given_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;

/// Conferences of given cases, and how each ended.
struct GivenConferences {
  ConferenceTally tally;
  Ends ends;
  Result result;
};

template <class Case>
GivenConferences run_given_conferences(const ConferencePlan& plan, const Streams& streams,
                                       const std::vector<Case>& given) {
  GivenConferences run;
  CasesGiven cases(
      given, streams, [&](const Referral& referral, double meeting) { run.ends.start(referral, meeting); },
      [&](const Referral& referral, double time) { run.ends.leave(referral, time); });
  ConferenceSpace space;
  ConferenceRun(plan, streams, cases, space, run.tally).run();
  run.result = empty_result(plan);
  Conference::report(plan, streams, run.tally, run.result.outcomes, run.result.series);
  EXPECT_FALSE(run.ends.twice);
  return run;
}

/// Everything that given cases can meet.
ConferenceParameters any_conferences(std::uint64_t seed) {
  ConferenceParameters parameters = seed % 2 == 0 ? everything() : meetings_by_chance();
  parameters.repeat_share = 0;
  parameters.filtered_out.values.assign(3, Steps(0));
  if (seed % 3 != 0) parameters.order = Order::by_risk;
  if (seed % 3 == 2) parameters.risk_levels = {0.2, 0.5, 0.3};
  if (seed % 5 == 0) {
    parameters.settled_outside.values = {Steps(0.1), Steps({{0, 0}, {9.3, 0.3}}), Steps(0.2)};
    parameters.settled_after = 3;
  }
  return parameters;
}

/// A word of which `u` is the uniform number.
std::uint64_t word_of(double u) { return static_cast<std::uint64_t>(u * 0x1p53) << 11U; }

/// Everybody whom the conferences themselves would draw.
std::vector<Referral> all_drawn(const ConferencePlan& plan, const Streams& streams) {
  std::vector<Referral> all;
  ConferenceCases cases;
  for (int conference = 0; conference < plan.conferences; ++conference) {
    follow_cases(plan, streams, conference, cases);
    for (auto i = static_cast<std::size_t>(cases.left.front()); i < cases.referred.size(); ++i) {
      Referral one;
      one.time = cases.referred[i];
      one.id = all.size();
      one.route = static_cast<std::uint32_t>(conference);
      if (plan.draws_risk) one.risk = word_of(cases.priority[i]);
      EXPECT_TRUE(!plan.draws_risk || uniform(one.risk) == cases.priority[i]);
      all.push_back(one);
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Referral& a, const Referral& b) { return std::tie(a.time, a.id) < std::tie(b.time, b.id); });
  return all;
}

TEST(ConferenceCases, Given_the_cases_that_they_draw_they_are_the_same_conferences) {
  double heard = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const ConferencePlan plan(any_conferences(seed), window_of(30));
    const Streams streams(3, 0, seed);
    const GivenConferences given = run_given_conferences(plan, streams, all_drawn(plan, streams));
    EXPECT_EQ(bits_of(given.result), bits_of(run(plan, seed, 3)));
    heard += given.tally.heard;
  }
  EXPECT_GT(heard, 50000);
}

/// A list looked through at each meeting: who is there and not settled, by order, until the places are taken.
struct Listed {
  Referral who;
  double settled = std::numeric_limits<double>::infinity();
  double heard = std::numeric_limits<double>::infinity();
};
std::vector<Listed> naive_conferences(const ConferencePlan& plan, const ConferenceParameters& parameters,
                                      const std::vector<Referral>& given) {
  std::vector<Listed> list;
  for (const Referral& one : given) {
    Listed each{one};
    const double share = parameters.settled_outside.values[one.route].at(0);
    if (uniform(one.risk) >= 1 - share) each.settled = one.time + parameters.settled_after;
    list.push_back(each);
  }
  const bool by_risk = plan.order == Order::by_risk;
  for (std::size_t m = 0; m < plan.meetings.size(); ++m) {
    const ConferenceMeeting& meeting = plan.meetings[m];
    for (int conference = 0; conference < plan.conferences; ++conference) {
      std::vector<Listed*> eligible;
      for (Listed& each : list)
        if (static_cast<int>(each.who.route) == conference && std::isinf(each.heard) &&
            each.who.time <= meeting.list_closes && each.who.leaves >= meeting.time && each.settled > meeting.time)
          eligible.push_back(&each);
      if (by_risk)
        std::stable_sort(eligible.begin(), eligible.end(),
                         [](const Listed* a, const Listed* b) { return a->who.risk < b->who.risk; });
      const auto places = static_cast<std::size_t>(plan.capacity_of(conference, m));
      for (std::size_t i = 0; i < std::min(places, eligible.size()); ++i) eligible[i]->heard = meeting.time;
    }
  }
  return list;
}

TEST(ConferenceCases, Agree_with_a_list_of_given_people_looked_through_at_each_meeting) {
  std::size_t gone = 0;
  std::size_t settled = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    ConferenceParameters parameters = plain(2, 0, 3);
    parameters.meeting_interval = 1.4;
    parameters.papers_released = seed % 3 == 0 ? 0 : 5.0 / 7;
    parameters.no_meetings = {Date::from_ymd(2023, 12, 25)};
    if (seed % 2 == 0) parameters.order = Order::by_risk;
    if (seed % 5 < 3) parameters.settled_outside.values = {Steps(0.3), Steps(0)};
    parameters.settled_after = 2;
    const ConferencePlan plan(parameters, window_of(30));
    const Streams streams(7, 0, seed);
    std::vector<GivenCase> given = any_people(seed, 200, 30, 2);
    std::vector<Referral> people;
    for (GivenCase& one : given) {
      one.route = static_cast<std::uint32_t>(one.id % 2);
      people.push_back(referral_of(one, streams));
    }
    const GivenConferences run = run_given_conferences(plan, streams, given);
    double left = 0;
    for (const Listed& each : naive_conferences(plan, parameters, people)) {
      SCOPED_TRACE(each.who.id);
      const auto started = run.ends.started.find(each.who.id);
      ASSERT_EQ(started != run.ends.started.end(), std::isfinite(each.heard));
      if (std::isfinite(each.heard)) {
        EXPECT_EQ(started->second, each.heard);
        EXPECT_LE(started->second, each.who.leaves);
        continue;
      }
      left += 1;
      ASSERT_EQ(run.ends.left.count(each.who.id), 1u);
      EXPECT_EQ(run.ends.left.at(each.who.id), std::min(each.who.leaves, each.settled));
      (each.who.leaves < each.settled ? gone : settled) += 1;
    }
    EXPECT_EQ(run.ends.left.size(), left);
    EXPECT_EQ(run.tally.referred, 200);
    EXPECT_EQ(run.tally.referred, run.tally.heard + run.tally.settled + run.tally.gone + run.tally.waiting_at_end);
  }
  EXPECT_GT(gone, 200u);
  EXPECT_GT(settled, 100u);
}

TEST(ConferenceCases, Who_leaves_before_a_meeting_makes_room_for_the_next) {
  // One hearing a week. Who is gone at the very moment of a meeting is still heard by it.
  const ConferencePlan plan(plain(1, 0, 1), window_of(10));
  const std::vector<GivenCase> given{{0.5, 9, 1}, {0.6, 1.5, 2}, {0.7, 2, 3}, {0.8, 2.75, 4}, {1.5, 9, 5}};
  const GivenConferences run = run_given_conferences(plan, Streams(1, 0, 0), given);
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(1, 1), Pair(3, 2), Pair(5, 3)));
  EXPECT_THAT(run.ends.left, ElementsAre(Pair(2, 1.5), Pair(4, 2.75)));
  EXPECT_EQ(run.tally.gone, 2);
  EXPECT_NEAR(run.result.outcomes.mean_wait, (0.5 + 1.3 + 1.5) / 3, 1e-12);  // of those heard
  EXPECT_NEAR(run.result.outcomes.person_weeks, 0.5 + 1.3 + 1.5 + 0.9 + 1.95, 1e-12);
  EXPECT_EQ(run.result.series.backlog[0], 3);
  EXPECT_EQ(run.result.series.backlog[1], 2);
  EXPECT_EQ(run.result.series.backlog[2], 0);
}

TEST(ConferenceCases, The_filter_keeps_out_by_the_word_of_each_case) {
  ConferenceParameters parameters = plain(1, 0, 1000);
  parameters.filtered_out.values = {Steps(0.3)};
  const ConferencePlan plan(parameters, window_of(10));
  const Streams streams(1, 0, 0);
  const std::vector<GivenCase> given = any_people(1, 1000, 10, 1e9);
  const GivenConferences run = run_given_conferences(plan, streams, given);
  for (const GivenCase& one : given) {
    const bool kept_out = uniform(referral_of(one, streams).work) < 0.3;
    ASSERT_EQ(run.ends.left.count(one.id), kept_out);
    if (kept_out) {
      EXPECT_EQ(run.ends.left.at(one.id), one.time);
    }
  }
  EXPECT_EQ(run.tally.turned_away, static_cast<double>(run.ends.left.size()));
  EXPECT_EQ(run.tally.referred, 1000);
}

TEST(ConferenceCases, The_starting_backlog_is_told_of_too) {
  ConferenceParameters parameters = plain(2, 0, 1);
  parameters.starting_backlog = 1;
  const GivenConferences run =
      run_given_conferences(ConferencePlan(parameters, window_of(10)), Streams(1, 0, 0), std::vector<GivenCase>{{0.5}});
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(0, 2), Pair(own_ids, 1), Pair(own_ids | std::uint64_t{1} << 32U, 1)));
}

TEST(ConferenceCases, Refuses_what_cannot_be) {
  const auto refusal = [](const ConferenceParameters& parameters, const std::vector<GivenCase>& given) -> std::string {
    try {
      run_given_conferences(ConferencePlan(parameters, window_of(10)), Streams(1, 0, 0), given);
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  ConferenceParameters parameters = plain(2, 0, 1);
  EXPECT_EQ(refusal(parameters, {{0.5, 1, 1, 1}}), "");
  EXPECT_EQ(refusal(parameters, {{0.5, 1, 1, 2}}), "a given case is of no conference");
  parameters.record = Record::counts;
  EXPECT_EQ(refusal(parameters, {}), "given cases need record = \"every case\"");
  parameters = plain(2, 0, 1);
  parameters.repeat_share = 0.1;
  EXPECT_EQ(refusal(parameters, {}), "given cases come back as given: repeat_share must be 0");
}

}  // namespace
}  // namespace desist
