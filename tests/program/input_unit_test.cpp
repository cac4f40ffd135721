// Units that figures of an appraisal give themselves, and what they come to.
#include "engine/program/input_unit.hpp"

#include <gtest/gtest.h>

namespace desist {
namespace {

InputUnit unit_of(const std::string& text) {
  const auto read = read_input_unit(text);
  if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
    ADD_FAILURE() << text << ": " << wrong->problem;
    return {};
  }
  return std::get<InputUnit>(read);
}

/// The value in the dimension's own units: years, hours of work.
double value_of(const std::string& text) {
  const InputUnit unit = unit_of(text);
  const auto read = read_quantity(unit.text, unit.unit);
  if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
    ADD_FAILURE() << text << " as " << unit.text << ": " << wrong->problem;
    return 0;
  }
  return std::get<Quantity>(read).low * unit.factor;
}

std::string problem_of(const std::string& text) {
  const auto read = read_input_unit(text);
  return std::holds_alternative<QuantityProblem>(read) ? std::get<QuantityProblem>(read).problem : "";
}

TEST(InputUnit, IsReadFromTheText) {
  const struct {
    const char *text, *words, *dimension;
    double value;
  } cases[] = {
      {"310 people per year", "people per year", "people per year", 310},
      {"£1,200 to £1,600 per person", "£ per person", "£ per person", 1200},
      {"£1.3 million", "£", "£", 1.3e6},
      {"£500,000 a year", "£ per year", "£ per year", 500000},
      {"4.25 hours per referral", "hours per referral", "hours per referral", 4.25},
      {"45 minutes per referral", "minutes per referral", "hours per referral", 0.75},
      {"£36.51 per hour", "£ per hour", "£ per hour", 36.51},
      {"£0.50 per minute", "£ per minute", "£ per hour", 30},
      {"35%", "share", "a plain number", 0.35},
      {"24% to 100%", "share", "a plain number", 0.24},
      {"1 of 10 people", "share", "a plain number", 0.1},
      {"49 of 253", "share", "a plain number", 49.0 / 253},
      {"3 in 100", "share", "a plain number", 0.03},
      {"1.6", "", "a plain number", 1.6},
      {"2 to 4 times", "", "a plain number", 2},
      {"1 post", "posts", "posts", 1},
      {"314 posts", "posts", "posts", 314},
      {"6 to 24 months", "months", "years", 0.5},
      {"1108 days", "days", "years", 1108.0 / 365},
      {"£52 to £140 per day", "£ per day", "£ per year", 52 * 365.0},
      {"£45,000 to £60,000 per post per year", "£ per post per year", "£ per post per year", 45000},
      {"1,500 to 1,800 hours per post per year", "hours per post per year", "hours per post per year", 1500},
      {"0.4 offences a person a year", "offences per person per year", "offences per person per year", 0.4},
      {"£13,000 to £26,074 per person per year", "£ per person per year", "£ per person per year", 13000},
      {"£439/week", "£ per week", "£ per year", 439 * 365.0 / 7},
      {"12 shop thefts per person", "shop thefts per person", "shop thefts per person", 12},
      {"30 days per year", "days per year", "a plain number", 30.0 / 365},
      {"10 cases per week", "cases per week", "cases per year", 10 * 365.0 / 7},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.text);
    EXPECT_EQ(unit_of(each.text).words, each.words);
    EXPECT_EQ(unit_of(each.text).dimension.in_words(), each.dimension);
    EXPECT_NEAR(value_of(each.text), each.value, 1e-12 * each.value);
  }
}

// "per course" and "courses" are of one noun, whatever the plural looks like.
TEST(InputUnit, SingularAndPluralAreOneNoun) {
  for (const char* noun : {"course", "case", "offence", "bus", "box", "agency", "person", "child", "woman", "crash",
                           "police officer", "bus pass"}) {
    SCOPED_TRACE(noun);
    const std::string many = plural(noun);
    const Dimension product =
        unit_of("12 " + many + " per year").dimension.times(unit_of("£5 per " + std::string(noun)).dimension);
    EXPECT_EQ(product.in_words(), "£ per year");
    EXPECT_EQ(unit_of("1 " + std::string(noun)).dimension, unit_of("12 " + many).dimension);
  }
  for (const char* noun : {"course", "case", "offence", "box", "agency", "person", "child", "woman", "crash", "post"})
    EXPECT_EQ(singular(plural(noun)), noun);
}

TEST(InputUnit, WhatAFigureIsPerMayBeInThePlural) {
  for (const auto& [many, one] :
       {std::pair("£9,000 per women", "£ per woman"), std::pair("£5 per people", "£ per person"),
        std::pair("2 hours per young people", "hours per young person")})
    EXPECT_EQ(unit_of(many).words, one);
  EXPECT_EQ(unit_of("£9,000 per women").dimension, unit_of("£9,000 per woman").dimension);
}

TEST(InputUnit, WhatIsNoUnitIsSaidSo) {
  EXPECT_EQ(problem_of("people"), "'people' does not begin with a number");
  EXPECT_EQ(problem_of("£5 per"), "'£5 per' does not say per what");
  EXPECT_EQ(problem_of("5 people per week per year"), "'5 people per week per year' is per week and per year");
  EXPECT_EQ(problem_of(""), "no figure is given");
  EXPECT_EQ(problem_of("12 per in"), "'12 per in' does not say per what");
}

TEST(Dimension, SaysWhatStandsInTheWayOfMoney) {
  const Dimension victims = unit_of("£34,015 per victim").dimension,
                  offences = unit_of("12 offences per year").dimension;
  EXPECT_EQ(victims.times(offences).beside_money(), "offence per victim");
  EXPECT_EQ(victims.times(unit_of("3 victims").dimension).beside_money(), "");
  EXPECT_EQ(victims.times(unit_of("3 victims per year").dimension).beside_money(), "");
  EXPECT_EQ(offences.beside_money(), "offence per £");
  EXPECT_EQ(victims.times(victims).beside_money(), "£ per victim per victim");
}

TEST(Dimension, OfDeclaredUnits) {
  EXPECT_EQ(dimension_of(Unit::parse("case/week")).dimension.in_words(), "cases per year");
  EXPECT_DOUBLE_EQ(dimension_of(Unit::parse("case/week")).factor, 8760.0 / 168);
  EXPECT_EQ(dimension_of(Unit::parse("hour")).dimension.in_words(), "hours");
  EXPECT_DOUBLE_EQ(dimension_of(Unit::parse("hour")).factor, 1);
  EXPECT_EQ(dimension_of(Unit::parse("share")).dimension.in_words(), "a plain number");
  EXPECT_EQ(dimension_of(Unit::parse("£/month")).dimension.in_words(), "£ per year");
  EXPECT_DOUBLE_EQ(dimension_of(Unit::parse("day")).factor, 1.0 / 365);
}

}  // namespace
}  // namespace desist
