// Analyses of people's rows, from the file to the result, against tests/data/reference 01 to 03 at the tolerances of
// the README there. The numerics have references of their own for every field.
#include <cmath>

#include "tests/estimation/people_of_text.hpp"
#include "tests/read_file.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using nlohmann::json;
using statistics::reference::Comparison;
using statistics::reference::read;
using namespace test;

std::string csv(const std::string& path) {
  const std::string text = tests::read_file(std::string(DESIST_TEST_DATA) + "/reference/" + path);
  EXPECT_FALSE(text.empty()) << path;
  return text;
}

TEST(person_study_reference, every_table_of_r) {
  const json tables = read("01_two_by_two/expected.json").at("tables");
  ASSERT_EQ(tables.size(), 14U);
  int with_ratio = 0;
  for (const json& t : tables) {
    const AnalysisResult result =
        run(two_by_two(t.at("x1"), t.at("n1"), t.at("x0"), t.at("n0")), yes_no("outcome"), "risks");
    Comparison c(t.at("id"));
    const json &difference = t.at("risk_difference"), &ratio = t.at("risk_ratio"), &odds = t.at("odds_ratio");
    const EffectRow headline = effect(result, "treated", "risk difference");
    EXPECT_TRUE(headline.headline && headline.effect);
    c.near(difference, "estimate", headline.estimate, 1e-12);
    c.near(difference, "miettinen_nurminen", headline.interval, 1e-8);
    c.near(difference, "newcombe", effect(result, "treated", "risk difference (Newcombe)").interval, 1e-8);
    c.near(t.at("proportion_1"), "wilson", effect(result, "treated", "risk").interval, 1e-10);
    c.near(t.at("proportion_0"), "wilson", effect(result, "control", "risk").interval, 1e-10);
    if (t.at("x1").get<int>() + t.at("x0").get<int>() == 0) {
      EXPECT_TRUE(notes_contain(result, "Nobody had the outcome"));
      continue;
    }
    ++with_ratio;
    c.near(ratio, "estimate", effect(result, "treated", "risk ratio").estimate, 1e-12);
    c.near(ratio, "miettinen_nurminen", effect(result, "treated", "risk ratio").interval, 1e-8);
    c.near(odds, "conditional_mle", effect(result, "treated", "odds ratio (exact)").estimate, 1e-8);
    c.near(odds, "exact_ci", effect(result, "treated", "odds ratio (exact)").interval, 1e-8);
    c.near(odds, "midp_ci", effect(result, "treated", "odds ratio (mid-p)").interval, 1e-8);
    const json& tests = t.at("tests");
    c.near(tests, "fisher_two_sided", test_row(result, "Fisher").p, 1e-10);
    c.near(tests, "midp_two_sided_doubled", *effect(result, "treated", "odds ratio (mid-p)").p, 1e-10);
    c.near(tests, "chisq_nminus1", test_row(result, "chi-square x (N - 1)/N").statistic, 1e-8);
    c.near(tests, "chisq_nminus1_p", *headline.p, 1e-10);
    if (tests.contains("boschloo_two_sided_fisher_order"))
      c.near(tests, "boschloo_two_sided_fisher_order", test_row(result, "Boschloo").p, 1e-6);
    c.near(t.at("bayes_jeffreys"), "p_risk1_lower", fact(result, "chance of a lower risk"), 1e-9);
  }
  EXPECT_EQ(with_ratio, 13);
}

PersonStudy trial(const std::string& name, bool covariates) {
  std::vector<DeclaredColumn> columns{column("assigned", ColumnType::category), column("received", ColumnType::yes_no),
                                      column("outcome", ColumnType::yes_no)};
  if (covariates)
    for (const char* covariate : {"age", "prior"}) columns.push_back(column(covariate, ColumnType::number));
  return study_of({csv("02_itt_cace/" + name + ".csv"), columns, "assigned", "received"});
}

