// Tables, first screen, JSON and page of a study of people's rows.
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/report/documents.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/write_results.hpp"
#include "tests/report/example_inputs.hpp"
#include "tests/table_word.hpp"

namespace {

using desist::EffectRow;
using desist::ReportInput;
using desist::tests::word;
using testing::HasSubstr;
using testing::Not;

std::string people_screen(const ReportInput& input) { return desist::first_screen(input, "results/report.html"); }

TEST(PeopleReport, EveryNumberHasATable) {
  std::vector<std::string> names;
  for (const auto& file : desist::csv_files(desist::tests::people_input())) names.push_back(file.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"curves.csv", "effects.csv", "facts.csv", "flow.csv", "notes.csv",
                                            "summaries.csv", "table1.csv", "tests.csv"}));
  const desist::Table effects = desist::effects_table(desist::tests::people_input().people_results);
  EXPECT_EQ(effects.size(), 4U);
  EXPECT_EQ(std::get<double>(effects.at(0, "estimate")), 0.69);
  EXPECT_EQ(word(effects, 0, "error_scale"), "log");
  EXPECT_EQ(word(effects, 0, "spread"), "parameters");
  EXPECT_EQ(desist::studies_table(*desist::tests::synthesis_input().people).size(), 4U);
}

TEST(PeopleReport, FirstScreen) {
  EXPECT_EQ(
      people_screen(desist::tests::people_input()),
      "Aid after release: does it put off the next arrest?                                      a made-up trial, 2026\n"
      "Answer   Reduced. Arrested again within a year: hazard 31% lower (50% to 4% lower).\n"
      "People   Aid 24 in 100 (48 of 201), usual help 33 in 100 (66 of 199).\n"
      "Violent  Violent offence, 24 of 201 against 21 of 199: 1 more in 100 (5 fewer to 8 more).\n"
      "Refused  More zeros than a count law has: no maximum was found: the zeros fit a plain count law.\n"
      "Groups   Called randomised, 201 against 199. Most unlike in married: 19% of a standard deviation.\n"
      "Can't    Say whether anyone moved away: only arrests in the county are recorded.\n"
      "Report   results/report.html        6 analyses\n");
}

TEST(PeopleReport, FirstScreenOfSeveralStudies) {
  EXPECT_EQ(people_screen(desist::tests::synthesis_input()),
            "Courses for people who were violent to a partner: four studies\n"
            "Answer   Lower. All four together: risk 38% lower (51% to 21% lower).\n"
            "Report   results/report.html        1 analysis\n");
}

TEST(PeopleReport, FirstScreenOfStudiesThatAreNotPooled) {
  ReportInput input = desist::tests::synthesis_input();
  auto& effects = input.people_results.analyses[0].effects;
  effects.resize(4);  // no pooled effect, no prediction
  EXPECT_EQ(people_screen(input),
            "Courses for people who were violent to a partner: four studies\n"
            "Answer   Not pooled. All four together: 2 of 4 lower beyond chance, none higher, 2 neither.\n"
            "North    North trial, 31 of 154 against 45 of 139: 38% lower (58% to 7% lower). Randomised.\n"
            "South    South trial, 8 of 70 against 10 of 49: 44% lower (76% lower to 30% higher). Randomised.\n"
            "East     East comparison, 49 of 253 against 71 of 240: 34% lower (52% to 10% lower). Not randomised.\n"
            "West     West comparison, 4 of 40 against 9 of 38: 58% lower (86% lower to 27% higher). Not randomised.\n"
            "Report   results/report.html        1 analysis\n");
}

TEST(PeopleReport, AnEstimateThatPointsTheOtherWayIsNamed) {
  ReportInput input = desist::tests::synthesis_input();
  auto& effects = input.people_results.analyses[0].effects;
  effects.resize(4);
  input.people_results.analyses[0].label = "All four";
  effects[1].estimate = 3.5;
  effects[1].interval = {0.42, 29};
  EXPECT_THAT(people_screen(input),
              HasSubstr("2 of 4 lower beyond chance, none higher, 2 neither; South trial points higher."));
}

TEST(PeopleReport, TestsThatDisagreeMakeNoVerdict) {
  ReportInput input = desist::tests::people_input();
  input.people_results.analyses[0].tests_disagree = true;
  EXPECT_THAT(people_screen(input), HasSubstr("Answer   Depends on the test. "));
}

