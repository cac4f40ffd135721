// What the report says and draws of a funnel: the answer, the steps, what falls out, what changed, what doesn't add up.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/report/answers.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/write_results.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Way = FunnelStep::Way;

FunnelStep step(const std::string& name, const std::string& label, const std::string& of,
                std::vector<std::int64_t> counts, Way way = Way::on, bool adds_up = false) {
  FunnelStep made;
  made.name = name;
  made.label = label;
  made.of = of;
  made.counts = std::move(counts);
  made.way = way;
  made.adds_up = adds_up;
  return made;
}

ReportInput with(Funnel funnel) {
  ReportInput input;
  input.name = "a-funnel";
  input.title = "Who finished?";
  input.question = "How many finish?";
  PersonStudy study;
  study.name = "a-funnel";
  input.people_results.funnel = evaluate(funnel);
  study.funnel = std::move(funnel);
  input.people = std::move(study);
  FigureRequest request;
  request.name = "steps";
  request.draw = "funnel_steps";
  input.figures = {request};
  return input;
}

ReportInput pilot() {
  Funnel funnel;
  funnel.columns = {{}};
  funnel.steps = {step("tracked", "Assessed", "", {60}, Way::on, true),
                  step("inactive", "Inactive", "tracked", {27}, Way::out),
                  step("active", "Still worked with", "tracked", {33}),
                  step("rehab", "Entered rehab", "active", {27}, Way::on, true),
                  step("still", "Still there", "rehab", {3}, Way::open),
                  step("early", "Left early", "rehab", {20}, Way::out),
                  step("completed", "Completed", "rehab", {4})};
  funnel.steps.back().headline = true;
  return with(std::move(funnel));
}

ReportInput cars() {
  Funnel funnel;
  funnel.counted = "contacts";
  funnel.columns = {
      {"2021/22", "Figure 3", {}, ""}, {"2022/23", "Figure 3", {}, "2021/22"}, {"2023/24", "Figure 4", {}, ""}};
  funnel.steps = {step("contacts", "Contacts", "", {13874, 16599, 8125}, Way::on, true),
                  step("no_further", "Without a further step", "contacts", {10605, 12077, 5779}, Way::out),
                  step("assessed", "Assessed", "contacts", {3269, 4521, 1923}),
                  step("referred", "Referred", "", {1723, 1828, 854})};
  funnel.steps.back().per = "assessed";
  funnel.steps.back().headline = true;
  return with(std::move(funnel));
}

TEST(FunnelReport, ASingleColumnSaysItsShareItsStepsAndWhatFallsOut) {
  EXPECT_EQ(first_screen(pilot(), "report.html"),
            "Who finished?\n"
            "Answer   Completed: 4 of 24 that had ended, 17 in 100 (6 to 35); 3 had not.\n"
            "Steps    60 assessed, 33 still worked with (55 in 100), 27 entered rehab (82 in 100), 4 completed (17 in "
            "100).\n"
            "Fall out 27 of 60 inactive; 20 of 24 left early.\n"
            "Print    All 2 sums of the printed counts hold.\n"
            "Report   report.html        0 printed figures, 0 assumptions\n");
}

TEST(FunnelReport, ColumnsCountedAlikeAreComparedAndOthersAreNot) {
  const ReportInput input = cars();
  EXPECT_EQ(funnel_answer(input).verdict, "Fewer");
  EXPECT_EQ(funnel_answer(input).text,
            "Referred, for 100 assessed: 40 in 2022/23, 53 in 2021/22: 23% lower (28% to 18% lower).");
  const auto columns = funnel_steps_answers(input);
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].verdict, "2021/22");
  EXPECT_THAT(columns[0].parts,
              ElementsAre("13,874 contacts", "3,269 assessed (24 in 100)", "1,723 referred (53 for 100)"));
  EXPECT_EQ(columns[2].parts.back(), "854 referred (44 for 100); counted otherwise");
  EXPECT_THAT(funnel_losses_answer(input).parts,
              ElementsAre("Without a further step, in 100: 76 in 2021/22, 73 in 2022/23, 71 in 2023/24"));
  EXPECT_THAT(funnel_changes_answer(input).parts,
              ElementsAre("Assessed 3,269 to 4,521 (+38%)", "contacts 13,874 to 16,599 (+20%)",
                          "without a further step 10,605 to 12,077 (+14%)", "referred 1,723 to 1,828 (+6%)"));
  EXPECT_EQ(funnel_audit_answer(input).text, "2 of 3 sums of the printed counts don't hold: ");
  EXPECT_THAT(funnel_audit_answer(input).parts, ElementsAre("12,077 + 4,521 = 16,598, 16,599 printed (2022/23)",
                                                            "5,779 + 1,923 = 7,702, 8,125 printed (2023/24)"));
}

