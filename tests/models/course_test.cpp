// A course keeps its books: what must hold in every replicate, whatever the numbers.
#include "models/course.hpp"

#include <algorithm>
#include <cmath>
#include <list>

#include <gmock/gmock.h>

#include "tests/models/run_model.hpp"

namespace desist {
namespace {

using test::run_model;
using test::weeks_from_autumn;

/// Cases of one route, a session a week, no smallest group.
CourseParameters plain(double referrals, double largest) {
  CourseParameters parameters;
  parameters.routes = {"all"};
  parameters.referrals.values = {Steps(referrals)};
  parameters.take_up.values = {Steps(1)};
  parameters.growth.values = {0};
  parameters.courses = Steps(1);
  parameters.largest_group = largest;
  parameters.completion = 1;
  parameters.yardstick = 4;
  parameters.wanted_share = 0.95;
  return parameters;
}

/// Parameters of every kind, from a seed.
CourseParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  CourseParameters parameters = plain(between(0, 12), std::floor(between(1, 15)));
  parameters.courses = Steps({{0, perhaps(between(0, 4))}, {between(1, 40), between(0, 3)}});
  parameters.session_interval = uniform(words()) < 0.5 ? 1 : between(0.2, 6);
  parameters.areas = std::floor(between(1, 4));
  parameters.no_sessions = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2024, 1, 1)};
  parameters.smallest_group = std::floor(between(1, parameters.largest_group + 1));
  parameters.notice = perhaps(between(0, 3));
  parameters.eligible_for = perhaps(between(0.1, 20));
  parameters.no_show = perhaps(between(0, 1));
  parameters.rebooked = between(0, 1);
  parameters.completion = between(0, 1);
  parameters.session_cost = between(0, 1000);
  parameters.cancelled_cost = between(0, 1);
  parameters.starting_backlog = perhaps(between(0, 30));
  parameters.starting_wait = parameters.eligible_for > 0 ? between(0, parameters.eligible_for) : between(0, 10);
  parameters.clear_dates = {Date::from_ymd(2023, 12, 30)};
  return parameters;
}

TEST(Course, Who_is_referred_comes_lapses_is_lost_or_waits) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const CoursePlan plan(any_parameters(seed), weeks_from_autumn(40));
    CourseTally tally;
    run_course(plan, Streams(3, 0, seed), tally);
    EXPECT_EQ(tally.all, tally.all_came + tally.all_lapsed + tally.all_lost + tally.all_waiting);
    EXPECT_LE(tally.came, tally.held * static_cast<double>(plan.largest));
    EXPECT_LE(tally.completed, tally.came);
    const auto in_window = std::count_if(plan.sessions.begin(), plan.sessions.end(), [](double t) { return t <= 40; });
    EXPECT_EQ(tally.held + tally.cancelled, static_cast<double>(in_window) * static_cast<double>(plan.areas));

    const Course::Outcomes outcomes = run_model<Course>(plan, seed, 3).outcomes;
    EXPECT_NEAR(outcomes.seen_a_week * 40, tally.came, 1e-9);
    EXPECT_NEAR(outcomes.referred_a_week * 40, tally.referred, 1e-9);
    if (tally.referred > 0) {
      EXPECT_GE(outcomes.gave_up, 0);
      EXPECT_LE(outcomes.gave_up + outcomes.lapsed, 1 + 1e-12);
    }
    if (plan.no_show == 0) {
      EXPECT_NEAR(outcomes.gave_up, 0, 1e-12);
      if (tally.held > 0) {
        EXPECT_GE(outcomes.group_size, static_cast<double>(plan.smallest));
      }
    }
    if (!std::isinf(plan.eligible_for) && tally.referred > 0) {
      EXPECT_TRUE(std::isnan(outcomes.wait_95) || outcomes.wait_95 <= plan.eligible_for + 1e-9);
    }
  }
}