TEST(PeopleReport, BoundsAreReadWithChanceAndNotAsAnInterval) {
  ReportInput input = desist::tests::people_input();
  EffectRow& row = input.people_results.analyses[0].effects[0];
  row = EffectRow{};
  row.term = "aid";
  row.measure = "risk difference, worst case with chance";
  row.unit = "share";
  row.estimate = std::nan("");
  row.interval = {-0.2, 0.1};
  row.effect = row.headline = true;
  EXPECT_THAT(people_screen(input),
              HasSubstr("Answer   Not shown either way. Arrested again within a year: 20 fewer to 10 more in 100.\n"));
  row.interval = {-0.2, 0};
  EXPECT_THAT(people_screen(input), HasSubstr("20 fewer to no difference in 100.\n"));
  row.interval = {-0.05, -0.05};  // of the estimate: chance is not in them
  row.level = 1;
  EXPECT_EQ(desist::direction(row), 0);
  EXPECT_EQ(desist::effect_digits(row), "-5.00 to -5.00 in 100");
}

// At the level of 95 in 100, two-sided: 97.5 in 100 is sure, 97 is not.
TEST(PeopleReport, UnitsThatAreSureToBeFirstOrLastAreNamed) {
  ReportInput input = desist::tests::synthesis_input();
  auto& effects = input.people_results.analyses[0].effects;
  effects.clear();
  const auto add = [&](const char* term, const char* measure, double value) {
    EffectRow row;
    row.term = term;
    row.measure = measure;
    row.estimate = value;
    row.headline = effects.empty();
    effects.push_back(row);
  };
  add("pairs of units", "pairs told apart, of 3:", 2);
  add("A", "chance of the lowest", 0.976);
  add("A", "chance of the highest", 0);
  add("B", "chance of the lowest", 0.024);
  add("B", "chance of the highest", 0.97);
  EXPECT_THAT(people_screen(input), HasSubstr("pairs told apart, of 3: 2; A lowest.\n"));
  effects.back().estimate = 0.98;
  EXPECT_THAT(people_screen(input), HasSubstr("pairs told apart, of 3: 2; A lowest, B highest.\n"));
}

TEST(PeopleReport, OfThreeArmsTheTwoThatAreComparedAreNamedAsTheDataWriteThem) {
  ReportInput input = desist::tests::people_input();
  input.people->arms.push_back("bOTH");
  EXPECT_THAT(people_screen(input),
              HasSubstr(fmt::format("Answer   Reduced. Arrested again within a year, {} against {}: "
                                    "hazard 31% lower",
                                    input.people->arms[1], input.people->arms[0])));
  EXPECT_EQ(desist::arm_in_sentence(*input.people, "bOTH"), "bOTH");
}

TEST(PeopleReport, PeopleFollowedForUnlikeTimesHaveNoShare) {
  ReportInput input = desist::tests::people_input();
  for (auto& each : input.people_results.summaries) each.unlike_follow_up = true;
  EXPECT_THAT(people_screen(input),
              HasSubstr("People   Aid 48 of 201, usual help 66 of 199, followed for unlike times.\n"));
}

TEST(PeopleReport, ANumberWithoutDataSaysWhatItHoldsFor) {
  ReportInput input = desist::tests::synthesis_input();
  auto& analysis = input.people_results.analyses[0];
  EffectRow row;
  row.term = "if 5% are bad decisions";
  row.measure = "chance of seeing none";
  row.unit = "share";
  row.estimate = 0.34;
  row.headline = true;
  analysis.effects = {row};
  EXPECT_THAT(people_screen(input),
              HasSubstr("Answer   All four together: if 5% are bad decisions, chance of seeing none: 34 in 100.\n"));
}

TEST(PeopleReport, WordsOfCauseOnlyWhereTheResultAllowsThem) {
  ReportInput input = desist::tests::people_input();
  EXPECT_THAT(people_screen(input), HasSubstr("Reduced. "));
  input.people_results.analyses[0].causal_words = false;
  EXPECT_THAT(people_screen(input), Not(HasSubstr("educed")));
  EXPECT_THAT(people_screen(input), HasSubstr("Fewer. "));
}

TEST(PeopleReport, AnIntervalThatHoldsNoEffectShowsNeitherWay) {
  ReportInput input = desist::tests::people_input();
  input.people_results.analyses[0].effects[0].interval.high = 1.02;
  EXPECT_THAT(people_screen(input), HasSubstr("Answer   Not shown either way. "));
}