TEST(person_study_reference, trials_with_non_compliance) {
  const json trials = read("02_itt_cace/expected.json").at("trials");
  const std::pair<const char*, const char*> kinds[] = {
      {"classical", "model"}, {"hc0", "HC0"}, {"hc1", "HC1"}, {"hc2", "HC2"}};
  for (const auto& [name, t] : trials.items()) {
    const PersonStudy study = trial(name, t.contains("adjusted"));
    Comparison c(name);
    for (const auto& [field, method, term] :
         {std::tuple("intention_to_treat", "risks", "1"), std::tuple("per_protocol", "per_protocol", "1"),
          std::tuple("as_treated", "as_treated", "received")}) {
      const AnalysisResult result = run(study, yes_no("outcome"), method);
      c.near(t.at(field), "risk_difference", effect(result, term, "risk difference").estimate, 1e-9);
      c.near(t.at(field), "risk_ratio", effect(result, term, "risk ratio").estimate, 1e-9);
      EXPECT_EQ(result.causal_words, std::string(method) == "risks");
    }
    for (const auto& [field, word] : kinds) {
      const EffectRow line =
          effect(run(study, yes_no("outcome"), "linear_risk", {{"errors", {word}}}), "1", "risk difference");
      c.near(t.at("intention_to_treat"), std::string("se_lm_") + field, line.error, 1e-9);
      const AnalysisResult result = run(study, yes_no("outcome"), "complier_effect", {{"errors", {word}}});
      const EffectRow usual = effect(result, "received", "risk difference of compliers (two-stage least squares)");
      const json& expected = t.at("cace").at("two_stage_least_squares");
      c.near(expected.at("coef"), "received", usual.estimate, 1e-9);
      c.near(expected.at(std::string("se_") + field), "received", usual.error, 1e-9);
    }
    const AnalysisResult result = run(study, yes_no("outcome"), "complier_effect");
    EXPECT_EQ(result.estimand, "complier effect");
    EXPECT_TRUE(result.causal_words);
    c.near(t.at("cace"), "se_delta",
           effect(result, "received", "risk difference of compliers (two-stage least squares)").error, 1e-9);
    c.near(t, "first_stage_F_classical", fact(result, "first-stage F"), 1e-9);
    c.near(t, "control_complier_mean", effect(result, "without the programme", "risk of compliers").estimate, 1e-9);
    c.near(t, "treated_complier_mean", effect(result, "with the programme", "risk of compliers").estimate, 1e-9);
  }
}

// mathematics.md 7.6 gives the limits of CARA to four digits.
TEST(person_study_reference, fieller_limits_of_cara) {
  const AnalysisResult result = run(trial("three_arm_49", false), yes_no("outcome"), "complier_effect");
  const EffectRow row = effect(result, "received", "risk difference of compliers");
  EXPECT_TRUE(row.headline);
  EXPECT_NEAR(row.interval.low, -0.2843, 5e-5);
  EXPECT_NEAR(row.interval.high, 0.0615, 5e-5);
}

TEST(person_study_reference, adjusted_trial) {
  const json t = read("02_itt_cace/expected.json").at("trials").at("two_sided_simulated").at("adjusted");
  const PersonStudy study = trial("two_sided_simulated", true);
  Comparison c("adjusted");
  for (const auto& [field, word] :
       {std::pair("classical", "model"), std::pair("hc1", "HC1"), std::pair("hc3", "HC3")}) {
    const AnalysisResult line =
        run(study, yes_no("outcome"), "linear_risk", {{"adjust", {"age", "prior"}}, {"errors", {word}}});
    for (const auto& [term, name] :
         {std::pair("1", "assigned"), std::pair("age", "age"), std::pair("prior", "prior")}) {
      c.near(t.at("itt_lm").at("coef"), name, effect(line, term, "risk difference").estimate, 1e-9);
      c.near(t.at("itt_lm").at(std::string("se_") + field), name, effect(line, term, "risk difference").error, 1e-9);
    }
  }
  for (const auto& [field, word] :
       {std::pair("classical", "model"), std::pair("hc0", "HC0"), std::pair("hc2", "HC2")}) {
    const AnalysisResult result =
        run(study, yes_no("outcome"), "complier_effect", {{"adjust", {"age", "prior"}}, {"errors", {word}}});
    const EffectRow row = effect(result, "received", "risk difference of compliers (two-stage least squares)");
    c.near(t.at("two_stage_least_squares").at("coef"), "received", row.estimate, 1e-9);
    c.near(t.at("two_stage_least_squares").at(std::string("se_") + field), "received", row.error, 1e-9);
  }
}

