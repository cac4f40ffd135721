// Whole parts; a difference of sums is zero where nothing but rounding is left of it, and itself where something is.
#include "engine/core/rounding.hpp"

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"

namespace desist {
namespace {

TEST(Rounding, Whole_parts) {
  EXPECT_EQ(whole_part(0), 0U);
  EXPECT_EQ(whole_part(0.999), 0U);
  EXPECT_EQ(whole_part(259.5), 259U);
  EXPECT_EQ(whole_part(0x1p62), std::size_t{1} << 62U);
}

TEST(Rounding, Sums_of_the_same_in_other_orders_do_not_differ) {
  // A million terms 1/k, k = 1 to 1000 again and again, from the front and from the back, and in thousands of their
  // own: the exact sum is the same.
  double forth = 0, back = 0, in_blocks = 0;
  for (int block = 0; block < 1000; ++block) {
    double here = 0;
    for (int k = 1; k <= 1000; ++k) {
      forth += 1.0 / k;
      back += 1.0 / (1001 - k);
      here += 1.0 / k;
    }
    in_blocks += here;
  }
  EXPECT_NE(forth, in_blocks);
  EXPECT_NE(back, forth);
  EXPECT_EQ(difference_of_sums(forth, in_blocks), 0);
  EXPECT_EQ(difference_of_sums(back, forth), 0);
}

TEST(Rounding, What_is_more_stays) {
  EXPECT_EQ(difference_of_sums(1, 1 - 1e-9), 1 - (1 - 1e-9));
  EXPECT_EQ(difference_of_sums(1, 1 - 2e-12), 1 - (1 - 2e-12));
  EXPECT_EQ(difference_of_sums(1, 1 + 2e-13), 0);
  EXPECT_EQ(difference_of_sums(1e-300, 0), 1e-300);
  EXPECT_EQ(difference_of_sums(0, 0), 0);
  EXPECT_EQ(difference_of_sums(-5, -5), 0);
  EXPECT_EQ(difference_of_sums(infinity, 1), infinity);
  EXPECT_EQ(difference_of_sums(1, infinity), -infinity);
  EXPECT_NE(difference_of_sums(missing, 1), difference_of_sums(missing, 1));
  EXPECT_NE(difference_of_sums(infinity, infinity), 0);
}

TEST(Rounding, Errors_below_it_are_none) {
  EXPECT_EQ(error_beyond_rounding(1e-15, 1), 0);
  EXPECT_EQ(error_beyond_rounding(1e-15, -1), 0);
  EXPECT_EQ(error_beyond_rounding(1e-15, 1e-5), 1e-15);
  EXPECT_EQ(error_beyond_rounding(1e-9, 0), 1e-9);
}

}  // namespace
}  // namespace desist