TEST(PeopleReport, ARefusalIsSaid) {
  ReportInput input = desist::tests::people_input();
  for (auto& each : input.people_results.analyses) {
    each.effects.clear();
    each.refused = "Everybody in an arm has it: there is nothing to compare. Name another method.";
  }
  EXPECT_THAT(people_screen(input), HasSubstr("Can't be answered with these figures. "));
  EXPECT_THAT(people_screen(input), HasSubstr("everybody in an arm has it: there is nothing to compare."));
}

TEST(PeopleReport, JsonHasTheEffects) {
  const auto said = nlohmann::json::parse(desist::first_screen_json(desist::tests::people_input(), "report.html"));
  EXPECT_EQ(said["kind"], "people");
  EXPECT_EQ(said["effects"].size(), 4U);
  EXPECT_EQ(said["effects"][0]["low"], 0.497);
  EXPECT_EQ(said["arms"].size(), 6U);
  EXPECT_EQ(said["refused"][0]["analysis"], "zeros");
  for (const auto& input : {desist::tests::study_input(), desist::tests::projection_input()})
    EXPECT_FALSE(nlohmann::json::parse(desist::first_screen_json(input, "report.html")).contains("effects"));
}

TEST(PeopleReport, PageHasFlowTable1AndEveryAnalysis) {
  const std::string page = desist::report_page(desist::tests::people_input(), {});
  for (const char* words : {"From referral to analysis", "table 1", "24.8 (6.10)", "141 (71%)",
                            "Time to arrest, adjusted", "0.69 (0.50 to 0.96)", "Ties are broken",
                            "No number: No maximum was found", "Say whether anyone moved away", "Cox 1972"})
    EXPECT_THAT(page, HasSubstr(words));
}

TEST(PeopleWords, OfTerms) {
  desist::PersonStudy study;
  study.arm = "fin";
  study.arms = {"no", "yes"};
  study.column_labels = {{"fin", "Financial aid"}, {"wexp", "Full-time work before"}, {"sex", "Sex"}};
  const auto label = [&](const char* term) { return desist::term_label(study, term); };
  EXPECT_EQ(label("yes"), "Financial aid");
  EXPECT_EQ(label("wexp"), "Full-time work before");
  EXPECT_EQ(label("sex: no"), "Sex: no");
  EXPECT_EQ(label("proportional hazards: wexp"), "Proportional hazards: full-time work before");
  EXPECT_EQ(label("observed: no"), "Observed: no financial aid");
  EXPECT_EQ(label("(intercept)"), "(intercept)");
}

TEST(PeopleWords, OfLimitsNextToNoEffect) {
  EffectRow row;
  row.effect = row.log_scale = true;
  row.measure = "hazard ratio";
  row.estimate = 0.68;
  row.interval = {0.47, 0.9957};
  EXPECT_EQ(desist::effect_words(row), "32% lower (53% to under 1% lower)");
  EXPECT_EQ(desist::table_number(0.0021), "0.0021");
  row.log_scale = row.effect = false;
  row.measure = "median";
  row.unit = "week";
  row.estimate = row.interval.high = std::numeric_limits<double>::infinity();
  row.interval.low = 48;
  EXPECT_EQ(desist::effect_digits(row), "not reached (from 48.0)");
}

TEST(PeopleWords, OfEffects) {
  EffectRow row;
  row.effect = true;
  row.measure = "hazard ratio";
  row.log_scale = true;
  row.estimate = 0.69;
  row.interval = {0.5, 1.04};
  EXPECT_EQ(desist::effect_words(row), "31% lower (50% lower to 4% higher)");
  row.estimate = 3.2;
  EXPECT_THAT(desist::effect_words(row), testing::StartsWith("3.2 times as high"));
  row.measure = "risk difference";
  row.log_scale = false;
  row.unit = "share";
  row.estimate = -0.08;
  row.interval = {-0.17, 0.01};
  EXPECT_EQ(desist::effect_words(row), "8 fewer in 100 (17 fewer to 1 more)");
  row.unit = "week";
  row.estimate = 1.62;
  row.interval = {-0.1, 3.4};
  EXPECT_THAT(desist::effect_words(row), HasSubstr("more"));
}

}  // namespace
