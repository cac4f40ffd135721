// Checks over rows of people.
#include "engine/data/people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace desist {
namespace {

DeclaredColumn column_of(const char* name, ColumnType type) {
  DeclaredColumn declared;
  declared.name = name;
  declared.type = type;
  return declared;
}

DataFile people() {
  using enum ColumnType;
  const DataFile file = read_data(
      "id,born,index,event,end,age\n"
      "a,1990-01-01,2020-01-01,2020-05-01,2021-01-01,30\n"
      "b,1990-01-01,2020-01-01,,2019-01-01,30\n"
      "a,2021-01-01,2020-01-01,2022-05-01,2021-01-01,130\n"
      ",1990-01-01,2020-01-01,,2021-01-01,\n"
      ",1990-01-01,2020-01-01,,2021-01-01,-1\n"
      "a,1890-01-01,2020-01-01,,9999-12-31,17\n",
      "people.csv",
      {{column_of("id", text), column_of("born", date), column_of("index", date), column_of("event", date),
        column_of("end", date), column_of("age", integer)},
       {}});
  EXPECT_TRUE(file.problems.empty());
  return file;
}

TEST(PeopleTest, WhatTheRowsBreakIsCountedWithPlaces) {
  PeopleRules rules;
  rules.person = "id";
  rules.date_order = {"born", "index", "event", "end"};
  rules.ranges = {{"age", 18, 100}};
  rules.date_ranges = {{"born", Date::from_ymd(1900, 1, 1), {}}, {"end", {}, Date::from_ymd(2030, 1, 1)}};
  const auto problems = check_people(people(), rules);
  EXPECT_THAT(
      remarks(problems),
      testing::ElementsAre("2 rows repeat a person of 'id' (rows 3 and 6)", "1 row has 'end' before 'index' (row 2)",
                           "1 row has 'index' before 'born' (row 3)", "1 row has 'end' before 'event' (row 3)",
                           "1 value of 'age' above 100 (row 3)", "2 values of 'age' below 18 (rows 5 and 6)",
                           "1 value of 'born' below 1900-01-01 (row 6)", "1 value of 'end' above 2030-01-01 (row 6)"));
  EXPECT_EQ(
      diagnostics("people.csv", problems).all().front().rendered(),
      "people.csv: error: 2 rows repeat a person of 'id', first in row 3 'a'; also row 6 'a' (one row a person is "
      "needed)");
}

TEST(PeopleTest, SoundRowsAreNothingToTell) {
  PeopleRules rules;
  rules.date_order = {"born", "index"};
  rules.person = "age";
  const DataFile file = read_data("age,born,index\n1,1990-01-01,1990-01-01\n2,,1980-01-01\n", "people.csv",
                                  {{column_of("age", ColumnType::integer), column_of("born", ColumnType::date),
                                    column_of("index", ColumnType::date)},
                                   {}});
  EXPECT_THAT(check_people(file, rules), testing::IsEmpty());
  rules.person = "name";
  EXPECT_THROW(check_people(file, rules), std::out_of_range);
}

}  // namespace
}  // namespace desist
