// Kits: none appears or vanishes, and they go in and out of date when they should.
#include "models/parts/kits.hpp"

#include <gmock/gmock.h>

#include "engine/random/stream.hpp"

namespace desist {
namespace {

KitParameters with(double shelf_life, double check_interval = 0, double delivery_time = 0, double spare_kits = 0) {
  KitParameters parameters;
  parameters.shelf_life = shelf_life;
  parameters.check_interval = check_interval;
  parameters.delivery_time = delivery_time;
  parameters.spare_kits = spare_kits;
  return parameters;
}

/// Kits carried in date, week by week, with nobody using any.
std::vector<std::int64_t> in_date(const KitParameters& parameters, int weeks, std::int64_t carriers) {
  const KitPlan plan(parameters, weeks);
  KitStock stock;
  stock.begin(plan, carriers);
  std::vector<std::int64_t> kits;
  for (int week = 0; week < weeks; ++week) {
    stock.start_week(week, carriers);
    kits.push_back(stock.in_date());
  }
  return kits;
}

TEST(Kits, Every_kit_is_used_expired_carried_or_stored) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    Stream words = Streams(seed, 0, 0).open(Purpose("any kits"), 0);
    const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
    const auto perhaps = [&](double high) { return uniform(words()) < 0.4 ? 0 : between(0, high); };
    KitParameters parameters = with(perhaps(40), perhaps(30), perhaps(20), perhaps(50));
    parameters.issued_over = perhaps(60);
    const int weeks = 1 + static_cast<int>(between(0, 120));
    const KitPlan plan(parameters, weeks);
    KitStock stock;
    auto carriers = static_cast<std::int64_t>(perhaps(60));
    stock.begin(plan, carriers);
    for (int week = 0; week < weeks; ++week) {
      if (uniform(words()) < 0.1) carriers = static_cast<std::int64_t>(perhaps(60));
      stock.start_week(week, carriers);
      const std::int64_t at_start = stock.in_date();
      ASSERT_LE(at_start, carriers);
      const auto used = static_cast<std::int64_t>(perhaps(static_cast<double>(at_start)));
      for (std::int64_t i = 0; i < used; ++i) stock.use(uniform(words()));
      const KitCounts kits = stock.counts();
      ASSERT_EQ(stock.in_date(), at_start - used);
      ASSERT_EQ(kits.started + kits.delivered, kits.used + kits.expired + kits.carried + kits.stored);
      ASSERT_LE(kits.delivered, kits.ordered);
      ASSERT_LE(kits.carried, carriers);
      ASSERT_GE(kits.stored, 0);
      if (parameters.delivery_time < 0.5 && parameters.check_interval <= 1) {
        ASSERT_EQ(at_start, carriers);  // nothing to wait for
      }
    }
  }
}

TEST(Kits, Without_a_shelf_life_all_are_in_date) {
  EXPECT_THAT(in_date(with(0, 26), 60, 7), testing::Each(7));
  KitParameters old = with(0);
  old.issued_over = 500;
  EXPECT_THAT(in_date(old, 60, 7), testing::Each(7));
}

TEST(Kits, An_expired_kit_is_carried_until_the_next_check) {
  // In date for 10 weeks, found at the next multiple of 4: 10 weeks of every 12, for all alike.
  const auto kits = in_date(with(10, 4), 120, 5);
  for (std::size_t week = 0; week < kits.size(); ++week) EXPECT_EQ(kits[week], week % 12 < 10 ? 5 : 0) << week;
}

TEST(Kits, Nobody_has_one_until_it_is_delivered) {
  EXPECT_THAT(in_date(with(5, 0, 3), 10, 4), testing::ElementsAre(4, 4, 4, 4, 4, 0, 0, 0, 4, 4));
}

TEST(Kits, Issued_evenly_they_expire_evenly) {
  KitParameters parameters = with(20, 0, 200);  // nothing is delivered in the window
  parameters.issued_over = 20;
  const auto kits = in_date(parameters, 20, 40);
  // The kit that is (i + 1/2)/40 of 20 weeks old has whole weeks left: two go out of date each week.
  for (std::size_t week = 0; week < kits.size(); ++week) EXPECT_EQ(kits[week], 40 - 2 * static_cast<int>(week)) << week;
  parameters.issued_over = 40;  // half of them are out of date at the start
  EXPECT_EQ(in_date(parameters, 1, 40).front(), 20);
}

TEST(Kits, The_one_that_expires_first_goes_out_first) {
  const KitPlan plan(with(10, 0, 0, 1), 30);
  KitStock stock;
  stock.begin(plan, 1);
  for (int week = 0; week <= 10; ++week) {
    stock.start_week(week, 1);
    if (week == 2 || week == 5) stock.use(0.5);
  }
  // Both that expired in week 10 have been used by then; had the newest gone out first, one would be lost.
  EXPECT_EQ(stock.counts().expired, 0);
  EXPECT_EQ(stock.in_date(), 1);
}

TEST(Kits, Who_carries_no_longer_hands_theirs_back) {
  const KitPlan plan(with(10, 100), 30);
  KitStock stock;
  stock.begin(plan, 6);
  stock.start_week(0, 6);
  stock.start_week(1, 2);
  EXPECT_EQ(stock.counts().stored, 4);
  stock.start_week(2, 5);
  EXPECT_EQ(stock.in_date(), 5);
  EXPECT_EQ(stock.counts().ordered, 0);
  stock.start_week(10, 5);  // all out of date, nobody has looked
  EXPECT_EQ(stock.in_date(), 0);
  stock.start_week(11, 1);  // who leaves hands an old one back first
  EXPECT_EQ(stock.counts().carried, 1);
  EXPECT_EQ(stock.counts().expired, 5);
}

}  // namespace
}  // namespace desist
