// Appraisals of a table of draws as files say them, and what is wrong with a cell, word for word.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/program/appraisal_file.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using tests::Appraisals;

TEST_F(Appraisals, ATableOfDrawsStandsAlone) {
  std::ofstream(folder_ + "/draws.csv")
      << "risk,cost_now,cost_new,averted_now,averted_new\n0.2,0,£1200,0,3\n0.3,0,900,0,1.5\n";
  const std::string text = R"([experiment]
name     = "of-draws"
question = "Which pays?"
[appraisal]
table      = "draws.csv"
effect     = "reoffence averted"
worth      = "£0 to £20,000"
parameters = ["risk"]
[[strategy]]
name   = "now"
cost   = "cost_now"
effect = "averted_now"
[[strategy]]
name   = "new"
label  = "The new one"
cost   = "cost_new"
effect = "averted_new"
[plan]
seed = 1
)";
  ASSERT_EQ(problems(text), "");
  const ExperimentSpec spec = read(text);
  const DrawsTable& table = *spec.appraisal->table;
  EXPECT_EQ(table.draws, 2u);
  EXPECT_THAT(table.costs, ElementsAre(0, 1200, 0, 900));
  EXPECT_THAT(table.effects, ElementsAre(0, -3, 0, -1.5));  // "averted": so many fewer reoffences
  EXPECT_THAT(table.values, ElementsAre(0.2, 0.3));
  EXPECT_THAT(table.strategy_labels, ElementsAre("now", "The new one"));
  EXPECT_EQ(spec.appraisal->arms, 2u);
  EXPECT_TRUE(spec.appraisal->effects.at(0).lower_is_better);
  EXPECT_EQ(spec.appraisal->effects.at(0).unit, "reoffence");
}

// Nobody declares the columns of a table of draws: what is wrong with a cell has a cure in the file itself.
TEST_F(Appraisals, ATableOfDrawsSaysWhatIsWrongWithACell) {
  const std::string text = R"([experiment]
name     = "of-draws"
question = "Which pays?"
[appraisal]
table      = "draws.csv"
effect     = "day at home gained"
worth      = "£0 to £200"
[[strategy]]
name   = "now"
cost   = "a"
effect = "b"
[[strategy]]
name   = "new"
cost   = "c"
effect = "d"
[plan]
seed = 1
)";
  const auto says = [&](const std::string& rows) {
    std::ofstream(folder_ + "/draws.csv", std::ios::binary) << "a,b,c,d\n" + rows;
    return problems(text);
  };
  EXPECT_EQ(says("0,0,£1200,3\n0,0,900,1.5\n"), "");
  EXPECT_EQ(read(text).appraisal->effects.at(0).unit, "day at home");
  EXPECT_FALSE(read(text).appraisal->effects.at(0).lower_is_better);
  EXPECT_EQ(says("0,0,1200,3\n0,0,,1.5\n"),
            "draws.csv:3:5: error: 1 cell of 'c' is empty (it is required)\n    3 | 0,0,,1.5\n      |     ^\n"
            "  every draw has every number: mend the cell, or take its row out");
  EXPECT_EQ(says("0,0,1200,3\n0,0,NA,1.5\n"),
            "draws.csv:3:5: error: 1 cell of 'c' looks like a code for a missing value\n    3 | 0,0,NA,1.5\n"
            "      |     ^^\n  every draw has every number: mend the cell, or take its row out");
  EXPECT_EQ(says("0,0,1200,3\n0,0,900,39%\n"),
            "draws.csv:3:9: error: 1 number of 'd' has a percent sign (39% could be 39 or 0.39)\n"
            "    3 | 0,0,900,39%\n      |         ^^^\n  write a share as a number: 0.39");
  // A row that is too short is one problem, not one more a cell that it lacks.
  EXPECT_EQ(says("0,0,1200,3\n0,0\n"),
            "draws.csv:3:1: error: 1 row has fewer cells than the header\n    3 | 0,0\n      | ^\n"
            "  the header has 4 cells, this row 2");
  EXPECT_EQ(says("0,0,1200,3\n"),
            "x.toml:5:14: error: 'draws.csv' has 1 row (a spread takes two draws or more)\n"
            "    5 | table      = \"draws.csv\"\n      |              ^^^^^^^^^^^\n  add a row for each draw");
  EXPECT_EQ(says(""),
            "draws.csv: error: has the names of columns and no row below them\n"
            "  a table of draws is a line with the names of columns, then one row a draw");
}

// Whatever a model's appraisal has and a table hasn't is said at once, with what to do about it.
TEST_F(Appraisals, ATableOfDrawsSaysAllThatHasNoMeaningBesideIt) {
  std::ofstream(folder_ + "/draws.csv") << "a,b,c,d\n0,0,£1200,3\n0,0,900,1.5\n";
  const std::string text = R"([experiment]
name     = "of-draws"
question = "Which pays?"
starts   = 2026-04-01
[appraisal]
table      = "draws.csv"
years      = 3
effect     = "day at home gained"
worth      = "£0 to £200"
discount   = ["standard"]
[[strategy]]
name   = "now"
cost   = "a"
effect = "b"
[[strategy]]
name   = "new"
cost   = "c"
effect = "d"
[plan]
seed  = 1
draws = 100
)";
  EXPECT_EQ(
      problems(text),
      "x.toml:4:1: error: 'starts' has no meaning beside a table of draws (it has no years)\n"
      "    4 | starts   = 2026-04-01\n      | ^^^^^^\n  take it out\n\n"
      "x.toml:7:1: error: 'years' has no meaning beside a table of draws (costs and effects of the table are taken as "
      "they are)\n    7 | years      = 3\n      | ^^^^^\n  take it out\n\n"
      "x.toml:10:1: error: 'discount' has no meaning beside a table of draws (costs and effects of the table are "
      "taken as they are)\n   10 | discount   = [\"standard\"]\n      | ^^^^^^^^\n  take it out\n\n"
      "x.toml:21:1: error: 'draws' has no meaning beside a table of draws (each of its rows is one)\n"
      "   21 | draws = 100\n      | ^^^^^\n  take it out\n\n4 problems; nothing was run.");
}

