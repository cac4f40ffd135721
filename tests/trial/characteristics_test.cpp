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
  for (const TrialEstimate& one : {TrialEstimate{true, -0.3, 0.01, true}, TrialEstimate{true, -0.1, 0.4, true},
                                   TrialEstimate{true, 0.2, 0.05, false}, TrialEstimate{}}) {
    tally.add(one, truth, 0.05);
    tally.end_set();
  }
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
  tally.end_set();
  const TrialSize size = size_of(tally, 50, 0, 0);
  EXPECT_TRUE(std::isnan(size.wrong_sign.value));
  EXPECT_TRUE(std::isnan(size.exaggeration.value));
}

TEST(Characteristics, Tallies_add_up) {
  TrialTally all, first, second;
  for (int i = 0; i < 10; ++i) {
    const TrialEstimate one{i % 4 != 0, 0.1 * i, 0.02 * i, i % 3 == 0};
    for (TrialTally* tally : {&all, i < 6 ? &first : &second}) {
      tally->add(one, 0.4, 0.05);
      tally->end_set();
    }
  }
  first.add(second);
  const TrialSize a = size_of(all, 9, 0.4, 0), b = size_of(first, 9, 0.4, 0);
  EXPECT_NEAR(a.bias.value, b.bias.value, 1e-15);
  EXPECT_EQ(a.power.value, b.power.value);
  EXPECT_EQ(a.coverage.value, b.coverage.value);
}

// Three sets of two trials, against the textbook's linearised ratio (Cochran 1977, 6.4) written out set by set.
TEST(Characteristics, Sets_of_trials_are_the_units_of_errors) {
  const double truth = -0.1;
  const TrialEstimate of_set[3][2] = {{{true, -0.3, 0.01, true}, {true, -0.2, 0.03, true}},
                                      {{true, 0.1, 0.5, true}, {}},
                                      {{true, -0.25, 0.02, false}, {true, 0.05, 0.4, true}}};
  TrialTally tally;
  for (const auto& each : of_set) {
    for (const TrialEstimate& one : each) tally.add(one, truth, 0.05);
    tally.end_set();
  }
  const TrialSize size = size_of(tally, 50, truth, 0);
  EXPECT_EQ(size.trials, 6U);
  const double bias = (-0.2 - 0.1 + 0.2 - 0.15 + 0.15) / 5;
  EXPECT_NEAR(size.bias.value, bias, 1e-12);
  const double sums[] = {-0.3, 0.2, 0.0}, found[] = {2, 1, 2}, shown[] = {2, 0, 1};
  double about = 0, about_power = 0, about_covered = 0;
  const double covered[] = {2, 1, 1};
  for (int s = 0; s < 3; ++s) {
    about += std::pow(sums[s] - bias * found[s], 2);
    about_power += std::pow(shown[s] - 0.5 * 2, 2);
    about_covered += std::pow(covered[s] - 0.8 * found[s], 2);
  }
  EXPECT_NEAR(size.bias.error, std::sqrt(about * 3 / 2) / 5, 1e-12);
  EXPECT_NEAR(size.power.value, 0.5, 1e-12);
  EXPECT_NEAR(size.power.error, std::sqrt(about_power * 3 / 2) / 6, 1e-12);
  EXPECT_NEAR(size.coverage.error, std::sqrt(about_covered * 3 / 2) / 5, 1e-12);
  // As many single trials as have that error, 3 at least: Wilson's limits of half of 3.
  const double z2 = std::pow(statistics::two_sided_z(0.95), 2);
  const double half = std::sqrt(z2) * std::sqrt(0.25 / 3 + z2 / 36) / (1 + z2 / 3);
  EXPECT_NEAR(size.power_limits.low, 0.5 - half, 1e-12);
  EXPECT_NEAR(size.power_limits.high, 0.5 + half, 1e-12);
}

/// Powers that are known as well as single trials tell, each size on its own.
PowersTogether each_on_its_own(const std::vector<TriedPower>& tried, double trials) {
  // Two sets a size, one up and one down: their spread is that of a share of `trials`.
  PowersTogether together(tried.size());
  const double sets = 2 * static_cast<double>(tried.size());
  for (std::size_t k = 0; k < tried.size(); ++k)
    for (const double side : {-1.0, 1.0}) {
      std::vector<double> shown;
      for (const TriedPower& each : tried) shown.push_back(each.power);
      const double p = tried[k].power;
      shown[k] += side * std::sqrt(p * (1 - p) / trials * sets * sets / 2);
      together.add_set(shown, 1);
    }
  return together;
}

TEST(Characteristics, Powers_vary_together) {
  PowersTogether together(2);
  for (const double shown : {0.0, 1.0, 1.0, 0.0, 1.0}) together.add_set({shown, 2 * shown}, 2);
  EXPECT_NEAR(together.covariance(0, 0), 0.6 * 0.4 / 5 / 4, 1e-15);
  EXPECT_NEAR(together.covariance(0, 1), 2 * 0.6 * 0.4 / 5 / 4, 1e-15);
}

// Of a z-test of known variance the power at n is Phi(delta sqrt(n) - 1.96): the fit's line is exact, so that the size
// is that of theory, moved up by the fit's own limit.
TEST(Characteristics, The_size_for_a_power_is_that_of_theory) {
  const double delta = 0.1, reach = statistics::two_sided_z(0.95);
  std::vector<TriedPower> tried;
  for (double n = 100; n <= 1600; n += 100)
    tried.push_back({n, statistics::normal_cdf(delta * std::sqrt(n) - reach), 1000000000});
  const double exact = std::pow((statistics::normal_quantile(0.8) + reach) / delta, 2);
  EXPECT_EQ(people_for_power(tried, each_on_its_own(tried, 1e9), 0.8, 2000),
            static_cast<std::size_t>(std::ceil(exact)));
  for (TriedPower& each : tried) each.trials = 1000;
  const auto careful = people_for_power(tried, each_on_its_own(tried, 1000), 0.8, 2000);
  ASSERT_TRUE(careful.has_value());
  EXPECT_GT(*careful, exact + 5);
  EXPECT_LT(*careful, exact * 1.05);
  // Sizes that stray together leave the fit less well known than sizes on their own.
  PowersTogether same(tried.size());
  for (const double side : {-1.0, 1.0}) {
    std::vector<double> shown;
    for (const TriedPower& each : tried)
      shown.push_back(each.power + side * std::sqrt(2 * each.power * (1 - each.power) / 1000));
    same.add_set(shown, 1);
  }
  EXPECT_GT(*people_for_power(tried, same, 0.8, 2000), *careful);
  EXPECT_EQ(people_for_power(tried, same, 0.999999, 2000), std::nullopt);
  for (TriedPower& each : tried) each.power = 1 - each.power;
  EXPECT_EQ(people_for_power(tried, same, 0.8, 2000), std::nullopt);
}

}  // namespace
}  // namespace desist
