// Parameters of courses, and a course that looks through one list at each session.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "models/parts/course.hpp"

namespace desist::test {

/// Cases of one route, a session a week, no smallest group.
inline CourseParameters plain(double referrals, double largest) {
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
inline CourseParameters any_parameters(std::uint64_t seed) {
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

/// The same course by another way: one list of people, looked through at each session.
struct CoursePerson {
  enum class End { waits, came, lost };  // waits: to the end, or until they lapse or are gone
  double referred = 0;
  double leaves = std::numeric_limits<double>::infinity();
  std::uint64_t id = 0;
  std::size_t area = 0;
  std::uint64_t booked = 0;
  End end = End::waits;
  double ended = 0;
};
inline CoursePerson course_person(const CoursePlan& plan, const Referral& each) {
  CoursePerson person;
  person.referred = each.time;
  person.leaves = each.leaves;
  person.id = each.id;
  person.area = static_cast<std::size_t>(uniform(each.risk) * static_cast<double>(plan.areas));
  return person;
}
struct NaiveCourse {
  std::vector<CoursePerson> people;
  double cancelled = 0;
};
inline NaiveCourse naive_course(const CoursePlan& plan, const Streams& streams, std::vector<CoursePerson> people) {
  NaiveCourse course{std::move(people)};
  using End = CoursePerson::End;
  for (const double session : plan.sessions) {
    for (std::size_t area = 0; area < plan.areas; ++area) {
      std::vector<CoursePerson*> booked;
      for (CoursePerson& person : course.people)
        if (booked.size() < plan.largest && person.end == End::waits && person.area == area &&
            person.referred <= session - plan.notice + 1e-9 && person.leaves >= session &&
            person.referred + plan.eligible_for >= session)
          booked.push_back(&person);
      if (booked.size() < plan.smallest) {
        course.cancelled += session <= plan.waiting.end + 1e-9;
        continue;
      }
      for (CoursePerson* person : booked) {
        const Words words = streams.words(Purpose("coming to a session"), person->id, person->booked++);
        const bool comes = uniform(words[0]) >= plan.no_show;
        if (!comes && uniform(words[1]) < plan.rebooked) continue;
        person->end = comes ? End::came : End::lost;
        person->ended = session;
      }
    }
  }
  return course;
}

}  // namespace desist::test