/// The same course by another way: one list of people, looked through at each session.
struct Person {
  double referred = 0;
  std::uint64_t id = 0;
  std::uint64_t booked = 0;
  std::size_t area = 0;
};
struct Naive {
  double seen = 0, waited = 0, lapsed = 0, lost = 0, referred = 0, cancelled = 0;
};
Naive naive(const CoursePlan& plan, const Streams& streams) {
  Naive sums;
  std::vector<Person> people;
  Demand demand(plan.demand, streams);
  std::vector<Referral> week;
  for (int w = 0; w < plan.demand.weeks(); ++w) {
    demand.draw_week(week);
    for (const Referral& each : week)
      people.push_back(
          {each.time, each.id, 0, static_cast<std::size_t>(uniform(each.risk) * static_cast<double>(plan.areas))});
  }
  std::vector<char> gone(people.size(), 0);
  const auto counts = [&](std::size_t i) { return people[i].referred < plan.waiting.end; };
  for (const double session : plan.sessions) {
    for (std::size_t area = 0; area < plan.areas; ++area) {
      std::vector<std::size_t> booked;
      for (std::size_t i = 0; i < people.size() && booked.size() < plan.largest; ++i)
        if (gone[i] == 0 && people[i].area == area && people[i].referred <= session - plan.notice + 1e-9 &&
            people[i].referred + plan.eligible_for >= session)
          booked.push_back(i);
      if (booked.size() < plan.smallest) {
        sums.cancelled += session <= plan.waiting.end + 1e-9;
        continue;
      }
      for (const std::size_t i : booked) {
        const Words words = streams.words(Purpose("coming to a session"), people[i].id, people[i].booked++);
        const bool comes = uniform(words[0]) >= plan.no_show;
        if (!comes && uniform(words[1]) < plan.rebooked) continue;
        gone[i] = 1;
        if (!counts(i)) continue;
        sums.seen += comes;
        sums.waited += comes ? session - people[i].referred : 0;
        sums.lost += !comes;
      }
    }
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    sums.referred += counts(i);
    if (gone[i] == 0 && counts(i) && people[i].referred + plan.eligible_for < plan.waiting.last_week) sums.lapsed += 1;
  }
  return sums;
}

TEST(Course, Agrees_with_one_list_looked_through_at_each_session) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    SCOPED_TRACE(seed);
    CourseParameters parameters = any_parameters(seed);
    parameters.starting_backlog = 0;
    parameters.eligible_for = 4 + static_cast<double>(seed % 20);  // so nobody waits to the end of all weeks
    const CoursePlan plan(parameters, weeks_from_autumn(40));
    const Course::Outcomes found = run_model<Course>(plan, seed, 5).outcomes;
    const Naive expected = naive(plan, Streams(5, 0, seed));
    if (expected.seen > 0) {
      EXPECT_NEAR(found.mean_wait, expected.waited / expected.seen, 1e-9);
    }
    if (expected.referred > 0) {
      EXPECT_NEAR(found.lapsed, expected.lapsed / expected.referred, 1e-12);
      EXPECT_NEAR(found.gave_up, expected.lost / expected.referred, 1e-12);
    }
    if (!plan.sessions.empty() && plan.sessions.front() <= 40) {
      const auto sessions =
          std::count_if(plan.sessions.begin(), plan.sessions.end(), [](double t) { return t <= 40 + 1e-9; });
      EXPECT_NEAR(found.cancelled,
                  expected.cancelled / (static_cast<double>(sessions) * static_cast<double>(plan.areas)), 1e-12);
    }
  }
}

TEST(Course, Sessions_of_several_courses_are_spread_evenly) {
  using testing::ElementsAre;
  using testing::Pointwise;
  const auto near = [](const std::vector<double>& expected) { return Pointwise(testing::DoubleNear(1e-9), expected); };
  EXPECT_THAT(session_times(Steps(1), 2, 6, {}), ElementsAre(2, 4, 6));
  EXPECT_THAT(session_times(Steps(2), 2, 3, {}), ElementsAre(1, 2, 3));
  EXPECT_THAT(session_times(Steps(0), 2, 6, {}), ElementsAre());
  EXPECT_THAT(session_times(Steps(0.5), 2, 9, {}), ElementsAre(4, 8));
  // From week 3 on twice as many: half of the way to the session at 4 is left, and takes half as long.
  EXPECT_THAT(session_times(Steps({{0, 1}, {3, 2}}), 2, 6, {}), near({2, 3.5, 4.5, 5.5}));
  // A change at a session, a pause, and a start from nothing.
  EXPECT_THAT(session_times(Steps({{0, 1}, {4, 2}}), 2, 6, {}), near({2, 4, 5, 6}));
  EXPECT_THAT(session_times(Steps({{0, 1}, {3, 0}, {10, 1}}), 2, 14, {}), near({2, 11, 13}));
  EXPECT_THAT(session_times(Steps({{0, 0}, {5, 1}}), 2, 10, {}), near({7, 9}));
  EXPECT_THAT(session_times(Steps(1), 1, 5, {2, 3}), ElementsAre(1, 4, 5));  // weeks [2, 3) and [3, 4) are closed
  EXPECT_EQ(session_times(Steps(3), 0.3, 100, {}).size(), 1000u);            // 0.1 a thousand times
}

TEST(Course, Too_few_wait_for_more_and_the_first_come_go_first) {
  CourseParameters parameters = plain(0, 4);
  parameters.smallest_group = 3;
  parameters.starting_backlog = 6;
  parameters.session_cost = 100;
  parameters.cancelled_cost = 0.5;
  const auto result = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(4)), 0);
  EXPECT_THAT(result.series.backlog, testing::ElementsAre(2, 2, 2, 2));  // four go, and two are too few for ever
  EXPECT_EQ(result.outcomes.cancelled, 0.75);
  EXPECT_EQ(result.outcomes.group_size, 4);
  EXPECT_EQ(result.outcomes.full, 1);
  EXPECT_NEAR(result.outcomes.cost_a_year, (100 + 3 * 50) * weeks_per_year / 4, 1e-9);
  EXPECT_EQ(result.outcomes.cost_a_completion, 250.0 / 4);
}

