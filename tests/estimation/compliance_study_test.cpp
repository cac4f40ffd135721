// Trials in which people did not receive what they were assigned, or were not followed to the end: numbers by hand.
#include <cmath>

#include "tests/estimation/people_of_text.hpp"

namespace desist {
namespace {

using namespace test;

/// People of one arm and receipt: `with` of `all` have the outcome ("" for not known).
struct Cell {
  const char* arm;
  const char* received;
  int with, all;
  int unknown = 0;
};

PersonStudy trial(const std::vector<Cell>& cells) {
  std::string csv = "arm,received,outcome,site\n";
  int next = 0;
  for (const Cell& cell : cells) {
    for (int i = 0; i < cell.all; ++i)
      csv += fmt::format("{},{},{},s{}\n", cell.arm, cell.received, i < cell.with ? "yes" : "no", next++ % 7);
    for (int i = 0; i < cell.unknown; ++i) csv += fmt::format("{},{},,s{}\n", cell.arm, cell.received, next++ % 7);
  }
  return study_of({csv,
                   {column("arm", ColumnType::category, {"control", "treated"}), column("received", ColumnType::yes_no),
                    column("outcome", ColumnType::yes_no), column("site", ColumnType::text)},
                   "arm",
                   "received"});
}

/// (N - 1) (ad - bc)^2 over the product of the margins, above the 95th percentile of chi-square with one degree.
bool differs(double x1, double n1, double x0, double n0) {
  const double m1 = x1 + x0, m0 = n1 + n0 - m1, cross = x1 * (n0 - x0) - x0 * (n1 - x1);
  return (n1 + n0 - 1) * cross * cross / (n1 * n0 * m1 * m0) > 3.841458820694124;
}

TEST(compliance_study_test, who_did_not_comply_is_selected_and_named_so) {
  const PersonStudy study =
      trial({{"treated", "yes", 3, 30}, {"treated", "no", 8, 20}, {"control", "no", 18, 45}, {"control", "yes", 2, 5}});
  const AnalysisResult protocol = run(study, yes_no("outcome"), "per_protocol");
  EXPECT_NEAR(effect(protocol, "treated", "risk difference").estimate, 3.0 / 30 - 18.0 / 45, 1e-12);
  EXPECT_EQ(protocol.estimand, "per protocol (selected)");
  EXPECT_TRUE(notes_contain(protocol, "25 people who did not receive what they were assigned are left out"));
  const AnalysisResult treated = run(study, yes_no("outcome"), "as_treated");
  EXPECT_NEAR(effect(treated, "received", "risk difference").estimate, 5.0 / 35 - 26.0 / 65, 1e-12);
  EXPECT_EQ(treated.estimand, "as treated (selected)");
  for (const AnalysisResult& result : {protocol, treated}) EXPECT_FALSE(result.causal_words);
}

TEST(compliance_study_test, weak_compliance_has_no_interval) {
  // 8 of 100 against none, and 50 of 100 received against 40: 8/10 of an effect, and receipt hardly differs.
  const AnalysisResult rays = run(
      trial({{"treated", "yes", 6, 50}, {"treated", "no", 2, 50}, {"control", "yes", 0, 40}, {"control", "no", 0, 60}}),
      yes_no("outcome"), "complier_effect");
  const EffectRow row = effect(rays, "received", "risk difference of compliers");
  EXPECT_TRUE(std::isnan(row.interval.low) && std::isnan(row.interval.high));
  EXPECT_TRUE(notes_contain(rays, "the data fit an effect of")) << rays.refused;
  EXPECT_TRUE(notes_contain(rays, "Assignment moves receipt weakly"));
  // 3 of 40 against 27 of 40, and 12 received against 10: -1200 in 100.
  EXPECT_TRUE(run(trial({{"treated", "yes", 2, 12},
                         {"treated", "no", 1, 28},
                         {"control", "yes", 7, 10},
                         {"control", "no", 20, 30}}),
                  yes_no("outcome"), "complier_effect")
                  .refused.starts_with("an effect of -1200 in 100 can't be. It is what the data fit best"));
  const AnalysisResult line = run(
      trial(
          {{"treated", "yes", 6, 12}, {"treated", "no", 9, 28}, {"control", "yes", 5, 10}, {"control", "no", 10, 30}}),
      yes_no("outcome"), "complier_effect");
  EXPECT_EQ(effect(line, "received", "risk difference of compliers").interval.high, HUGE_VAL);
  EXPECT_TRUE(notes_contain(line, "the data exclude no effect at all"));
}

TEST(compliance_study_test, an_impossible_risk_of_compliers_is_said) {
  // One-sided: (p0 - (1 - pi) p_B)/pi = (.05 - .5)/.5.
  const AnalysisResult result =
      run(trial({{"treated", "yes", 1, 10}, {"treated", "no", 10, 10}, {"control", "no", 1, 20}}), yes_no("outcome"),
          "complier_effect");
  EXPECT_NEAR(effect(result, "without the programme", "risk of compliers").estimate, -0.9, 1e-12);
  EXPECT_TRUE(notes_contain(result, "outside 0 to 1"));
  EXPECT_EQ(effect(result, "treated", "share who received").estimate, 0.5);
}

TEST(compliance_study_test, clusters_have_student_limits) {
  const PersonStudy study = trial({{"treated", "yes", 4, 30}, {"treated", "no", 8, 20}, {"control", "no", 20, 50}});
  for (const char* errors : {"CR1", "CR2"}) {
    const AnalysisResult result =
        run(study, yes_no("outcome"), "complier_effect", {{"cluster", {"site"}}, {"errors", {errors}}});
    const EffectRow row = effect(result, "received", "risk difference of compliers (two-stage least squares)");
    ASSERT_TRUE(row.degrees_of_freedom) << errors;
    EXPECT_LE(*row.degrees_of_freedom, 6) << errors;
    EXPECT_NEAR(row.estimate, (12.0 / 50 - 20.0 / 50) / (30.0 / 50), 1e-12);
    // Where compliance is strong, Fieller's limits are near the usual ones, by the same law.
    const EffectRow fieller = effect(result, "received", "risk difference of compliers");
    EXPECT_NEAR(fieller.interval.high - fieller.interval.low, row.interval.high - row.interval.low,
                0.1 * (row.interval.high - row.interval.low));
  }
}

TEST(compliance_study_test, bounds_by_hand) {
  const PersonStudy study = trial({{"treated", "yes", 10, 50, 10}, {"control", "no", 25, 50, 5}});
  const AnalysisResult result = run(study, yes_no("outcome"), "bounds");
  const EffectRow manski = effect(result, "treated", "risk difference, worst case (Manski)");
  EXPECT_NEAR(manski.interval.low, 10.0 / 60 - 30.0 / 55, 1e-12);
  EXPECT_NEAR(manski.interval.high, 20.0 / 60 - 25.0 / 55, 1e-12);
  EXPECT_TRUE(std::isnan(manski.estimate) && !manski.headline && manski.level == 1);
  const EffectRow with_chance = effect(result, "treated", "risk difference, worst case with chance");
  EXPECT_TRUE(std::isnan(with_chance.estimate) && with_chance.headline && with_chance.level == 0.95);
  EXPECT_LT(with_chance.interval.low, manski.interval.low);
  EXPECT_GT(with_chance.interval.high, manski.interval.high);
  const EffectRow lee = effect(result, "treated", "risk difference of those seen in either arm (Lee)");
  EXPECT_LE(lee.interval.low, 10.0 / 50 - 25.0 / 50);
  EXPECT_GE(lee.interval.high, 10.0 / 50 - 25.0 / 50);
  EXPECT_GT(lee.interval.low, manski.interval.low);
  EXPECT_EQ(fact(result, "without the outcome's value: treated"), 10);
  // Everyone received what they were assigned: nothing is left open among those seen.
  const EffectRow pearl = effect(result, "received", "risk difference of receipt in everyone (Balke and Pearl)");
  EXPECT_NEAR(pearl.interval.low, -0.3, 1e-12);
  EXPECT_NEAR(pearl.interval.high, -0.3, 1e-12);
  EXPECT_TRUE(notes_contain(result, "15 of 115 rows are left out"));
}

TEST(compliance_study_test, the_tipping_point_is_where_the_test_changes) {
  const PersonStudy study = trial({{"treated", "yes", 10, 50, 12}, {"control", "no", 25, 50, 6}});
  const AnalysisResult result = run(study, yes_no("outcome"), "missing_outcomes");
  // The absent like those seen: 2 of 12 (.2 x 12 = 2.4) and 3 of 6.
  EXPECT_NEAR(effect(result, "treated", "risk difference, the absent as those seen").estimate, 12.0 / 62 - 28.0 / 56,
              1e-12);
  EXPECT_NEAR(effect(result, "treated", "risk difference, the absent with the outcome in this arm only").estimate,
              22.0 / 62 - 25.0 / 56, 1e-12);
  EXPECT_NEAR(effect(result, "treated", "risk difference, the absent with the outcome in the control only").estimate,
              10.0 / 62 - 31.0 / 56, 1e-12);
  const double tip = fact(result, "tipping point, at least of 'treated'");
  EXPECT_TRUE(differs(10 + tip - 1, 62, 28, 56));
  EXPECT_FALSE(differs(10 + tip, 62, 28, 56));
  EXPECT_TRUE(notes_contain(result, fmt::format("no difference if {} or more of its 12 absent had the outcome", tip)));
}

TEST(compliance_study_test, an_answer_that_nothing_changes_is_said_so) {
  const AnalysisResult result =
      run(trial({{"treated", "yes", 5, 200, 2}, {"control", "no", 100, 200}}), yes_no("outcome"), "missing_outcomes");
  EXPECT_TRUE(notes_contain(result, "fewer with the outcome is shown whatever became of its 2 absent"));
}

TEST(compliance_study_test, bounds_of_everyone_seen_are_no_answer_without_chance) {
  // 37 of 87 against 41 of 86: chi-square p = .5, and the bounds meet at 5 fewer in 100.
  const PersonStudy study = trial({{"treated", "yes", 37, 87}, {"control", "no", 41, 86}});
  const AnalysisResult result = run(study, yes_no("outcome"), "bounds");
  const EffectRow row = effect(result, "treated", "risk difference, worst case with chance");
  const EffectRow usual = effect(run(study, yes_no("outcome"), "risks"), "treated", "risk difference");
  EXPECT_EQ(row.interval.low, usual.interval.low);
  EXPECT_EQ(row.interval.high, usual.interval.high);
  EXPECT_LT(row.interval.low, 0);
  EXPECT_GT(row.interval.high, 0);
}

TEST(compliance_study_test, an_outcome_that_all_have_tells_nothing_of_compliers) {
  for (const int all : {0, 1})
    EXPECT_EQ(
        run(trial({{"treated", "yes", 21 * all, 21}, {"treated", "no", 9 * all, 9}, {"control", "no", 30 * all, 30}}),
            yes_no("outcome"), "complier_effect")
            .refused,
        fmt::format("{} had the outcome, so that rows say nothing about chance", all == 1 ? "everyone" : "nobody"));
}

TEST(compliance_study_test, an_effect_that_no_programme_can_have_is_no_answer) {
  // All of 30 against none of 30, and 21 of 30 received: 100/0.7 = 143 more in 100.
  const AnalysisResult beyond =
      run(trial({{"treated", "yes", 21, 21}, {"treated", "no", 9, 9}, {"control", "no", 0, 30}}), yes_no("outcome"),
          "complier_effect");
  EXPECT_TRUE(beyond.effects.empty());
  EXPECT_EQ(
      beyond.refused,
      "effects of 116 to 187 in 100 can't be. They are what the data fit of those who comply, where -100 to 100 is "
      "possible: assignment moved the outcome by another way than receipt, receipt is recorded wrongly, or it is "
      "chance where few comply. Ask who received the programme in each arm, or take method = \"risks\" for everyone "
      "as assigned");
  // 20 of 30 against 2 of 30, and half received: 120 in 100 with limits that hold 100.
  const AnalysisResult over =
      run(trial({{"treated", "yes", 15, 15}, {"treated", "no", 5, 15}, {"control", "no", 2, 30}}), yes_no("outcome"),
          "complier_effect");
  const EffectRow row = effect(over, "received", "risk difference of compliers");
  EXPECT_TRUE(row.headline && std::isnan(row.estimate));
  EXPECT_EQ(row.interval.high, 1);
  EXPECT_GT(row.interval.low, 0.5);
  EXPECT_TRUE(notes_contain(over, "The estimate, 120 in 100, lies outside -100 to 100"));
}

}  // namespace
}  // namespace desist
