// The port of the course: cases that come at given moments, and leave its lists at given ones.
#include <algorithm>

#include <gmock/gmock.h>

#include "models/course.hpp"
#include "models/parts/course_run.hpp"
#include "tests/models/course_helpers.hpp"
#include "tests/models/given_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;

/// A course of given cases, and how each ended.
struct GivenCourse {
  CourseTally tally;
  Ends ends;
  Replicate<Course> result;
};

template <class Case>
GivenCourse run_given_course(const CoursePlan& plan, const Streams& streams, const std::vector<Case>& given) {
  GivenCourse run;
  CasesGiven cases(
      given, streams,
      [&](const Referral& referral, double session) {
        run.ends.start(referral, session);
        return uniform(referral.work) < plan.completion;
      },
      [&](const Referral& referral, double time) { run.ends.leave(referral, time); });
  CourseSpace space;
  CourseRun(plan, streams, cases, space, run.tally).run();
  run.result = empty_replicate<Course>(plan);
  Course::report(plan, run.tally, run.result.outcomes, run.result.series);
  EXPECT_FALSE(run.ends.twice);
  const double all = run.tally.all_came + run.tally.all_lapsed + run.tally.all_lost + run.tally.all_gone;
  EXPECT_EQ(run.tally.all, all + run.tally.all_waiting);
  EXPECT_EQ(all, static_cast<double>(run.ends.started.size() + run.ends.left.size()));
  return run;
}

TEST(CourseCases, Given_the_cases_that_routes_draw_it_is_the_same_course) {
  double came = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CourseParameters parameters = any_parameters(seed);
    if (parameters.no_show > 0) parameters.starting_backlog = 0;  // they come by streams of ids of their own
    const CoursePlan plan(parameters, weeks_from_autumn(40));
    const Streams streams(3, 0, seed);
    const GivenCourse run = run_given_course(plan, streams, all_referred(plan.demand, streams));
    EXPECT_EQ(bits_of(run.result), bits_of(run_model<Course>(plan, seed, 3)));
    came += run.tally.all_came;
  }
  EXPECT_GT(came, 10000);
}

TEST(CourseCases, Who_leaves_at_a_known_moment_is_as_one_who_lapses_then) {
  double lapsed = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CourseParameters parameters = any_parameters(seed);
    parameters.starting_backlog = 0;
    parameters.eligible_for = 1 + static_cast<double>(seed % 17);
    const Streams streams(3, 0, seed);
    const CoursePlan plan(parameters, weeks_from_autumn(40));
    std::vector<Referral> given = all_referred(plan.demand, streams);
    const GivenCourse expected = run_given_course(plan, streams, given);
    for (Referral& one : given) one.leaves = one.time + parameters.eligible_for;
    parameters.eligible_for = 0;
    const GivenCourse run = run_given_course(CoursePlan(parameters, weeks_from_autumn(40)), streams, given);
    EXPECT_EQ(run.ends.started, expected.ends.started);
    EXPECT_EQ(run.ends.left, expected.ends.left);
    EXPECT_EQ(run.result.series.backlog, expected.result.series.backlog);
    EXPECT_EQ(run.tally.all_lapsed, 0);
    lapsed += expected.tally.all_lapsed;
  }
  EXPECT_GT(lapsed, 5000);
}

TEST(CourseCases, Agrees_with_one_list_of_given_people_looked_through_at_each_session) {
  using End = CoursePerson::End;
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    CourseParameters parameters = any_parameters(seed);
    parameters.starting_backlog = 0;
    const CoursePlan plan(parameters, weeks_from_autumn(30));
    const Streams streams(7, 0, seed);
    const std::vector<GivenCase> given = any_people(seed, 100, 30, 6);
    std::vector<CoursePerson> people;
    for (const GivenCase& each : given) people.push_back(course_person(plan, referral_of(each, streams)));
    const GivenCourse run = run_given_course(plan, streams, given);
    for (const CoursePerson& person : naive_course(plan, streams, people).people) {
      SCOPED_TRACE(person.id);
      const auto started = run.ends.started.find(person.id);
      const auto left = run.ends.left.find(person.id);
      EXPECT_EQ(started != run.ends.started.end(), person.end == End::came);
      if (started != run.ends.started.end()) {
        EXPECT_EQ(started->second, person.ended);
        EXPECT_LE(started->second, person.leaves);
        continue;
      }
      const double until = std::min(person.leaves, person.referred + plan.eligible_for);
      if (person.end == End::lost) {
        ASSERT_NE(left, run.ends.left.end());
        EXPECT_EQ(left->second, person.ended);
      } else if (left != run.ends.left.end()) {
        EXPECT_EQ(left->second, until);
        gone += until == person.leaves;
      } else {
        EXPECT_GE(until, plan.waiting.backlog_weeks);  // the run may end before they are gone
      }
    }
  }
  EXPECT_GT(gone, 2000u);
}

TEST(CourseCases, Who_has_gone_is_no_member_of_a_group) {
  // A session a week for two or three. At week 2 the third of three who wait has gone: the other two are enough. At
  // week 4 one of two has: cancelled. Who leaves at the very moment of a session still comes to it.
  CourseParameters parameters = plain(0, 3);
  parameters.smallest_group = 2;
  const CoursePlan plan(parameters, weeks_from_autumn(8));
  const std::vector<GivenCase> given{{1.1, 9, 1, 0},   {1.2, 1.9, 2, 0}, {1.3, 9, 3, 0},
                                     {3.1, 3.5, 4, 0}, {3.2, 5, 5, 0},   {4.5, 90, 6, 0}};
  const GivenCourse run = run_given_course(plan, Streams(1, 0, 0), given);
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(1, 2), Pair(3, 2), Pair(5, 5), Pair(6, 5)));
  EXPECT_THAT(run.ends.left, ElementsAre(Pair(2, 1.9), Pair(4, 3.5)));
  EXPECT_EQ(run.tally.held, 2);
  EXPECT_EQ(run.result.outcomes.gave_up, 2.0 / 6);
}

TEST(CourseCases, The_starting_backlog_comes_first_and_is_asked_too) {
  CourseParameters parameters = plain(0, 1);
  parameters.starting_backlog = 2;
  const GivenCourse run =
      run_given_course(CoursePlan(parameters, weeks_from_autumn(8)), Streams(1, 0, 0), std::vector<GivenCase>{{0}});
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(0, 3), Pair(own_ids, 1), Pair(own_ids + 1, 2)));
}

}  // namespace
}  // namespace desist