TEST(FunnelReport, WhatIsPrintedNowhereComesFirst) {
  ReportInput input = pilot();
  input.unprinted = "what anyone stole";
  const std::string screen = first_screen(input, "report.html");
  EXPECT_THAT(screen, HasSubstr("Answer   Can't be answered with these figures: what anyone stole is printed nowhere.\n"
                                "Share    Completed: 4 of 24 that had ended"));
}

TEST(FunnelReport, TablesHaveARowAStepAndColumn) {
  const ReportInput input = cars();
  EXPECT_EQ(funnel_table(*input.people, input.people_results).size(), 12U);
  EXPECT_EQ(funnel_changes_table(*input.people, input.people_results).size(), 3U);
  EXPECT_EQ(audit_table(input).size(), 3U);
  const Table pilots = funnel_table(*pilot().people, pilot().people_results);
  EXPECT_EQ(std::get<double>(pilots.at(6, "of")), 24);
  EXPECT_EQ(std::get<double>(pilots.at(6, "not_ended")), 3);
  EXPECT_NEAR(std::get<double>(pilots.at(6, "if_all_open")), 7.0 / 27, 1e-15);
  const auto json = nlohmann::json::parse(first_screen_json(input, "report.html"));
  EXPECT_EQ(json["funnel"].size(), 12U);
  EXPECT_EQ(json["funnel"][11]["of"], 1923);
  EXPECT_EQ(json["verdict"], "Fewer");
}

TEST(FunnelReport, ThePageShowsStepsChangesAndWhatDoesNotAddUp) {
  const std::string page = page::funnel_section(cars());
  EXPECT_THAT(page, HasSubstr("4,521: 27 in 100 (27 to 28)"));
  EXPECT_THAT(page, HasSubstr("for assessed"));
  EXPECT_THAT(page, HasSubstr("2022/23 against 2021/22"));
  EXPECT_THAT(page, HasSubstr("2023/24: Figure 4."));
  const std::string audit = page::audit_section(cars());
  EXPECT_THAT(audit, HasSubstr("3 checks: 2 to read, 1 reproduced without more."));
  EXPECT_THAT(audit, HasSubstr("cannot be reproduced: 423 in none of them"));
  EXPECT_EQ(page::funnel_section(ReportInput{}), "");
}

TEST(FunnelReport, APictureOfOneColumnHasBarsAndOfSeveralShares) {
  const auto one = figures(pilot());
  ASSERT_EQ(one.size(), 1U);
  const Table bars = read_csv(one[0].csv);
  EXPECT_EQ(bars.size(), 7U);
  EXPECT_EQ(std::get<std::string>(bars.at(6, "whole")), "24");  // of those whose stay had ended, as its words say
  EXPECT_EQ(std::get<std::string>(bars.at(4, "way")), "had not ended");
  EXPECT_THAT(one[0].alt, HasSubstr("Completed: 4 of 24 that had ended, 17 in 100 (6 to 35); 3 had not."));
  EXPECT_THAT(one[0].caption, HasSubstr("left out of what the other parts are shares of"));

  ReportInput input = cars();
  input.figures[0].steps = {"assessed", "referred"};
  const auto several = figures(input);
  ASSERT_EQ(several.size(), 1U);
  const Table shares = read_csv(several[0].csv);
  EXPECT_EQ(shares.size(), 6U);
  EXPECT_EQ(std::get<std::string>(shares.at(2, "look")), "1");  // another definition, another look
  EXPECT_THAT(several[0].caption, HasSubstr("Open squares: counted by another definition"));
  // What is counted for each of a step isn't a part of it, and its limits are those of a count.
  EXPECT_THAT(several[0].caption, HasSubstr("“for 100”, of a Poisson count (Garwood 1936)"));
  EXPECT_THAT(one[0].caption, HasSubstr("intervals of the shares (Jeffreys)."));

  input.figures[0].columns = {"2022/23"};
  EXPECT_EQ(read_csv(figures(input)[0].csv).size(), 2U);
  input.people->funnel.reset();
  EXPECT_TRUE(figures(input).empty());
}

}  // namespace
}  // namespace desist
