// Curves and log-rank tests against double loops on small data with ties, and the cases at the edge.
#include <algorithm>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"
#include "engine/statistics/recurrent_events.hpp"
#include "engine/statistics/restricted_mean.hpp"
#include "tests/statistics/small_cohort.hpp"

namespace desist::statistics {
namespace {

using test::SmallCohort;

TEST(survival_data_test, order_is_that_of_a_stable_sort) {
  std::mt19937_64 bits(5);
  std::vector<std::vector<double>> cases{
      {0, -0.0, 3, 1, 0}, {1e300, 5e-324, 0, 1e-300, 1}, {7}, {4294967296.0, 3, 4294967295.0}};
  std::vector<double> days, instants;
  for (int i = 0; i < 5000; ++i) {
    days.push_back(static_cast<double>(bits() % 40000));
    instants.push_back(static_cast<double>(bits() >> 11) * 0x1p-40);
  }
  cases.push_back(days);
  cases.push_back(instants);
  for (const auto& times : cases) {
    std::vector<std::uint32_t> expected(times.size());
    std::iota(expected.begin(), expected.end(), 0U);
    std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) { return times[a] < times[b]; });
    EXPECT_EQ(order_by_time(times), expected);
    const DistinctTimes distinct = distinct_times(times);
    EXPECT_TRUE(std::is_sorted(distinct.time.begin(), distinct.time.end(), std::less_equal<>()));
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(distinct.time[distinct.place[i]], times[i]);
  }
}

TEST(kaplan_meier_test, equals_a_double_loop) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const SmallCohort c(seed, 25, seed % 2 == 0);
    const auto curves = kaplan_meier(c.follow_up(), c.group, 2);
    ASSERT_TRUE(curves);
    for (int g = 0; g < 2; ++g) {
      double survival = 1, greenwood = 0, hazard = 0;
      for (const SurvivalStep& step : (*curves)[static_cast<std::size_t>(g)].steps) {
        double n = 0, d = 0;
        for (std::size_t i = 0; i < c.stop.size(); ++i) {
          if (c.group[i] != g || !c.at_risk(i, step.time)) continue;
          n += 1;
          d += c.stop[i] == step.time && c.event[i] != 0 ? 1 : 0;
        }
        survival *= 1 - d / n;
        greenwood += d == 0 ? 0 : d / (n * (n - d));
        hazard += d / n;
        EXPECT_EQ(static_cast<double>(step.at_risk), n);
        EXPECT_NEAR(step.survival, survival, 1e-14);
        EXPECT_NEAR(step.hazard, hazard, 1e-14);
        if (survival > 0) {
          EXPECT_NEAR(*step.error(), survival * std::sqrt(greenwood), 1e-13);
        }
        if (survival <= 0) {
          EXPECT_FALSE(step.error());
        }
      }
    }
  }
}

TEST(kaplan_meier_test, quantiles_of_a_flat_stretch_and_of_everybody) {
  const std::vector<double> time{1, 2, 3, 4};
  const std::vector<int> all{1, 1, 1, 1}, none{0, 0, 0, 0};
  const auto curve = kaplan_meier({time, all, {}});
  EXPECT_EQ(survival_quantile((*curve)[0], 0.5, BandScale::log).time, 2.5);  // S = 1/2 from 2 to 3
  EXPECT_EQ(survival_quantile((*curve)[0], 0.7, BandScale::log).time, 3);
  EXPECT_FALSE(survival_limits((*curve)[0].steps.back(), BandScale::plain));  // survival 0: no limits
  const auto flat = kaplan_meier({time, none, {}});
  EXPECT_FALSE(survival_quantile((*flat)[0], 0.5, BandScale::log_log).time);
  EXPECT_EQ(survival_limits((*flat)[0].steps.back(), BandScale::log_log)->low, 1);
}

