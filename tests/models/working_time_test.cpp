// The days and hours in which staff work.
#include "models/parts/working_time.hpp"

#include <gmock/gmock.h>

namespace desist {
namespace {

Window from(int year, int month, int day) {
  const Date start = Date::from_ymd(year, month, day);
  return {start, Date{start.days + 28}};
}

std::vector<double> hours_of_week(const WorkingTime& time, int week) {
  std::vector<double> hours;
  for (const WorkingTime::Day& day : time.week(week)) hours.push_back(day.each);
  return hours;
}

TEST(WorkingTime, Days_follow_the_calendar_and_not_the_window) {
  WorkingTimeParameters parameters;
  parameters.hours_each = Steps(35);
  parameters.working_days = Steps(5);
  // 30 September 2023 was a Saturday.
  EXPECT_THAT(hours_of_week(WorkingTime(parameters, from(2023, 9, 30)), 1), testing::ElementsAre(0, 0, 7, 7, 7, 7, 7));
  EXPECT_THAT(hours_of_week(WorkingTime(parameters, from(2023, 10, 2)), 1), testing::ElementsAre(7, 7, 7, 7, 7, 0, 0));
  parameters.working_days = Steps(7);
  EXPECT_THAT(hours_of_week(WorkingTime(parameters, from(2023, 9, 30)), 1), testing::ElementsAre(5, 5, 5, 5, 5, 5, 5));
}

TEST(WorkingTime, Hours_of_a_closed_day_are_lost) {
  WorkingTimeParameters parameters;
  parameters.hours_each = Steps(35);
  parameters.working_days = Steps(5);
  parameters.closed = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2023, 12, 26)};
  EXPECT_THAT(hours_of_week(WorkingTime(parameters, from(2023, 12, 18)), 1), testing::ElementsAre(0, 0, 7, 7, 7, 0, 0));
}

TEST(WorkingTime, The_day_opens_and_closes_by_the_clock) {
  WorkingTimeParameters parameters;
  parameters.hours_each = Steps(35);
  parameters.opens = 9;
  parameters.closes = 17.5;
  const WorkingTime time(parameters, from(2023, 10, 2));
  EXPECT_DOUBLE_EQ(time.week(2)[3].opens, 2 + (3 + 9.0 / 24) / 7);
  EXPECT_DOUBLE_EQ(time.week(2)[3].closes, 2 + (3 + 17.5 / 24) / 7);
}

TEST(WorkingTime, Changes_hold_from_their_day) {
  WorkingTimeParameters parameters;
  const Window window = from(2023, 10, 2);
  parameters.hours_each = Steps({{0, 35}, {window.week_of(Date::from_ymd(2023, 10, 11)), 70}});  // a Wednesday
  parameters.staff_hours = Steps({{0, 0}, {1, 10}});
  parameters.working_days = Steps({{0, 5}, {2, 7}});
  WorkingTime time(parameters, window);
  EXPECT_THAT(hours_of_week(time, 1), testing::ElementsAre(7, 7, 14, 14, 14, 0, 0));
  EXPECT_THAT(hours_of_week(time, 2), testing::ElementsAre(10, 10, 10, 10, 10, 10, 10));
  EXPECT_EQ(time.week(0)[0].together, 0);
  EXPECT_EQ(time.week(1)[0].together, 2);
  time.add_hours(5, 2, Steps({{0, 0}, {1, 10}}));
  EXPECT_EQ(time.week(0)[0].together, 1);
  EXPECT_EQ(time.week(1)[0].together, 2 + 5);
  EXPECT_EQ(time.week(1)[6].together, 0);
}

TEST(WorkingTime, A_day_that_closes_before_it_opens_is_refused) {
  WorkingTimeParameters parameters;
  parameters.opens = 17;
  parameters.closes = 9;
  try {
    const WorkingTime time(parameters, from(2023, 10, 2));
    FAIL();
  } catch (const std::invalid_argument& problem) {
    EXPECT_STREQ(problem.what(), "closes (9 hours after midnight) must be later than opens (17)");
  }
}

}  // namespace
}  // namespace desist
