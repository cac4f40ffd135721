#include "engine/statistics/grim.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

/// The digits of 100 x/n to `places` decimals and the rest, by schoolbook long division in text.
struct LongDivision {
  std::string digits;  // without the point
  std::int64_t rest;   // of the last step, over n
};

LongDivision percentage(std::int64_t x, std::int64_t n, int places) {
  LongDivision result{std::to_string(100 * x / n), 100 * x % n};
  for (int i = 0; i < places; ++i) {
    result.digits += static_cast<char>('0' + 10 * result.rest / n);
    result.rest = 10 * result.rest % n;
  }
  return result;
}

TEST(grim_test, every_count_of_every_n_to_300_against_long_division) {
  for (std::int64_t n = 1; n <= 300; ++n) {
    for (const int places : {0, 1, 2}) {
      for (std::int64_t x = 0; x <= n; ++x) {
        const LongDivision exact = percentage(x, n, places);
        const std::int64_t cut = std::stoll(exact.digits);
        for (std::int64_t digits = std::max<std::int64_t>(0, cut - 1); digits <= cut + 2; ++digits) {
          // Rounded down when the rest is at most a half, up when at least a half: a tie may go either way.
          const bool rounds = (digits == cut && 2 * exact.rest <= n) || (digits == cut + 1 && 2 * exact.rest >= n);
          ASSERT_EQ(counts_by_rounding({digits, places}, n).contains(x), rounds) << x << "/" << n << " as " << digits;
          ASSERT_EQ(counts_by_truncation({digits, places}, n).contains(x), digits == cut)
              << x << "/" << n << " as " << digits;
        }
      }
    }
  }
}

TEST(grim_test, every_print_has_only_counts_that_print_so) {
  for (std::int64_t n = 1; n <= 300; ++n) {
    for (std::int64_t digits = 0; digits <= 1000; ++digits) {
      std::int64_t rounded = 0, cut = 0;
      for (std::int64_t x = 0; x <= n; ++x) {
        const LongDivision exact = percentage(x, n, 1);
        const std::int64_t down = std::stoll(exact.digits);
        rounded += (digits == down && 2 * exact.rest <= n) || (digits == down + 1 && 2 * exact.rest >= n);
        cut += digits == down;
      }
      const auto size = [](const CountRange& r) { return r.empty() ? 0 : r.last - r.first + 1; };
      ASSERT_EQ(size(counts_by_rounding({digits, 1}, n)), rounded) << digits << " of " << n;
      ASSERT_EQ(size(counts_by_truncation({digits, 1}, n)), cut) << digits << " of " << n;
    }
    if (n == 40) n = 290;  // small groups and large ones
  }
}

TEST(grim_test, published_prints) {
  // 39.0% of 318 is 124; 35.2% of 54 is 19; 19.5% of 20 is nothing.
  EXPECT_EQ(counts_by_rounding({390, 1}, 318), (CountRange{124, 124}));
  EXPECT_TRUE(percentage_counts({352, 1}, 54).rounded.contains(19));
  EXPECT_FALSE(percentage_counts({195, 1}, 20).possible());
  // 1.80% of 164: 3 is 1.829%, so it fits only as 1.8% with a zero after it.
  const PercentageCounts appended = percentage_counts({180, 2}, 164);
  EXPECT_TRUE(appended.zero_appended);
  EXPECT_EQ(appended.decimals, 1);
  EXPECT_EQ(appended.rounded, (CountRange{3, 3}));
  // Where the zero fits as printed it is not left off.
  EXPECT_FALSE(percentage_counts({390, 1}, 318).zero_appended);
}

TEST(grim_test, ends_and_large_numbers) {
  EXPECT_EQ(counts_by_rounding({1000, 1}, 7), (CountRange{7, 7}));
  EXPECT_EQ(counts_by_truncation({1000, 1}, 7), (CountRange{7, 7}));
  EXPECT_EQ(counts_by_rounding({0, 0}, 300), (CountRange{0, 1}));
  EXPECT_TRUE(counts_by_rounding({1001, 1}, 7).empty());
  EXPECT_TRUE(counts_by_rounding({-1, 0}, 7).empty());
  EXPECT_TRUE(counts_by_rounding({50, 16}, 7).empty());
  EXPECT_TRUE(counts_by_rounding({50, 0}, 0).empty());
  const std::int64_t n = 9'000'000'000'000'000'000;
  EXPECT_EQ(counts_by_rounding({50'000'000'000'000'000, 15}, n).first,
            n / 2 - 45);  // half a unit in the last place is n/2e17
  EXPECT_EQ(counts_by_rounding({50'000'000'000'000'000, 15}, n).last, n / 2 + 45);
}

}  // namespace
}  // namespace desist::statistics
