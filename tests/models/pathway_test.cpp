// The pathway keeps its books: what must hold in every replicate, whatever the numbers.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/pathway_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;

/// Parameters of every kind, from a seed.
PathwayParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  const auto stages = static_cast<std::size_t>(between(1, 4));
  PathwayParameters parameters = pathway_of(stages, between(0, 12));
  parameters.time_law = uniform(words()) < 0.3 ? TimeLaw::exponential : TimeLaw::lognormal;
  parameters.overdispersion = perhaps(between(0, 1));
  parameters.deterrence = perhaps(between(0, 0.3));
  for (std::size_t s = 0; s < stages; ++s) {
    parameters.servers.values[s] = Steps({{0, perhaps(between(0, 12))}, {between(1, 30), between(0, 12)}});
    parameters.time.values[s] = Steps({{0, perhaps(between(0, 3))}, {between(1, 30), between(0, 3)}});
    if (parameters.time_law == TimeLaw::lognormal) parameters.time_cv.values[s] = perhaps(between(0, 3));
    parameters.continues.values[s] = Steps({{0, perhaps(between(0, 1))}, {between(1, 30), 1}});
    parameters.patience.values[s] = perhaps(between(0, 8));
    parameters.cost.values[s] = perhaps(between(0, 500));
    parameters.starting_backlog.values[s] = perhaps(between(0, 40));
    parameters.starting_wait.values[s] = perhaps(between(0, 20));
    parameters.starting_served.values[s] = perhaps(between(0, 10));
  }
  parameters.return_share = perhaps(between(0, 0.9));
  parameters.return_delay = perhaps(between(0, 20));
  parameters.wait_until = {parameters.stages[static_cast<std::size_t>(between(0, static_cast<double>(stages)))]};
  parameters.yardstick = between(0, 10);
  parameters.clear_limit = between(0, 30);
  parameters.clear_dates = {Date::from_ymd(2024, 1, 31), Date::from_ymd(2024, 3, 31)};
  return parameters;
}

TEST(Pathway, Cases_in_are_cases_out_and_cases_inside) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const PathwayParameters parameters = any_parameters(seed);
    const PathwayPlan plan(parameters, weeks_from(30));
    const PathwayFlows flows = follow(plan, seed).flows;
    ASSERT_EQ(flows.stages[0].all_came, flows.all_referred + flows.all_returned);
    for (std::size_t s = 0; s < plan.stages.size(); ++s) {
      const StageFlow& flow = flows.stages[s];
      ASSERT_EQ(flow.all_came + plan.stages[s].waiting, flow.all_begun + flow.all_gave_up + flow.waiting_when_run_ends);
      ASSERT_EQ(flow.all_begun + plan.stages[s].served, flow.all_done + flow.served_when_run_ends);
      ASSERT_EQ(flow.came, flow.gave_up + flow.stayed);
      if (s > 0) {
        ASSERT_LE(flow.all_came, flows.stages[s - 1].all_done);
      }
    }
    ASSERT_LE(flows.all_returned, flows.stages.back().all_done);
  }
}

TEST(Pathway, Waits_and_stages_tell_the_same_story) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    PathwayParameters parameters = any_parameters(seed);
    const PathwayPlan plan(parameters, weeks_from(30));
    const PathwayFlows flows = follow(plan, seed).flows;
    const PathwayResult result = run(plan, seed);
    const auto& o = result.outcomes;
    EXPECT_NEAR(o.seen_a_week, o.stage_seen_a_week[plan.waits_until], 1e-9);
    EXPECT_EQ(o.backlog_end, result.series.backlog.back());
    double cost = 0;
    for (std::size_t s = 0; s < plan.stages.size(); ++s) {
      cost += flows.stages[s].seen * parameters.cost[s];
      EXPECT_NEAR(o.stage_backlog_mean[s] * 30, flows.stages[s].waiting_weeks, 1e-9);
      EXPECT_GE(flows.stages[s].bound, flows.stages[s].stayed);
    }
    EXPECT_NEAR(o.cost_a_year, cost * weeks_per_year / 30, 1e-6);

    // Until the first stage a case waits in its queue and nowhere else.
    parameters.wait_until = {parameters.stages[0]};
    const auto first = run(PathwayPlan(parameters, weeks_from(30)), seed).outcomes;
    if (parameters.deterrence > 0) continue;  // another wait is announced, so others come
    EXPECT_NEAR(first.person_weeks, flows.stages[0].waiting_weeks, 1e-6);
    EXPECT_EQ(first.backlog_end, flows.stages[0].waiting_at_end);
    EXPECT_EQ(first.stage_backlog_end, o.stage_backlog_end);
    if (flows.stages[0].came > 0) {
      EXPECT_NEAR(first.gave_up, flows.stages[0].gave_up / flows.stages[0].came, 1e-12);
      EXPECT_NEAR(first.referred_a_week * 30, flows.stages[0].came, 1e-9);
    }
    if (flows.stages[0].stayed > 0) {
      EXPECT_NEAR(first.mean_wait, o.stage_wait[0], 1e-9);
      EXPECT_NEAR(first.mean_wait, o.stage_wait_from_referral[0], 1e-9);
    }
  }
}

