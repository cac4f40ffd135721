// People picked for their past and units side by side, as a file would run them: against tests/data/reference/12_rtm,
// against sums by hand, and every refusal.
#include <cmath>
#include <fstream>

#include "engine/statistics/selected_counts.hpp"
#include "tests/estimation/people_of_text.hpp"
#include "tests/read_file.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using namespace test;
using nlohmann::json;
using Numbers = std::map<std::string, std::vector<double>>;

AnalysisResult run_with(PersonStudy study, const std::string& method, const std::string& outcome, Numbers numbers,
                        Keys words) {
  Analysis analysis;
  analysis.name = "analysis";
  analysis.method = method;
  analysis.outcome = outcome;
  analysis.numbers = std::move(numbers);
  analysis.words = std::move(words);
  study.analyses = {analysis};
  return evaluate_people(study, 1).analyses.front();
}

PersonStudy before_counts() {
  using enum ColumnType;
  PersonStudy study = study_of({tests::read_file(std::string(DESIST_TEST_DATA) + "/reference/12_rtm/before_counts.csv"),
                                {column("before", integer), column("after", integer)},
                                "",
                                "",
                                Design::described});
  study.outcomes = {count("after")};
  return study;
}

TEST(regression_to_mean_test, rows_agree_with_the_reference) {
  const json expected = statistics::reference::read("12_rtm/expected.json").at("fitted");
  const auto value = [&](const char* field) { return expected.at(field).get<double>(); };
  const AnalysisResult result = run_with(before_counts(), "regression_to_mean", "after",
                                         {{"picked_for", {value("threshold")}}}, {{"before", {"before"}}});
  EXPECT_EQ(result.refused, "");
  EXPECT_NEAR(fact(result, "shape of rates between people"), value("size"), 1e-7);
  EXPECT_NEAR(fact(result, "mean rate of everyone before"), value("mean"), 1e-9);
  EXPECT_EQ(fact(result, "people picked"), value("selected"));
  EXPECT_NEAR(effect(result, "those picked", "rate before").estimate, value("observed_mean_before_selected"), 1e-9);
  EXPECT_NEAR(effect(result, "those picked", "rate after").estimate, value("observed_mean_after_selected"), 1e-9);
  const EffectRow should = effect(result, "those picked", "rate after, expected without an effect");
  EXPECT_NEAR(should.estimate, value("empirical_bayes_expected_after_selected"), 1e-7);
  const EffectRow ratio = effect(result, "those picked", "seen against expected ratio");
  EXPECT_NEAR(ratio.estimate, value("observed_mean_after_selected") / should.estimate, 1e-9);
  EXPECT_TRUE(ratio.headline);
  // the counts were made without an effect
  EXPECT_TRUE(ratio.interval.contains(1));
  EXPECT_TRUE(should.interval.contains(value("observed_mean_after_selected")));
}

TEST(regression_to_mean_test, rows_with_a_given_law_are_a_negative_binomial_total) {
  const AnalysisResult result = run_with(
      before_counts(), "regression_to_mean", "after",
      {{"picked_for", {4}}, {"shape", {0.9}}, {"mean", {1.7}}, {"persistence", {1, 0.5}}}, {{"before", {"before"}}});
  EXPECT_EQ(result.refused, "");
  const double picked = fact(result, "people picked");
  const double before = picked * effect(result, "those picked", "rate before").estimate;
  const double seen = picked * effect(result, "those picked", "rate after").estimate;
  const double rate = 0.9 / 1.7 + 1;  // a + t_b
  const double expected = (picked * 0.9 + before) / rate;
  const EffectRow should = effect(result, "those picked", "rate after, expected without an effect");
  EXPECT_NEAR(should.estimate, expected / picked, 1e-10);
  const auto limits = statistics::seen_over_expected(std::llround(seen), {expected, 1 / (picked * 0.9 + before)});
  const EffectRow ratio = effect(result, "those picked", "seen against expected ratio");
  EXPECT_NEAR(ratio.interval.low, limits.low, 1e-9);
  EXPECT_NEAR(ratio.interval.high, limits.high, 1e-9);
  const EffectRow drift = effect(result, "those picked, persistence 0.5", "rate after, expected without an effect");
  EXPECT_NEAR(drift.estimate, 0.5 * (should.estimate + 1.7), 1e-10);
}