TEST(log_rank_test, equals_a_double_loop) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const SmallCohort c(seed, 30, seed % 2 == 0);
    const double rho = seed % 3 == 0 ? 1 : 0;
    double score = 0, variance = 0;
    for (int s = 0; s < 2; ++s) {
      double survival = 1;
      for (double t = 0; t <= 10; ++t) {
        double n = 0, n1 = 0, d = 0, d1 = 0;
        for (std::size_t i = 0; i < c.stop.size(); ++i) {
          if (c.stratum[i] != s || !c.at_risk(i, t)) continue;
          const bool event = c.stop[i] == t && c.event[i] != 0;
          n += 1;
          n1 += c.group[i];
          d += event;
          d1 += event && c.group[i] == 1;
        }
        if (d == 0) continue;
        const double w = std::pow(survival, rho);
        score += w * (d1 - d * n1 / n);
        if (n > 1) variance += w * w * d * (n - d) * n1 * (n - n1) / (n * n * (n - 1));
        survival *= 1 - d / n;
      }
    }
    const auto test = log_rank(c.follow_up(), c.group, {2, c.stratum, rho});
    ASSERT_TRUE(test);
    EXPECT_NEAR(test->observed[1] - test->expected[1], score, 1e-12);
    EXPECT_NEAR(test->variance(1, 1), variance, 1e-12);
    EXPECT_NEAR(test->statistic, score * score / variance, 1e-10);
    EXPECT_EQ(test->df, 1);
  }
}

TEST(log_rank_test, a_group_that_is_never_at_risk_costs_no_degree_of_freedom) {
  const std::vector<double> time{1, 2, 3, 4, 0.5};
  const std::vector<int> event{1, 1, 1, 1, 0}, group{0, 1, 0, 1, 2};
  EXPECT_EQ(log_rank({time, event, {}}, group, {3, {}, 0})->df, 1);
}

TEST(restricted_mean_test, is_the_mean_of_times_cut_at_the_horizon_without_censoring) {
  const std::vector<double> time{1, 2, 2, 5, 9, 30};
  const std::vector<int> event(6, 1);
  const auto curve = kaplan_meier({time, event, {}});
  const auto mean = restricted_mean((*curve)[0], 8);
  ASSERT_TRUE(mean);
  double sum = 0, squares = 0;
  for (const double t : time) {
    sum += std::min(t, 8.0);
    squares += std::min(t, 8.0) * std::min(t, 8.0);
  }
  EXPECT_NEAR(mean->mean, sum / 6, 1e-14);
  EXPECT_NEAR(mean->error * mean->error, (squares - sum * sum / 6) / 36, 1e-14);  // variance with divisor n
  EXPECT_EQ(restricted_mean((*curve)[0], 40)->mean, 49.0 / 6);                    // all have had the event
}

TEST(recurrent_events_test, variance_is_the_double_sum_of_lawless_and_nadeau) {
  // Spells of a person follow each other, some with a gap.
  std::mt19937_64 bits(11);
  std::vector<double> start, stop;
  std::vector<int> event, person, group;
  for (int who = 0; who < 30; ++who) {
    double now = static_cast<double>(bits() % 2);
    for (std::uint64_t spells = 1 + bits() % 4; spells > 0; --spells) {
      const double end = now + 1 + static_cast<double>(bits() % 4);
      start.push_back(now);
      stop.push_back(end);
      event.push_back(bits() % 3 == 0 ? 0 : 1);
      person.push_back(who);
      group.push_back(who % 2);
      now = end + static_cast<double>(bits() % 2);
    }
  }
  const auto curves = mean_cumulative_function({stop, event, start}, person, group, 2);
  ASSERT_TRUE(curves);
  for (int g = 0; g < 2; ++g) {
    const auto& steps = (*curves)[static_cast<std::size_t>(g)].steps;
    ASSERT_GT(steps.size(), 3U);
    for (const MeanCount& last : steps) {
      std::vector<double> influence(30, 0);
      double mean = 0;
      for (double t = 0; t <= last.time; ++t) {
        double n = 0, d = 0;
        for (std::size_t i = 0; i < stop.size(); ++i) {
          if (group[i] != g || !(start[i] < t && t <= stop[i])) continue;
          n += 1;
          d += stop[i] == t ? event[i] : 0;
        }
        if (n == 0) continue;
        mean += d / n;
        for (std::size_t i = 0; i < stop.size(); ++i) {
          if (group[i] != g || !(start[i] < t && t <= stop[i])) continue;
          influence[static_cast<std::size_t>(person[i])] += ((stop[i] == t ? event[i] : 0) - d / n) / n;
        }
      }
      double variance = 0;
      for (const double each : influence) variance += each * each;
      EXPECT_NEAR(last.mean, mean, 1e-13);
      EXPECT_NEAR(last.robust_error, std::sqrt(variance), 1e-12);
    }
  }
}

}  // namespace
}  // namespace desist::statistics
