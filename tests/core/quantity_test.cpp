#include "engine/core/quantity.hpp"

#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

Quantity read(std::string_view text, std::string_view unit) {
  const auto result = read_quantity(text, Unit::parse(unit));
  if (const auto* problem = std::get_if<QuantityProblem>(&result)) {
    ADD_FAILURE() << problem->problem << " | " << problem->cure;
    return {};
  }
  return std::get<Quantity>(result);
}

// "low to high [, count of total] [| tail]" in the wanted unit.
std::string summary(std::string_view text, std::string_view unit) {
  const Quantity quantity = read(text, unit);
  EXPECT_EQ(quantity.printed, text);
  std::string words = shortest(quantity.low);
  if (quantity.is_range()) words += " to " + shortest(quantity.high);
  if (quantity.fraction)
    words += ", " + std::to_string(quantity.fraction->count) + " of " + std::to_string(quantity.fraction->of);
  if (!quantity.tail.empty()) words += " | " + quantity.tail;
  return words;
}

std::string problem_of(std::string_view text, std::string_view unit) {
  const auto result = read_quantity(text, Unit::parse(unit));
  if (const auto* problem = std::get_if<QuantityProblem>(&result)) return problem->problem + "\n" + problem->cure;
  return "read as " + summary(text, unit);
}

TEST(UnitTest, ReadsItselfBack) {
  for (const char* text : {"case/week", "week", "share", "share/year", "place", "£/week", "£", "person", "1", "1/day",
                           "person-week", "police officer/month", "hour"})
    EXPECT_EQ(Unit::parse(text).text(), text);
  EXPECT_EQ(Unit::parse("case/week"), (Unit{"case", -1, "week"}));
  EXPECT_EQ(Unit::parse("week"), (Unit{"", 1, "week"}));
  for (const char* text :
       {"", "/", "/week", "case/", "case/fortnight", "case/week/week", "week/week", "12", "Case", "case ", "%"})
    EXPECT_THROW(Unit::parse(text), std::invalid_argument) << text;
  try {
    Unit::parse("case/fortnight");
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "'case/fortnight' is not a unit: write it like \"case/week\", \"week\", \"share\" or \"1\"");
  }
}

TEST(UnitTest, SaysItselfAfterANumber) {
  const auto words = [](std::string_view unit, double value) { return Unit::parse(unit).in_words(value); };
  EXPECT_EQ(words("case/week", 176), "cases a week");
  EXPECT_EQ(words("case/hour", 1), "case an hour");
  EXPECT_EQ(words("week", 1), "week");
  EXPECT_EQ(words("week", 1.5), "weeks");
  EXPECT_EQ(words("person", 0), "people");
  EXPECT_EQ(words("£/week", 5), "a week");
  EXPECT_EQ(words("share", 0.5), "");
  EXPECT_EQ(words("share/year", 0.5), "a year");
  EXPECT_EQ(words("1", 2), "");
}

TEST(UnitTest, PluralsFollowEnglish) {
  EXPECT_EQ(plural("case"), "cases");
  EXPECT_EQ(plural("agency"), "agencies");
  EXPECT_EQ(plural("day"), "days");
  EXPECT_EQ(plural("process"), "processes");
  EXPECT_EQ(plural("person"), "people");
  EXPECT_EQ(plural("woman"), "women");
  EXPECT_EQ(plural("man"), "men");
  EXPECT_EQ(plural("child"), "children");
  EXPECT_EQ(plural("human"), "humans");
  EXPECT_EQ(plural("person-week"), "person-weeks");
  EXPECT_EQ(plural("young person"), "young people");
}

