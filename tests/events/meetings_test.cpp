#include "engine/events/meetings.hpp"

#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>

namespace desist {
namespace {

TEST(Meetings, Fall_at_multiples_of_the_interval) {
  const auto meetings = meetings_at_intervals(0.1, 1, {});
  ASSERT_EQ(meetings.size(), 10u);
  EXPECT_EQ(meetings[2].time, 3 * 0.1);
  EXPECT_TRUE(meetings[9].held);
}

TEST(Meetings, A_closed_week_holds_none_from_its_first_moment_until_the_next_week) {
  const std::vector<double> closed{2};
  const auto meetings = meetings_at_intervals(0.5, 4, closed);
  std::vector<double> missing;
  for (const auto& meeting : meetings)
    if (!meeting.held) missing.push_back(meeting.time);
  EXPECT_THAT(missing, testing::ElementsAre(2.0, 2.5));
}

TEST(Meetings, An_interval_of_zero_is_refused) { EXPECT_THROW(meetings_at_intervals(0, 1, {}), std::invalid_argument); }

TEST(WholeSlots, Keep_the_mean) {
  for (const double slots : {0.0, 0.1, 20.0, 22.88, 1.0 / 3}) {
    WholeSlots give(0.5);
    double given = 0;
    for (int n = 1; n <= 1000; ++n) {
      given += give.next(slots);
      ASSERT_LT(std::abs(given - n * slots), 1.0) << slots << " after " << n;
    }
  }
}

TEST(WholeSlots, Tenths_add_up_to_one_in_spite_of_binary_rounding) {
  WholeSlots give(0);
  int given = 0;
  for (int n = 0; n < 10; ++n) given += give.next(0.1);
  EXPECT_EQ(given, 1);
}

TEST(WholeSlots, Different_carries_spread_the_total) {
  std::vector<WholeSlots> queues{WholeSlots(0.125), WholeSlots(0.375), WholeSlots(0.625), WholeSlots(0.875)};
  int total = 0;
  for (auto& give : queues) total += give.next(0.5);
  EXPECT_EQ(total, 2);
}

}  // namespace
}  // namespace desist