TEST(Pathway, Everyone_goes_on_where_all_continue) {
  PathwayParameters parameters = pathway_of(3, 6);
  parameters.servers = {{Steps(4), Steps(9), Steps(2)}};
  parameters.time = {{Steps(0.5), Steps(1.3), Steps(0.2)}};
  parameters.time_cv = {{0.5, 2, 0}};
  const PathwayPlan plan(parameters, weeks_from(52));
  const PathwayFlows flows = follow(plan, 0).flows;
  EXPECT_EQ(flows.stages[1].all_came, flows.stages[0].all_done);
  EXPECT_EQ(flows.stages[2].all_came, flows.stages[1].all_done);
  EXPECT_EQ(flows.stages[2].bound, flows.stages[0].came);
}

TEST(Pathway, Nobody_goes_on_where_none_continues) {
  PathwayParameters parameters = pathway_of(2, 6);
  parameters.servers = each(2, Steps(8));
  parameters.continues = {{Steps(0), Steps(1)}};
  const auto o = run(PathwayPlan(parameters, weeks_from(20)), 0).outcomes;
  EXPECT_GT(o.stage_seen_a_week[0], 0);
  EXPECT_EQ(o.stage_seen_a_week[1], 0);
  EXPECT_TRUE(std::isnan(o.stage_wait[1]));
  EXPECT_TRUE(std::isnan(o.mean_wait));  // nobody goes as far as the last stage
  EXPECT_EQ(o.completed_a_week, 0);
}

TEST(Pathway, Without_servers_nobody_is_seen) {
  PathwayParameters parameters = pathway_of(2, 6);
  parameters.servers = each(2, Steps(0));
  parameters.starting_backlog = {{5, 0}};
  const PathwayPlan plan(parameters, weeks_from(20));
  const PathwayRun all = follow(plan, 0);
  const auto o = run(plan, 0).outcomes;
  EXPECT_EQ(o.share_in_time, 0);
  EXPECT_EQ(o.backlog_start, 5);
  EXPECT_EQ(o.backlog_end, 5 + all.flows.stages[0].came);
  EXPECT_EQ(o.stage_seen_a_week, (std::vector<double>{0, 0}));
  EXPECT_TRUE(std::isnan(o.stage_busy[0]));
  EXPECT_EQ(all.flows.run_ends, plan.waiting.last_week);
  EXPECT_GT(o.mean_wait, weeks_of_following);  // waits that are not over count as far as they were seen
}