TEST(QuantityTest, ReadsEveryFigureOfTheBacklogExample) {
  EXPECT_EQ(summary("8 conferences", "conference"), "8");
  EXPECT_EQ(summary("6 to 8 weeks of hearings", "week"), "6 to 8 | of hearings");
  EXPECT_EQ(summary("5 days before the meeting", "day"), "5 | before the meeting");
  EXPECT_EQ(summary("1 to 2 weeks", "week"), "1 to 2");
  EXPECT_EQ(summary("0%", "share"), "0");
  EXPECT_EQ(summary("0% of referrals", "share"), "0 | of referrals");
  EXPECT_EQ(summary("9153 cases per year", "case/year"), "9153");
  EXPECT_EQ(summary("9153 to 10561 cases per year", "case/year"), "9153 to 10561");
  EXPECT_EQ(summary("-5% to 15% per year", "share/year"), "-0.05 to 0.15");
  EXPECT_EQ(summary("20% to 40%", "share"), "0.2 to 0.4");
  EXPECT_EQ(summary("8 to 40 weeks", "week"), "8 to 40");
  EXPECT_EQ(summary("0% to 100%", "share"), "0 to 1");
  EXPECT_EQ(summary("21% of referrals", "share"), "0.21 | of referrals");
  EXPECT_EQ(summary("49 of 253 referrals", "share"), shortest(49.0 / 253.0) + ", 49 of 253 | referrals");
  EXPECT_EQ(summary("7 of 8 conferences", "share"), "0.875, 7 of 8 | conferences");
  EXPECT_EQ(summary("4400 cases per year", "case/year"), "4400");
  EXPECT_EQ(summary("40 cases per 10,000 women", "share"), "0.004 | women");
  EXPECT_EQ(summary("2 weeks of hearings", "week"), "2 | of hearings");
  EXPECT_EQ(summary("90%", "share"), "0.9");
  EXPECT_EQ(summary("2 in 100", "share"), "0.02");
  EXPECT_EQ(summary("1 in 100 on every chance", "share"), "0.01 | on every chance");
}

TEST(QuantityTest, ReadsEveryFigureOfTheStudyExample) {
  EXPECT_EQ(summary("0 to 21 people on either side", "person"), "0 to 21 | on either side");
  EXPECT_EQ(summary("1.0 to 1.3", "1"), "1 to 1.3");
  EXPECT_EQ(summary("5 fewer people in every 100", "share"), "-0.05");
  EXPECT_EQ(summary("12 months", "month"), "12");
  EXPECT_EQ(summary("102 days", "day"), "102");
}

TEST(QuantityTest, ReadsOtherWaysPeoplePrintFigures) {
  EXPECT_EQ(summary("9,153 cases a year", "case/year"), "9153");
  EXPECT_EQ(summary("176 Cases/week", "case/week"), "176");
  EXPECT_EQ(summary("1 case each week", "case/week"), "1");
  EXPECT_EQ(summary("£1,372 per week", "£/week"), "1372");
  EXPECT_EQ(summary("£450,000 a year", "£/year"), "450000");
  EXPECT_EQ(summary("£1.3 million per year", "£/year"), "1300000");
  EXPECT_EQ(summary("£1 to 2 million", "£"), "1000000 to 2000000");
  EXPECT_EQ(summary("£450k", "£"), "450000");
  EXPECT_EQ(summary("-£5", "£"), "-5");
  EXPECT_EQ(summary("16 weeks", "week"), "16");
  EXPECT_EQ(summary("5 more in 100", "share"), "0.05");
  EXPECT_EQ(summary("3 to 5 fewer people in every 100", "share"), "-0.05 to -0.03");
  EXPECT_EQ(summary("1 in 100", "share"), "0.01");
  EXPECT_EQ(summary("49 out of 253", "share"), shortest(49.0 / 253.0) + ", 49 of 253");
  EXPECT_EQ(summary("5% of referrals per year", "share/year"), "0.05 | of referrals");
  EXPECT_EQ(summary("20% of people within a year", "share"), "0.2 | of people within a year");
  EXPECT_EQ(summary("20 to 40%", "share"), "0.2 to 0.4");
  EXPECT_EQ(summary("39.0 %", "share"), "0.39");
  EXPECT_EQ(summary("0.1%", "share"), "0.001");
  EXPECT_EQ(summary("0.3", "share"), "0.3");
  EXPECT_EQ(summary("0 to 1", "share"), "0 to 1");
  EXPECT_EQ(summary("150%", "share"), "1.5");
  EXPECT_EQ(summary("1.3 times", "1"), "1.3");
  EXPECT_EQ(summary("1e-3", "1"), "0.001");
  EXPECT_EQ(summary("12", "place"), "12");
  EXPECT_EQ(summary("1 woman", "woman"), "1");
  EXPECT_EQ(summary("3 persons", "person"), "3");
  EXPECT_EQ(summary("2 children", "child"), "2");
  EXPECT_EQ(summary("20 police officers", "police officer"), "20");
  EXPECT_EQ(summary("  6   to\t8\u00A0weeks ", "week"), "6 to 8");
}

