#include "engine/statistics/complier_effect.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

using Shape = ConfidenceSet::Shape;

/// Whether b is kept by the test that Fieller's set inverts, computed from scratch: the outcomes y - b w of the two
/// arms have the same mean; variances within arms, divisor n.
bool kept(const ComplianceTable& table, double b, double z) {
  double mean[2], variance_of_mean[2];
  for (std::size_t arm = 0; arm < 2; ++arm) {
    double n = 0, sum = 0, squares = 0;
    for (std::size_t w = 0; w < 2; ++w) {
      for (std::size_t y = 0; y < 2; ++y) {
        const double k = static_cast<double>(table.count[arm][w][y]);
        const double value = static_cast<double>(y) - b * static_cast<double>(w);
        n += k;
        sum += k * value;
        squares += k * value * value;
      }
    }
    mean[arm] = sum / n;
    variance_of_mean[arm] = (squares / n - mean[arm] * mean[arm]) / n;
  }
  return std::pow(mean[1] - mean[0], 2) <= z * z * (variance_of_mean[0] + variance_of_mean[1]);
}

bool in_set(const ConfidenceSet& set, double b) {
  switch (set.shape) {
    case Shape::interval:
      return set.low <= b && b <= set.high;
    case Shape::two_rays:
      return b <= set.low || b >= set.high;
    case Shape::whole_line:
      return true;
  }
  return false;
}

TEST(complier_effect_test, published_limits_of_cara) {
  const auto effect = complier_effect(one_sided_table({10, 49}, {1, 54}, {7, 16}));
  ASSERT_TRUE(effect);
  EXPECT_EQ(effect->fieller.shape, Shape::interval);
  EXPECT_NEAR(effect->fieller.low, -0.2843, 5e-5);
  EXPECT_NEAR(effect->fieller.high, 0.0615, 5e-5);
  EXPECT_NEAR(effect->control_mean, completer_risk_without_effect(10.0 / 49, 7.0 / 16, 54.0 / 70), 1e-14);
  EXPECT_NEAR(effect->control_mean, 0.135, 5e-4);
  EXPECT_NEAR(effect->treated_mean - effect->control_mean, effect->effect, 1e-14);
}

TEST(complier_effect_test, fieller_inverts_its_test) {
  std::mt19937_64 generator(20240117);
  const double z = two_sided_z(usual_confidence);
  int seen[3] = {0, 0, 0};
  for (int trial = 0; trial < 3000; ++trial) {
    ComplianceTable table;
    for (auto& arm : table.count) {
      for (auto& receipt : arm) {
        for (auto& k : receipt) k = static_cast<std::int64_t>(generator() % 12);
      }
    }
    const auto effect = complier_effect(table);
    if (!effect) continue;
    const ConfidenceSet& set = effect->fieller;
    ++seen[static_cast<int>(set.shape)];
    EXPECT_TRUE(in_set(set, effect->effect));
    for (const double b : {-1e6, -50.0, -3.0, -1.0, -0.5, -0.2, 0.0, 0.1, 0.3, 0.7, 1.0, 2.0, 8.0, 1e6}) {
      // Within rounding of an end either answer is right.
      if (std::abs(b - set.low) < 1e-9 * (1 + std::abs(b)) || std::abs(b - set.high) < 1e-9 * (1 + std::abs(b)))
        continue;
      EXPECT_EQ(in_set(set, b), kept(table, b, z)) << "b " << b << " shape " << static_cast<int>(set.shape);
    }
  }
  for (const int count : seen) EXPECT_GT(count, 50);  // every shape was met
}

TEST(complier_effect_test, full_compliance_is_the_plain_difference) {
  const auto effect = complier_effect(one_sided_table({10, 49}, {8, 70}, {0, 0}));
  ASSERT_TRUE(effect);
  EXPECT_NEAR(effect->effect, 8.0 / 70 - 10.0 / 49, 1e-15);
  EXPECT_NEAR(effect->simple_error, effect->delta_error, 1e-15);
  EXPECT_NEAR(effect->fieller.low, effect->delta_interval.low, 1e-14);
  EXPECT_NEAR(effect->fieller.high, effect->delta_interval.high, 1e-14);
  EXPECT_FALSE(effect->first_stage_f);  // infinite
}

TEST(complier_effect_test, says_nothing_where_receipt_does_not_differ) {
  EXPECT_FALSE(complier_effect(one_sided_table({10, 49}, {0, 0}, {8, 70})));
  EXPECT_FALSE(complier_effect(one_sided_table({0, 0}, {1, 54}, {7, 16})));
  EXPECT_FALSE(two_stage_least_squares(one_sided_table({10, 49}, {0, 0}, {8, 70})));
}

TEST(complier_effect_test, one_person_in_an_arm_leaves_out_what_divides_by_zero) {
  const SlopeErrors errors = slope_errors({1, 1, 2, 5});
  EXPECT_TRUE(errors.hc1 && errors.classical);
  EXPECT_FALSE(errors.hc2 || errors.hc3);
  EXPECT_FALSE(slope_errors({1, 1, 0, 1}).hc1);
}

TEST(complier_effect_test, risks_of_none_and_all_are_not_rounded) {
  for (const std::int64_t completed : {3, 7, 11, 13})
    for (const bool all : {false, true}) {
      const auto of = [&](std::int64_t n) { return Proportion{all ? n : 0, n}; };
      const auto found = complier_effect(one_sided_table(of(20), of(completed), of(4)));
      ASSERT_TRUE(found);
      EXPECT_EQ(found->control_mean, all ? 1 : 0) << completed;
      EXPECT_EQ(found->treated_mean, all ? 1 : 0) << completed;
    }
}

}  // namespace
}  // namespace desist::statistics
