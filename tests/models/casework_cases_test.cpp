// The port of casework: cases that come at given moments, and leave the line at given ones.
#include <gmock/gmock.h>

#include "models/parts/casework_run.hpp"
#include "tests/models/casework_helpers.hpp"
#include "tests/models/casework_naive.hpp"
#include "tests/models/given_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;

/// A desk of given cases, and how each ended. Nobody comes back in it unless the plan says so.
struct GivenDesk {
  CaseworkTally tally;
  std::vector<CaseworkRecord> log;
  Ends ends;
  Result result;
};

template <class Case>
GivenDesk run_given_desk(const CaseworkPlan& plan, const Streams& streams, const std::vector<Case>& given) {
  GivenDesk run;
  CasesGiven cases(
      given, streams, [&](const Referral& referral, double now) { run.ends.started.emplace(referral.id, now); },
      [&](const Referral& referral, double time) { run.ends.leave(referral, time); });
  CaseworkDesk desk;
  CaseworkRun(plan, streams, cases, desk, run.tally, &run.log).run();
  run.result = empty_result(plan);
  Casework::report(plan, run.tally, run.result.outcomes, run.result.series);
  EXPECT_FALSE(run.ends.twice);
  // Hours referred are worked, gone with a case that was never begun, or outstanding.
  double outstanding = 0;
  double not_begun = 0;
  for (const CaseworkRecord& each : run.log) {
    const bool is_gone = run.ends.left.count(each.id) > 0;
    EXPECT_TRUE(!is_gone || std::isinf(each.started));
    if (std::isinf(each.finished) && !is_gone) {
      outstanding += each.hours;
      if (std::isinf(each.started)) not_begun += each.hours;
    }
  }
  const double left = run.tally.all_hours_referred - run.tally.all_hours_worked - run.tally.all_hours_gone;
  EXPECT_LE(left, outstanding + 1e-6);
  EXPECT_GE(left, not_begun - 1e-6);
  sort_by_referral(run.log);
  return run;
}

TEST(CaseworkCases, Given_the_cases_that_routes_draw_it_is_the_same_desk) {
  double finished = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CaseworkParameters parameters = any_parameters(seed);
    parameters.deterrence = 0;        // the moments would depend on what is announced
    parameters.starting_backlog = 0;  // their hours are of streams of ids of their own
    const CaseworkPlan plan(parameters, window_of(40));
    const Streams streams(3, 0, seed);
    const GivenDesk desk = run_given_desk(plan, streams, all_referred(plan.demand, streams));
    EXPECT_EQ(bits_of(desk.result), bits_of(run(plan, seed, 3)));
    finished += desk.tally.finished_in_window;
  }
  EXPECT_GT(finished, 10000);
}

TEST(CaseworkCases, Agrees_with_the_naive_form_of_given_people) {
  // A class for each of three routes; a third of the people leave after four days on average.
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    CaseworkParameters parameters = plain({0, 0, 0}, {6, 3, 9});
    const int workers = 1 + static_cast<int>(seed % 2);
    parameters.workers = Steps(workers);
    parameters.hours_each = Steps(40.0 / workers);
    parameters.working_days = Steps(5);
    parameters.opens = 9;
    parameters.closes = 17;
    parameters.hours_cv.values = {0.8, 0, 1.4};
    parameters.priority.values = {1, 2, 3};
    parameters.due.values = {1, 3, 2};
    parameters.ageing = seed % 3 == 0 ? 1.5 : 0;
    const CaseworkPlan plan(parameters, window_of(30));
    const Streams streams(7, 0, seed);
    std::vector<GivenCase> given = any_people(seed, 200, 30, 4.0 / 7);
    for (GivenCase& one : given) one.route = static_cast<std::uint32_t>(one.id % 3);
    const GivenDesk run = run_given_desk(plan, streams, given);
    const NaiveDesk desk{0, 5, 9, 17, 40.0 / workers / 5 / 8};
    const auto expected = naive_casework(run.log, parameters, desk, workers, 30);
    ASSERT_EQ(run.log.size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (expected[i].started > 29 && run.log[i].started > 29 && !(run.log[i].leaves < 29)) continue;  // may have ended
      ASSERT_EQ(run.log[i].id, given[i].id);
      ASSERT_EQ(std::isinf(run.log[i].started), std::isinf(expected[i].started)) << i;
      EXPECT_EQ(run.ends.started.count(given[i].id), std::isfinite(expected[i].started));
      EXPECT_EQ(run.ends.left.count(given[i].id), std::isinf(expected[i].started));
      if (std::isinf(expected[i].started)) {
        EXPECT_EQ(run.ends.left.at(given[i].id), given[i].leaves);
        ++gone;
        continue;
      }
      EXPECT_LE(run.log[i].started, given[i].leaves);
      ASSERT_NEAR(run.log[i].started, expected[i].started, 1e-7) << i;
      ASSERT_NEAR(run.log[i].finished, expected[i].finished, 1e-7) << i;
    }
  }
  EXPECT_GT(gone, 300u);
}

