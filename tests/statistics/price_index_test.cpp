// Prices of years against the arithmetic by hand; what is outside the series is refused.
#include "engine/statistics/price_index.hpp"

#include <map>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

constexpr PriceYear financial(int year) { return {PriceYear::Kind::financial, year}; }
constexpr PriceYear calendar(int year) { return {PriceYear::Kind::calendar, year}; }

TEST(PriceIndex, Converts_by_the_ratio_of_levels) {
  const PriceIndex index({{2019, 80.0}, {2020, 90.0}, {2021, 100.0}});
  EXPECT_DOUBLE_EQ(index.convert(40, financial(2019), financial(2021)), 50);
  EXPECT_DOUBLE_EQ(index.convert(50, financial(2021), financial(2019)), 40);
  // Calendar 2020: January to March are of 2019-20, the rest of 2020-21.
  EXPECT_DOUBLE_EQ(index.level(calendar(2020)), 87.5);
  EXPECT_DOUBLE_EQ(index.level(calendar(2021)), 97.5);
  EXPECT_DOUBLE_EQ(index.convert(7, calendar(2020), financial(2021)), 8);
  // There and back, and the same to the bit where nothing changes, even in a year without a level.
  EXPECT_NEAR(index.convert(index.convert(1, calendar(2020), calendar(2021)), calendar(2021), calendar(2020)), 1,
              1e-15);
  EXPECT_EQ(index.convert(0.1, financial(1990), financial(1990)), 0.1);
}

TEST(PriceIndex, Extends_no_price) {
  const PriceIndex index({{1999, 80.0}, {2000, 90.0}});
  EXPECT_TRUE(index.covers(financial(1999)));
  EXPECT_TRUE(index.covers(financial(2000)));
  EXPECT_FALSE(index.covers(financial(2001)));
  EXPECT_FALSE(index.covers(calendar(1999)));  // a quarter of it lies in 1998-99
  EXPECT_TRUE(index.covers(calendar(2000)));
  EXPECT_FALSE(index.covers(calendar(2001)));
  // A year that is left out is not filled in.
  const PriceIndex gap({{1999, 80.0}, {2001, 100.0}});
  EXPECT_DOUBLE_EQ(gap.convert(8, financial(1999), financial(2001)), 10);
  EXPECT_FALSE(gap.covers(financial(2000)));
  EXPECT_FALSE(gap.covers(calendar(2001)));
  const auto refusal = [&](const PriceYear& year) -> std::string {
    try {
      index.level(year);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_EQ(refusal(financial(2008)), "the price index runs from 1999/00 to 2000/01: it has no level for 2008/09");
  EXPECT_EQ(refusal(calendar(1999)), "the price index runs from 1999/00 to 2000/01: it has no level for 1999");
}

TEST(PriceIndex, Levels_are_positive) {
  const auto refusal = [](std::map<int, double> levels) -> std::string {
    try {
      const PriceIndex index(std::move(levels));
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_EQ(refusal({}), "a price index needs a level of at least one year");
  EXPECT_EQ(refusal({{2000, 100}, {2001, 0}}), "the levels of a price index are above 0 and finite");
}

}  // namespace
}  // namespace desist::statistics