TEST(Pathway, With_a_server_for_everyone_nobody_waits) {
  PathwayParameters parameters = pathway_of(3, 20);
  parameters.servers = each(3, Steps(1e5));
  parameters.time = each(3, Steps(2));
  parameters.patience = each(3, 0.01);
  const auto o = run(PathwayPlan(parameters, weeks_from(52)), 3).outcomes;
  EXPECT_EQ(o.stage_wait, (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(o.stage_gave_up, (std::vector<double>{0, 0, 0}));
  EXPECT_THAT(o.stage_wait_from_referral, ElementsAre(0, testing::DoubleNear(2, 1e-9), testing::DoubleNear(4, 1e-9)));
  EXPECT_NEAR(o.mean_wait, 4, 1e-9);
}

TEST(Pathway, Nobody_referred_is_no_fault) {
  const auto o = run(PathwayPlan(pathway_of(2, 0), weeks_from(20)), 0).outcomes;
  EXPECT_TRUE(std::isnan(o.mean_wait));
  EXPECT_EQ(o.in_time, 1);
  EXPECT_EQ(o.backlog_end, 0);
  EXPECT_EQ(o.stage_busy, (std::vector<double>{0, 0}));
}

TEST(Pathway, Servers_that_come_take_those_who_came_first) {
  PathwayParameters parameters = pathway_of(1, 0);
  parameters.starting_backlog = {{4}};
  parameters.starting_wait = {{8}};
  parameters.servers = {{Steps({{0, 0}, {5, 1}, {7.5, 3}})}};
  parameters.time = {{Steps(2)}};
  // Waited 8, 6, 4, 2 weeks at the start. Seen at 5 and 7 (one server), then at 7.5 (two more: the fourth and nobody).
  const auto result = run(PathwayPlan(parameters, weeks_from(20)), 0);
  EXPECT_NEAR(result.outcomes.person_weeks, 5 + 7 + 7.5 + 7.5, 1e-6);
  EXPECT_NEAR(result.outcomes.mean_wait_of_seen, (27.0 + 20) / 4, 1e-6);
  EXPECT_EQ(result.series.backlog[4], 3);  // the change comes at the end of week 5: at that moment the first is seen
  EXPECT_EQ(result.series.backlog[3], 4);
  EXPECT_EQ(result.series.backlog[7], 0);
  EXPECT_NEAR(result.outcomes.stage_busy[0], 8 / (2.5 + 3 * 12.5), 1e-12);
}

TEST(Pathway, Servers_that_go_end_what_they_began) {
  PathwayParameters parameters = pathway_of(1, 0);
  parameters.starting_backlog = {{3}};
  parameters.servers = {{Steps({{0, 2}, {1, 0}, {6, 1}})}};
  parameters.time = {{Steps(4)}};
  const auto o = run(PathwayPlan(parameters, weeks_from(20)), 0).outcomes;
  EXPECT_NEAR(o.person_weeks, 6, 1e-6);  // two begin at once, the third at 6
  EXPECT_NEAR(o.completed_a_week * 20, 3, 1e-12);
  EXPECT_NEAR(o.stage_busy[0], 12.0 / (2 + 14), 1e-12);
}

TEST(Pathway, Who_comes_back_is_a_new_referral) {
  PathwayParameters parameters = pathway_of(2, 5);
  parameters.servers = each(2, Steps(1e5));
  parameters.time = each(2, Steps(0.25));
  const auto without = follow(PathwayPlan(parameters, weeks_from(40)), 1).flows;
  parameters.return_share = 1;
  parameters.return_delay = 3;
  const auto with = follow(PathwayPlan(parameters, weeks_from(40)), 1).flows;
  EXPECT_EQ(without.all_returned, 0);
  EXPECT_GT(with.returned, 0);
  EXPECT_EQ(with.stages[0].came, without.stages[0].came + with.returned);
  parameters.return_delay = 0;  // at once: everyone goes round for ever, twice a week
  const auto o = run(PathwayPlan(parameters, weeks_from(40)), 1).outcomes;
  EXPECT_GT(o.returned_a_week, 2 * 5 * 40 / 2.0 * 0.9);
}

TEST(Pathway, Equal_arms_are_equal_to_the_bit_and_replicates_differ) {
  const PathwayParameters parameters = any_parameters(3);
  const PathwayPlan a(parameters, weeks_from(30));
  const PathwayPlan b(parameters, weeks_from(30));
  EXPECT_EQ(run(a, 5).series.backlog, run(b, 5).series.backlog);
  EXPECT_EQ(run(a, 5).outcomes.person_weeks, run(b, 5).outcomes.person_weeks);
  EXPECT_NE(run(a, 5).outcomes.person_weeks, run(b, 6).outcomes.person_weeks);
}

TEST(Pathway, A_longer_window_moves_nobody) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    const PathwayParameters parameters = any_parameters(seed);
    const auto shorter = run(PathwayPlan(parameters, weeks_from(20)), seed);
    const auto longer = run(PathwayPlan(parameters, weeks_from(33)), seed);
    for (std::size_t week = 0; week < 20; ++week)
      ASSERT_EQ(shorter.series.backlog[week], longer.series.backlog[week]) << week;
  }
}

