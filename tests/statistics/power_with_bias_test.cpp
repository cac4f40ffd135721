// Power with a bias that more people don't shrink: its limits without one and with many people, inverses, quadrature.
#include "engine/statistics/power_with_bias.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

TEST(PowerWithBias, Without_a_bias_it_is_the_usual_power) {
  const GroupSizes sizes{300, 450};
  EXPECT_NEAR(power_with_bias(0.2, 0.3, sizes, 0), power_of_difference(0.2, 0.3, sizes), 1e-14);
  const Precision precision{0.9, 0.01, 2};
  EXPECT_NEAR(group_sizes_needed_with_bias(0.2, 0.3, 0, precision)->n0, group_sizes_needed(0.2, 0.3, precision)->n0,
              1e-9 * group_sizes_needed(0.2, 0.3, precision)->n0);
  EXPECT_NEAR(*detectable_risk_below_with_bias(0.3, sizes, 0), *detectable_risk_below(0.3, sizes), 1e-12);
  EXPECT_NEAR(*detectable_risk_above_with_bias(0.3, sizes, 0), *detectable_risk_above(0.3, sizes), 1e-12);
  EXPECT_NEAR(false_alarms_with_bias(0.3, sizes, 0, 0.05), 0.05, 1e-14);
  EXPECT_EQ(least_difference_with_bias(0), 0);
}

TEST(PowerWithBias, Size_power_and_least_effect_are_inverses) {
  for (const double bias : {0.005, 0.02, 0.03}) {
    const Precision precision{0.8, 0.05, 1.5};
    const auto needed = group_sizes_needed_with_bias(0.15, 0.3, bias, precision);
    ASSERT_TRUE(needed);
    EXPECT_NEAR(needed->n1, 1.5 * needed->n0, 1e-9);
    EXPECT_NEAR(power_with_bias(0.15, 0.3, *needed, bias), 0.8, 1e-10);
    EXPECT_NEAR(*detectable_risk_below_with_bias(0.3, *needed, bias, precision), 0.15, 1e-9);
    const double above = *detectable_risk_above_with_bias(0.3, *needed, bias, precision);
    EXPECT_NEAR(power_with_bias(above, 0.3, *needed, bias), 0.8, 1e-10);
    EXPECT_GT(needed->n0, group_sizes_needed(0.15, 0.3, precision)->n0);
  }
}

TEST(PowerWithBias, Below_a_floor_no_number_of_people_is_enough) {
  const double floor = least_difference_with_bias(0.02);
  EXPECT_NEAR(floor, (1.959963984540054 + 0.8416212335729143) * 0.02, 1e-12);
  EXPECT_FALSE(group_sizes_needed_with_bias(0.25 - 0.999 * floor, 0.25, 0.02));
  EXPECT_FALSE(group_sizes_needed_with_bias(0.25, 0.25, 0.02));
  const auto just_above = group_sizes_needed_with_bias(0.25 - 1.001 * floor, 0.25, 0.02);
  ASSERT_TRUE(just_above);
  EXPECT_GT(just_above->n0, 1e5);
  EXPECT_NEAR(0.25 - *detectable_risk_below_with_bias(0.25, {1e12, 1e12}, 0.02), floor, 1e-7);
  // With everybody in the world counted, what is left is the bias.
  EXPECT_NEAR(power_with_bias(0.20, 0.25, {1e14, 1e14}, 0.02), normal_cdf((0.05 - 1.959963984540054 * 0.02) / 0.02),
              1e-9);
  EXPECT_FALSE(detectable_risk_below_with_bias(0.05, {1e6, 1e6}, 0.02));
}

TEST(PowerWithBias, False_alarms_are_the_mean_over_biases) {
  for (const double bias : {0.01, 0.02, 0.05}) {
    const GroupSizes sizes{10000, 8000};
    const double error = std::sqrt(0.25 * 0.75 * (1 / sizes.n1 + 1 / sizes.n0));
    // Given the bias the statistic is normal around bias/error: Simpson's rule over the bias.
    constexpr int steps = 4000;
    const double h = 16.0 / steps;
    double mean = 0;
    for (int i = 0; i <= steps; ++i) {
      const double u = -8 + h * i, shift = u * bias / error, z = 1.959963984540054;
      const double rejects = normal_cdf(-z - shift) + normal_cdf(-z + shift);
      const double density = std::exp(-u * u / 2) / std::sqrt(2 * 3.14159265358979323846);
      mean += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * density * rejects;
    }
    EXPECT_NEAR(false_alarms_with_bias(0.25, sizes, bias), mean * h / 3, 1e-9);
  }
  EXPECT_GT(false_alarms_with_bias(0.25, {1e12, 1e12}, 0.01), 0.999);
}

}  // namespace
}  // namespace desist::statistics