TEST(CaseworkCases, Who_is_gone_takes_no_hours_and_fills_no_batch) {
  // One worker, day and night; 16.8 hours are a tenth of a week. Cases are handed out by threes, or on Mondays.
  CaseworkParameters parameters = plain({0}, {16.8});
  parameters.batch = 3;
  const CaseworkPlan plan(parameters, window_of(4));
  const std::vector<GivenCase> given{{0.1, 0.15, 0}, {0.2, 9, 1},    {0.3, 9, 2},
                                     {0.4, 9, 3},    {0.5, 0.55, 4}, {1.5, 2.5, 5}};
  const GivenDesk run = run_given_desk(plan, Streams(1, 0, 0), given);
  // Three have gathered at 0.4, when the first has gone; the sixth waits for Monday, week 2.
  ASSERT_EQ(run.ends.started.size(), 4u);
  EXPECT_NEAR(run.ends.started.at(1), 0.4, 1e-9);
  EXPECT_NEAR(run.ends.started.at(2), 0.5, 1e-9);
  EXPECT_NEAR(run.ends.started.at(3), 0.6, 1e-9);
  EXPECT_NEAR(run.ends.started.at(5), 2, 1e-9);
  EXPECT_THAT(run.ends.left, ElementsAre(Pair(0, 0.15), Pair(4, 0.55)));
  EXPECT_NEAR(run.tally.all_hours_referred, 6 * 16.8, 1e-9);
  EXPECT_NEAR(run.tally.all_hours_worked, 4 * 16.8, 1e-9);
  EXPECT_NEAR(run.tally.all_hours_gone, 2 * 16.8, 1e-9);
  EXPECT_NEAR(run.result.series.hours_outstanding[0], 0, 1e-9);
  EXPECT_NEAR(run.result.outcomes.gave_up, 2.0 / 6, 1e-12);
  EXPECT_NEAR(run.result.outcomes.mean_turnaround, (0.3 + 0.3 + 0.3 + 0.6) / 4, 1e-9);
  EXPECT_THAT(run.result.series.outstanding, ElementsAre(0, 1, 0, 0));
}

TEST(CaseworkCases, The_starting_backlog_comes_first_and_is_told_of_too) {
  CaseworkParameters parameters = plain({0}, {168});
  parameters.starting_backlog = 2;
  const GivenDesk run =
      run_given_desk(CaseworkPlan(parameters, window_of(8)), Streams(1, 0, 0), std::vector<GivenCase>{{0.5}});
  ASSERT_EQ(run.ends.started.size(), 3u);
  EXPECT_NEAR(run.ends.started.at(own_ids + 1), 0, 1e-9);
  EXPECT_NEAR(run.ends.started.at(own_ids + 2), 1, 1e-9);
  EXPECT_NEAR(run.ends.started.at(0), 2, 1e-9);
}

}  // namespace
}  // namespace desist
