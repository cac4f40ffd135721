// The rules of outcomes at their edges, and what is noted of events that do not count.
#include "engine/data/outcomes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace desist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Date day(const char* text) { return *Date::read(text); }

FollowedPerson person(const char* index, const char* end) { return {day(index), day(end), std::nullopt}; }
Offence offence(const char* committed) { return {0, day(committed), std::nullopt, std::nullopt}; }
Offence convicted(const char* committed, const char* on) { return {0, day(committed), day(on), std::nullopt}; }

WindowOutcome in_a_year(const Histories& histories) {
  return outcomes_from_events(histories, {{12}, 6}).windows.front().people.front();
}

TEST(OutcomesTest, CorrespondingDates) {
  EXPECT_EQ(months_after(day("2019-09-30"), 4), day("2020-01-30"));  // Dodds v Walker, a year on
  EXPECT_EQ(months_after(day("2020-01-31"), 1), day("2020-02-29"));
  EXPECT_EQ(months_after(day("2021-01-31"), 1), day("2021-02-28"));
  EXPECT_EQ(months_after(day("2020-02-29"), 12), day("2021-02-28"));
  EXPECT_EQ(months_after(day("2020-02-29"), 48), day("2024-02-29"));
  EXPECT_EQ(months_after(day("2020-02-28"), 12), day("2021-02-28"));
  EXPECT_EQ(months_after(day("2020-12-15"), 1), day("2021-01-15"));
  EXPECT_EQ(months_after(day("2020-12-15"), 24), day("2022-12-15"));
  EXPECT_EQ(months_after(day("2020-12-31"), 0), day("2020-12-31"));
}

TEST(OutcomesTest, TheWindowBeginsAfterTheIndexDayAndHoldsItsLastDay) {
  Histories histories{{person("2020-03-01", "2023-01-01")}, {}, {}};
  for (const auto& [committed, seen] : std::vector<std::pair<const char*, Seen>>{{"2020-02-29", Seen::no},
                                                                                 {"2020-03-01", Seen::no},
                                                                                 {"2020-03-02", Seen::yes},
                                                                                 {"2021-03-01", Seen::yes},
                                                                                 {"2021-03-02", Seen::no}}) {
    histories.offences = {offence(committed)};
    EXPECT_EQ(in_a_year(histories).reoffended, seen) << committed;
  }
}

TEST(OutcomesTest, ProofNeedsTheFurtherMonths) {
  Histories histories{{person("2020-03-01", "2023-01-01")}, {convicted("2021-02-28", "2021-09-01")}, {}};
  EXPECT_EQ(in_a_year(histories).proven, Seen::yes);
  histories.offences = {convicted("2021-02-28", "2021-09-02")};
  EXPECT_EQ(in_a_year(histories).proven, Seen::no);
  EXPECT_EQ(in_a_year(histories).reoffended, Seen::yes);
  histories.offences = {convicted("2021-03-02", "2021-03-03")};  // after the window
  EXPECT_EQ(in_a_year(histories).proven, Seen::no);
  histories.people = {person("2020-03-01", "2021-08-31")};  // a day short of the further months
  histories.offences = {convicted("2020-05-01", "2020-06-01")};
  EXPECT_EQ(in_a_year(histories).proven, Seen::not_followed);
  EXPECT_EQ(in_a_year(histories).reoffended, Seen::yes);
}

TEST(OutcomesTest, NotFollowedIsNeitherYesNorNo) {
  Histories histories{{person("2020-03-01", "2021-02-28")}, {offence("2020-05-01")}, {}};
  EXPECT_EQ(in_a_year(histories).reoffended, Seen::not_followed);
  EXPECT_EQ(in_a_year(histories).reoffences, 1);  // for a rate
  EXPECT_EQ(in_a_year(histories).calendar_days, 364);
  histories.people = {person("2020-03-01", "2021-03-01")};
  EXPECT_EQ(in_a_year(histories).reoffended, Seen::yes);
}

TEST(OutcomesTest, CustodyStopsTheFreeClock) {
  const Histories histories{{person("2020-01-01", "2020-04-10")},  // 100 days
                            {offence("2020-01-11"), offence("2020-01-21"), offence("2020-02-10")},
                            {{0, day("2020-01-11"), day("2020-01-31")}}};
  const PeopleOutcomes outcomes = outcomes_from_events(histories, {{12}, 6});
  const FollowUpOutcome& followed = outcomes.follow_up.front();
  EXPECT_EQ(followed.calendar_days, 100);
  EXPECT_EQ(followed.free_days, 80);
  EXPECT_EQ(followed.reoffences, 3);
  EXPECT_EQ(followed.free_reoffences, 2);  // the day on which custody begins is free
  EXPECT_EQ(followed.days_to_first, 10);
  EXPECT_EQ(followed.free_days_to_first, 10);
  const auto rows = risk_intervals(histories, ExposureClock::free);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].stop, 10);
  EXPECT_EQ(rows[1].stop, 20);  // 10 February is day 40, 20 of them in custody
  EXPECT_EQ(rows[2].stop, 80);
  EXPECT_EQ(rows[2].before, 2);
}

