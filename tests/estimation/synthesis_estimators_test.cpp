// Estimators of several studies, run as a file would run them, against tests/data/reference/05_meta (metafor 3.8.1).
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/estimation/estimator.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/real.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "tests/estimation/people_of_text.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using test::fact;

using nlohmann::json;

PersonStudy study_of(const std::string& name) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/05_meta/" + name + ".csv");
  PersonStudy study;
  std::string line;
  std::getline(file, line);
  const bool moderator = line.find("ablat") != std::string::npos;
  while (std::getline(file, line)) {
    std::istringstream row(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    StudyEffect effect;
    effect.label = cells[0] + " " + std::to_string(study.results.size() + 1);
    effect.design = Design::randomised;
    effect.outcome = "event";
    effect.x1 = std::stoll(cells[1]);
    effect.n1 = std::stoll(cells[2]);
    effect.x0 = std::stoll(cells[3]);
    effect.n0 = std::stoll(cells[4]);
    if (moderator) effect.moderators["ablat"] = std::stod(cells[5]);
    study.results.push_back(effect);
  }
  return study;
}

AnalysisResult run(PersonStudy study, const std::string& method,
                   std::map<std::string, std::vector<std::string>> words = {}) {
  Analysis analysis;
  analysis.name = "one";
  analysis.method = method;
  analysis.words = std::move(words);
  study.analyses = {analysis};
  return evaluate_people(study, 1).analyses.at(0);
}

const EffectRow* row_of(const AnalysisResult& result, const std::string& term, const std::string& measure = "") {
  for (const EffectRow& row : result.effects)
    if (row.term == term && (measure.empty() || row.measure == measure)) return &row;
  return nullptr;
}

const TestRow* test_of(const AnalysisResult& result, const std::string& name) {
  for (const TestRow& test : result.tests)
    if (test.name == name) return &test;
  return nullptr;
}

json expected() { return statistics::reference::read("05_meta/expected.json").at("analyses"); }

bool says(const AnalysisResult& result, const std::string& words) {
  for (const std::string& note : result.notes)
    if (note.find(words) != std::string::npos) return true;
  return false;
}

TEST(SynthesisEstimators, MetaAnalysisIsMetafors) {
  const std::pair<std::string, std::string> measures[] = {
      {"RR", "risk ratio"}, {"OR", "odds ratio"}, {"RD", "risk difference"}};
  for (const std::string data : {"bcg", "four_programmes"})
    for (const auto& [short_name, measure] : measures)
      for (const std::string tau : {"FE", "DL", "PM", "REML", "ML", "SJ", "HE"})
        for (const bool knapp_hartung : {false, true}) {
          const json all = expected().at(data).at(short_name).at(tau);
          const json& pooled = knapp_hartung ? all.at("knapp_hartung") : all;
          const AnalysisResult result = run(study_of(data), "meta_analysis",
                                            {{"measure", {measure}},
                                             {"tau", {tau == "FE" ? "fixed" : tau}},
                                             {"errors", {knapp_hartung ? "Knapp-Hartung" : "normal"}}});
          ASSERT_EQ(result.refused, "");
          const double tolerance = 1e-6;
          const auto scale = [measure = measure](double value) {
            return measure.ends_with("ratio") ? std::log(value) : value;
          };
          const EffectRow* row = row_of(result, "pooled");
          ASSERT_NE(row, nullptr);
          EXPECT_TRUE(row->headline && row->effect);
          const std::string where = data + " " + short_name + " " + tau;
          EXPECT_NEAR(scale(row->estimate), all.at("estimate").get<double>(), tolerance) << where;
          EXPECT_NEAR(row->error, pooled.at("se").get<double>(), tolerance) << where;
          EXPECT_NEAR(scale(row->interval.low), pooled.at("ci")[0].get<double>(), tolerance) << where;
          EXPECT_NEAR(scale(row->interval.high), pooled.at("ci")[1].get<double>(), tolerance) << where;
          EXPECT_NEAR(*row->p, pooled.at("p").get<double>(), tolerance) << where;
          const TestRow* q = test_of(result, "heterogeneity (Cochran's Q)");
          ASSERT_NE(q, nullptr);
          EXPECT_NEAR(q->statistic, all.at("Q").get<double>(), 1e-6) << where;
          EXPECT_NEAR(row_of(result, "all studies", "I^2")->estimate, all.at("I2").get<double>(), 1e-4) << where;
          const EffectRow* next = row_of(result, "prediction: one more study");
          if (tau == "FE") {
            EXPECT_EQ(next, nullptr);
            continue;
          }
          ASSERT_NE(next, nullptr);
          EXPECT_NEAR(scale(next->interval.high), pooled.at("prediction_interval")[1].get<double>(), 1e-5) << where;
          const EffectRow* tau2 = row_of(result, "all studies", "variance between studies");
          ASSERT_NE(tau2, nullptr);
          EXPECT_NEAR(tau2->estimate, all.at("tau2").get<double>(), tolerance) << where;
          if (!all.contains("q_profile_ci")) continue;
          EXPECT_NEAR(tau2->interval.high, all.at("q_profile_ci").at("tau2")[1].get<double>(), 1e-4) << where;
        }
}

