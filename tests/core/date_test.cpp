#include "engine/core/date.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace desist {
namespace {

TEST(DateTest, CountsDaysFrom1970) {
  EXPECT_EQ(Date::from_ymd(1970, 1, 1).days, 0);
  EXPECT_EQ(Date::from_ymd(1969, 12, 31).days, -1);
  EXPECT_EQ(Date::from_ymd(2000, 3, 1).days, 11017);  // 30 years, 7 leap days, January and 29 days of February
  EXPECT_EQ(Date::from_ymd(2023, 12, 18).days - Date::from_ymd(2023, 9, 30).days, 79);
}

TEST(DateTest, EveryDayOfFourCenturiesComesBackInOrder) {
  Date expected = Date::from_ymd(1800, 1, 1);
  for (int year = 1800; year < 2200; ++year)
    for (int month = 1; month <= 12; ++month) {
      const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
      const int length =
          month == 2 ? (leap ? 29 : 28) : (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
      for (int day = 1; day <= length; ++day) {
        const Date date = Date::from_ymd(year, month, day);
        ASSERT_EQ(date, expected);
        ASSERT_EQ(date.year(), year);
        ASSERT_EQ(date.month(), month);
        ASSERT_EQ(date.day(), day);
        ASSERT_EQ(Date::read(date.iso()), date);
        ++expected.days;
      }
      ASSERT_THROW(Date::from_ymd(year, month, length + 1), std::invalid_argument);
    }
}

TEST(DateTest, ReadsIsoAndBritishDates) {
  const Date date = Date::from_ymd(2023, 12, 8);
  EXPECT_EQ(Date::read("2023-12-08"), date);
  EXPECT_EQ(Date::read("08/12/2023"), date);
  EXPECT_EQ(Date::read("8/12/2023"), date);
  for (const char* text :
       {"", "2023", "2023-12", "2023-12-8", "23-12-08", "8/12/23", "2023-02-29", "29/02/2023", "2023-13-01",
        "2023-00-10", "2023-10-00", "2023-12-08 ", "2023-12-08T00:00", "12/18/2023", "0000-01-01", "-2023-12-08"})
    EXPECT_EQ(Date::read(text), std::nullopt) << text;
}

TEST(DateTest, SaysItselfInTwoWays) {
  EXPECT_EQ(Date::from_ymd(2023, 12, 18).iso(), "2023-12-18");
  EXPECT_EQ(Date::from_ymd(2024, 1, 5).iso(), "2024-01-05");
  EXPECT_EQ(Date::from_ymd(2023, 12, 18).in_words(), "18 December 2023");
  EXPECT_EQ(Date::from_ymd(2024, 5, 1).in_words(), "1 May 2024");
}

TEST(DateTest, NamesTheDayThatDoesNotExist) {
  try {
    Date::from_ymd(2023, 2, 30);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "no such day: 2023-02-30");
  }
}

}  // namespace
}  // namespace desist
