#include "engine/core/text.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace desist {
namespace {

using testing::ElementsAre;

TEST(TextTest, ShortestUsesTheFewestDigits) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(shortest(9153), "9153");
  EXPECT_EQ(shortest(100000), "100000");
  EXPECT_EQ(shortest(-2.5), "-2.5");
  EXPECT_EQ(shortest(0), "0");
  EXPECT_EQ(shortest(0.00001), "0.00001");
  EXPECT_EQ(shortest(0.000001), "1e-06");
  EXPECT_EQ(shortest(999999999999999), "999999999999999");
  EXPECT_EQ(shortest(1e15), "1e+15");
  EXPECT_EQ(shortest(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(shortest(std::numeric_limits<double>::infinity()), "Inf");
  EXPECT_EQ(shortest(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(TextTest, ShortestReadsBackAsTheSameDouble) {
  std::mt19937_64 bits(20231218);
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t pattern = bits();
    double value;
    static_assert(sizeof value == sizeof pattern);
    std::memcpy(&value, &pattern, sizeof value);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(read_number(shortest(value)), value) << shortest(value);
    const double near_one = std::ldexp(value, 1 - std::ilogb(value));
    ASSERT_EQ(read_number(shortest(near_one)), near_one) << shortest(near_one);
  }
  EXPECT_EQ(read_number(shortest(std::numeric_limits<double>::max())), std::numeric_limits<double>::max());
  EXPECT_EQ(read_number(shortest(std::numeric_limits<double>::denorm_min())),
            std::numeric_limits<double>::denorm_min());
}

TEST(TextTest, ReadNumberTakesWholeNumbersWithProperCommas) {
  EXPECT_EQ(read_number("1,372"), 1372.0);
  EXPECT_EQ(read_number("-12,345,678.5"), -12345678.5);
  EXPECT_EQ(read_number("-0.5"), -0.5);
  EXPECT_EQ(read_number("1e-07"), 1e-7);
  for (const char* text :
       {"",        "-",       "nan",    "inf", "-inf", "NaN", "0x10", "1e400", "1,37", "1372,5", ",372",
        "1,372,5", "0.1,234", "1,,372", "1 ",  " 1",   "1 2", "+1",   "--1",   "1e",   "12a",    "."})
    EXPECT_EQ(read_number(text), std::nullopt) << text;
}

TEST(TextTest, DidYouMeanStaysWithinAThirdOfTheLetters) {
  const std::vector<std::string> known{"replicates", "seed", "precision", "draws"};
  EXPECT_EQ(did_you_mean("replicats", known), "replicates");
  EXPECT_EQ(did_you_mean("sede", known), "seed");  // one swap
  EXPECT_EQ(did_you_mean("Seed", known), "seed");
  EXPECT_EQ(did_you_mean("drwas", known), "draws");
  EXPECT_EQ(did_you_mean("precis", known), std::nullopt);  // three edits, two allowed
  EXPECT_EQ(did_you_mean("precison", known), "precision");
  EXPECT_EQ(did_you_mean("sxxd", known), std::nullopt);  // two edits, one allowed
  EXPECT_EQ(did_you_mean("", known), std::nullopt);
  EXPECT_EQ(did_you_mean(std::string(1 << 20, 'x'), known), std::nullopt);
  EXPECT_EQ(did_you_mean("b", std::vector<std::string>{"a"}), std::nullopt);  // nothing in common
  EXPECT_EQ(did_you_mean("aa", std::vector<std::string>{"ab", "ac"}), "ab");  // of equals, the first
}

TEST(TextTest, ListedPutsWordsInARow) {
  const std::vector<std::string> words{"a", "b", "c"};
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed(std::span(words).first(1)), "a");
  EXPECT_EQ(listed(std::span(words).first(2)), "a and b");
  EXPECT_EQ(listed(words), "a, b and c");
  EXPECT_EQ(listed(words, "or"), "a, b or c");
}

TEST(TextTest, SplitKeepsEmptyPieces) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(TextTest, TrimmedTakesBlanksOffBothEnds) {
  EXPECT_EQ(trimmed("  a b\t\r\n"), "a b");
  EXPECT_EQ(trimmed(" \t "), "");
}

TEST(TextTest, StartsWithAny) {
  const std::vector<std::string_view> beginnings{"by ", "of "};
  EXPECT_TRUE(starts_with_any("of referrals", beginnings));
  EXPECT_FALSE(starts_with_any("often", beginnings));
}

TEST(TextTest, Fnv1aEqualsThePublishedVectors) {  // Fowler, Noll & Vo, test_fnv.c: FNV-1a 64 bit
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8ULL);
}

}  // namespace
}  // namespace desist
