// What a file without a declaration is taken for, and that its user is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/data/csv_file.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CsvProposalTest, EachColumnIsTakenForSomethingAndSaysWhy) {
  const std::string bytes =
      "id,arm,age,index,born,reoffended,cost,area,score,day\n"
      "p1,treated,31,2020-02-29,31/12/1990,1,\xC2\xA3"
      "5,Leeds,1.5,1/2/2020\n"
      "p2,control,NA,2021-01-01,1/2/1992,0,7,York,NA,3/4/2020\n"
      "p3,treated,28,2019-05-01,,1,7,Leeds,2,5/6/2020\n";
  const ProposedDeclaration proposed = propose_declaration(bytes);
  EXPECT_THAT(proposed.problems, IsEmpty());
  EXPECT_THAT(proposed.reasons,
              ElementsAre("'id' is taken as a text", "'arm' is taken as a category of 2: 'control' and 'treated'",
                          "'age' is taken as a whole number: 28 to 31; 'NA' (1 cell) is taken for missing",
                          "'index' is taken as an ISO date: 2019-05-01 to 2021-01-01",
                          "'born' is taken as a UK date: 1990-12-31 to 1992-02-01; 1 cell is empty",
                          "'reoffended' is taken as yes or no: '0' and '1'",
                          "'cost' is taken as a whole number: 5 to 7, in pounds",
                          "'area' is taken as a category of 2: 'Leeds' and 'York'",
                          "'score' is taken as a number: 1.5 to 2; 'NA' (1 cell) is taken for missing",
                          "'day' is taken as a UK date: 2020-02-01 to 2020-06-05; the month could stand first as well, "
                          "for no day is above 12"));
  EXPECT_THAT(read_data(bytes, "people.csv", proposed.declaration).problems, IsEmpty());
}

TEST(CsvProposalTest, OneCellDecidesWhereverItStands) {
  std::string bytes = "n\n";
  for (int i = 0; i < 5000; ++i) bytes += "7\n";
  EXPECT_EQ(propose_declaration(bytes).declaration.columns[0].type, ColumnType::integer);
  EXPECT_EQ(propose_declaration(bytes + "7.5\n").declaration.columns[0].type, ColumnType::number);
  EXPECT_EQ(propose_declaration(bytes + "seven\n").declaration.columns[0].type, ColumnType::category);
}

TEST(CsvProposalTest, WhatCannotBeReadIsAProblem) {
  EXPECT_EQ(propose_declaration("").problems.size(), 1u);
  EXPECT_EQ(propose_declaration("1,2\n3,4\n").problems.front().kind, DataProblemKind::header_of_values);
  EXPECT_THAT(propose_declaration("a,b\n,\n").reasons,
              ElementsAre("'a' is taken as a text: no cell says what it is; 1 cell is empty",
                          "'b' is taken as a text: no cell says what it is; 1 cell is empty"));
}

TEST(CsvProposalTest, ALevelThatTheUserNamesIsNotMissing) {
  const std::string bytes = "week,what\n3,reoffended\n9,none\n4,died\n9,none\n5,died\n6,reoffended\n";
  const ProposedDeclaration unnamed = propose_declaration(bytes);
  EXPECT_EQ(unnamed.reasons[1],
            "'what' is taken as a category of 2: 'died' and 'reoffended'; 'none' (2 cells) is taken for missing");
  const ProposedDeclaration named = propose_declaration(bytes, {{"what", {"none"}}});
  EXPECT_EQ(named.reasons[1], "'what' is taken as a category of 3: 'died', 'none' and 'reoffended'");
  EXPECT_THAT(read_data(bytes, "people.csv", named.declaration).problems, IsEmpty());
}

}  // namespace
}  // namespace desist