TEST(QuantityTest, DashesMakeRangesWhereTheyCanMeanNothingElse) {
  for (const char* text :
       {"6-8 weeks", "6–8 weeks", "6 - 8 weeks", "6 – 8 weeks", "6 weeks to 8 weeks", "6 weeks - 8 weeks"})
    EXPECT_EQ(summary(text, "week"), "6 to 8");
  EXPECT_EQ(summary("−5%–15%", "share"), "-0.05 to 0.15");
  EXPECT_EQ(summary("-5--2%", "share"), "-0.05 to -0.02");
  EXPECT_EQ(problem_of("6 -8 weeks", "week"),
            "'6 -8 weeks' has two numbers without \"to\" between them\nwrite a range like \"6 to 8 weeks\"");
}

TEST(QuantityTest, TimeConverts) {
  EXPECT_DOUBLE_EQ(read("9153 cases per year", "case/week").low, 9153.0 * 7 / 365);
  EXPECT_DOUBLE_EQ(read("12 cases per month", "case/year").low, 144);
  EXPECT_DOUBLE_EQ(read("1 case per hour", "case/day").low, 24);
  EXPECT_DOUBLE_EQ(read("14 days", "week").low, 2);
  EXPECT_DOUBLE_EQ(read("12 months", "day").low, 365);
  EXPECT_DOUBLE_EQ(read("36 hours", "day").low, 1.5);
  EXPECT_DOUBLE_EQ(read("£450,000 a year", "£/week").low, 450000.0 * 7 / 365);
  EXPECT_EQ(summary("8 days to 6 weeks", "week"), shortest(8.0 * 24 / 168) + " to 6");
}

TEST(QuantityTest, KeepsWhatWasPrinted) {
  EXPECT_EQ(read("1.00 to 1.3", "1").decimals, 2);
  EXPECT_TRUE(read("39.0%", "share").percent);
  EXPECT_EQ(read("39.0%", "share").decimals, 1);
  EXPECT_FALSE(read("0.39", "share").percent);
}

