// The law of leaving a programme early from counts and total days: closed forms, sums over every way, impossible
// numbers.
#include "engine/statistics/early_leaving.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statistics/continuous_laws.hpp"

namespace desist::statistics {
namespace {

const EarlyLeaving pilot{20, 4, 3, 1108, 84, 365};  // Offending to Recovery, 2021-22

/// Densities by their definition, nothing shared with the code.
double leaving_density(const EarlyLeaving& seen, const LeavingLaw& law, double t) {
  const double hazard = law.shape * std::pow(t, law.shape - 1) / std::pow(law.scale, law.shape);
  return hazard * std::exp(-std::pow(t / law.scale, law.shape)) * (1 - t / seen.admitted_over);
}
double staying_density(const EarlyLeaving& seen, const LeavingLaw& law, double t) {
  return std::exp(-std::pow(t / law.scale, law.shape)) / seen.admitted_over;
}

struct Ways {
  double density = 0;     // of the days, over every way of sharing them out
  double completing = 0;  // the same times how many of those still there complete
};

/// Every day of everyone, one by one.
Ways every_way(const EarlyLeaving& seen, const LeavingLaw& law) {
  const auto people = static_cast<std::size_t>(seen.left + seen.still);
  const std::int64_t total = seen.days - seen.completed * seen.length;
  std::vector<std::int64_t> day(people, 1);
  Ways ways;
  while (true) {
    std::int64_t sum = 0;
    for (const std::int64_t each : day) sum += each;
    if (sum == total) {
      double density = 1, completing = 0;
      for (std::size_t i = 0; i < people; ++i) {
        const auto t = static_cast<double>(day[i]);
        const bool left = i < static_cast<std::size_t>(seen.left);
        density *= left ? leaving_density(seen, law, t) : staying_density(seen, law, t);
        if (!left) completing += law.staying(static_cast<double>(seen.length)) / law.staying(t);
      }
      ways.density += density;
      ways.completing += density * completing;
    }
    std::size_t next = 0;
    while (next < people && ++day[next] == seen.length) day[next++] = 1;
    if (next == people) return ways;
  }
}

TEST(EarlyLeaving, The_likelihood_is_the_sum_over_every_way_to_share_the_days) {
  for (const EarlyLeaving& seen :
       {EarlyLeaving{2, 1, 2, 5 + 9, 5, 20}, EarlyLeaving{3, 0, 1, 11, 6, 9}, EarlyLeaving{4, 2, 0, 12 + 10, 6, 30}}) {
    for (const LeavingLaw& law : {LeavingLaw{1, 4}, LeavingLaw{0.6, 7}, LeavingLaw{1.9, 3}}) {
      const Ways ways = every_way(seen, law);
      const auto length = static_cast<double>(seen.length);
      const double completed =
          static_cast<double>(seen.completed) * std::log(law.staying(length) * (1 - length / seen.admitted_over));
      EXPECT_NEAR(log_likelihood(seen, law), std::log(ways.density) + completed, 1e-11);
      if (seen.still > 0) {
        EXPECT_NEAR(expected_to_complete(seen, law), ways.completing / ways.density, 1e-11);
      }
    }
  }
}

TEST(EarlyLeaving, Of_a_constant_hazard_the_total_is_all_that_counts) {
  for (const double window : {85.0, 365.0, 4000.0}) {
    EarlyLeaving seen = pilot;
    seen.admitted_over = window;
    const double h0 = 0.01, at0 = log_likelihood(seen, {1, 1 / h0});
    for (const double h : {0.002, 0.018, 0.05})
      EXPECT_NEAR(log_likelihood(seen, {1, 1 / h}) - at0, 20 * std::log(h / h0) - 1108 * (h - h0), 1e-9);
  }
}

TEST(EarlyLeaving, A_constant_hazard_is_those_who_left_over_the_days) {
  const auto fit = fit_leaving(pilot, 1, 1);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->best.scale, 1108.0 / 20, 1e-4);
  EXPECT_NEAR(fit->chance, std::exp(-84 * 20 / 1108.0), 1e-6);
  EXPECT_NEAR(fit->half_stay, std::log(2.0) * 1108 / 20, 1e-4);
  // At both ends the deviance, which has a closed form, is the chi-square limit.
  for (const double chance : {fit->chance_interval.low, fit->chance_interval.high}) {
    const double h = -std::log(chance) / 84, best = 20.0 / 1108;
    EXPECT_NEAR(2 * (20 * std::log(best / h) - (best - h) * 1108), chi_square_quantile(0.95, 1), 1e-6);
  }
  EXPECT_LT(fit->chance_interval.low, fit->chance);
  EXPECT_GT(fit->chance_interval.high, fit->chance);
  // Given the total, the days of those still there don't hang on a constant hazard; what they lack of 84 does.
  EXPECT_GT(fit->of_still, 3 * fit->chance);
  EXPECT_LT(fit->of_still, 3);
}

TEST(EarlyLeaving, Every_number_rises_with_the_scale) {
  for (const double shape : {0.3, 0.77, 1.0, 1.5, 2.0, 3.5}) {
    double before = 0, chance = 0;
    for (double scale = 30; scale < 400; scale *= 1.3) {
      const LeavingLaw law{shape, scale};
      const double now = expected_to_complete(pilot, law);
      EXPECT_GT(now, before) << shape << ' ' << scale;
      EXPECT_GT(law.staying(84), chance);
      before = now;
      chance = law.staying(84);
    }
  }
}

TEST(EarlyLeaving, A_free_shape_widens_what_one_shape_says) {
  const auto one = fit_leaving(pilot, 1, 1), many = fit_leaving(pilot, 0.25, 4);
  ASSERT_TRUE(one && many);
  EXPECT_LT(many->chance_interval.low, one->chance_interval.low);
  EXPECT_LT(many->of_still_interval.low, one->of_still_interval.low);
  EXPECT_GT(many->of_still_interval.high, one->of_still_interval.high);
  EXPECT_TRUE(many->shapes.contains(1));
  EXPECT_FALSE(many->low_open);
  EXPECT_FALSE(many->high_open);
  EXPECT_GT(many->deviance_of_constant, 0);
  EXPECT_LT(many->deviance_of_constant, chi_square_quantile(0.95, 1));
  // Shapes at the ends of what fits have the deviance of the limit.
  const auto at_low = fit_leaving(pilot, many->shapes.low, many->shapes.low);
  EXPECT_NEAR(2 * (log_likelihood(pilot, many->best) - log_likelihood(pilot, at_low->best)),
              chi_square_quantile(0.95, 1), 1e-5);
  // Shapes that the bounds cut off are said to go on.
  const auto cut = fit_leaving(pilot, 0.9, 1.5);
  EXPECT_TRUE(cut->low_open);
  EXPECT_TRUE(cut->high_open);
}

TEST(EarlyLeaving, All_that_can_be_seen_has_probability_one) {
  // Two who come: every pair of ways and every total. Whole days stand for a density, so the sum is near one.
  const LeavingLaw law{1.3, 150};
  double all = 0;
  for (std::int64_t left = 0; left <= 2; ++left)
    for (std::int64_t completed = 0; left + completed <= 2; ++completed) {
      const std::int64_t still = 2 - left - completed;
      const double ways = left == 2 || completed == 2 || still == 2 ? 1 : 2;
      for (std::int64_t days = 0; days <= 400; ++days) {
        const EarlyLeaving seen{left, completed, still, days, 200, 500};
        if (days_possible(seen)) all += ways * std::exp(log_likelihood(seen, law));
      }
    }
  EXPECT_NEAR(all, 1, 0.01);
}

TEST(EarlyLeaving, What_no_stays_can_be_is_refused) {
  const EarlyLeaving impossible[] = {{20, 4, 3, 4 * 84 + 22, 84, 365},       // fewer days than stays
                                     {20, 4, 3, 4 * 84 + 23 * 84, 84, 365},  // as if all had completed
                                     {20, 4, 3, 300, 84, 365},               // less than those who completed had
                                     {0, 4, 3, 4 * 84 + 90, 84, 365},        // nobody left
                                     {20, 4, 3, 1108, 84, 84},               // nobody came early enough to complete
                                     {20, 4, 3, 1108, 1, 365},
                                     {-1, 4, 3, 1108, 84, 365}};
  for (const EarlyLeaving& seen : impossible) EXPECT_FALSE(fit_leaving(seen, 0.5, 2)) << seen.days;
}

}  // namespace
}  // namespace desist::statistics
