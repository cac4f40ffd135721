// Casework keeps its books: what must hold in every replicate, whatever the numbers.
#include <cmath>
#include <limits>
#include <map>

#include <gmock/gmock.h>

#include "engine/core/limits.hpp"
#include "tests/models/casework_helpers.hpp"

namespace desist {
namespace {

using namespace test;

TEST(Casework, Who_comes_in_goes_out_or_is_inside) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const CaseworkPlan plan(any_parameters(seed), window_of(30));
    const TracedCasework traced = trace(plan, seed);
    const auto& [tally, log] = traced;
    double hours = 0;
    double hours_of_finished = 0;
    double outstanding = 0;
    double overdue = 0;
    double finished = 0;
    double left = 0;
    for (const CaseworkRecord& each : log) {
      hours += each.hours;
      if (std::isfinite(each.finished)) hours_of_finished += each.hours;
      if (std::isfinite(each.started) && std::isinf(each.finished)) left += each.hours;
      if (each.finished < 30) finished += 1;
      if (each.referred >= 30 || each.finished <= 30) continue;
      outstanding += 1;
      if (each.referred + plan.classes[each.kind].due <= 30) overdue += 1;
    }
    EXPECT_NEAR(tally.all_hours_referred, hours, 1e-9 * (1 + hours));
    // What is worked is what is finished and a part of what is begun.
    EXPECT_GE(tally.all_hours_worked, hours_of_finished - 1e-6);
    EXPECT_LE(tally.all_hours_worked, hours_of_finished + left + 1e-6);
    EXPECT_LE(tally.hours_worked, tally.hours_offered + 1e-6);
    EXPECT_EQ(tally.outstanding[30], outstanding);
    EXPECT_EQ(tally.overdue[30], overdue);
    EXPECT_EQ(tally.finished_in_window, finished);
  }
}

/// Integral of a number over [0, end] by sweeping its steps: cases from `from` to `to` of each record.
template <class From, class To>
double integral(const std::vector<CaseworkRecord>& log, double end, From&& from, To&& to) {
  std::vector<std::pair<double, int>> steps;
  for (const CaseworkRecord& each : log) {
    if (from(each) >= end) continue;
    steps.emplace_back(std::max(0.0, from(each)), 1);
    if (to(each) < end) steps.emplace_back(std::max(0.0, to(each)), -1);
  }
  std::sort(steps.begin(), steps.end());
  double sum = 0;
  double before = 0;
  int number = 0;
  for (const auto& [time, step] : steps) {
    sum += number * (time - before);
    before = time;
    number += step;
  }
  return sum + number * (end - before);
}

TEST(Casework, Weeks_waited_are_the_integral_of_the_number_waiting) {
  for (std::uint64_t seed = 400; seed < 600; ++seed) {
    SCOPED_TRACE(seed);
    const CaseworkPlan plan(any_parameters(seed), window_of(30));
    const Result result = run(plan, seed);
    const TracedCasework traced = trace(plan, seed);
    const double waiting = integral(
        traced.log, 30, [](auto& each) { return each.referred; }, [](auto& each) { return each.started; });
    EXPECT_NEAR(result.outcomes.person_weeks, waiting, 1e-9 * (1 + waiting));
    double backlog = 0;
    for (const CaseworkRecord& each : traced.log) backlog += each.referred < 30 && each.started > 30;
    EXPECT_EQ(result.outcomes.backlog_end, backlog);
    EXPECT_LE(result.outcomes.backlog_end, result.outcomes.outstanding_end);
  }
}

TEST(Casework, Nobody_is_begun_too_early_too_many_or_out_of_turn) {
  for (std::uint64_t seed = 600; seed < 800; ++seed) {
    SCOPED_TRACE(seed);
    const CaseworkParameters parameters = any_parameters(seed);
    const CaseworkPlan plan(parameters, window_of(30));
    const TracedCasework traced = trace(plan, seed);
    std::map<std::uint32_t, double> last_start;  // of the class
    for (const CaseworkRecord& each : traced.log) {
      EXPECT_GE(each.started, each.referred);
      EXPECT_GE(each.finished, each.started);
      EXPECT_GE(each.started, last_start[each.kind]);  // within a class nobody overtakes
      last_start[each.kind] = each.started;
      if (!std::isfinite(each.started)) continue;
      // Begun in the opening hours of a working day.
      const int week = static_cast<int>(each.started);
      const int day = std::min(6, static_cast<int>((each.started - week) * 7 + 1e-9));
      const WorkingTime::Day open = plan.time.week(week)[static_cast<std::size_t>(day)];
      EXPECT_GT(open.each + open.together, 0);
      EXPECT_GE(each.started, open.opens - 1e-9);
      EXPECT_LE(each.started, open.closes + 1e-9);
    }
  }
}

