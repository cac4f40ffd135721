#include "engine/statistics/sample_size.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

TEST(sample_size_test, equal_groups_against_r) {
  const auto expected = reference::read("08_power/expected.json").at("two_proportions");
  ASSERT_EQ(expected.size(), 4u);
  for (const auto& q : expected) {
    const double p1 = q.at("p1"), p2 = q.at("p2"), n = q.at("n");
    const Precision precision{q.at("power"), q.at("alpha"), 1};
    reference::Comparison c("power");
    c.near(q, "n_per_arm_power_prop_test", group_sizes_needed(p2, p1, precision)->n1, 1e-7);
    c.near(q, "n_per_arm_closed_form", group_sizes_needed(p2, p1, precision)->n0, 1e-12);
    c.near(q, "n_per_arm_continuity_fleiss", group_sizes_needed_exact(p2, p1, precision)->n1, 1e-12);
    c.near(q, "power_at_n", power_of_difference(p2, p1, {n, n}, precision.alpha), 1e-7);
    c.near(q, "power_at_n_strict", power_of_difference_either_way(p2, p1, {n, n}, precision.alpha), 1e-7);
    c.near(q, "detectable_p2_below_p1_at_n", detectable_risk_below(p1, {n, n}, precision), 1e-7);
    EXPECT_EQ(std::ceil(group_sizes_needed(p2, p1, precision)->n1), q.at("n_ceiling"));
  }
}

TEST(sample_size_test, unequal_groups_reach_the_power_asked_for) {
  for (const double ratio : {0.3, 1.0, 2.5}) {
    const Precision precision{0.9, 0.01, ratio};
    const auto sizes = group_sizes_needed(0.25, 0.4, precision);
    ASSERT_TRUE(sizes);
    EXPECT_NEAR(sizes->n1 / sizes->n0, ratio, 1e-12);
    EXPECT_NEAR(power_of_difference(0.25, 0.4, *sizes, 0.01), 0.9, 1e-12);
    EXPECT_GT(group_sizes_needed_exact(0.25, 0.4, precision)->n0, sizes->n0);
    // Exchanging the groups or reversing the outcome asks for the same people.
    EXPECT_NEAR(group_sizes_needed(0.4, 0.25, {0.9, 0.01, 1 / ratio})->n0, sizes->n1, 1e-9);
    EXPECT_NEAR(group_sizes_needed(0.75, 0.6, precision)->n0, sizes->n0, 1e-9);
  }
}

TEST(sample_size_test, detectable_difference_has_the_power) {
  const GroupSizes sizes{70, 49};
  const auto below = detectable_risk_below(0.204, sizes);
  ASSERT_TRUE(below);
  EXPECT_NEAR(power_of_difference(*below, 0.204, sizes), 0.8, 1e-12);
  const auto above = detectable_risk_above(0.204, sizes);
  ASSERT_TRUE(above);
  EXPECT_NEAR(power_of_difference(*above, 0.204, sizes), 0.8, 1e-12);
  EXPECT_NEAR(*detectable_risk_below(1 - 0.204, sizes), 1 - *above, 1e-12);
}

TEST(sample_size_test, says_nothing_where_nothing_can_be_shown) {
  EXPECT_FALSE(group_sizes_needed(0.3, 0.3));
  EXPECT_FALSE(group_sizes_needed_exact(0.3, 0.3));
  EXPECT_FALSE(detectable_risk_below(0.05, {20, 20}));
  EXPECT_FALSE(detectable_risk_below(0, {1000, 1000}));
  EXPECT_FALSE(detectable_risk_above(0.9, {10, 10}));
  EXPECT_TRUE(detectable_risk_above(0, {1000, 1000}));
}

}  // namespace
}  // namespace desist::statistics
