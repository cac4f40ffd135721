// Words for money, for figures in their own units and for verdicts. Every number is invented.
#include "engine/report/appraisal_words.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/report/words.hpp"
#include "tests/report/appraisal_inputs.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using tests::appraisal_input;

TEST(Money, IsToldToItsErrorAndThreeDigits) {
  EXPECT_EQ(money(69500, 0), "£69,500");
  EXPECT_EQ(money(69512, 0), "£69,500");
  EXPECT_EQ(money(69512, 1300), "£70,000");
  EXPECT_EQ(money(1.4e6, 2e4), "£1.4 million");
  EXPECT_EQ(money(1.4449e6, 2e4), "£1.44 million");
  EXPECT_EQ(money(-69512, 100), "−£69,500");
  EXPECT_EQ(money(999600, 1000), "£1 million");  // rounded first, then told
  EXPECT_EQ(money(2.5e9, 0), "£2.5 billion");
  EXPECT_EQ(money(3100, 20000), "£0");
  EXPECT_EQ(money(-3100, 20000), "£0");
  EXPECT_EQ(money(0, 0), "£0");
  EXPECT_EQ(money(1.44, 0.03), "£1.44");
  EXPECT_EQ(money(1.44, 0.3), "£1.4");
  EXPECT_EQ(money(0.054, 0), "£0.05");  // nothing is finer than a penny
  EXPECT_EQ(money(32.5, 0), "£33");     // nor, from ten pounds on, than a pound
  EXPECT_EQ(money(std::nan(""), 0), "no number");
}

TEST(Money, OfARangeIsToldAlike) {
  EXPECT_EQ(money_range(-0.92e6, 1.81e6, 7000), "−£0.9 million to £1.8 million");
  EXPECT_EQ(money_range(-40000, 1.81e6, 7000), "£0 to £1.8 million");
  EXPECT_EQ(money_range(61234, 69512, 10), "£61,000 to £70,000");
  EXPECT_EQ(money_range(69512, 69513, 10), "£70,000");
  EXPECT_EQ(money_range(0.52, 3.14, 0.02), "£0.5 to £3.1");
  EXPECT_EQ(money_range(0, 0, 0), "£0");
  EXPECT_EQ(money_range(0.0, INFINITY, 1), "£0 to no limit");
  EXPECT_EQ(money_with_range({1.4e6, 1.4e6, 1.4e6, 0}), "£1.4 million");
  EXPECT_EQ(money_with_range({1.4e6, -0.9e6, 1.8e6, 9e4}), "£1.4 million (−£0.9 million to £1.8 million)");
}

TEST(FigureValues, StandInTheirOwnUnit) {
  EXPECT_EQ(figure_value(240, "£ per person", 0), "£240 per person");
  EXPECT_EQ(figure_value(240, "£/week", 0), "£240 a week");
  EXPECT_EQ(figure_value(0.142, "share", 0), "14.2%");
  EXPECT_EQ(figure_value(0.142, "share", 0.02), "14%");
  EXPECT_EQ(figure_value(0.142, "share/year", 0), "14.2% a year");
  EXPECT_EQ(figure_value(310, "people per year", 0), "310 people per year");
  EXPECT_EQ(figure_value(128, "case/week", 0), "128 cases a week");
  EXPECT_EQ(figure_value(8, "course", 0), "8 courses");
  EXPECT_EQ(figure_value(1, "course", 0), "1 course");
  EXPECT_EQ(figure_value(2.5, "posts", 0), "2.5 posts");
  EXPECT_EQ(figure_value(3, "person", 0), "3 people");
  EXPECT_EQ(figure_value(-2.5, "", 0), "−2.5");
  EXPECT_EQ(figure_value(2, "1", 0), "2");
}

// What only the model counts is told as its own file words it: days as days, and no noun beside a label that has one.
TEST(FigureValues, OfTheModelAreToldAsTheFileWordsThem) {
  ReportInput input = appraisal_input();
  FigureSource notice;
  notice.name = "notice";
  notice.label = "Time before a session at which its list closes";
  notice.printed = "2 to 7 days before the session";
  FigureSource sessions = notice;
  sessions.name = "courses";
  sessions.label = "Group sessions a week";
  sessions.printed = "3 to 8 courses";
  input.sources = {notice, sessions};
  SwitchingValue row;
  row.slot = 1000;  // of no input
  row.name = "notice";
  row.unit = "week";
  EXPECT_EQ(value_of_figure(input, row, 2.0 / 7, 0), "2 days");
  EXPECT_EQ(value_of_figure(input, row, 1.0 / 3, 0.02), rounded(7.0 / 3, 0.14) + " days");
  EXPECT_EQ(worded_unit(input, row).unit, "day");
  row.name = "courses";
  row.unit = "course";
  EXPECT_EQ(value_of_figure(input, row, 8, 0), "8");
  EXPECT_EQ(worded_unit(input, row).unit, "course");
  row.name = "unnamed";
  EXPECT_EQ(value_of_figure(input, row, 8, 0), "8 courses");
}

TEST(AppraisalVerdict, NeedsNineDrawsInTenBeyondItsError) {
  ReportInput input = appraisal_input();
  ArmValue& value = input.appraised.arms.front();
  const auto verdict = [&](double chance, double error) {
    value.chance_pays = chance;
    value.chance_error = error;
    return verdict_words(appraisal_verdict(input, 1));
  };
  EXPECT_EQ(verdict(0.92, 0.005), "Yes");
  EXPECT_EQ(verdict(0.92, 0.02), "Depends on share who reoffend after the course");
  EXPECT_EQ(verdict(0.08, 0.005), "No");
  EXPECT_EQ(verdict(0.08, 0.02), "Depends on share who reoffend after the course");
  for (SwitchingValue& figure : input.appraised.switching) figure.switches_at.reset();
  EXPECT_EQ(verdict(0.5, 0.005), "Not shown either way");
}

TEST(AppraisalVerdict, LooksOnlyAtFiguresThatCanTurnItWithinTheirRange) {
  ReportInput input = appraisal_input();
  std::vector<std::string> names;
  for (const SwitchingValue* figure : deciding_figures(input, 1)) names.push_back(figure->name);
  EXPECT_THAT(names, ElementsAre("reoffended_course", "crime_cost"));  // the course's £580 is beyond its range
}

}  // namespace
}  // namespace desist