TEST(SynthesisEstimators, EachStudyWithoutOneAndEgger) {
  const json bcg = expected().at("bcg").at("RR");
  const AnalysisResult result = run(study_of("bcg"), "meta_analysis", {{"leave_one_out", {"yes"}}});
  const PersonStudy study = study_of("bcg");
  for (std::size_t i = 0; i < study.results.size(); ++i) {
    const EffectRow* own = row_of(result, study.results[i].label);
    ASSERT_NE(own, nullptr);
    EXPECT_NEAR(std::log(own->estimate), bcg.at("yi")[i].get<double>(), 1e-10);
    EXPECT_NEAR(own->error * own->error, bcg.at("vi")[i].get<double>(), 1e-10);
    const EffectRow* without = row_of(result, "pooled, without " + study.results[i].label);
    ASSERT_NE(without, nullptr);
    EXPECT_NEAR(std::log(without->estimate), bcg.at("REML").at("leave_one_out_estimate")[i].get<double>(), 1e-6);
  }
  const TestRow* egger = test_of(result, "funnel asymmetry (Egger)");
  ASSERT_NE(egger, nullptr);
  EXPECT_NEAR(egger->p, bcg.at("egger_regression").at("p").get<double>(), 1e-8);
  EXPECT_TRUE(says(run(study_of("four_programmes"), "meta_analysis"), "Egger's test is not made"));
}

TEST(SynthesisEstimators, MetaRegressionIsMetafors) {
  const json expect = expected().at("bcg").at("RR").at("meta_regression").at("REML");
  const AnalysisResult result = run(study_of("bcg"), "meta_regression", {{"moderators", {"ablat"}}});
  ASSERT_EQ(result.refused, "");
  EXPECT_NEAR(row_of(result, "(intercept)")->estimate, expect.at("coef")[0].get<double>(), 1e-7);
  EXPECT_NEAR(row_of(result, "ablat")->estimate, expect.at("coef")[1].get<double>(), 1e-7);
  EXPECT_NEAR(row_of(result, "ablat")->error, expect.at("se")[1].get<double>(), 1e-7);
  EXPECT_NEAR(test_of(result, "moderators")->statistic, expect.at("QM").get<double>(), 1e-6);
  EXPECT_NEAR(test_of(result, "residual heterogeneity (Q)")->statistic, expect.at("QE").get<double>(), 1e-8);
  EXPECT_NEAR(fact(result, "variance between studies explained, in percent"), expect.at("R2_percent").get<double>(),
              1e-4);
  EXPECT_NE(run(study_of("bcg"), "meta_regression", {{"moderators", {"weeks"}}}).refused, "");
}

TEST(SynthesisEstimators, RareEvents) {
  for (const std::string data : {"bcg", "catheters", "four_programmes"}) {
    const json all = expected().at(data);
    const std::pair<std::string, std::string> measures[] = {
        {"log_rr", "risk ratio"}, {"log_or", "odds ratio"}, {"rd", "risk difference"}};
    for (const auto& [name, measure] : measures) {
      const AnalysisResult result = run(study_of(data), "rare_events", {{"measure", {measure}}});
      ASSERT_EQ(result.refused, "");
      const double estimate = row_of(result, "pooled")->estimate;
      EXPECT_NEAR(name == "rd" ? estimate : std::log(estimate),
                  all.at("mantel_haenszel").at(name).at("estimate").get<double>(), 1e-10)
          << data << name;
    }
    const AnalysisResult peto =
        run(study_of(data), "rare_events", {{"measure", {"odds ratio"}}, {"pooling", {"Peto"}}});
    ASSERT_EQ(peto.refused, "");
    EXPECT_NEAR(std::log(row_of(peto, "pooled")->estimate), all.at("peto").at("log_or").get<double>(), 1e-10);
    EXPECT_NEAR(row_of(peto, "pooled")->error, all.at("peto").at("se").get<double>(), 1e-10);
    EXPECT_EQ(run(study_of(data), "rare_events", {{"pooling", {"beta-binomial"}}}).refused, "");
  }
  EXPECT_NE(run(study_of("bcg"), "rare_events", {{"pooling", {"Peto"}}}).refused, "");
}