TEST(OutcomesTest, TimeUntilCompletionIsImmortal) {
  Histories histories{{person("2020-01-01", "2020-04-10"), person("2020-01-01", "2020-04-10")}, {}, {}};
  histories.people[0].completed = day("2020-01-31");
  const ImmortalTime time = immortal_time(histories);
  EXPECT_EQ(time.completers, 1u);
  EXPECT_EQ(time.follow_up_days, 100);
  EXPECT_EQ(time.immortal_days, 30);
  EXPECT_DOUBLE_EQ(time.share(), 0.3);
  const auto rows = risk_intervals(histories, ExposureClock::calendar);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_FALSE(rows[0].treated);
  EXPECT_EQ(rows[0].stop, 30);
  EXPECT_TRUE(rows[1].treated);
  EXPECT_EQ(rows[1].start, 30);
  EXPECT_FALSE(rows[2].treated);
  EXPECT_EQ(immortal_time({}).share(), 0);
}

TEST(OutcomesTest, HarmIsAddedUp) {
  Histories histories{{person("2020-01-01", "2021-12-31")}, {offence("2020-02-01"), offence("2020-03-01")}, {}};
  histories.offences[0].harm = 20;
  histories.offences[1].harm = 1.5;
  EXPECT_EQ(in_a_year(histories).harm, 21.5);
}

TEST(OutcomesTest, WhatDoesNotCountIsNoted) {
  Histories histories{{person("2020-01-01", "2020-04-10"), person("2020-01-01", "2019-12-01")},
                      {offence("2019-01-01"),
                       offence("2020-01-01"),
                       offence("2020-05-01"),
                       offence("2020-02-01"),
                       convicted("2020-03-01", "2020-02-01"),
                       {5, day("2020-03-01"), {}, {}},
                       {{}, day("2020-03-01"), {}, {}}},
                      {{0, day("2020-01-20"), day("2020-02-10")},
                       {0, day("2020-02-01"), day("2020-02-20")},
                       {0, day("2020-03-02"), day("2020-03-01")},
                       {0, day("2018-01-01"), day("2018-03-01")},
                       {{}, day("2018-01-01"), {}}}};
  histories.offences[4].harm = 1;
  histories.people[0].completed = day("2020-04-11");
  EXPECT_THAT(remarks(outcomes_from_events(histories, {}).notes),
              ElementsAre("1 person completed before the index date or after the follow-up (row 1)",
                          "1 person's follow-up ends before the index date (row 2)",
                          "1 offence is before the index date; it is no reoffence (row 1)",
                          "1 offence is on the index day; it is no reoffence (row 2)",
                          "1 offence is after the end of the follow-up and not counted (row 3)",
                          "1 conviction is before its offence (row 5)",
                          "2 rows of the offences are of nobody in the file of people (rows 6 and 7)",
                          "1 spell in custody ends before it begins (row 3)",
                          "1 spell in custody is outside the follow-up and takes no time (row 4)",
                          "1 row of the spells in custody is of nobody in the file of people (row 5)",
                          "1 spell in custody overlaps another of its person; its days are taken once",
                          "1 offence was in custody: counted on the calendar clock, not on the free clock (row 4)",
                          "1 reoffence has no harm weight and adds nothing to the sum (row 4)"));
}

TEST(OutcomesTest, PeopleAreFoundByTheirNames) {
  DeclaredColumn id;
  id.name = "id";
  id.type = ColumnType::text;
  const DataFile people = read_data("id\nanna\nben\ncara\n", "people.csv", {{id}, {}});
  const DataFile events = read_data("id,x\ncara,1\ndora,1\nanna,1\n,1\n", "events.csv", {{id}, {}});
  EXPECT_THAT(people_of(events.column("id"), people.column("id")),
              ElementsAre(testing::Optional(2u), std::nullopt, testing::Optional(0u), std::nullopt));
  id.type = ColumnType::number;
  const DataFile numbers = read_data("id\n1\n", "people.csv", {{id}, {}});
  EXPECT_THROW(people_of(events.column("id"), numbers.column("id")), std::invalid_argument);
}

}  // namespace
}  // namespace desist
