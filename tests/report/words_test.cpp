// Words for numbers, whole texts.
#include "engine/report/words.hpp"

#include <limits>

#include <gmock/gmock.h>

namespace {

using desist::bare_in_100;
using desist::fewer_or_more;
using desist::fewer_to_more;
using desist::in_100;
using desist::rounded;
using desist::rounded_range;
using desist::whole_number;

TEST(Words, WholeNumbersHaveCommas) {
  EXPECT_EQ(whole_number(0), "0");
  EXPECT_EQ(whole_number(999.4), "999");
  EXPECT_EQ(whole_number(1234567), "1,234,567");
  EXPECT_EQ(whole_number(-1234), "-1,234");
  EXPECT_EQ(whole_number(-0.2), "0");
  EXPECT_EQ(whole_number(std::numeric_limits<double>::infinity()), "no limit");
}

TEST(Words, NoDigitStandsBeyondTheError) {
  EXPECT_EQ(rounded(1234, 0), "1,230");
  EXPECT_EQ(rounded(1234, 60), "1,230");
  EXPECT_EQ(rounded(1234, 100), "1,200");
  EXPECT_EQ(rounded(0.1234, 0.01), "0.12");
  EXPECT_EQ(rounded(0, 1), "0");
  EXPECT_EQ(rounded(-0.04, 0.1), "0");
}

TEST(Words, RangesAreRoundedAlike) {
  EXPECT_EQ(rounded_range(1903, 2148, 0), "1,900 to 2,150");
  EXPECT_EQ(rounded_range(0, 0, 0), "0");
  EXPECT_EQ(rounded_range(3.2, 12.7, 0), "3 to 13");
}

TEST(Words, ChancesAreInAHundred) {
  EXPECT_EQ(in_100(0.31, 0.005), "31 in 100");
  EXPECT_EQ(in_100(0, 0), "none in 100");
  EXPECT_EQ(in_100(1, 0), "all of 100");
  EXPECT_EQ(in_100(0.002, 0), "fewer than 1 in 100");
  EXPECT_EQ(in_100(0.998, 0), "more than 99 in 100");
  EXPECT_EQ(bare_in_100(0.48, 0.01), "48");
}

TEST(Words, DifferencesAreFewerOrMore) {
  EXPECT_EQ(fewer_or_more(-0.0898), "9 fewer in 100");
  EXPECT_EQ(fewer_or_more(0.051), "5 more in 100");
  EXPECT_EQ(fewer_or_more(0.001), "under 1 more in 100");
  EXPECT_EQ(fewer_or_more(-0.004), "under 1 fewer in 100");
  EXPECT_EQ(fewer_or_more(0), "no difference in 100");
  EXPECT_EQ(fewer_to_more(-0.25, 0.05), "25 fewer to 5 more");
  EXPECT_EQ(fewer_to_more(-0.32, -0.08), "32 to 8 fewer");
  EXPECT_EQ(fewer_to_more(0.11, 0.54), "11 to 54 more");
  EXPECT_EQ(fewer_to_more(0, 0.05), "no difference to 5 more");
  EXPECT_EQ(fewer_to_more(-0.05, 0), "5 fewer to no difference");
  EXPECT_EQ(fewer_to_more(0, 0), "no difference");
  // A limit that rounds to nobody keeps its side: with none of it the interval would seem to hold no difference.
  EXPECT_EQ(fewer_to_more(-0.166, -0.0001), "17 to under 1 fewer");
  EXPECT_EQ(fewer_to_more(-0.16, 0.002), "16 fewer to under 1 more");
  EXPECT_EQ(fewer_to_more(0.001, 0.004), "under 1 more");
}

TEST(Words, FirstLettersKeepAbbreviations) {
  EXPECT_EQ(desist::lower_first("Cases referred"), "cases referred");
  EXPECT_EQ(desist::lower_first("MARAC cases"), "MARAC cases");
  EXPECT_EQ(desist::lower_first("O2R, a person"), "O2R, a person");
  EXPECT_EQ(desist::lower_first("DVPOs live"), "DVPOs live");
  EXPECT_EQ(desist::lower_first("A MARAC case"), "a MARAC case");
  EXPECT_EQ(desist::lower_first("A"), "a");
  EXPECT_EQ(desist::upper_first("weekly"), "Weekly");
}

TEST(Words, LinesAreCutAtWordsAndCountLetters) {
  EXPECT_THAT(desist::wrapped("£100 for each of them", 8), testing::ElementsAre("£100 for", "each of", "them"));
  EXPECT_THAT(desist::wrapped("", 8), testing::IsEmpty());
  EXPECT_THAT(desist::wrapped("unbreakable", 4), testing::ElementsAre("unbreakable"));
}

TEST(Words, SayAChanceWithoutDraws) {
  EXPECT_EQ(desist::chance_that("pays", 0.462, 0.005), "46 in 100 that it pays");
  EXPECT_EQ(desist::chance_that("pays", 0.003, 0.001), "fewer than 1 in 100 that it pays");
  EXPECT_EQ(desist::chance_that("pays", 0, 0.01), "it never pays in the simulation");
  EXPECT_EQ(desist::chance_that("pays", 1, 0.01), "it always pays in the simulation");
}

TEST(Words, HaveCommasInNumbersThatAreNotRounded) {
  EXPECT_EQ(desist::unrounded(19987), "19,987");
  EXPECT_EQ(desist::unrounded(-1234567.5), "-1,234,567.5");
  EXPECT_EQ(desist::unrounded(999), "999");
  EXPECT_EQ(desist::unrounded(-999), "-999");
  EXPECT_EQ(desist::unrounded(0.125), "0.125");
  EXPECT_EQ(desist::unrounded(18638.8947135), "18,638.8947135");
  EXPECT_EQ(desist::unrounded(2.5e15), "2.5e+15");
}

}  // namespace