TEST(SynthesisEstimators, UnlikeStudiesStandSideBySide) {
  PersonStudy study = study_of("four_programmes");
  study.results[0].design = Design::compared;
  const AnalysisResult apart = run(study, "meta_analysis");
  EXPECT_EQ(apart.refused, "");
  EXPECT_EQ(apart.effects.size(), 4u);
  EXPECT_EQ(row_of(apart, "pooled"), nullptr);
  EXPECT_FALSE(apart.causal_words);
  EXPECT_TRUE(says(apart, "designs differ (compared and randomised)"));
  EXPECT_NE(run(study, "rare_events").refused, "");
  const AnalysisResult pooled = run(study, "meta_analysis", {{"pool_across_designs", {"the same courses"}}});
  EXPECT_NE(row_of(pooled, "pooled"), nullptr);
  EXPECT_TRUE(says(pooled, "the same courses"));

  study = study_of("four_programmes");
  study.results[3].outcome = "arrest";
  EXPECT_TRUE(says(run(study, "meta_analysis"), "outcomes differ (arrest and event)"));
}

TEST(SynthesisEstimators, NormalLimitsOfTwoStudiesAreNoVerdictWhereStudentsHoldNoEffect) {
  PersonStudy study;
  for (const auto& [x1, x0] : {std::pair(30, 60), std::pair(20, 60)}) {
    StudyEffect effect;
    effect.label = "study " + std::to_string(study.results.size() + 1);
    effect.design = Design::randomised;
    effect.outcome = "event";
    effect.x1 = x1;
    effect.x0 = x0;
    effect.n1 = effect.n0 = 200;
    study.results.push_back(effect);
  }
  const AnalysisResult normal = run(study, "meta_analysis");
  EXPECT_LT(row_of(normal, "pooled")->interval.high, 1);
  EXPECT_TRUE(normal.tests_disagree);  // Student's law with one degree of freedom: 12.7 errors
  EXPECT_TRUE(test::notes_contain(normal, "and its limits hold no effect: the answer depends on which are taken"));
  EXPECT_FALSE(run(study, "meta_analysis", {{"errors", {"Knapp-Hartung"}}}).tests_disagree);
}

TEST(SynthesisEstimators, SubgroupsAndProblems) {
  PersonStudy study = study_of("bcg");
  for (std::size_t i = 0; i < study.results.size(); ++i) study.results[i].group = i % 2 == 0 ? "even" : "odd";
  const AnalysisResult grouped = run(study, "meta_analysis");
  const EffectRow *even = row_of(grouped, "subgroup: even"), *odd = row_of(grouped, "subgroup: odd");
  ASSERT_NE(even, nullptr);
  ASSERT_NE(odd, nullptr);
  // Separate spreads: Q between is the squared difference over the sum of the variances.
  const double apart = std::log(even->estimate / odd->estimate);
  EXPECT_NEAR(test_of(grouped, "between subgroups")->statistic,
              apart * apart / (even->error * even->error + odd->error * odd->error), 1e-9);

  PersonStudy one = study_of("bcg");
  one.results.resize(1);
  EXPECT_TRUE(says(run(one, "meta_analysis"), "there is one study"));
  PersonStudy silent = study_of("bcg");
  silent.results[2].x1 = silent.results[2].x0 = 0;
  EXPECT_TRUE(says(run(silent, "meta_analysis"), "a ratio can't be formed: " + silent.results[2].label));
  silent.results[3].x1 = 0;
  EXPECT_TRUE(says(run(silent, "meta_analysis"), "1/2 is added"));
  EXPECT_NE(run(study, "meta_analysis", {{"measure", {"hazard ratio"}}}).refused, "");
  PersonStudy given;
  given.results.resize(2);
  for (StudyEffect& each : given.results) each.counts = false, each.estimate = -0.2, each.error = 0.1;
  const AnalysisResult same = run(given, "meta_analysis", {{"measure", {"hazard ratio"}}});
  EXPECT_NEAR(row_of(same, "pooled")->estimate, std::exp(-0.2), 1e-12);
  EXPECT_NEAR(row_of(same, "pooled")->error, 0.1 / std::sqrt(2.0), 1e-12);
  EXPECT_TRUE(says(run(given, "meta_analysis", {{"errors", {"Knapp-Hartung"}}}), "the effects are all the same"));
}

