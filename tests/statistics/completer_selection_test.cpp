#include "engine/statistics/completer_selection.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <boost/math/special_functions/beta.hpp>
#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/rate_multiplier.hpp"

namespace desist::statistics {
namespace {

TEST(completer_selection_test, identity_on_published_tables) {
  EXPECT_NEAR(completer_risk_without_effect(10.0 / 49, 7.0 / 16, 54.0 / 70), 0.135, 5e-4);
  EXPECT_NEAR(completer_risk_without_effect(124.0 / 318, 40.0 / 87, 164.0 / 251), 0.353, 5e-4);
  // Mixing the two back gives the control risk.
  const double pi = 0.6, p_b = 0.5, p_0 = 0.3;
  EXPECT_NEAR(pi * completer_risk_without_effect(p_0, p_b, pi) + (1 - pi) * p_b, p_0, 1e-15);
  EXPECT_EQ(completer_risk_without_effect(0.3, 0.9, 1), 0.3);
}

TEST(completer_selection_test, bound_without_breachers) {
  // All breachers with the outcome is the least that completers can have.
  EXPECT_NEAR(least_completer_risk_without_effect(0.7, 0.8), completer_risk_without_effect(0.7, 1, 0.8), 1e-15);
  EXPECT_EQ(least_completer_risk_without_effect(0.2, 0.6), 0);
}

TEST(completer_selection_test, limits_of_the_identity) {
  const CompletionTable cara{{10, 49}, {1, 54}, {7, 16}};
  const ConfidenceSet set = completer_risk_limits(cara);
  ASSERT_EQ(set.shape, ConfidenceSet::Shape::interval);
  // Each end is where a test of p_0 = q + c pi rejects: variances by sums over people, breachers with the outcome
  // counting 1 and completers c.
  for (const double c : {set.low, set.high}) {
    const double mean = (7 + c * 54) / 70, p_0 = 10.0 / 49;
    const double square = (7 + c * c * 54) / 70;
    const double variance = p_0 * (1 - p_0) / 49 + (square - mean * mean) / 70;
    EXPECT_NEAR(std::abs(p_0 - mean) / std::sqrt(variance), 1.959963984540054, 1e-9);
  }
  EXPECT_LT(set.low, 0.135);
  EXPECT_GT(set.high, 0.135);
}

TEST(completer_selection_test, chance_of_so_few) {
  // Against a plain draw of everything: normal approximations are of no use for 1 of 54.
  const CompletionTable table{{10, 49}, {1, 54}, {7, 16}};
  std::mt19937_64 engine(7);
  const auto uniform = [&] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1p-53; };
  const auto beta = [&](double x, double n) { return boost::math::ibeta_inv(x + 0.5, n - x + 0.5, uniform()); };
  double fits = 0, few = 0;
  constexpr int draws = 40000;
  for (int i = 0; i < draws; ++i) {
    const double p_0 = beta(10, 49), pi = beta(54, 70), p_B = beta(7, 16);
    const double p_C = completer_risk_without_effect(p_0, p_B, pi);
    if (p_C < 0 || p_C > 1) continue;
    ++fits;
    int with = 0;
    for (int person = 0; person < 54; ++person) with += uniform() < p_C ? 1 : 0;
    few += with <= 1 ? 1 : 0;
  }
  const auto chance = chance_of_so_few(table);
  ASSERT_TRUE(chance);
  // 4.9 errors of the draws: false alarms of 1e-6.
  const auto near = [](double ours, double share, double n) {
    return std::abs(ours - share) < 4.9 * std::sqrt(share * (1 - share) / n);
  };
  EXPECT_TRUE(near(chance->identity_fits, fits / draws, draws));
  EXPECT_TRUE(near(chance->so_few, few / fits, fits));
  EXPECT_FALSE(near(chance_of_so_few({{10, 49}, {2, 54}, {7, 16}})->so_few, few / fits, fits));  // it can fail
  // everybody completed with the outcome: nothing is fewer
  EXPECT_NEAR(chance_of_so_few({{10, 49}, {54, 54}, {7, 16}})->so_few, 1, 1e-12);
}

TEST(completer_selection_test, small_chances_of_so_few) {
  // R 4.2.2: the density of p_C itself, dbeta(pi, ...) dbeta(p_B, ...) pi dbeta(pi c + (1 - pi) p_B, ...), times
  // pbinom(x, n, c), by Gauss-Legendre rules of 120 points over pi, p_B and three panels of c (all digits as printed).
  struct Reference {
    CompletionTable table;
    double few, fits;
  };
  for (const auto& [table, few, fits] : {Reference{{{10, 49}, {1, 54}, {7, 16}}, 0.0766259791845, 0.9505814640513},
                                         {{{1, 49}, {0, 54}, {5, 16}}, 0.389383898303, 0.108877357014},
                                         {{{14, 49}, {10, 54}, {4, 16}}, 0.173331684606, 0.999762233234},
                                         {{{124, 318}, {15, 164}, {40, 87}}, 7.57856337716e-06, 0.9999999997},
                                         {{{154, 315}, {10, 48}, {11, 23}}, 0.00210467202829, 0.99999996386683},
                                         {{{40, 134}, {2, 20}, {3, 35}}, 0.00162272508907, 0.95366896300907}}) {
    const auto chance = chance_of_so_few(table);
    ASSERT_TRUE(chance);
    EXPECT_NEAR(chance->so_few / few, 1, 1e-6) << few;
    EXPECT_NEAR(chance->identity_fits, fits, 1e-8) << few;
  }
}

TEST(completer_selection_test, odds_ratio_that_leaves_nothing) {
  EXPECT_NEAR(*nullifying_odds_ratio({55, 251, 124, 318}), (55.0 / 196) / (124.0 / 194), 1e-15);
  EXPECT_NEAR(*nullifying_odds_ratio({55, 251, 124, 318}), 0.44, 5e-3);
  EXPECT_FALSE(nullifying_odds_ratio({0, 5, 0, 5}));
}

TEST(completer_selection_test, e_value_by_its_definition) {
  // VanderWeele & Ding 2017, their example: ratio 3.9 has E-value 7.26, lower limit 1.8 has 3.0.
  EXPECT_NEAR(e_value(3.9), 7.26, 5e-3);
  EXPECT_NEAR(e_value(Interval{1.8, 8.7}), 3.0, 5e-3);
  EXPECT_DOUBLE_EQ(e_value(1), 1);
  EXPECT_DOUBLE_EQ(e_value(0.5), e_value(2));
  EXPECT_DOUBLE_EQ(e_value(Interval{0.4, 0.5}), e_value(2));
  EXPECT_EQ(e_value(Interval{0.4, 1.5}), 1);
  EXPECT_EQ(e_value(0.0), infinity);
  EXPECT_EQ(e_value(infinity), infinity);
  // The bias factor E^2/(2E - 1) of two such confounders just reaches the ratio.
  const double e = e_value(2.7);
  EXPECT_NEAR(e * e / (2 * e - 1), 2.7, 1e-14);
}

TEST(completer_selection_test, rate_multiplier) {
  const double p1 = 8.0 / 70, p0 = 10.0 / 49;
  EXPECT_NEAR(*statistics::rate_multiplier(p1, p0, 0.5), 0.475, 5e-4);
  EXPECT_NEAR(*statistics::rate_multiplier(p1, p0, infinity), 0.532, 5e-4);
  EXPECT_NEAR(*statistics::rate_multiplier(p1, p0, 1e9), *statistics::rate_multiplier(p1, p0, infinity), 1e-8);
  EXPECT_EQ(statistics::rate_multiplier(0.3, 0.3, 0.7), 1);
  // Back through the law: 1 - (1 + m r T/k)^-k with r T from the control risk.
  const double k = 0.8, exposure = k * (std::pow(1 - p0, -1 / k) - 1);
  EXPECT_NEAR(1 - std::pow(1 + *statistics::rate_multiplier(p1, p0, k) * exposure / k, -k), p1, 1e-14);
  EXPECT_FALSE(statistics::rate_multiplier(0.1, 0, 1));
  EXPECT_FALSE(statistics::rate_multiplier(1, 0.5, 1));
}

}  // namespace
}  // namespace desist::statistics