TEST(Casework, A_week_of_work_is_done_in_turn) {
  // Five cases of sixteen hours; a worker does eight hours a day from Monday to Friday, nine to five.
  CaseworkParameters parameters = plain({0.0}, {16});
  office_hours(parameters);
  parameters.starting_backlog = 5;
  parameters.starting_wait = 5;
  parameters.due.values = {3};
  const CaseworkPlan plan(parameters, window_of(3));
  const TracedCasework traced = trace(plan, 0);
  const double opening = 9.0 / 24;
  const double closing = 17.0 / 24;
  const double starts[] = {opening, 2 + opening, 4 + opening, 8 + opening, 10 + opening};
  const double ends[] = {1 + closing, 3 + closing, 7 + closing, 9 + closing, 11 + closing};
  ASSERT_EQ(traced.log.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(traced.log[i].started * 7, starts[i], 1e-9) << i;
    EXPECT_NEAR(traced.log[i].finished * 7, ends[i], 1e-9) << i;
  }
  const Result result = run(plan, 0);
  EXPECT_THAT(result.series.outstanding, testing::ElementsAre(3, 0, 0));
  EXPECT_THAT(result.series.backlog, testing::ElementsAre(2, 0, 0));
  EXPECT_NEAR(result.series.hours_outstanding[0], 40, 1e-6);
  EXPECT_NEAR(result.outcomes.utilisation, 80.0 / 120, 1e-9);
  EXPECT_NEAR(result.outcomes.spare_hours_a_week, 40.0 / 3, 1e-6);
  EXPECT_TRUE(std::isnan(result.outcomes.mean_turnaround));  // nobody is referred in the window
  // Referred 5, 4, 3, 2 and 1 weeks ago and due after 3: at the end of week 1 the last two and the one begun are left.
  EXPECT_THAT(result.series.overdue, testing::ElementsAre(2, 0, 0));
}

TEST(Casework, A_case_begun_before_its_worker_is_away_is_taken_up_again_before_any_other) {
  CaseworkParameters parameters = plain({0.0}, {100});
  parameters.hours_each = Steps(70);  // ten a day
  parameters.workers = Steps({{0, 2}, {1, 1}, {2, 0}, {3, 2}});
  parameters.starting_backlog = 3;
  parameters.starting_wait = 3;
  const TracedCasework traced = trace(CaseworkPlan(parameters, window_of(6)), 0);
  ASSERT_EQ(traced.log.size(), 3u);
  // Both are begun at the start; 30 hours of each are left after week 0. In week 1 the first is finished after three
  // days, the second is taken up again and finished after three more, and the third begun on the last day.
  EXPECT_NEAR(traced.log[0].finished, 1 + 3.0 / 7, 1e-9);
  EXPECT_NEAR(traced.log[1].finished, 1 + 6.0 / 7, 1e-9);
  EXPECT_NEAR(traced.log[2].started, 1 + 6.0 / 7, 1e-9);
  EXPECT_NEAR(traced.log[2].finished, 4 + 2.0 / 7, 1e-9);  // 10 hours in week 1, none in week 2, 90 from week 3 on
}

TEST(Casework, A_part_time_post_and_hours_of_all_together_are_shared_evenly) {
  CaseworkParameters parameters = plain({0.0}, {70});
  parameters.workers = Steps(1.5);
  parameters.hours_each = Steps(70);
  parameters.staff_hours = Steps(35);
  parameters.starting_backlog = 2;
  const TracedCasework traced = trace(CaseworkPlan(parameters, window_of(2)), 0);
  for (const CaseworkRecord& each : traced.log) EXPECT_NEAR(each.finished, 1, 1e-9);  // 140 hours a week, two people
  parameters.workers = Steps(0);
  const TracedCasework alone = trace(CaseworkPlan(parameters, window_of(5)), 0);
  EXPECT_NEAR(alone.log[0].finished, 2, 1e-9);  // hours of all together are one person's
  EXPECT_NEAR(alone.log[1].finished, 4, 1e-9);
}