/// A study's own row has score limits, so that ratio and difference agree whether chance explains it: of 3 of 28
/// against 16 of 52 the logarithm's Wald limits hold 1, while those of the difference leave 0 out. (The score limits
/// themselves are held against other programs in two_by_two_reference.)
TEST(SynthesisEstimators, StudiesOwnRowsHaveTheLimitsOfTheirCounts) {
  PersonStudy study;
  const std::int64_t counts[][4] = {{3, 28, 16, 52}, {8, 70, 10, 49}, {5, 55, 40, 134}, {5, 70, 1, 49}};
  for (const auto& [x1, n1, x0, n0] : counts) {
    StudyEffect effect;
    effect.label = "study " + std::to_string(x1) + " of " + std::to_string(n1);
    effect.x1 = x1, effect.n1 = n1, effect.x0 = x0, effect.n0 = n0;
    study.results.push_back(effect);
  }
  const AnalysisResult ratios = run(study, "meta_analysis"),
                       odds = run(study, "meta_analysis", {{"measure", {"odds ratio"}}}),
                       differences = run(study, "meta_analysis", {{"measure", {"risk difference"}}});
  for (const StudyEffect& each : study.results) {
    const statistics::TwoByTwo table{each.x1, each.n1, each.x0, each.n0};
    const EffectRow &ratio = *row_of(ratios, each.label), &difference = *row_of(differences, each.label),
                    &odd = *row_of(odds, each.label);
    EXPECT_EQ(ratio.interval.low, statistics::miettinen_nurminen_ratio(table).low);
    EXPECT_EQ(ratio.interval.high, statistics::miettinen_nurminen_ratio(table).high);
    EXPECT_EQ(odd.interval.high, statistics::miettinen_nurminen_odds_ratio(table).high);
    EXPECT_EQ(difference.interval.low, statistics::miettinen_nurminen_difference(table).low);
    const bool by_ratio = ratio.interval.high < 1 || ratio.interval.low > 1;
    EXPECT_EQ(by_ratio, difference.interval.high < 0 || difference.interval.low > 0) << each.label;
    EXPECT_EQ(by_ratio, odd.interval.high < 1 || odd.interval.low > 1) << each.label;
    EXPECT_EQ(by_ratio, *ratio.p < 0.05) << each.label;
    EXPECT_EQ(ratio.p, difference.p);
    // sqrt of (N - 1)(ad - bc)^2 over the margins, with the sign of the difference.
    const double x1 = statistics::real(each.x1), n1 = statistics::real(each.n1), x0 = statistics::real(each.x0),
                 n0 = statistics::real(each.n0);
    const double cross = x1 * (n0 - x0) - x0 * (n1 - x1), events = x1 + x0, people = n1 + n0;
    EXPECT_NEAR(*ratio.statistic, cross / std::sqrt(n1 * n0 * events * (people - events)) * std::sqrt(people - 1),
                1e-12);
  }
  EXPECT_LT(*row_of(ratios, "study 3 of 28")->p, 0.05);
  EXPECT_GT(*row_of(ratios, "study 5 of 70")->p, 0.05);
  // With an empty cell 1/2 is added, and the limits are of that.
  study.results[0].x1 = 0;
  const EffectRow halved = *row_of(run(study, "meta_analysis"), "study 3 of 28");
  EXPECT_NEAR(std::log(halved.interval.high / halved.estimate), 1.959963984540054 * halved.error, 1e-9);
}

TEST(SynthesisEstimators, StudiesAreChosenByTheirLabels) {
  PersonStudy all = study_of("bcg");
  const std::vector<std::string> names{all.results[2].label, all.results[0].label};
  PersonStudy two = all;
  two.results = {all.results[0], all.results[2]};
  for (const char* method : {"meta_analysis", "rare_events"}) {
    const AnalysisResult chosen = run(all, method, {{"studies", names}}), alone = run(two, method);
    ASSERT_EQ(chosen.refused, "") << method;
    ASSERT_EQ(chosen.effects.size(), alone.effects.size()) << method;
    for (std::size_t i = 0; i < alone.effects.size(); ++i) {
      EXPECT_EQ(chosen.effects[i].term, alone.effects[i].term);
      EXPECT_EQ(chosen.effects[i].estimate, alone.effects[i].estimate);
    }
    const AnalysisResult unknown = run(all, method, {{"studies", {"Nowhere"}}});
    EXPECT_NE(unknown.refused.find("no [[result]] is called 'Nowhere': they are "), std::string::npos) << method;
  }
}

}  // namespace
}  // namespace desist