TEST(regression_to_mean_test, each_arm_and_its_own_times) {
  using enum ColumnType;
  std::string rows = "arm,before,after,years,years_before\n";
  for (int i = 0; i < 80; ++i)
    rows += fmt::format("{},{},{},{},{}\n", i % 2 == 0 ? "control" : "treated", (i * i) % 11, (i * 3) % 7,
                        1 + 0.5 * (i % 3), 2 + i % 2);
  PersonStudy study = study_of({rows,
                                {column("arm", category, {"control", "treated"}), column("before", integer),
                                 column("after", integer), column("years", number), column("years_before", number)},
                                "arm",
                                ""});
  study.outcomes = {count("after", "years")};
  const AnalysisResult result =
      run_with(study, "regression_to_mean", "after", {{"picked_for", {3}}, {"shape", {2}}, {"mean", {1.5}}},
               {{"before", {"before"}}, {"time_before", {"years_before"}}});
  EXPECT_EQ(result.refused, "");
  for (const int arm : {0, 1}) {
    double expected = 0, years = 0, seen = 0;
    for (int i = arm; i < 80; i += 2) {
      if ((i * i) % 11 < 3) continue;
      const double t = 1 + 0.5 * (i % 3);
      expected += t * (2 + (i * i) % 11) / (2 / 1.5 + 2 + i % 2);
      years += t;
      seen += (i * 3) % 7;
    }
    const std::string term = arm == 0 ? "control" : "treated";
    EXPECT_NEAR(effect(result, term, "rate after, expected without an effect").estimate, expected / years, 1e-10);
    EXPECT_NEAR(effect(result, term, "seen against expected ratio").estimate, seen / expected, 1e-10);
  }
}

TEST(regression_to_mean_test, a_table_gives_the_ratio_of_each_supposition) {
  const Numbers table{{"people", {5710}},  {"before", {19987}}, {"after", {1439}},      {"time_before", {6}},
                      {"time_after", {3}}, {"shape", {0.5}},    {"picked_for", {0, 2}}, {"persistence", {1, 0.7}}};
  const AnalysisResult result = run_with({}, "regression_to_mean_of_table", "", table, {});
  EXPECT_EQ(result.refused, "");
  EXPECT_NEAR(effect(result, "those picked", "rate before").estimate, 0.5834, 5e-5);
  EXPECT_NEAR(effect(result, "those picked", "rate after").estimate, 0.0840, 5e-5);
  const std::string measure = "rate after over before, expected ratio";
  EXPECT_NEAR(effect(result, "not picked for their past, shape 0.5", measure).estimate, 1, 1e-12);
  // by sums over the negative binomial law of everyone (python): .761 and .618
  EXPECT_NEAR(effect(result, "picked for 2 or more, shape 0.5", measure).estimate, 0.761, 5e-4);
  EXPECT_NEAR(effect(result, "picked for 2 or more, shape 0.5, persistence 0.7", measure).estimate, 0.618, 5e-4);
  const EffectRow ratio = effect(result, "picked for 2 or more, shape 0.5", "seen against expected ratio");
  EXPECT_NEAR(ratio.estimate, 2 * 1439.0 / 19987 / 0.761, 5e-4);
  EXPECT_LT(ratio.interval.high, 0.25);
}

TEST(regression_to_mean_test, what_can_not_be_is_refused) {
  const struct {
    Numbers numbers;
    std::string says;
  } of_rows[] = {
      {{{"picked_for", {1.5}}}, "picked_for is 1.5"},
      {{{"picked_for", {0}}}, "picked_for is 0"},
      {{{"picked_for", {3}}, {"shape", {1}}}, "both given, or both fitted"},
      {{{"picked_for", {3}}, {"shape", {0}}, {"mean", {1}}}, "shape is 0"},
      {{{"picked_for", {3}}, {"shape", {1}}, {"mean", {-1}}}, "mean is -1"},
      {{{"picked_for", {3}}, {"persistence", {1.5}}}, "persistence is 1.5"},
      {{{"picked_for", {3}}, {"level", {1}}}, "level is 1"},
      {{{"picked_for", {500}}}, "too few people were picked"},
  };
  for (const auto& each : of_rows) {
    const AnalysisResult result =
        run_with(before_counts(), "regression_to_mean", "after", each.numbers, {{"before", {"before"}}});
    EXPECT_NE(result.refused.find(each.says), std::string::npos) << each.says << ": " << result.refused;
    EXPECT_TRUE(result.effects.empty());
  }
  PersonStudy shy = before_counts();
  shy.smallest_shown = 200;
  EXPECT_NE(run_with(shy, "regression_to_mean", "after", {{"picked_for", {4}}}, {{"before", {"before"}}})
                .refused.find("too few people"),
            std::string::npos);

  const Numbers good{{"people", {100}}, {"before", {300}}, {"after", {50}}, {"shape", {1}}, {"picked_for", {2}}};
  EXPECT_EQ(run_with({}, "regression_to_mean_of_table", "", good, {}).refused, "");
  const struct {
    std::string key;
    std::vector<double> value;
    std::string says;
  } of_table[] = {{"before", {1.5}, "before is 1.5"},       {"after", {-1}, "after is -1"},
                  {"people", {40, 60}, "people is one"},    {"time_after", {0}, "time_after is 0"},
                  {"picked_for", {3}, "no mean rate"},      {"picked_for", {0.5}, "picked_for is 0.5"},
                  {"shape", {1, -1}, "shape is -1"},        {"mean", {0}, "mean is 0"},
                  {"persistence", {-0.1}, "persistence is"}};
  for (const auto& each : of_table) {
    Numbers numbers = good;
    numbers[each.key] = each.value;
    const AnalysisResult result = run_with({}, "regression_to_mean_of_table", "", numbers, {});
    EXPECT_NE(result.refused.find(each.says), std::string::npos) << each.says << ": " << result.refused;
  }
}

