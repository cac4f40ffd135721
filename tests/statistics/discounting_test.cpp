// Discounting against closed forms and naive second implementations; where no rate or year is given; every refusal.
#include "engine/statistics/discounting.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/statistics/discounted_sums.hpp"

namespace desist::statistics {
namespace {

constexpr std::array<DiscountBand, 3> green_book{{{1, 30, 0.035}, {31, 75, 0.03}, {76, 125, 0.025}}};

std::string refusal_of_flows(const std::function<void()>& run) {
  try {
    run();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "not refused";
}

TEST(Discounting, Rate_zero_is_the_plain_sum) {
  const std::array<DiscountBand, 1> none{{{1, 10, 0.0}}};
  const DiscountSchedule schedule(none);
  const std::array<double, 4> flows{-100, 30, 0.1, 0.2};
  EXPECT_EQ(present_value(flows, schedule), ((-100.0 + 30) + 0.1) + 0.2);
  EXPECT_EQ(present_value(flows, schedule, FlowTiming::middle), present_value(flows, schedule));
}

TEST(Discounting, The_middle_of_a_year_takes_half_of_the_next_years_rate) {
  const DiscountSchedule schedule(green_book);
  EXPECT_EQ(schedule.factor(0), 1);
  EXPECT_NEAR(schedule.factor(0, FlowTiming::middle), std::pow(1.035, -0.5), 1e-15);
  EXPECT_NEAR(schedule.factor(29, FlowTiming::middle), std::pow(1.035, -29.5), 1e-15);
  // Year 30 lies between the dates 30 and 31 years on: the rate of year 31.
  EXPECT_NEAR(schedule.factor(30, FlowTiming::middle), std::pow(1.035, -30) * std::pow(1.03, -0.5), 1e-15);
  EXPECT_EQ(schedule.rate(30), 0.035);
  EXPECT_EQ(schedule.rate(31), 0.03);
  EXPECT_EQ(schedule.last_year(), 125);
}

TEST(Discounting, Present_values_scale_and_add) {
  const DiscountSchedule schedule(green_book);
  const std::array<double, 3> a{-10, 4, 9}, b{2, 0, -5};
  std::array<double, 3> both{};
  for (std::size_t y = 0; y < 3; ++y) both[y] = 3 * a[y] + b[y];
  EXPECT_NEAR(present_value(both, schedule), 3 * present_value(a, schedule) + present_value(b, schedule), 1e-13);
}

TEST(Discounting, What_a_schedule_can_not_be_is_refused) {
  const auto made = [](std::vector<DiscountBand> bands) { return [bands] { const DiscountSchedule s(bands); }; };
  EXPECT_EQ(refusal_of_flows(made({})), "a discount schedule needs a band of years");
  const std::string gap = "the bands of a discount schedule follow each other without a gap from year 1";
  EXPECT_EQ(refusal_of_flows(made({{2, 5, 0.03}})), gap);
  EXPECT_EQ(refusal_of_flows(made({{1, 30, 0.03}, {32, 75, 0.03}})), gap);
  const std::string end = "a band of a discount schedule ends in or after its first year, and by year 10000";
  EXPECT_EQ(refusal_of_flows(made({{1, 0, 0.03}})), end);
  EXPECT_EQ(refusal_of_flows(made({{1, 10001, 0.03}})), end);
  const std::string rate = "a discount rate is above -1 and finite";
  EXPECT_EQ(refusal_of_flows(made({{1, 5, -1.0}})), rate);
  EXPECT_EQ(refusal_of_flows(made({{1, 5, std::numeric_limits<double>::quiet_NaN()}})), rate);
}

TEST(Discounting, No_year_beyond_the_schedule_is_discounted) {
  const std::array<DiscountBand, 1> five{{{1, 5, 0.035}}};
  const DiscountSchedule schedule(five);
  EXPECT_EQ(refusal_of_flows([&] { schedule.factor(6); }),
            "the discount schedule reaches year 5: it has no factor for year 6");
  EXPECT_EQ(refusal_of_flows([&] { schedule.factor(-1); }),
            "the discount schedule reaches year 5: it has no factor for year -1");
  EXPECT_EQ(refusal_of_flows([&] { schedule.factor(5, FlowTiming::middle); }),
            "the discount schedule runs from year 1 to year 5: it has no rate for year 6");
  EXPECT_EQ(refusal_of_flows([&] { schedule.rate(0); }),
            "the discount schedule runs from year 1 to year 5: it has no rate for year 0");
}

TEST(Payback, Is_the_year_from_which_the_plain_sum_stays_back) {
  EXPECT_EQ(payback(std::array{-100.0, 40.0, 40.0, 40.0}), 3);
  EXPECT_EQ(payback(std::array{-100.0, 60.0, 40.0, 40.0}), 2);    // back to nothing is back
  EXPECT_EQ(payback(std::array{-100.0, 120.0, -50.0, 40.0}), 3);  // it was lost again in between
  EXPECT_FALSE(payback(std::array{-100.0, 120.0, -50.0}));
  EXPECT_FALSE(payback(std::array{-100.0, 40.0}));
  EXPECT_EQ(payback(std::array{5.0, 1.0}), 0);
}

}  // namespace
}  // namespace desist::statistics
