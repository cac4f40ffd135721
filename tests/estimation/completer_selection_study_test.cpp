// What completers would have shown, as a file would ask: from keys to rows, and every refusal.
#include <algorithm>
#include <cmath>

#include "tests/estimation/people_of_text.hpp"

namespace desist {
namespace {

using namespace test;
using Numbers = std::map<std::string, std::vector<double>>;

AnalysisResult completers(Numbers numbers, Keys words = {}) {
  Analysis analysis;
  analysis.name = "analysis";
  analysis.method = "completer_selection";
  analysis.numbers = std::move(numbers);
  analysis.words = std::move(words);
  PersonStudy study;
  study.analyses = {analysis};
  return evaluate_people(study, 1).analyses.front();
}

const Numbers cara{{"control", {10, 49}}, {"completed", {1, 54}}, {"breached", {7, 16}}, {"course", {4}},
                   {"followed", {12}},    {"shape", {0.5, 3}},    {"breach", {0, 0.5}}};

Numbers with(Numbers numbers, const std::string& key, std::vector<double> values) {
  numbers[key] = std::move(values);
  return numbers;
}

TEST(completer_selection_study_test, rows_of_a_randomised_table) {
  const AnalysisResult result = completers(cara, {{"groups", {"randomised"}}});
  EXPECT_EQ(result.refused, "");
  const EffectRow identity = effect(result, "completers", "share, if nothing worked");
  EXPECT_NEAR(identity.estimate, 0.1349, 5e-5);
  EXPECT_TRUE(identity.headline);
  EXPECT_EQ(identity.interval.low, 0);  // cut
  // mathematics.md 7.6: the complier effect, -.2843 to .0615
  const EffectRow gap = effect(result, "completers", "share seen less that expected");
  EXPECT_NEAR(gap.interval.low, -0.2843, 5e-5);
  EXPECT_NEAR(gap.interval.high, 0.0615, 5e-5);
  EXPECT_NEAR(gap.estimate, 1.0 / 54 - identity.estimate, 1e-12);
  const EffectRow all = effect(result, "everyone sent", "risk difference");
  EXPECT_NEAR(all.estimate, 8.0 / 70 - 10.0 / 49, 1e-12);
  ASSERT_TRUE(result.selection);
  EXPECT_FALSE(result.selection->odds_ratio_star);
  EXPECT_FALSE(result.selection->no_selection);
  ASSERT_EQ(result.selection->surface.size(), 4U);
  for (const SelectionPoint& point : result.selection->surface) {
    if (!point.mechanism) continue;
    EXPECT_NEAR(point.yield.completers.risk, identity.estimate, 1e-9);
    EXPECT_NEAR(point.yield.completed_share, 54.0 / 70, 1e-9);
    EXPECT_EQ(point.yield.by_definition > 0, point.breach > 0);
  }
}

// CARA's domestic abuse: 5 of 70 sent against 1 of 49: those who breached alone are more than controls.
TEST(completer_selection_study_test, a_share_below_nothing_is_none) {
  const AnalysisResult result =
      completers(with(with(with(cara, "control", {1, 49}), "completed", {0, 54}), "breached", {5, 16}));
  const EffectRow identity = effect(result, "completers", "share, if nothing worked");
  EXPECT_EQ(identity.estimate, 0);
  EXPECT_EQ(identity.interval.low, 0);
  EXPECT_NEAR(result.selection->expected, (1.0 / 49 - 5.0 / 70) / (54.0 / 70), 1e-12);
  ASSERT_FALSE(result.notes.empty());
  const auto said = [&](const std::string& note) { return note.find("gives -6.6 in 100, fewer than none") < 1000; };
  EXPECT_TRUE(std::any_of(result.notes.begin(), result.notes.end(), said));
}

TEST(completer_selection_study_test, tables_that_are_not_randomised) {
  const Numbers arv = with(with(with(cara, "control", {124, 318}), "completed", {15, 164}), "breached", {40, 87});
  const AnalysisResult result = completers(arv);
  EXPECT_NEAR(effect(result, "completers", "share, if nothing worked").estimate, 0.353, 5e-4);
  EXPECT_NEAR(effect(result, "everyone sent", "odds ratio before at which nothing is left").estimate, 0.44, 5e-3);
  EXPECT_NEAR(*result.selection->shape_alone, 3, 0.5);
  EXPECT_LT(result.selection->p, 0.001);
  const Numbers arda = with(with(with(cara, "control", {40, 134}), "completed", {2, 20}), "breached", {3, 35});
  const AnalysisResult none = completers(arda);
  EXPECT_NEAR(none.selection->expected, 0.671, 5e-4);
  EXPECT_TRUE(none.selection->no_selection);
  for (const SelectionPoint& point : none.selection->surface) EXPECT_FALSE(point.mechanism);
  EXPECT_FALSE(none.selection->shape_alone);
}

TEST(completer_selection_study_test, breachers_whose_outcome_is_not_printed) {
  const AnalysisResult result = completers(with(with(cara, "breached", {16}), "control", {40, 49}));
  EXPECT_EQ(result.refused, "");
  EXPECT_FALSE(result.selection->breached);
  EXPECT_NEAR(effect(result, "completers", "share at least, if nothing worked, whatever breachers did").estimate,
              1 - (9.0 / 49) / (54.0 / 70), 1e-12);
  EXPECT_TRUE(result.selection->surface.empty());
}

TEST(completer_selection_study_test, what_can_not_be_is_refused) {
  const std::tuple<std::string, std::vector<double>, std::string> table[] = {
      {"control", {10}, "'control' can't be [10]: it is two whole numbers"},
      {"control", {50, 49}, "'control' can't be [50, 49]: 50 of 49 people can't have it"},
      {"completed", {1.5, 54}, "'completed' can't be [1.5, 54]: it is two whole numbers"},
      {"completed", {0, 0}, "'completed' can't be [0, 0]: it is a group of nobody"},
      {"breached", {-1, 16}, "'breached' can't be [-1, 16]: it is two whole numbers"},
      {"breached", {0}, "'breached' can't be [0]: alone it is a whole number of people"},
      {"course",
       {13},
       "'course' can't be 13 where 'followed' is 12: a course lasts longer than 0, and people are followed from "
       "referral for at least as long"},
      {"shape", {0.5, 0}, "'shape' can't be 0: it lies between 0.01 and a million"},
      {"breach", {1.5}, "'breach' can't be 1.5: it is a chance, from 0 to 1"}};
  for (const auto& [key, values, why] : table) EXPECT_EQ(completers(with(cara, key, values)).refused, why);
}

TEST(completer_selection_study_test, nobody_with_the_outcome_or_everybody) {
  for (const double x : {0.0, 49.0}) {
    const AnalysisResult result = completers(with(cara, "control", {x, 49}));
    EXPECT_EQ(result.refused, "");
    EXPECT_TRUE(result.selection->surface.empty());
  }
}

}  // namespace
}  // namespace desist