const Keys three_names{{"names", {"A", "B", "C"}}};

TEST(units_test, rows_of_each_unit) {
  const AnalysisResult result = run_with({}, "units", "",
                                         {{"people", {900, 350, 200}},
                                          {"events", {330, 14, 150}},
                                          {"time", {3}},
                                          {"events_before", {3900, 1000, 600}},
                                          {"time_before", {6}},
                                          {"expected_ratio", {1, 0.5}}},
                                         three_names);
  EXPECT_EQ(result.refused, "");
  const EffectRow alone = effect(result, "B", "rate ratio, alone"),
                  among = effect(result, "B", "rate ratio, among others");
  EXPECT_NEAR(alone.estimate, 2 * 14.0 / 1000, 1e-6);
  EXPECT_GT(among.estimate, alone.estimate);  // drawn up, to the others
  EXPECT_LT(among.estimate, effect(result, "a typical unit", "rate ratio").estimate);
  EXPECT_EQ(effect(result, "B", "rank from the lowest").estimate, 1);
  EXPECT_EQ(effect(result, "C", "rank from the lowest").estimate, 3);
  EXPECT_GT(effect(result, "B", "chance of the lowest").estimate, 0.99);
  EXPECT_EQ(effect(result, "pairs of units", "pairs told apart, of 3:").estimate, 3);
  EXPECT_NEAR(effect(result, "B", "share counted at which nothing is left, if 0.5 is expected anyway").estimate,
              2 * among.estimate, 1e-12);
  // an unknown share by unit, and people who differ: hardly any pair is left
  const AnalysisResult open = run_with({}, "units", "",
                                       {{"people", {900, 350, 200}},
                                        {"events", {330, 60, 80}},
                                        {"time", {3}},
                                        {"events_before", {3900, 1000, 600}},
                                        {"time_before", {6}},
                                        {"people_shape", {0.5}},
                                        {"share_counted", {0.1, 1}}},
                                       three_names);
  EXPECT_EQ(effect(open, "pairs of units", "pairs told apart, of 3:").estimate, 0);
  EXPECT_TRUE(notes_contain(open, "10% to 100%"));
}

TEST(units_test, rates_of_a_unit_without_events_have_no_lower_limit) {
  const AnalysisResult result =
      run_with({}, "units", "", {{"people", {90, 35, 20}}, {"events", {33, 0, 15}}, {"time", {3}}}, three_names);
  EXPECT_EQ(result.refused, "");
  EXPECT_EQ(effect(result, "B", "rate, alone").estimate, 0);
  EXPECT_EQ(effect(result, "B", "rate, alone").interval.low, 0);
  EXPECT_GT(effect(result, "B", "rate, among others").estimate, 0);
  EXPECT_EQ(effect(result, "B", "rate, among others").unit, "per person and month");
}

TEST(units_test, what_can_not_be_is_refused) {
  const Numbers good{{"people", {90, 35, 20}}, {"events", {33, 2, 15}}};
  const struct {
    std::string key;
    std::vector<double> value;
    std::string says;
  } wrong[] = {{"people", {90, 35}, "people has 2 numbers"},
               {"people", {90, 0, 20}, "people has 0"},
               {"events", {33, -1, 15}, "events has -1"},
               {"events", {33, 1.5, 15}, "events has 1.5"},
               {"events_before", {33, 0, 15}, "events_before has 0"},
               {"time", {0}, "time is 0"},
               {"time_before", {6}, "time_before is of events_before"},
               {"people_shape", {-1}, "people_shape is -1"},
               {"share_counted", {0, 1}, "share_counted is one share"},
               {"share_counted", {0.001, 1}, "at least 0.01"},
               {"expected_ratio", {0.6}, "give events_before"},
               {"spread_scale", {0}, "spread_scale is 0"},
               {"level", {1}, "level is 1"}};
  for (const auto& each : wrong) {
    Numbers numbers = good;
    numbers[each.key] = each.value;
    const AnalysisResult result = run_with({}, "units", "", numbers, three_names);
    EXPECT_NE(result.refused.find(each.says), std::string::npos) << each.says << ": " << result.refused;
  }
  EXPECT_NE(run_with({}, "units", "", good, {{"names", {"A", "B"}}}).refused.find("3 to 100"), std::string::npos);
  EXPECT_NE(run_with({}, "units", "", good, {{"names", {"A", "B", "A"}}}).refused.find("one name"), std::string::npos);
}

}  // namespace
}  // namespace desist