TEST(QuantityTest, WhatIsNoNumberIsRefused) {
  const std::string cure = "\nwrite it like \"8 weeks\"";
  EXPECT_EQ(problem_of("", "week"), "no figure is given" + cure);
  EXPECT_EQ(problem_of("  ", "week"), "no figure is given" + cure);
  EXPECT_EQ(problem_of("nan", "week"), "'nan' is not a finite number" + cure);
  EXPECT_EQ(problem_of("-inf weeks", "week"), "'-inf weeks' is not a finite number" + cure);
  EXPECT_EQ(problem_of("0x10 weeks", "week"), "'0x10' is not a decimal number" + cure);
  EXPECT_EQ(problem_of("1e400 weeks", "week"), "'1e400' is too large or too small for a number" + cure);
  EXPECT_EQ(problem_of("1e99999999999 weeks", "week"), "'1e99999999999' is too large or too small for a number" + cure);
  EXPECT_EQ(problem_of("1e308 weeks", "hour"), "'1e308 weeks' is too large\nwrite it like \"8 hours\"");
  EXPECT_EQ(problem_of("91,53 weeks", "week"), "'91,53' has a comma that does not stand before three digits" + cure);
  EXPECT_EQ(problem_of("about 5 weeks", "week"), "'about 5 weeks' does not begin with a number" + cure);
  EXPECT_EQ(problem_of("2023-12-18", "week"), "'2023-12-18' is a date, not a length of time" + cure);
  EXPECT_EQ(problem_of("6 8 weeks", "week"),
            "'6 8 weeks' has two numbers without \"to\" between them\nwrite a range like \"6 to 8 weeks\"");
  EXPECT_EQ(problem_of("5 weeks 3 days", "week"),
            "'5 weeks 3 days' has two numbers without \"to\" between them\nwrite a range like \"6 to 8 weeks\"");
  EXPECT_EQ(problem_of("1 to 2 to 3 weeks", "week"),
            "'1 to 2 to 3 weeks' has a third number\nwrite a range like \"6 to 8 weeks\"");
  EXPECT_EQ(problem_of("1 of 2 of 3", "share"), "'1 of 2 of 3' has a number too many\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("6-", "week"), "'6-' has no number after its dash\nwrite a range like \"6 to 8 weeks\"");
  EXPECT_EQ(problem_of(std::string(100, '9') + " £", "week"),
            "'" + std::string(60, '9') + "...' counts '£', not a length of time" + cure);
}

TEST(QuantityTest, ARangeRunsUpwards) {
  EXPECT_EQ(problem_of("8 to 6 weeks", "week"), "'8 to 6 weeks' runs from high to low\nwrite \"6 to 8 weeks\"");
  EXPECT_EQ(problem_of("-5% to -10%", "share"), "'-5% to -10%' runs from high to low\nwrite \"-10% to -5%\"");
  EXPECT_EQ(problem_of("40 to 20%", "share"), "'40 to 20%' runs from high to low\nwrite \"20 to 40%\"");
  EXPECT_EQ(problem_of("6 weeks to 8 days", "week"),
            "'6 weeks to 8 days' runs from high to low\nput the lower figure first");
  EXPECT_EQ(problem_of("20% to 40", "share"),
            "'20% to 40' has % on its first number only\nwrite a range like \"6 to 8%\"");
}

TEST(QuantityTest, AnotherUnitIsRefused) {
  const std::string cure = "\nwrite it like \"8 cases per year\"";
  EXPECT_EQ(problem_of("6 weeks", "case/week"), "'6 weeks' measures time, not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("21%", "case/week"), "'21%' is a percentage, not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("5% per year", "case/week"),
            "'5% per year' is a percentage per unit of time, not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("49 of 253 referrals", "case/week"),
            "'49 of 253 referrals' is a share, not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("£5 per week", "case/week"),
            "'£5 per week' is money per unit of time, not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("9153 apples per year", "case/week"),
            "'9153 apples per year' counts 'apples', not cases per unit of time" + cure);
  EXPECT_EQ(problem_of("9153 casse per year", "case/week"),
            "'9153 casse per year' counts 'casse', not cases per unit of time\ndid you mean 'cases'?");
  EXPECT_EQ(problem_of("6 weks", "week"), "'6 weks' counts 'weks', not a length of time\ndid you mean 'weeks'?");
  EXPECT_EQ(problem_of("6 cases", "week"), "'6 cases' counts 'cases', not a length of time\nwrite it like \"8 weeks\"");
  EXPECT_EQ(problem_of("21%", "conference"), "'21%' is a percentage, not conferences\nwrite it like \"8 conferences\"");
  EXPECT_EQ(problem_of("130%", "1"), "'130%' is a percentage, not a plain number\nwrite it like \"8\"");
  EXPECT_EQ(problem_of("6 weeks", "share"), "'6 weeks' measures time, not a share\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("5 cases", "£"), "'5 cases' counts 'cases', not money\nwrite it like \"£8\"");
  EXPECT_EQ(problem_of("8 cases per year", "case"),
            "'8 cases per year' is per unit of time, not cases\nwrite it like \"8 cases\"");
  EXPECT_EQ(problem_of("5 weeks per year", "week"),
            "'5 weeks per year' is per unit of time, not a length of time\nwrite it like \"8 weeks\"");
}

