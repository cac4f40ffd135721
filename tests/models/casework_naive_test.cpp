// Casework against a second, naive form.

#include "tests/models/casework_naive.hpp"

#include <gmock/gmock.h>

#include "tests/models/casework_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

TEST(CaseworkNaive, Every_start_and_end_is_that_of_the_naive_form) {
  const struct {
    Date start;
    int first_day, working_days;
    double opens, closes;
    int workers;
    double ageing, returned;
  } rows[] = {{Date::from_ymd(2023, 10, 2), 0, 5, 9, 17, 3, 0, 0},
              {Date::from_ymd(2023, 9, 30), 5, 5, 8, 18.5, 1, 1.5, 0},
              {Date::from_ymd(2023, 10, 4), 2, 6, 9, 13, 2, 0.4, 0.3},
              {Date::from_ymd(2023, 9, 30), 5, 7, 0, 24, 2, 0, 0.2},
              {Date::from_ymd(2023, 10, 6), 4, 5, 0, 24, 1, 2, 0.1}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.start.iso());
    CaseworkParameters parameters = plain({4, 6, 3}, {6, 3, 9});
    parameters.workers = Steps(row.workers);
    parameters.hours_each = Steps(90.0 / row.workers);
    parameters.working_days = Steps(row.working_days);
    parameters.opens = row.opens;
    parameters.closes = row.closes;
    parameters.hours_cv.values = {0.8, 0, 1.4};
    parameters.priority.values = {1, 2, 3};
    parameters.due.values = {1, 3, 2};
    parameters.returned.values.assign(3, row.returned);
    parameters.ageing = row.ageing;
    parameters.starting_backlog = 17;
    parameters.starting_wait = 3;
    const CaseworkPlan plan(parameters, window_of(40, row.start));
    const NaiveDesk desk{row.first_day, row.working_days, row.opens, row.closes,
                         90.0 / row.workers / row.working_days / (row.closes - row.opens)};
    for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
      const TracedCasework traced = trace(plan, replicate);
      const auto expected = naive_casework(traced.log, parameters, desk, row.workers, 40);
      ASSERT_GT(traced.log.size(), 400u);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i].started > 39) continue;  // later, one of the two may have stopped
        ASSERT_NEAR(traced.log[i].started, expected[i].started, 1e-7) << i;
        ASSERT_NEAR(traced.log[i].finished, expected[i].finished, 1e-7) << i;
      }
    }
  }
}

TEST(CaseworkNaive, A_case_of_Friday_evening_waits_until_Monday) {
  CaseworkParameters parameters = plain({0.0}, {1});
  office_hours(parameters);
  parameters.starting_backlog = 1;
  // The window begins on Saturday, 30 September 2023; work begins on Monday, 2 October at nine.
  const TracedCasework traced = trace(CaseworkPlan(parameters, window_of(4, Date::from_ymd(2023, 9, 30))), 0);
  ASSERT_EQ(traced.log.size(), 1u);
  EXPECT_NEAR(traced.log[0].started, (2 + 9.0 / 24) / 7, 1e-12);
  EXPECT_NEAR(traced.log[0].finished, (2 + 10.0 / 24) / 7, 1e-12);
}

TEST(CaseworkNaive, With_time_to_spare_a_desk_closed_at_weekends_reaches_this_share_in_a_day) {
  // Cases come at even moments of the week and take no time to speak of: in the open hours at once, else at the next
  // opening. Begun more than 24 hours after: those from Friday 17:00 to Sunday 9:00, 40 of the week's 168 hours.
  CaseworkParameters parameters = plain({30}, {1e-6});
  office_hours(parameters);
  parameters.yardstick = 1.0 / 7;
  parameters.due.values = {1.0 / 7};
  const CaseworkPlan plan(parameters, window_of(52));
  std::vector<double> in_time;
  std::vector<double> waits;
  for (std::uint64_t replicate = 0; replicate < 400; ++replicate) {  // finds a bias of .005
    const Result result = run(plan, replicate);
    in_time.push_back(result.outcomes.share_in_time);
    waits.push_back(result.outcomes.mean_wait);
    EXPECT_NEAR(result.outcomes.share_on_time[0], result.outcomes.share_in_time, 0.003);
  }
  EXPECT_TRUE(agrees(in_time, 128.0 / 168));
  EXPECT_FALSE(agrees(in_time, 127.0 / 168));
  // Four nights of 16 hours and a weekend of 64: mean wait (4 x 16^2 + 64^2) / 2 / 168 hours.
  EXPECT_TRUE(agrees(waits, (4 * 256.0 + 64 * 64) / 2 / 168 / 168));
}

}  // namespace
}  // namespace desist