TEST(Pathway, A_stage_at_the_end_moves_nobody_before_it) {
  PathwayParameters parameters = any_parameters(1);
  const auto build = [](std::size_t stages) {
    PathwayParameters made = pathway_of(stages, 8);
    for (std::size_t s = 0; s < stages; ++s) {
      made.servers.values[s] = Steps(6);
      made.time.values[s] = Steps(0.8);
      made.time_cv.values[s] = 1;
      made.continues.values[s] = Steps(0.8);
      made.patience.values[s] = 5;
    }
    return made;
  };
  const auto two = follow(PathwayPlan(build(2), weeks_from(40)), 2).flows;
  const auto three = follow(PathwayPlan(build(3), weeks_from(40)), 2).flows;
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_EQ(two.stages[s].waited, three.stages[s].waited);
    EXPECT_EQ(two.stages[s].seen, three.stages[s].seen);
    EXPECT_EQ(two.stages[s].busy_weeks, three.stages[s].busy_weeks);
  }
}

TEST(Pathway, Another_route_moves_nobody_where_there_is_room) {
  const auto build = [](double first, double second) {
    PathwayParameters made = pathway_of(2, 0);
    made.routes = {"first", "second"};
    made.referrals.values = {Steps(first), Steps(second)};
    made.take_up = each(2, Steps(1));
    made.growth = each(2, 0.0);
    made.servers = each(2, Steps(1e5));
    made.time = each(2, Steps(0.7));
    made.time_cv = each(2, 2.0);
    made.continues = each(2, Steps(0.6));
    made.return_share = 0.3;
    made.return_delay = 5;
    return follow(PathwayPlan(made, weeks_from(40)), 4).flows;
  };
  const auto one = build(3, 0);
  const auto other = build(0, 4);
  const auto both = build(3, 4);
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_EQ(one.stages[s].seen + other.stages[s].seen, both.stages[s].seen);
    EXPECT_NEAR(one.stages[s].busy_weeks + other.stages[s].busy_weeks, both.stages[s].busy_weeks, 1e-9);
  }
  EXPECT_EQ(one.returned + other.returned, both.returned);
}

TEST(Pathway, More_servers_on_the_same_luck_never_lengthen_the_queue_of_one_stage) {
  PathwayParameters parameters = pathway_of(1, 10);
  parameters.time = {{Steps(0.9)}};
  parameters.time_cv = {{1.5}};
  for (std::uint64_t replicate = 0; replicate < 50; ++replicate) {
    std::vector<double> fewer;
    for (const double servers : {8.0, 9.0, 11.0}) {
      parameters.servers = {{Steps(servers)}};
      const auto backlog = run(PathwayPlan(parameters, weeks_from(40)), replicate).series.backlog;
      for (std::size_t week = 0; week < fewer.size(); ++week) ASSERT_LE(backlog[week], fewer[week]);
      fewer = backlog;
    }
  }
}

TEST(Pathway, Fractions_of_servers_are_rounded) {
  PathwayParameters parameters = pathway_of(1, 10);
  parameters.time = {{Steps(0.9)}};
  const auto backlog_with = [&](double servers) {
    parameters.servers = {{Steps(servers)}};
    return run(PathwayPlan(parameters, weeks_from(40)), 0).series.backlog;
  };
  EXPECT_EQ(backlog_with(8.6), backlog_with(9));
  EXPECT_EQ(backlog_with(9.4), backlog_with(9));
}

void expect_refused(const PathwayParameters& parameters, const std::string& why) {
  try {
    const PathwayPlan plan(parameters, weeks_from(10));
    ADD_FAILURE() << why;
  } catch (const std::invalid_argument& thrown) {
    EXPECT_EQ(thrown.what(), why);
  }
}

TEST(Pathway, Refuses_what_cannot_be_together) {
  PathwayParameters parameters = pathway_of(2, 5);
  parameters.wait_until = {"stage 3"};
  expect_refused(parameters, "wait_until names 'stage 3', which is none of the stages");
  parameters.wait_until = {"stage 1", "stage 2"};
  expect_refused(parameters, "wait_until names more than one stage");
  parameters = pathway_of(2, 5);
  parameters.time_law = TimeLaw::exponential;
  parameters.time_cv.values[1] = 0.5;
  expect_refused(parameters, "time_law = \"exponential\" has a time_cv of 1: leave time_cv out");
  parameters = pathway_of(2, 5);
  parameters.return_share = 1;
  expect_refused(parameters,
                 "with a return_share of 100%, a return_delay of 0 and a time of 0 a case never stops coming back");
  expect_refused(pathway_of(0, 5), "a pathway needs one stage or more in stages");
}

}  // namespace
}  // namespace desist