TEST(Course, Sessions_at_the_end_of_weeks_are_counted_in_them) {
  CourseParameters parameters = plain(0, 1);
  parameters.starting_backlog = 10;
  const auto result = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(5)), 0);
  EXPECT_THAT(result.series.backlog, testing::ElementsAre(9, 8, 7, 6, 5));
  EXPECT_EQ(result.outcomes.seen_a_week, 1);
  EXPECT_NEAR(result.series.wait_by_service[0], 1, 1e-6);
  EXPECT_EQ(result.outcomes.backlog_end, 5);
}

TEST(Course, No_session_nobody_comes_and_no_shows_without_end) {
  CourseParameters parameters = plain(5, 10);
  parameters.courses = Steps(0);
  auto outcomes = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(10)), 0).outcomes;
  EXPECT_EQ(outcomes.share_in_time, 0);
  EXPECT_TRUE(std::isnan(outcomes.group_size));
  EXPECT_TRUE(std::isnan(outcomes.cancelled));
  EXPECT_TRUE(std::isnan(outcomes.cost_a_completion));
  EXPECT_GT(outcomes.mean_wait, weeks_of_following);  // "more than"
  parameters.eligible_for = 6;
  outcomes = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(10)), 0).outcomes;
  EXPECT_EQ(outcomes.lapsed, 1);
  EXPECT_EQ(outcomes.gave_up, 0);
  EXPECT_TRUE(std::isnan(outcomes.mean_wait));

  parameters = plain(5, 10);
  parameters.no_show = 1;
  outcomes = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(10)), 0).outcomes;
  EXPECT_EQ(outcomes.gave_up, 1);
  EXPECT_EQ(outcomes.group_size, 0);
  parameters.rebooked = 1;
  outcomes = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(10)), 0).outcomes;
  EXPECT_EQ(outcomes.gave_up, 0);
  EXPECT_EQ(outcomes.seen_a_week, 0);
  EXPECT_GT(outcomes.mean_wait, weeks_of_following);

  outcomes = run_model<Course>(CoursePlan(plain(0, 10), weeks_from_autumn(10)), 0).outcomes;  // nobody is referred
  EXPECT_TRUE(std::isnan(outcomes.lapsed));
  EXPECT_EQ(outcomes.cancelled, 1);
}

TEST(Course, Equal_arms_are_equal_to_the_bit_and_a_longer_window_moves_nothing) {
  const CourseParameters parameters = any_parameters(4);
  const auto a = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(30)), 2);
  const auto b = run_model<Course>(CoursePlan(parameters, weeks_from_autumn(30)), 2);
  CourseParameters without = parameters;  // closed weeks come again a window after
  without.no_sessions.clear();
  const auto shorter = run_model<Course>(CoursePlan(without, weeks_from_autumn(30)), 2);
  const auto longer = run_model<Course>(CoursePlan(without, weeks_from_autumn(60)), 2);
  EXPECT_EQ(a.series.backlog, b.series.backlog);
  EXPECT_EQ(a.outcomes.completions_a_year, b.outcomes.completions_a_year);
  EXPECT_TRUE(std::equal(shorter.series.backlog.begin(), shorter.series.backlog.end(), longer.series.backlog.begin()));
}

TEST(Course, Christmas_comes_again_every_year) {
  CourseParameters parameters = plain(1, 5);
  parameters.no_sessions = {Date::from_ymd(2023, 12, 25)};
  const CoursePlan plan(parameters, weeks_from_autumn(52));
  const double christmas = 86.0 / 7;  // from 30 September to 25 December
  for (const double year : {0.0, weeks_per_year, 2 * weeks_per_year})
    EXPECT_TRUE(std::none_of(plan.sessions.begin(), plan.sessions.end(), [&](double time) {
      return time >= christmas + year && time < christmas + year + 1;
    })) << year;
}

TEST(Course, Impossible_combinations_are_refused_in_words) {
  const auto refusal = [](const CourseParameters& parameters) {
    try {
      const CoursePlan plan(parameters, weeks_from_autumn(10));
      return std::string();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
  };
  CourseParameters parameters = plain(1, 3);
  parameters.smallest_group = 4;
  EXPECT_EQ(refusal(parameters), "smallest_group is above largest_group: every session would be cancelled");
  parameters = plain(1, 3);
  parameters.eligible_for = 2;
  parameters.starting_backlog = 1;
  parameters.starting_wait = 3;
  EXPECT_EQ(refusal(parameters), "starting_wait is above eligible_for: nobody waits that long");
}

}  // namespace
}  // namespace desist