/// A model of 03_counts: its study, keys, and our term of each of R's coefficients.
struct CountModel {
  std::string name;
  PersonStudy study;
  PersonOutcome counts, amounts;
  Keys keys;
  std::vector<std::pair<std::string, std::string>> terms;
  std::string cluster;
};

std::vector<CountModel> count_models() {
  using enum ColumnType;
  std::vector<CountModel> models;
  models.push_back({"quine",
                    study_of({csv("03_counts/quine.csv"),
                              {column("Eth", category, {"A", "N"}), column("Sex", category, {"F", "M"}),
                               column("Age", category, {"F0", "F1", "F2", "F3"}), column("Lrn", category, {"AL", "SL"}),
                               column("Days", integer)},
                              "",
                              ""}),
                    count("Days"),
                    amount("Days"),
                    {{"adjust", {"Eth", "Sex", "Age", "Lrn"}}},
                    {{"EthN", "Eth: N"}, {"SexM", "Sex: M"}, {"AgeF3", "Age: F3"}, {"LrnSL", "Lrn: SL"}},
                    ""});
  models.push_back(
      {"epil",
       study_of({csv("03_counts/epil.csv"),
                 {column("y", integer), column("trt", category, {"placebo", "progabide"}), column("lbase", number),
                  column("lage", number), column("V4", ColumnType::yes_no), column("subject", integer)},
                 "trt",
                 ""}),
       count("y"),
       amount("y"),
       {{"adjust", {"lbase", "lage", "V4"}}},
       {{"(Intercept)", "(intercept)"}, {"trtprogabide", "progabide"}, {"lbase", "lbase"}, {"V4", "V4"}},
       "subject"});
  models.push_back({"reoffences_offset",
                    study_of({csv("03_counts/reoffences.csv"),
                              {column("area", text), column("treat", category, {"0", "1"}), column("prior", integer),
                               column("years", number), column("offences", integer)},
                              "treat",
                              ""}),
                    count("offences", "years"),
                    amount("offences"),
                    {{"adjust", {"prior"}}},
                    {{"(Intercept)", "(intercept)"}, {"treat", "1"}, {"prior", "prior"}},
                    "area"});
  return models;
}

/// Coefficients and errors of a result against R's, by R's names.
void compare(const CountModel& m, const AnalysisResult& result, const std::string& measure, const json& coefficients,
             const json& errors, double tolerance) {
  Comparison c(m.name + " " + result.method);
  ASSERT_EQ(result.refused, "");
  for (const auto& [theirs, ours] : m.terms) {
    if (ours == "(intercept)") continue;
    const EffectRow row = effect(result, ours, measure);
    c.near(coefficients, theirs, row.log_scale ? std::log(row.estimate) : row.estimate, tolerance);
    c.near(errors, theirs, row.error, tolerance);
  }
}