TEST(Casework, Ageing_lifts_a_case_to_the_first_rank_and_no_further) {
  // As much work as there is time: what goes first leaves the others waiting.
  CaseworkParameters parameters = plain({3, 1}, {42, 42});
  parameters.priority.values = {1, 2};
  parameters.workers = Steps(1);
  const auto wait_of_second = [&](double ageing) {
    parameters.ageing = ageing;
    const CaseworkPlan plan(parameters, window_of(60));
    double sum = 0;
    double cases = 0;
    for (const CaseworkRecord& each : trace(plan, 3).log)
      if (each.kind == 1 && each.referred < 60 && std::isfinite(each.started)) {
        sum += each.started - each.referred;
        cases += 1;
      }
    return sum / cases;
  };
  EXPECT_LT(wait_of_second(1), wait_of_second(4));
  EXPECT_LT(wait_of_second(4), wait_of_second(0));
}

TEST(Casework, A_batch_is_begun_when_so_many_have_gathered_or_the_week_begins) {
  CaseworkParameters parameters = plain({6}, {0.001});
  parameters.batch = 4;
  const TracedCasework traced = trace(CaseworkPlan(parameters, window_of(20)), 0);
  std::map<int, std::vector<CaseworkRecord>> weeks;
  for (const CaseworkRecord& each : traced.log)
    if (each.referred < 20) weeks[static_cast<int>(each.referred)].push_back(each);
  for (const auto& [week, cases] : weeks) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const std::size_t last = i / 4 * 4 + 3;
      const double expected = last < cases.size() ? cases[last].referred : week + 1;
      EXPECT_NEAR(cases[i].started, expected, 1e-4);
    }
  }
}

TEST(Casework, Systems_without_staff_demand_or_work_are_what_they_are) {
  CaseworkParameters parameters = plain({5}, {10});
  parameters.workers = Steps(0);
  parameters.clear_dates = {Date::from_ymd(2023, 12, 25)};
  Result result = run(CaseworkPlan(parameters, window_of(10)), 0);
  EXPECT_EQ(result.outcomes.seen_a_week, 0);
  EXPECT_EQ(result.outcomes.in_time, 0);
  EXPECT_EQ(result.outcomes.on_time, 0);
  EXPECT_EQ(result.outcomes.weeks_until_clear, infinity);
  EXPECT_TRUE(std::isnan(result.outcomes.utilisation));
  EXPECT_NEAR(result.outcomes.backlog_end, 10 * result.outcomes.referred_a_week, 1e-9);

  parameters = plain({0.0}, {10});
  result = run(CaseworkPlan(parameters, window_of(10)), 0);
  EXPECT_EQ(result.outcomes.utilisation, 0);
  EXPECT_EQ(result.outcomes.on_time, 1);
  EXPECT_EQ(result.outcomes.weeks_until_clear, 0);
  EXPECT_TRUE(std::isnan(result.outcomes.share_on_time[0]));

  parameters = plain({5}, {0});  // no work: gone as soon as they come
  parameters.returned.values = {0.99};
  result = run(CaseworkPlan(parameters, window_of(10)), 0);
  EXPECT_EQ(result.outcomes.mean_wait, 0);
  EXPECT_EQ(result.outcomes.outstanding_end, 0);
  EXPECT_GT(result.outcomes.referred_a_week, 100);

  parameters = plain({50}, {168});  // fifty weeks of work a week: never
  result = run(CaseworkPlan(parameters, window_of(10)), 0);
  EXPECT_NEAR(result.outcomes.utilisation, 1, 0.02);
  EXPECT_GT(result.outcomes.wait_95, 150);
  EXPECT_EQ(result.outcomes.on_time, 0);
}

