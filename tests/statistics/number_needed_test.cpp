#include "engine/statistics/number_needed.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

using Kind = NumberNeeded::Kind;

TEST(number_needed_test, benefit_harm_and_either) {
  const NumberNeeded benefit = number_needed({-0.25, -0.1});
  EXPECT_EQ(benefit.kind, Kind::benefit);
  EXPECT_DOUBLE_EQ(benefit.benefit->low, 4);
  EXPECT_DOUBLE_EQ(benefit.benefit->high, 10);
  EXPECT_FALSE(benefit.harm);

  const NumberNeeded harm = number_needed({0.1, 0.25});
  EXPECT_EQ(harm.kind, Kind::harm);
  EXPECT_DOUBLE_EQ(harm.harm->low, 4);
  EXPECT_DOUBLE_EQ(harm.harm->high, 10);
  EXPECT_FALSE(harm.benefit);

  // Altman 1998: from 4 people helped through infinity to 20 harmed.
  const NumberNeeded either = number_needed({-0.25, 0.05});
  EXPECT_EQ(either.kind, Kind::either);
  EXPECT_DOUBLE_EQ(either.benefit->low, 4);
  EXPECT_TRUE(std::isinf(either.benefit->high));
  EXPECT_DOUBLE_EQ(either.harm->low, 20);
  EXPECT_TRUE(std::isinf(either.harm->high));
}

TEST(number_needed_test, a_limit_of_zero_is_not_shown) {
  const NumberNeeded touching = number_needed({-0.2, 0});
  EXPECT_EQ(touching.kind, Kind::either);
  EXPECT_DOUBLE_EQ(touching.benefit->low, 5);
  EXPECT_TRUE(std::isinf(touching.harm->low));
  EXPECT_TRUE(std::isinf(number_needed({0, 0}).benefit->low));
}

}  // namespace
}  // namespace desist::statistics