TEST(QuantityTest, AMissingUnitIsRefused) {
  const std::string cure = "\nwrite it like \"8 cases per year\"";
  EXPECT_EQ(problem_of("9153", "case/week"), "'9153' has no unit (wanted: cases per unit of time)" + cure);
  EXPECT_EQ(problem_of("9153 per year", "case/week"),
            "'9153 per year' does not say what it counts (wanted: cases per unit of time)" + cure);
  EXPECT_EQ(problem_of("9153 cases", "case/week"),
            "'9153 cases' does not say in what time (wanted: cases per unit of time)" + cure);
  EXPECT_EQ(problem_of("6 to 8", "week"), "'6 to 8' has no unit (wanted: a length of time)\nwrite it like \"8 weeks\"");
  EXPECT_EQ(
      problem_of("1,372 per week", "£/week"),
      "'1,372 per week' does not say what it counts (wanted: money per unit of time)\nwrite it like \"£8 per year\"");
  EXPECT_EQ(problem_of("30", "share"), "'30' has no unit (wanted: a share)\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("1", "share"), "'1' has no unit (wanted: a share)\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("5%", "share/year"),
            "'5%' does not say in what time (wanted: a share per unit of time)\nwrite it like \"8% per year\"");
}

TEST(QuantityTest, WhatFollowsTheUnitMustBeUnderstood) {
  EXPECT_EQ(problem_of("5 cases per fortnight", "case/week"),
            "'5 cases per fortnight' is per 'fortnight', which is not a unit of time here\nwrite per hour, day, week, "
            "month or year");
  EXPECT_EQ(problem_of("5 cases per yaer", "case/week"),
            "'5 cases per yaer' is per 'yaer', which is not a unit of time here\ndid you mean 'year'?");
  EXPECT_EQ(problem_of("5 cases per", "case/week"),
            "'5 cases per' does not say per what\nwrite it like \"8 cases per year\"");
  EXPECT_EQ(problem_of("5 cases every 2 weeks", "case/week"),
            "'5 cases every 2 weeks' is per several units of time, and a rate is per one\nwrite it like \"8 cases per "
            "year\"");
  EXPECT_EQ(
      problem_of("5 cases per 2 weeks", "case/week"),
      "'5 cases per 2 weeks' is per several units of time, and a rate is per one\nwrite it like \"8 cases per year\"");
  const std::string cure = "\nafter the unit only words like \"of referrals\" or \"before the meeting\" may follow";
  EXPECT_EQ(problem_of("5 weeks minimum", "week"),
            "'5 weeks minimum' goes on with 'minimum', which is not understood" + cure);
  EXPECT_EQ(problem_of("5 cases per year per week", "case/week"),
            "'5 cases per year per week' goes on with 'per', which is not understood" + cure);
}

