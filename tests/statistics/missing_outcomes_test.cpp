#include "engine/statistics/missing_outcomes.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/risk_difference.hpp"

namespace desist::statistics {
namespace {

/// What the interval shows, instead of the test.
Shown by_interval(const TwoByTwo& t) {
  const Interval limits = miettinen_nurminen_difference(t);
  return limits.high < 0 ? Shown::lower : limits.low > 0 ? Shown::higher : Shown::neither;
}

TEST(missing_outcomes_test, every_completion_by_its_interval) {
  struct Case {
    TwoByTwo seen;
    std::int64_t absent1, absent0;
  };
  for (const Case& c : {Case{{8, 70, 10, 49}, 0, 21}, Case{{3, 40, 14, 41}, 7, 5}, Case{{0, 9, 4, 8}, 12, 3},
                        Case{{30, 40, 12, 40}, 4, 20}, Case{{2, 5, 2, 5}, 0, 0}, Case{{1, 30, 16, 30}, 6, 6}}) {
    const TippingAnalysis ours = tipping_analysis(c.seen, c.absent1, c.absent0);
    EXPECT_EQ(ours.seen, by_interval(c.seen));
    ASSERT_EQ(static_cast<std::int64_t>(ours.rows.size()), c.absent0 + 1);
    int same = 0, all = 0;
    double nearest = 1e9;
    for (std::int64_t k0 = 0; k0 <= c.absent0; ++k0) {
      const TippingRow& row = ours.rows[static_cast<std::size_t>(k0)];
      EXPECT_EQ(row.events0, k0);
      for (std::int64_t k1 = 0; k1 <= c.absent1; ++k1) {
        const TwoByTwo whole{c.seen.x1 + k1, c.seen.n1 + c.absent1, c.seen.x0 + k0, c.seen.n0 + c.absent0};
        const Shown expected = by_interval(whole);
        const Shown told = k1 < row.neither_from ? Shown::lower : k1 < row.higher_from ? Shown::neither : Shown::higher;
        EXPECT_EQ(told, expected) << k1 << " " << k0;
        ++all;
        if (expected == ours.seen) {
          ++same;
        } else {
          nearest = std::min(nearest,
                             std::abs(static_cast<double>(k1) - static_cast<double>(c.absent1) * c.seen.risk1()) +
                                 std::abs(static_cast<double>(k0) - static_cast<double>(c.absent0) * c.seen.risk0()));
        }
      }
    }
    EXPECT_NEAR(ours.kept, static_cast<double>(same) / all, 1e-14);
    EXPECT_EQ(ours.nearest.has_value(), same < all);
    if (ours.nearest) {
      EXPECT_NEAR(ours.nearest->people, nearest, 1e-12);
      EXPECT_NE(by_interval({c.seen.x1 + ours.nearest->events1, c.seen.n1 + c.absent1,
                             c.seen.x0 + ours.nearest->events0, c.seen.n0 + c.absent0}),
                ours.seen);
    }
  }
}

TEST(missing_outcomes_test, many_absent_take_no_time) {
  const TippingAnalysis ours = tipping_analysis({300, 5000, 400, 5000}, 100000, 20000);
  EXPECT_EQ(ours.seen, Shown::lower);
  EXPECT_EQ(ours.rows.size(), 20001u);
}

}  // namespace
}  // namespace desist::statistics