TEST(person_study_reference, regressions_of_counts) {
  const json all = read("03_counts/expected.json").at("models");
  for (const CountModel& m : count_models()) {
    const auto with = [&](const std::string& errors, const std::string& cluster = "") {
      Keys keys = m.keys;
      keys["errors"] = {errors};
      if (!cluster.empty()) keys["cluster"] = {cluster};
      return keys;
    };
    const auto fit = [&](const std::string& method, const Keys& keys) { return run(m.study, m.counts, method, keys); };
    const json &expected = all.at(m.name), &poisson = expected.at("poisson"), &wide = expected.at("negbin");
    const AnalysisResult model = fit("poisson", with("model"));
    compare(m, model, "rate ratio", poisson.at("coef"), poisson.at("se"), 1e-8);
    EXPECT_NEAR(fact(model, "log-likelihood"), poisson.at("loglik"),
                1e-8 * std::abs(poisson.at("loglik").get<double>()));
    EXPECT_TRUE(notes_contain(model, "as much between people as the Poisson law"));
    for (const char* kind : {"HC0", "HC1", "HC2", "HC3"})
      compare(m, fit("poisson", with(kind)), "rate ratio", poisson.at("coef"), poisson.at("robust").at(kind), 1e-8);
    if (!m.cluster.empty()) {
      const AnalysisResult clustered = fit("poisson", {{"adjust", m.keys.at("adjust")}, {"cluster", {m.cluster}}});
      compare(m, clustered, "rate ratio", poisson.at("coef"), poisson.at("cluster").at("CR1_stata_like"), 1e-8);
      EXPECT_EQ(fact(clustered, "clusters"), poisson.at("cluster").at("groups"));
      EXPECT_EQ(effect(clustered, m.study.arms[1], "rate ratio").degrees_of_freedom, fact(clustered, "clusters") - 1);
    }
    // R's dispersion lags an iteration: see the README of the data.
    const json& quasi = expected.at("quasipoisson");
    compare(m, fit("quasi_poisson", m.keys), "rate ratio", quasi.at("coef"), quasi.at("se"), 1e-7);
    const AnalysisResult negative = fit("negative_binomial", with("model"));
    compare(m, negative, "rate ratio", wide.at("coef"), wide.at("se_expected_information"), 1e-6);
    EXPECT_NEAR(fact(negative, "theta"), wide.at("theta"), 1e-6);
    compare(m, fit("negative_binomial", with("observed")), "rate ratio", wide.at("coef"),
            wide.at("se_joint_observed_hessian"), 1e-6);
    compare(m, fit("negative_binomial", with("HC1")), "rate ratio", wide.at("coef"), wide.at("robust").at("HC1"), 1e-6);
    if (!expected.contains("linear")) continue;
    const json& linear = expected.at("linear");
    for (const auto& [word, field] :
         {std::pair("model", "se_classical"), std::pair("HC2", "HC2"), std::pair("HC4", "HC4")})
      compare(m, run(m.study, m.amounts, "difference_of_means", with(word)), "difference of means", linear.at("coef"),
              linear.at(field), 1e-8);
    if (m.cluster.empty()) continue;
    const json& cr2 = linear.at("cluster").at("CR2");
    const json named{{"treat", cr2.at(1)}, {"prior", cr2.at(2)}};
    compare(m, run(m.study, m.amounts, "difference_of_means", with("CR2", m.cluster)), "difference of means",
            linear.at("coef"), named, 1e-8);
  }
}

TEST(person_study_reference, pairs_of_rates) {
  const json pairs = read("03_counts/expected.json").at("rate_ratios");
  ASSERT_EQ(pairs.size(), 6U);
  for (const json& pair : pairs) {
    const std::string text =
        fmt::format("arm,events,time\ntreated,{},{}\ncontrol,{},{}\n", pair.at("x1").get<int>(),
                    pair.at("t1").get<double>(), pair.at("x0").get<int>(), pair.at("t0").get<double>());
    const PersonStudy study = study_of({text,
                                        {column("arm", ColumnType::category, {"control", "treated"}),
                                         column("events", ColumnType::integer), column("time", ColumnType::number)},
                                        "arm",
                                        ""});
    const AnalysisResult result = run(study, count("events", "time"), "rates");
    Comparison c(pair.at("id"));
    const EffectRow exact = effect(result, "treated", "rate ratio");
    EXPECT_TRUE(exact.headline);
    c.near(pair, "rate_ratio", exact.estimate, 1e-8);
    c.near(pair, "exact_ci", exact.interval, 1e-8);
    c.near(pair, "midp_ci", effect(result, "treated", "rate ratio (mid-p)").interval, 1e-8);
    c.near(pair, "p_two_sided", test_row(result, "exact, counts no more probable").p, 1e-8);
    c.near(pair, "rate_1_exact_ci", effect(result, "treated", "rate").interval, 1e-8);
  }
}

}  // namespace
}  // namespace desist