TEST(QuantityTest, CountsStayPossible) {
  EXPECT_EQ(problem_of("49 of 30", "share"),
            "'49 of 30' counts more than its whole\nthe first number can't be above the second");
  EXPECT_EQ(problem_of("4.5 of 8", "share"), "'4.5 of 8' is not a count of whole things\nwrite it like \"49 of 253\"");
  EXPECT_EQ(problem_of("0 of 0", "share"), "'0 of 0' is a share of nothing\nwrite it like \"49 of 253\"");
  EXPECT_EQ(problem_of("5% in 100", "share"),
            "'5% in 100' mixes a percentage with a number out of another\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("-5 of 30", "share"), "'-5 of 30' is negative, and a count can't be\nwrite it like \"8%\"");
  EXPECT_EQ(problem_of("-5 cases per year", "case/week"),
            "'-5 cases per year' is negative, and a count can't be\nwrite it like \"8 cases per year\"");
  EXPECT_EQ(problem_of("-2 to 5 weeks", "week"),
            "'-2 to 5 weeks' is negative, and a length of time can't be\nwrite it like \"8 weeks\"");
}

// Any row of pieces is either read, and then finite and in order, or refused with a problem and a cure.
TEST(QuantityTest, NoRowOfPiecesIsReadHalfway) {
  const std::vector<std::string> pieces{
      "6", "49",    "0.5",   "-",    "–",       "%",   "£", "to", "of", "in", "per",  "a",     "every", "fewer",
      "x", "cases", "weeks", "year", "million", "1e9", ",", ".",  "/",  " ",  "\xE2", "\x00y", "100",   "out"};
  const std::vector<Unit> units{Unit::parse("case/week"),  Unit::parse("week"),   Unit::parse("share"),
                                Unit::parse("share/year"), Unit::parse("£/week"), Unit::parse("1"),
                                Unit::parse("case")};
  std::mt19937 random(49253);
  int were_read = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (unsigned n = 1 + random() % 8; n > 0; --n)
      text += pieces[random() % pieces.size()] + (random() % 2 == 0 ? " " : "");
    const auto result = read_quantity(text, units[random() % units.size()]);
    if (const auto* quantity = std::get_if<Quantity>(&result)) {
      ++were_read;
      ASSERT_TRUE(std::isfinite(quantity->low) && std::isfinite(quantity->high) && quantity->low <= quantity->high)
          << text;
    } else {
      ASSERT_FALSE(std::get<QuantityProblem>(result).problem.empty()) << text;
      ASSERT_FALSE(std::get<QuantityProblem>(result).cure.empty()) << text;
    }
    read_printed(text);
  }
  EXPECT_GT(were_read, 1000);
}

std::string printed(std::string_view text) {
  const auto result = read_printed(text);
  if (const auto* problem = std::get_if<QuantityProblem>(&result)) return problem->problem + "\n" + problem->cure;
  const auto& number = std::get<PrintedNumber>(result);
  EXPECT_EQ(number.text, text);
  return std::to_string(number.digits) + "/" + std::to_string(number.decimals) + (number.percent ? "%" : "") +
         (number.negative ? " negative" : "") + (number.unit.empty() ? "" : " " + number.unit) + " = " +
         shortest(number.value());
}

TEST(PrintedNumberTest, KeepsDigitsAndDecimals) {
  EXPECT_EQ(printed("39.0%"), "390/1% = 0.39");
  EXPECT_EQ(printed("124"), "124/0 = 124");
  EXPECT_EQ(printed("1.80%"), "180/2% = 0.018");
  EXPECT_EQ(printed("£1,372 per week"), "1372/0 £ per week = 1372");
  EXPECT_EQ(printed("257 days"), "257/0 days = 257");
  EXPECT_EQ(printed("-0.10"), "10/2 negative = -0.1");
  EXPECT_EQ(printed("−5%"), "5/0% negative = -0.05");
  EXPECT_EQ(printed("0%"), "0/0% = 0");
}

TEST(PrintedNumberTest, WhatIsNoPrintedNumberIsRefused) {
  const std::string cure = "\ncopy the cell as it is printed, like \"39.0%\", or leave it out";
  EXPECT_EQ(printed(""), "nothing is printed" + cure);
  EXPECT_EQ(printed("n/a"), "'n/a' does not begin with a number" + cure);
  EXPECT_EQ(printed("<5"), "'<5' does not begin with a number" + cure);
  EXPECT_EQ(printed("10 to 12"), "'10 to 12' is more than one number, and a cell holds one" + cure);
  EXPECT_EQ(printed("1e5"), "'1e5' is not printed digit by digit" + cure);
  EXPECT_EQ(printed("£1.3 million"), "'£1.3 million' is not printed digit by digit" + cure);
  EXPECT_EQ(printed("1234567890123456"), "'1234567890123456' has more digits than can be kept (15)" + cure);
}

}  // namespace
}  // namespace desist