TEST(Casework, Equal_arms_are_equal_to_the_bit_and_replicates_differ) {
  for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
    const CaseworkPlan a(any_parameters(seed), window_of(30));
    const CaseworkPlan b(any_parameters(seed), window_of(30));
    EXPECT_EQ(run(a, 5).series.backlog, run(b, 5).series.backlog);
    EXPECT_EQ(run(a, 5).series.hours_outstanding, run(b, 5).series.hours_outstanding);
    EXPECT_NE(run(a, 5).series.hours_outstanding, run(a, 6).series.hours_outstanding);
  }
}

TEST(Casework, Another_route_another_worker_and_a_longer_window_leave_the_cases_of_others_alone) {
  CaseworkParameters parameters = plain({5, 3}, {10, 20});
  parameters.hours_cv.values = {1, 0.5};
  const CaseworkPlan plan(parameters, window_of(20));
  CaseworkParameters more = plain({5, 3, 4}, {10, 20, 5});
  more.hours_cv.values = {1, 0.5, 0};
  more.workers = Steps(3);
  const CaseworkPlan other(more, window_of(35));
  std::map<std::uint64_t, CaseworkRecord> others;
  for (const CaseworkRecord& each : trace(other, 2).log) others[each.id] = each;
  for (const CaseworkRecord& each : trace(plan, 2).log) {
    ASSERT_TRUE(others.contains(each.id));
    EXPECT_EQ(others[each.id].referred, each.referred);
    EXPECT_EQ(others[each.id].hours, each.hours);
  }
}

TEST(Casework, Hours_at_the_ends_of_their_range_are_done) {
  CaseworkParameters parameters = plain({2}, {1e4});
  parameters.staff_hours = Steps(1e6);
  parameters.hours_cv.values = {5};
  const Result result = run(CaseworkPlan(parameters, window_of(10)), 0);
  EXPECT_LT(result.outcomes.utilisation, 0.5);
  EXPECT_GT(result.outcomes.finished_a_week, 0.5);
  parameters.closes = 1e-3;  // all in four seconds after midnight
  EXPECT_GT(run(CaseworkPlan(parameters, window_of(10)), 0).outcomes.finished_a_week, 0.5);
}

TEST(Casework, A_surplus_is_what_is_finished_beyond_the_referrals_of_the_first_day) {
  CaseworkParameters parameters = plain({8, 4}, {10, 30});
  parameters.staff_hours = Steps(0);
  parameters.workers = Steps(6);
  parameters.hours_each = Steps(0);
  parameters.returned.values = {0, 0.25};
  parameters.capacity = CaseworkParameters::Capacity::surplus;
  parameters.surplus = Steps({{0, 0}, {5, 3}});
  const CaseworkPlan plan(parameters, window_of(20));
  double before = 0;
  double after = 0;
  for (const WorkingTime::Day& day : plan.time.week(4)) before += day.together;
  for (const WorkingTime::Day& day : plan.time.week(5)) after += day.together;
  EXPECT_NEAR(before, 8 * 10 + 4 * 30 / 0.75, 1e-9);
  EXPECT_NEAR(after - before, 3 * (8 * 10 + 4 * 30 / 0.75) / 12, 1e-9);
}

TEST(Casework, What_cannot_hold_together_is_refused_in_words) {
  const auto why = [](const CaseworkParameters& parameters) -> std::string {
    try {
      const CaseworkPlan plan(parameters, window_of(10));
    } catch (const std::invalid_argument& problem) {
      return problem.what();
    }
    return "";
  };
  CaseworkParameters parameters = plain({1, 1}, {1, 1});
  parameters.class_shares = {0.5, 0.4};
  EXPECT_EQ(why(parameters), "class_shares must add up to 1, not 0.9");
  parameters.class_shares = {1};
  EXPECT_EQ(why(parameters), "class_shares needs 2 shares, one for each class, not 1");
  parameters = plain({1, 1, 1}, {1, 1, 1});
  parameters.classes.pop_back();
  EXPECT_EQ(why(parameters),
            "without class_shares there is one class, or one for each route: classes has 2, routes has 3");
  parameters = plain({1}, {1});
  parameters.surplus = Steps(2);
  EXPECT_EQ(why(parameters), "surplus counts only with capacity = \"surplus\"");
  parameters = plain({}, {});
  EXPECT_EQ(why(parameters), "casework needs one class of cases or more");
}

}  // namespace
}  // namespace desist