// A study of two columns, with costs and people of its own; arms are the table's strategies.
const std::string with_a_study = R"([experiment]
name     = "of-draws"
question = "Which pays?"
[appraisal]
table      = "draws.csv"
effect     = "reoffence averted"
worth      = "£0 to £20,000"
prices     = "2024/25"
parameters = ["risk_now", "risk_new"]
[inputs]
trial    = { range = "£100,000 to £300,000", prices = "2024/25", assumption = "Asked of a unit." }
people   = { value = "400 people per year", choice = "As now." }
of_a_row = { value = "1 person", choice = "A row is of one person." }
[[strategy]]
name   = "now"
cost   = "a"
effect = "b"
[[strategy]]
name   = "new"
cost   = "c"
effect = "d"
[[next_study]]
name             = "trial"
measure          = "risks"
control          = "risk_now"
treated          = "risk_new"
sizes            = [100, 200]
cost_fixed       = "trial"
any_size         = "Records of those sent already."
answer_after     = "2 years"
decision_lasts   = "5 years"
people_a_year    = "people"
appraised_people = "of_a_row"
[plan]
seed = 1
)";

TEST_F(Appraisals, ATableOfDrawsTakesANextStudy) {
  std::ofstream(folder_ + "/draws.csv") << "a,b,c,d,risk_now,risk_new\n0,0,1200,0.1,0.4,0.3\n0,0,900,0.2,0.5,0.3\n";
  ASSERT_EQ(problems(with_a_study), "");
  const Appraisal appraisal = *read(with_a_study).appraisal;
  ASSERT_EQ(appraisal.studies.size(), 1u);
  const NextStudy& study = appraisal.studies[0];
  EXPECT_EQ(study.control, 0u);  // columns of the table
  EXPECT_EQ(study.treated, 1u);
  EXPECT_EQ(study.control_arm, 0u);
  EXPECT_EQ(study.treated_arm, 1u);
  EXPECT_EQ(appraisal.inputs.size(), 3u);
  EXPECT_THAT(appraisal.inputs[0].slots, ElementsAre(0, 0));
  EXPECT_EQ(appraisal.discounting.at(0).factors.size(), 5u);  // as long as the decision lasts
}

TEST_F(Appraisals, ANextStudyMeasuresColumnsOfItsTable) {
  const auto says = [&](const std::string& rows, const std::string& old = "seed = 1",
                        const std::string& by = "seed = 1") {
    std::ofstream(folder_ + "/draws.csv", std::ios::binary) << "a,b,c,d,risk_now,risk_new\n" + rows;
    std::string text = with_a_study;
    return problems(text.replace(text.find(old), old.size(), by));
  };
  const std::string rows = "0,0,1200,0.1,0.4,0.3\n0,0,900,0.2,0.5,0.3\n";
  EXPECT_EQ(
      says("0,0,1200,0.1,0.4,0.3\n0,0,900,0.2,0.5,30\n"),
      "x.toml:26:20: error: 'risk_new' is 30 in draw 2 of 'draws.csv' (a study of risks compares two shares, from "
      "0 to 1)\n   26 | treated          = \"risk_new\"\n      |                    ^^^^^^^^^^\n"
      "  name a column of risks, or mend that row");
  EXPECT_EQ(says(rows, "control          = \"risk_now\"", "control          = \"risk_nou\""),
            "x.toml:25:20: error: 'risk_nou' is no column of figures in 'draws.csv' (what a study measures is a figure "
            "behind the table's costs and effects)\n   25 | control          = \"risk_nou\"\n"
            "      |                    ^^^^^^^^^^\n  did you mean 'risk_now'?");
  EXPECT_EQ(says(rows, "treated          = \"risk_new\"", "treated_arm = \"old\"\ntreated = \"risk_new\""),
            "x.toml:26:15: error: no strategy is called 'old'\n   26 | treated_arm = \"old\"\n"
            "      |               ^^^^^\n  there are now or new");
  EXPECT_EQ(says(rows, "prices     = \"2024/25\"\n", ""),
            "x.toml:4:1: error: missing key 'prices' in [appraisal] (of which year the pounds of the result are)\n"
            "    4 | [appraisal]\n      | ^^^^^^^^^^^\n  add: prices = \"2025/26\"");
  EXPECT_EQ(
      says(rows, "appraised_people = \"of_a_row\"", "appraised_people = \"people\""),
      "x.toml:32:20: error: people_a_year comes to people per year, and appraised_people to people per year (one is "
      "people per year, the other people)\n   32 | people_a_year    = \"people\"\n"
      "      |                    ^^^^^^^^\n  count both in the same noun");
}

}  // namespace
}  // namespace desist
