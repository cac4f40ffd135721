// A course keeps its books: what must hold in every replicate, whatever the numbers.
#include "models/course.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/course_helpers.hpp"
#include "tests/models/given_helpers.hpp"
#include "tests/models/run_model.hpp"

namespace desist {
namespace {

using namespace test;
using End = CoursePerson::End;

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

TEST(Course, Agrees_with_one_list_looked_through_at_each_session) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    SCOPED_TRACE(seed);
    CourseParameters parameters = any_parameters(seed);
    parameters.starting_backlog = 0;
    parameters.eligible_for = 4 + static_cast<double>(seed % 20);  // so nobody waits to the end of all weeks
    const CoursePlan plan(parameters, weeks_from_autumn(40));
    const Course::Outcomes found = run_model<Course>(plan, seed, 5).outcomes;
    std::vector<CoursePerson> people;
    for (const Referral& each : all_referred(plan.demand, Streams(5, 0, seed)))
      people.push_back(course_person(plan, each));
    const NaiveCourse expected = naive_course(plan, Streams(5, 0, seed), std::move(people));
    double referred = 0, seen = 0, waited = 0, lost = 0, lapsed = 0;
    for (const CoursePerson& person : expected.people) {
      if (person.referred >= plan.waiting.end) continue;
      referred += 1;
      seen += person.end == End::came;
      waited += person.end == End::came ? person.ended - person.referred : 0;
      lost += person.end == End::lost;
      lapsed += person.end == End::waits && person.referred + plan.eligible_for < plan.waiting.last_week;
    }
    if (seen > 0) {
      EXPECT_NEAR(found.mean_wait, waited / seen, 1e-9);
    }
    if (referred > 0) {
      EXPECT_NEAR(found.lapsed, lapsed / referred, 1e-12);
      EXPECT_NEAR(found.gave_up, lost / referred, 1e-12);
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
