// The audit and the claims of five published tables: whole lines of arithmetic, as a reader would check them by hand.
#include "engine/estimation/audit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/estimation/claims.hpp"
#include "tests/estimation/published_tables.hpp"

namespace desist::estimation {
namespace {

using test::cell;
using test::claim;
using test::group;
using test::outcome;

std::string verdict_text(AuditVerdict verdict) {
  return verdict == AuditVerdict::reproduced             ? "reproduced"
         : verdict == AuditVerdict::cannot_be_reproduced ? "cannot be reproduced"
                                                         : "cannot be checked";
}

std::string line(const AuditFinding& finding) {
  std::string text =
      finding.subject + " | " + finding.printed + " | " + verdict_text(finding.verdict) + " | " + finding.arithmetic;
  if (!finding.note.empty()) text += " | " + finding.note;
  return text;
}

std::vector<std::string> audit_lines(const Study& study) {
  std::vector<std::string> lines;
  const PrintedTable table(study);
  for (const AuditFinding& finding : audit_table(table)) lines.push_back(line(finding));
  return lines;
}

std::vector<std::string> claim_lines(const Study& study) {
  std::vector<std::string> lines;
  const PrintedTable table(study);
  for (const CheckedClaim& one : check_claims(table)) lines.push_back(line(one.finding));
  return lines;
}

using testing::Contains;
using testing::ElementsAre;

TEST(audit_test, table_b_drug_percentage_is_cut_off) {
  EXPECT_THAT(audit_lines(test::pipt_triage()), ElementsAre("reoffended, drug base | 53% | reproduced | 7/13 = 53.8%, "
                                                            "which rounds to 54% | by truncation; not by rounding"));
}

TEST(audit_test, table_b_referrals_and_reductions) {
  EXPECT_THAT(claim_lines(test::pipt_triage()),
              ElementsAre("Evaluation of the reoffending by 200 PIPT referrals | 200 | cannot be reproduced | 80 + 18 "
                          "+ 71 + 13 = 182 | "
                          "18 more than the parts",
                          "reducing reoffending on average, by 40% | 40% | reproduced | 1 - (2/10)/(6/18) = 40.0%; "
                          "from the printed 20% and "
                          "33%: 39.4%",
                          "and 54% | 54% | reproduced | 1 - (3/28)/(19/80) = 54.9%; from the printed 11% and 23.8%: "
                          "53.8% | from the printed "
                          "percentages, or by truncation; not by rounding the counts"));
}

TEST(audit_test, table_c_completion_of_36_referrals) {
  EXPECT_THAT(
      audit_lines(test::completion()),
      ElementsAre(
          "completed, consider | 90% | cannot be reproduced | 32/36 = 88.9%, 33/36 = 91.7% | no whole number of 36 "
          "gives 90%"));
}

TEST(audit_test, table_d_copied_row) {
  EXPECT_THAT(
      audit_lines(test::arv_12_months()),
      ElementsAre("alcohol, completed | 1.80% | reproduced | 3/164 = 1.829%, which rounds to 1.83% | as 1.8% with a "
                  "zero added; not "
                  "by rounding",
                  "violent, all | 18.3% | reproduced | 46/251 = 18.3% | read as a percentage: printed without %",
                  "people, all | 251 | reproduced | 164 + 87 = 251",
                  "reoffended, all | 21.9% | reproduced | 15/164 + 40/87 = 55/251 = 21.9%",
                  "violent, all | 18.3% | reproduced | 10/164 + 36/87 = 46/251 = 18.3%",
                  "alcohol, all | 21.9% | cannot be reproduced | 3/164 + 9/87 = 12/251 = 4.8% | more than either part "
                  "(1.8% and 10.3%)"));
}

TEST(audit_test, table_d_copied_row_is_freed_and_its_parts_are_carried_on) {
  const Study study = test::arv_12_months();
  const PrintedTable table(study);
  const ReadCell* all = table.cell(table.group("all"), table.outcome("alcohol"));
  EXPECT_TRUE(all->freed);
  EXPECT_EQ(table.nearest(all->unknown), 12);
  ASSERT_EQ(table.conflicts().size(), 1U);
  EXPECT_THAT(table.conflicts().front().or_else, testing::IsEmpty());  // 46 or 52 would be more than all who reoffended
}

TEST(audit_test, table_d_net_reduction) {
  EXPECT_THAT(
      claim_lines(test::arv_12_months()),
      ElementsAre(
          "A reduction in reoffending of 77% between the control group and course completers | 77% | reproduced | 1 - "
          "(15/164)/(124/318) = 76.5%; from the printed 9.1% and 39.0%: 76.7%",
          "dropped from 34% to 6.1% | 6.1% and 34% | reproduced | 10/164 = 6.1%; 108/318 = 34.0%",
          "together they show a net reduction in reoffending of 46% | 46% | cannot be reproduced | 1 - "
          "(55/251)/(124/318) = "
          "43.8%; from the printed 21.9% and 39.0%: 43.8% | 46% is the figure of another outcome, violent: 1 - "
          "(46/251)/(108/318) = 46.0%"));
}

TEST(audit_test, table_e_truncated_cell) {
  EXPECT_THAT(audit_lines(test::arv_24_months()), Contains("alcohol, breached | 26.0% | reproduced | 6/23 = 26.09%, "
                                                           "which rounds to 26.1% | by truncation, or as 26% with a "
                                                           "zero added; not by rounding"));
}

TEST(audit_test, table_e_reductions_over_feasible_tables) {
  EXPECT_THAT(
      claim_lines(test::arv_24_months()),
      ElementsAre(
          "a reduction in reoffending of 57% | 57% | reproduced | 1 - (10/48)/(154/315) = 57.4% (57.1% to 57.7% over 3 "
          "feasible tables); from the printed 21% and 49%: 57.1%",
          "were still 41% less likely to reoffend | 41% | cannot be reproduced | 1 - (21/71)/(154/315) = 39.5% (39.1% "
          "to 39.9% "
          "over 3 feasible tables); from the printed 30% and 49%: 38.8%"));
}

TEST(audit_test, table_f_group_sizes_and_whose_two_percent) {
  const Study study = test::cara();
  EXPECT_THAT(claim_lines(study),
              ElementsAre("the treatment and control groups are therefore almost equal |  | cannot be checked | 54 + "
                          "16 = 70 against 49: p = "
                          "0.066 under 1:1 (two-sided binomial)",
                          "only 2% of the treatment cohort has gone on to reoffend, compared with 20% in the Control "
                          "Group | 2% and 20% | cannot "
                          "be reproduced | 8/70 = 11.4%, not 2%; 10/49 = 20.4% | 2% is completed alone: 1/54 = 1.9%",
                          "10 have been involved in DA non-crime incidents | 10 | reproduced | 10 of 54"));
  const PrintedTable table(study);
  const auto checked = check_claims(table);
  EXPECT_EQ(checked[0].result.verdict, ClaimResult::Verdict::cannot_be_checked);
  EXPECT_EQ(checked[1].result.verdict, ClaimResult::Verdict::does_not_fit);
  EXPECT_EQ(checked[2].result.verdict, ClaimResult::Verdict::fits);
  EXPECT_EQ(checked[1].result.because, "8/70 = 11.4%, not 2%; 10/49 = 20.4%; 2% is completed alone: 1/54 = 1.9%");
}

TEST(audit_test, table_g_misplaced_reductions) {
  EXPECT_THAT(claim_lines(test::arda()), ElementsAre("compared with 29.9% in the control group, a reduction of 70% | "
                                                     "70% | cannot be reproduced | 1 - (2/20)/(40/134) = "
                                                     "66.5%; from the printed 10.0% and 29.9%: 66.6%",
                                                     "compared with 9% of the control, a reduction of 66% | 66% | "
                                                     "cannot be reproduced | 1 - (0/20)/(12/134) = 100.0%; from "
                                                     "the printed 0.0% and 9.0%: 100.0% | 66% is the figure of another "
                                                     "outcome, reoffended: 1 - (2/20)/(40/134) = 66.5%"));
}

TEST(audit_test, tables_f_and_g_have_nothing_else) {
  EXPECT_THAT(audit_lines(test::cara()), ElementsAre("reoffended, control | 20% | reproduced | 10/49 = 20.4%",
                                                     "reoffended, completed | 2% | reproduced | 1/54 = 1.9%",
                                                     "reoffended, breached | 44% | reproduced | 7/16 = 43.8%"));
  EXPECT_THAT(audit_lines(test::arda()), testing::IsEmpty());
}

TEST(audit_test, never_says_error) {
  for (const Study& study : {test::pipt_triage(), test::completion(), test::arv_12_months(), test::arv_24_months(),
                             test::cara(), test::arda()}) {
    for (const std::string& text : audit_lines(study)) EXPECT_EQ(text.find("error"), std::string::npos) << text;
    for (const std::string& text : claim_lines(study)) EXPECT_EQ(text.find("error"), std::string::npos) << text;
  }
}

Study pair(const std::vector<PrintedCell>& one, const std::vector<PrintedCell>& other) {
  Study study;
  study.name = "pair";
  study.groups = {group("one", Role::completed, one), group("other", Role::breached, other)};
  study.outcomes = {outcome("any"), outcome("some", true, {"any"})};
  return study;
}

TEST(audit_test, count_and_percentage_of_one_cell) {
  EXPECT_THAT(
      audit_lines(pair({cell("people", "40"), cell("any", "11"), cell("any_pct", "30%")}, {cell("people", "30")})),
      ElementsAre("any, one | 30% | cannot be reproduced | 11/40 = 27.5% | the count and the percentage of one cell"));
}

TEST(audit_test, more_with_an_outcome_than_people) {
  EXPECT_THAT(audit_lines(pair({cell("people", "40"), cell("any", "41")}, {cell("people", "30")})),
              ElementsAre("any, one | 41 | cannot be reproduced | 41 of 40 people | not a number of them"));
}

TEST(audit_test, more_in_the_part_than_in_the_whole_outcome) {
  EXPECT_THAT(
      audit_lines(pair({cell("people", "40"), cell("any", "25%"), cell("some", "30%")}, {cell("people", "30")})),
      ElementsAre("some, one | 30% | cannot be reproduced | 12/40 against 10/40 | more people than have the outcome "
                  "that contains "
                  "it: any"));
}

TEST(audit_test, no_people_no_check) {
  EXPECT_THAT(audit_lines(pair({cell("any", "25%")}, {cell("people", "30")})),
              ElementsAre("any, one | 25% | cannot be checked | no number of people is printed"));
}

TEST(audit_test, wrong_total_of_people) {
  Study study = pair({cell("people", "40")}, {cell("people", "30")});
  Group all = group("all", Role::all_sent, {cell("people", "72")});
  all.is_sum_of = {"one", "other"};
  study.groups.push_back(all);
  EXPECT_THAT(audit_lines(study),
              ElementsAre("people, all | 72 | cannot be reproduced | 40 + 30 = 70 | 2 more than its parts"));
}

TEST(audit_test, treated_outside_the_group_that_contains_them) {
  Study study;
  study.name = "nested";
  study.design = Design::nested;
  study.outcomes = {outcome("any")};
  study.groups = {group("base", Role::base, {cell("people", "50"), cell("any", "10%")}),
                  group("treated", Role::treated, {cell("people", "20"), cell("any", "60%")})};
  study.comparisons = {{"Treated", {"treated"}, "base", ""}};
  EXPECT_THAT(
      audit_lines(study),
      ElementsAre("any, treated | 60% | cannot be reproduced | 12/20 within 5/50 | the treated can't be part of "
                  "the group that they are compared with"));
}

TEST(claims_test, completion_difference_and_shares_of_shares) {
  Study study = test::arv_12_months();
  study.claims = {claim("two thirds finished", "completion", "", {}, "", "65%"),
                  claim("17 points lower", "difference", "reoffended", {"completed", "breached"}, "control", "17%"),
                  claim("most of it violent", "share", "violent", {"all"}, "", "84%")};
  study.claims[2].of = "reoffended";
  EXPECT_THAT(
      claim_lines(study),
      ElementsAre(
          "two thirds finished | 65% | reproduced | 164/(164 + 87) = 65.3%",
          "17 points lower | 17% | reproduced | 124/318 - 55/251 = 17.1%; from the printed 21.9% and 39.0%: 17.1%",
          "most of it violent | 84% | reproduced | 46/55 = 83.6%"));
}

TEST(claims_test, what_stops_a_claim) {
  const Study study = test::cara();
  EXPECT_EQ(claim_problem(study, claim("50%", "share", "reoffended", {"someone"})), "no group 'someone'");
  EXPECT_EQ(claim_problem(study, claim("50%", "share", "arrests")), "no outcome 'arrests' that can be counted");
  EXPECT_EQ(claim_problem(study, claim("half", "share", "reoffended")), "no number: give it as printed");
  EXPECT_EQ(claim_problem(study, claim("200", "total")), "no groups to take (treated)");
  EXPECT_EQ(claim_problem(study, claim("50%", "odds", "reoffended")),
            "unknown test 'odds' (one of relative reduction, difference, share, total, completion, group sizes, or an "
            "outcome's name, "
            "a comma and a comparison's label)");
  EXPECT_EQ(claim_problem(study, claim("50%", "share", "reoffended")), std::nullopt);
}

}  // namespace
}  // namespace desist::estimation
