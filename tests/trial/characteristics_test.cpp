// Operating characteristics and their errors, and the size for a power.
#include "engine/trial/characteristics.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/random/stream.hpp"
#include "engine/statistics/normal.hpp"

namespace desist {
namespace {

TEST(Characteristics, By_hand_of_four_trials) {
  TrialTally tally;
  const double truth = -0.2;
  // Estimates -0.3 (shown, covers), -0.1 (covers), 0.2 (shown, wrong sign), and one without a number.
  tally.add({true, -0.3, 0.01, true}, truth, 0.05);
  tally.add({true, -0.1, 0.4, true}, truth, 0.05);
  tally.add({true, 0.2, 0.05, false}, truth, 0.05);
  tally.add({}, truth, 0.05);
  const TrialSize size = size_of(tally, 50, truth, 0.03);
  EXPECT_EQ(size.people, 50U);
  EXPECT_EQ(size.trials, 4U);
  EXPECT_EQ(size.without_number, 1U);
  const double mean = -0.2 / 3,
               sd = std::sqrt((std::pow(-0.3 - mean, 2) + std::pow(-0.1 - mean, 2) + std::pow(0.2 - mean, 2)) / 2);
  EXPECT_NEAR(size.mean.value, mean, 1e-12);
  EXPECT_NEAR(size.bias.value, mean - truth, 1e-12);
  EXPECT_NEAR(size.bias.error, std::hypot(sd / std::sqrt(3), 0.03), 1e-12);
  EXPECT_NEAR(size.empirical_error.value, sd, 1e-12);
  EXPECT_NEAR(size.empirical_error.error, sd / 2, 1e-12);
  const double squares[] = {0.01, 0.01, 0.16};
  EXPECT_NEAR(size.squared_error.value, 0.06, 1e-12);
  double spread = 0;
  for (const double square : squares) spread += std::pow(square - 0.06, 2);
  EXPECT_NEAR(size.squared_error.error, std::sqrt(spread / 2 / 3), 1e-12);
  EXPECT_NEAR(size.coverage.value, 2 / 3.0, 1e-12);  // of those with a number
  EXPECT_NEAR(size.power.value, 0.5, 1e-12);         // of all
  EXPECT_NEAR(size.power.error, 0.25, 1e-12);
  EXPECT_EQ(size.shown, 2U);
  EXPECT_NEAR(size.wrong_sign.value, 0.5, 1e-12);
  EXPECT_NEAR(size.exaggeration.value, 0.25 / 0.2, 1e-12);
}

TEST(Characteristics, Without_an_effect_nothing_has_a_wrong_sign) {
  TrialTally tally;
  tally.add({true, -0.3, 0.01, true}, 0, 0.05);
  const TrialSize size = size_of(tally, 50, 0, 0);
  EXPECT_TRUE(std::isnan(size.wrong_sign.value));
  EXPECT_TRUE(std::isnan(size.exaggeration.value));
}

TEST(Characteristics, Tallies_add_up) {
  TrialTally all, first, second;
  for (int i = 0; i < 10; ++i) {
    const TrialEstimate one{i % 4 != 0, 0.1 * i, 0.02 * i, i % 3 == 0};
    all.add(one, 0.4, 0.05);
    (i < 6 ? first : second).add(one, 0.4, 0.05);
  }
  first.add(second);
  const TrialSize a = size_of(all, 9, 0.4, 0), b = size_of(first, 9, 0.4, 0);
  EXPECT_NEAR(a.bias.value, b.bias.value, 1e-15);
  EXPECT_EQ(a.power.value, b.power.value);
  EXPECT_EQ(a.coverage.value, b.coverage.value);
}

// Of a z-test of known variance the power at n is Phi(delta sqrt(n) - 1.96): the fit's line is exact, so that the size
// is that of theory, moved up by the fit's own limit.
TEST(Characteristics, The_size_for_a_power_is_that_of_theory) {
  const double delta = 0.1, reach = statistics::two_sided_z(0.95);
  std::vector<TriedPower> tried;
  for (double n = 100; n <= 1600; n += 100)
    tried.push_back({n, statistics::normal_cdf(delta * std::sqrt(n) - reach), 1000000000});
  const double exact = std::pow((statistics::normal_quantile(0.8) + reach) / delta, 2);
  EXPECT_EQ(people_for_power(tried, 0.8, 2000), static_cast<std::size_t>(std::ceil(exact)));
  for (TriedPower& each : tried) each.trials = 1000;
  const auto careful = people_for_power(tried, 0.8, 2000);
  ASSERT_TRUE(careful.has_value());
  EXPECT_GT(*careful, exact + 5);
  EXPECT_LT(*careful, exact * 1.05);
  EXPECT_EQ(people_for_power(tried, 0.999999, 2000), std::nullopt);
  for (TriedPower& each : tried) each.power = 1 - each.power;
  EXPECT_EQ(people_for_power(tried, 0.8, 2000), std::nullopt);
}

}  // namespace
}  // namespace desist
