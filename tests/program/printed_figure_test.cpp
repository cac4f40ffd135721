// What texts print, and whether it stands in a row of evidence: sign, scale, percent, unit of time.
#include "engine/program/printed_figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/program/evidence.hpp"

namespace desist {
namespace {

TEST(PrintedFigure, HasAmountsWithSignScaleAndPercent) {
  const auto sizes = [](std::string_view text) {
    std::vector<double> all;
    for (const PrintedAmount& each : printed_figure(text).amounts)
      all.push_back(each.negative ? -each.size() : each.size());
    return all;
  };
  using testing::ElementsAre;
  EXPECT_THAT(sizes("between 71% and 83%"), ElementsAre(71, 83));
  EXPECT_THAT(sizes("£80K CARA"), ElementsAre(80000));
  EXPECT_THAT(sizes("£1.2 million"), ElementsAre(1.2e6));
  EXPECT_THAT(sizes("9,153 cases"), ElementsAre(9153));
  EXPECT_THAT(sizes("-£69,500"), ElementsAre(-69500));
  EXPECT_THAT(sizes("£−5 to £10"), ElementsAre(-5, 10));
  EXPECT_THAT(sizes("2021-22: 6-8 weeks"), ElementsAre(2021, 22, 6, 8));
  EXPECT_THAT(sizes("12 m, 5 km"), ElementsAre(12, 5));
  EXPECT_TRUE(printed_figure("72 per cent of them").amounts.front().percent);
  EXPECT_FALSE(printed_figure("72 persons").amounts.front().percent);
}

TEST(PrintedFigure, HasUnitsOfTime) {
  const auto times = [](std::string_view text) {
    const PrintedFigure figure = printed_figure(text);
    return figure.time + "/" + figure.per + "/" + figure.side;
  };
  EXPECT_EQ(times("1108 days"), "day//");
  EXPECT_EQ(times("5 working days before the meeting"), "day//before");
  EXPECT_EQ(times("9153 cases per year"), "/year/");
  EXPECT_EQ(times("62 working hours a week"), "hour/week/");
  EXPECT_EQ(times("4.25 hours per referral"), "hour//");
  EXPECT_EQ(times("2 weeks before and 3 weeks after"), "week//");
  const auto units = [](std::string_view text) {
    const PrintedFigure figure = printed_unit(text);
    return figure.time + "/" + figure.per;
  };
  EXPECT_EQ(units("offences/year (mean)"), "/year");
  EXPECT_EQ(units("per quarter"), "/quarter");
  EXPECT_EQ(units("per half-year"), "/half-year");
  EXPECT_EQ(units("deaths/3 years"), "/3 year");
  EXPECT_EQ(units("hours/case (at least)"), "hour/");
  EXPECT_EQ(units("GBP saved per GBP"), "/");
  EXPECT_EQ(units("persons"), "/");
}

struct HeldFigure {
  std::string printed, value, unit, figure;
  Stands stands;
};

TEST(PrintedFigure, StandsInARowOrNot) {
  const std::vector<HeldFigure> cases{
      {"£69,500", "69500", "GBP", "£69,500", Stands::yes},
      {"£69,500", "69500", "GBP", "-£69,500", Stands::no},
      {"£69,500", "69500", "GBP", "£69500 million", Stands::no},
      {"£80K CARA", "80000", "GBP", "£80,000", Stands::yes},
      {"£80K CARA", "80000", "GBP", "£80", Stands::no},
      {"£1 million", "1000000", "GBP/year", "£1,000,000 per year", Stands::yes},
      {"£1 million", "1000000", "GBP/year", "£1,000,000 per month", Stands::in_another_unit},
      {"£1 million", "1000000", "GBP/year", "£1 million", Stands::yes},
      {"1828", "1828", "per year", "1828 referrals per week", Stands::in_another_unit},
      {"1108 days", "1108", "days", "1108 days", Stands::yes},
      {"1108 days", "1108", "days", "1108 weeks", Stands::in_another_unit},
      {"1108 days", "1108", "days", "1108 persons", Stands::yes},  // what is counted isn't held against the row
      {"72% retention", "0.72", "proportion", "72%", Stands::yes},
      {"72% retention", "0.72", "proportion", "72", Stands::no},
      {"72 people", "72", "persons", "72%", Stands::no},
      {"72", "72", "per cent", "72%", Stands::yes},
      {"", "0.7249", "proportion", "72.5%", Stands::yes},  // rounded
      {"", "0.7249", "proportion", "72.4%", Stands::yes},  // cut
      {"", "0.7249", "proportion", "72.6%", Stands::no},
      {"49% decrease", "-0.49", "proportion", "49%", Stands::yes},
      {"49% decrease", "-0.49", "proportion", "-49%", Stands::yes},
      {"49% increase", "0.49", "proportion", "-49%", Stands::no},
      {"five days before each MARAC", "5", "days", "5 days before the meeting", Stands::yes},
      {"five days before each MARAC", "5", "days", "5 days after the meeting", Stands::no},
      {"54", "54", "crimes per nominal (median)", "54 offences", Stands::yes},
  };
  for (const HeldFigure& each : cases) {
    SCOPED_TRACE(each.printed + " " + each.unit + ": " + each.figure);
    EvidenceRecord record;
    record.row.printed = each.printed;
    record.row.unit = each.unit;
    record.values = {each.value};
    const PrintedFigure figure = printed_figure(each.figure);
    EXPECT_EQ(stands_in(record, figure, figure.amounts.front()), each.stands);
  }
}

}  // namespace
}  // namespace desist
