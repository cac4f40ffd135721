// Staff are there as often as their laws say, and one post moves no other.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each (mean_check.hpp).
#include "models/parts/staff.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

StaffParameters plain(Steps workers) {
  StaffParameters parameters;
  parameters.workers = std::move(workers);
  return parameters;
}

std::vector<double> at_work(const StaffParameters& parameters, int weeks, std::uint64_t replicate) {
  std::vector<double> result;
  StaffPlan(parameters, weeks).draw(Streams(5, 0, replicate), result);
  return result;
}

/// What one week of many replicates gives.
std::vector<double> in_week(const StaffParameters& parameters, int week, int replicates) {
  const StaffPlan plan(parameters, week + 1);
  std::vector<double> values;
  std::vector<double> workers;
  for (int r = 0; r < replicates; ++r) {
    plan.draw(Streams(6, 0, static_cast<std::uint64_t>(r)), workers);
    values.push_back(workers[static_cast<std::size_t>(week)]);
  }
  return values;
}

TEST(Staff, Without_absence_and_leavers_posts_are_workers) {
  const StaffParameters parameters = plain(Steps({{0, 4}, {2, 0}, {3, 2.5}, {4.5, 6}}));
  EXPECT_TRUE(StaffPlan(parameters, 7).is_certain());
  EXPECT_THAT(at_work(parameters, 7, 0), testing::ElementsAre(4, 4, 0, 2.5, 2.5, 6, 6));
  double tenths = 0;
  for (int i = 0; i < 10; ++i) tenths += 0.1;  // not 1 in a double
  EXPECT_THAT(at_work(plain(Steps(tenths)), 1, 0), testing::ElementsAre(1));
  EXPECT_THAT(at_work(plain(Steps(0)), 2, 0), testing::ElementsAre(0, 0));
}

TEST(Staff, Added_posts_are_trained_first_and_those_given_up_and_taken_back_are_not) {
  StaffParameters parameters = plain(Steps({{0, 2}, {2, 3}, {6, 1}, {8, 3}}));
  parameters.training = 2;
  EXPECT_THAT(at_work(parameters, 10, 0), testing::ElementsAre(2, 2, 2, 2, 3, 3, 1, 1, 3, 3));
}

TEST(Staff, Only_whole_teams_work) {
  StaffParameters parameters = plain(Steps({{0, 5}, {1, 6}, {2, 1.5}, {3, 3.5}}));
  parameters.team_size = 2;
  EXPECT_THAT(at_work(parameters, 4, 0), testing::ElementsAre(4, 6, 1, 3));  // with half a worker half the time
  parameters.team_size = 3;
  EXPECT_THAT(at_work(parameters, 4, 0), testing::ElementsAre(3, 6, 0, 3));
}

struct Kind {
  const char* name;
  double team_size, absence, leavers, time_to_fill, training;
};

TEST(Staff, Means_are_those_of_the_laws) {
  const Kind kinds[] = {{"absence", 1, 0.2, 0, 0, 0},      {"leavers", 1, 0, 2, 13, 4},
                        {"both", 1, 0.15, 1, 20, 10},      {"pairs", 2, 0.1, 1.5, 9, 3},
                        {"threes", 3, 0.25, 0.5, 30, 0},   {"filled at once", 2, 0.1, 12, 0, 0},
                        {"soon gone", 1, 0.05, 12, 40, 20}};
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.name);
    StaffParameters parameters = plain(Steps({{0, 5.5}, {10, 8}, {30, 6.25}}));
    parameters.team_size = kind.team_size;
    parameters.absence = kind.absence;
    parameters.leavers = kind.leavers;
    parameters.time_to_fill = kind.time_to_fill;
    parameters.training = kind.training;
    const StaffPlan plan(parameters, 60);
    const int replicates = 20'000;  // sd up to 2: finds a bias of .11 worker
    for (const int week : {0, 9, 12, 16, 29, 45}) {
      SCOPED_TRACE(week);
      const auto found = in_week(parameters, week, replicates);
      EXPECT_TRUE(agrees(found, plan.mean(week))) << mean_of(found).value << " and not " << plan.mean(week);
      EXPECT_FALSE(agrees(found, plan.mean(week) + 0.15));
    }
  }
}

TEST(Staff, The_long_run_is_that_of_posts_filled_and_vacant) {
  StaffParameters parameters = plain(Steps(10));
  parameters.leavers = 1.5;
  parameters.time_to_fill = 12;
  parameters.training = 6;
  parameters.absence = 0.1;
  const double there = 365.0 / 7 / 1.5 / (365.0 / 7 / 1.5 + 18);  // mean time filled over mean cycle
  EXPECT_NEAR(StaffPlan(parameters, 300).mean(299), 10 * 0.9 * there, 1e-12);
  // One post from training on: the same in the end, and not before.
  parameters.workers = Steps({{0, 0}, {1, 10}});
  const StaffPlan added(parameters, 1000);
  EXPECT_EQ(added.mean(6), 0);
  EXPECT_NEAR(added.mean(7), 9, 1e-12);
  EXPECT_NEAR(added.mean(999), 10 * 0.9 * there, 1e-4);
  // Within a week's whole years: who was there in one week is there in the next unless they left. Chance of both:
  parameters.workers = Steps(1);
  parameters.absence = 0;
  const StaffPlan plan(parameters, 52);
  std::vector<double> both;
  std::vector<double> workers;
  for (int r = 0; r < 40'000; ++r) {  // finds a bias of .02 in .57
    plan.draw(Streams(7, 0, static_cast<std::uint64_t>(r)), workers);
    both.push_back(workers[30] * workers[40]);
  }
  const double stays = std::exp(-1.5 * 10 * 7 / 365);  // ten weeks are too short to leave and be replaced
  EXPECT_TRUE(agrees(both, there * stays));
  EXPECT_FALSE(agrees(both, there * there));
}

TEST(Staff, One_more_post_or_a_longer_window_moves_nobody_else) {
  StaffParameters parameters = plain(Steps(3));
  parameters.absence = 0.2;
  parameters.leavers = 4;
  parameters.time_to_fill = 5;
  parameters.training = 3;
  for (std::uint64_t r = 0; r < 50; ++r) {
    const auto three = at_work(parameters, 40, r);
    parameters.workers = Steps(4);
    const auto four = at_work(parameters, 60, r);
    parameters.workers = Steps({{0, 3}, {20, 4}});
    const auto later = at_work(parameters, 40, r);
    parameters.workers = Steps(3);
    for (std::size_t week = 0; week < 40; ++week) {
      const double added = four[week] - three[week];
      ASSERT_TRUE(added == 0 || added == 1);
      ASSERT_TRUE(later[week] == three[week] || (week >= 23 && later[week] == three[week] + 1));
    }
  }
}

TEST(Staff, Who_is_always_away_never_works) {
  StaffParameters parameters = plain(Steps(5));
  parameters.absence = 1;
  EXPECT_THAT(at_work(parameters, 3, 0), testing::Each(0));
  EXPECT_EQ(StaffPlan(parameters, 3).mean(2), 0);
}

}  // namespace
}  // namespace desist
