// What analyses of people's rows say: complete cases, identities that can be checked by hand, and every refusal.
#include <cmath>

#include "tests/estimation/people_of_text.hpp"

namespace desist {
namespace {

using namespace test;

/// Arms "control" and "treated", a yes/no outcome, a count with years at risk, an amount, age, prison, a site and
/// receipt.
PersonStudy study_with(const std::string& rows, const std::string& received = "") {
  using enum ColumnType;
  return study_of(
      {"arm,outcome,events,years,cost,age,prison,site,got\n" + rows,
       {column("arm", category, {"control", "treated"}), column("outcome", ColumnType::yes_no),
        column("events", integer), column("years", number), column("cost", number), column("age", number),
        column("prison", category, {"none", "once", "often"}), column("site", text), column("got", ColumnType::yes_no)},
       "arm",
       received});
}

/// 24 people without anything wrong: outcomes and counts vary in both arms and over the covariates.
std::string usual_rows() {
  std::string rows;
  for (int i = 0; i < 24; ++i)
    rows += fmt::format("{},{},{},{},{},{},{},s{},{}\n", i % 2 == 0 ? "control" : "treated",
                        (i * 7 + i / 5) % 3 == 0 ? "yes" : "no", (i * i + i / 4) % 5, 1 + 0.25 * (i % 4),
                        100 + 13 * ((i * 5) % 11), 20 + (i * 11) % 17, i % 3 == 0 ? "once" : "none", i % 6,
                        i % 2 == 1 && i % 5 != 0 ? "yes" : "no");
  return rows;
}

TEST(person_study_test, people_without_a_value_are_left_out_and_counted) {
  std::string rows = usual_rows();
  rows += "treated,,1,1,100,30,none,s1,yes\ncontrol,yes,1,1,100,,none,s1,no\n";
  const AnalysisResult adjusted = run(study_with(rows), yes_no("outcome"), "logistic", {{"adjust", {"age"}}});
  EXPECT_EQ(fact(adjusted, "people"), 24);
  EXPECT_TRUE(notes_contain(adjusted, "2 of 26 rows are left out: 1 without 'outcome' and 1 without 'age'"));
  EXPECT_EQ(adjusted.estimand, "intention to treat, complete cases");
  EXPECT_FALSE(adjusted.causal_words);
  const AnalysisResult complete = run(study_with(usual_rows()), yes_no("outcome"), "logistic", {{"adjust", {"age"}}});
  EXPECT_EQ(complete.estimand, "intention to treat");
  EXPECT_TRUE(complete.causal_words);
  ASSERT_EQ(adjusted.effects.size(), complete.effects.size());
  for (std::size_t i = 0; i < complete.effects.size(); ++i)
    EXPECT_EQ(adjusted.effects[i].estimate, complete.effects[i].estimate);
}

TEST(person_study_test, an_analysis_leaves_its_joint_law) {
  const PersonStudy study = study_with(usual_rows());
  const AnalysisResult fit = run(study, yes_no("outcome"), "logistic", {{"adjust", {"age"}}});
  ASSERT_TRUE(fit.posterior);
  const Posterior& law = *fit.posterior;
  ASSERT_EQ(law.columns.size(), 3u);
  ASSERT_EQ(law.covariance.size(), 9u);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(law.columns[c].name, fit.effects[c].term);
    EXPECT_TRUE(std::get<Posterior::Normal>(law.columns[c].law).exponential);
    EXPECT_DOUBLE_EQ(std::exp(law.means[c]), fit.effects[c].estimate);
    EXPECT_NEAR(law.covariance[4 * c], fit.effects[c].error * fit.effects[c].error, 1e-14);
  }
  // The intercept and the slope of a covariate far from zero pull against each other.
  EXPECT_LT(law.covariance[2], -0.5 * std::sqrt(law.covariance[0] * law.covariance[8]));

  const AnalysisResult shares = run(study, yes_no("outcome"), "risks");
  ASSERT_TRUE(shares.posterior);
  ASSERT_EQ(shares.posterior->columns.size(), 2u);
  EXPECT_EQ(shares.posterior->columns[1].name, "treated");
  const auto beta = std::get<Posterior::Beta>(shares.posterior->columns[0].law);
  EXPECT_EQ(beta.a + beta.b, 13);  // 12 people and two halves
  EXPECT_NEAR((beta.a - 0.5) / 12, effect(shares, "control", "risk").estimate, 1e-15);

  const AnalysisResult alone = run(study, yes_no("outcome"), "standardised_risk", {{"adjust", {"age"}}});
  ASSERT_TRUE(alone.posterior);
  EXPECT_EQ(alone.posterior->columns[0].name, "effect");
  EXPECT_EQ(alone.posterior->columns[0].unit, "difference");
  EXPECT_EQ(alone.posterior->means[0], effect(alone, "treated", "risk difference").estimate);
}

TEST(person_study_test, no_causal_word_without_chance) {
  PersonStudy study = study_with(usual_rows());
  study.design = Design::compared;
  for (const char* method : {"risks", "logistic", "standardised_risk", "linear_risk", "bounds"}) {
    const AnalysisResult result = run(study, yes_no("outcome"), method);
    EXPECT_FALSE(result.causal_words) << method;
    EXPECT_EQ(result.estimand, "everyone in the arm against comparison") << method;
  }
}

// Saturated models have answers by hand: 12 of 40 against 20 of 50.
TEST(person_study_test, models_without_covariates_are_the_table) {
  const PersonStudy study = two_by_two(12, 40, 20, 50);
  const double p1 = 12.0 / 40, p0 = 20.0 / 50;
  const EffectRow odds = effect(run(study, yes_no("outcome"), "logistic"), "treated", "odds ratio");
  EXPECT_NEAR(odds.estimate, 12.0 * 30 / (28.0 * 20), 1e-12);
  EXPECT_NEAR(odds.error, std::sqrt(1.0 / 12 + 1.0 / 28 + 1.0 / 20 + 1.0 / 30), 1e-9);
  EXPECT_TRUE(odds.effect && odds.headline && odds.log_scale);
  const EffectRow risk = effect(run(study, yes_no("outcome"), "modified_poisson"), "treated", "risk ratio");
  EXPECT_NEAR(risk.estimate, p1 / p0, 1e-12);
  EXPECT_NEAR(risk.error, std::sqrt(1.0 / 12 - 1.0 / 40 + 1.0 / 20 - 1.0 / 50), 1e-9);
  for (const char* errors : {"population", "model", "HC0"}) {
    const AnalysisResult result = run(study, yes_no("outcome"), "standardised_risk", {{"errors", {errors}}});
    const EffectRow difference = effect(result, "treated", "risk difference");
    EXPECT_NEAR(difference.estimate, p1 - p0, 1e-12) << errors;
    EXPECT_NEAR(difference.error, std::sqrt(p1 * (1 - p1) / 40 + p0 * (1 - p0) / 50), 1e-9) << errors;
    EXPECT_NEAR(effect(result, "treated", "standardised risk").estimate, p1, 1e-12) << errors;
    EXPECT_NEAR(effect(result, "control", "standardised risk").estimate, p0, 1e-12) << errors;
  }
  // Firth's penalty adds one half to every cell of a saturated table.
  const EffectRow penalised =
      effect(run(study, yes_no("outcome"), "logistic", {{"penalised", {"yes"}}}), "treated", "odds ratio");
  EXPECT_NEAR(penalised.estimate, 12.5 * 30.5 / (28.5 * 20.5), 1e-8);
}

TEST(person_study_test, a_level_widens_every_interval) {
  const PersonStudy study = study_with(usual_rows(), "got");
  const auto methods = {std::pair("risks", yes_no("outcome")),
                        std::pair("logistic", yes_no("outcome")),
                        std::pair("standardised_risk", yes_no("outcome")),
                        std::pair("modified_poisson", yes_no("outcome")),
                        std::pair("linear_risk", yes_no("outcome")),
                        std::pair("complier_effect", yes_no("outcome")),
                        std::pair("difference_of_means", amount("cost")),
                        std::pair("rates", count("events", "years")),
                        std::pair("poisson", count("events", "years")),
                        std::pair("quasi_poisson", count("events"))};
  for (const auto& [method, outcome] : methods) {
    const AnalysisResult usual = run(study, outcome, method), wide = run(study, outcome, method, {}, 0.99);
    ASSERT_EQ(usual.refused, "") << method;
    ASSERT_EQ(usual.effects.size(), wide.effects.size()) << method;
    int compared = 0;
    for (std::size_t i = 0; i < usual.effects.size(); ++i) {
      if (!std::isfinite(usual.effects[i].interval.high) || !std::isfinite(wide.effects[i].interval.high)) continue;
      ++compared;
      const statistics::Interval &narrow = usual.effects[i].interval, &long_one = wide.effects[i].interval;
      EXPECT_GT(long_one.high - long_one.low, narrow.high - narrow.low) << method << " " << usual.effects[i].measure;
      EXPECT_EQ(wide.effects[i].level, 0.99) << method;
    }
    EXPECT_GT(compared, 0) << method;
  }
}

// Strata by hand: 4 of 10 against 6 of 10, and 2 of 20 against 5 of 20; R = sum x1 (n0 - x0)/N = 0.8 + 0.75,
// S = sum (n1 - x1) x0/N = 1.8 + 2.25; the difference is the mean of -.2 and -.15 with weights 5 and 10.
TEST(person_study_test, mantel_haenszel_by_hand) {
  std::string csv = "arm,outcome,site\n";
  const auto rows = [&](const char* arm, const char* site, int x, int n) {
    for (int i = 0; i < n; ++i) csv += fmt::format("{},{},{}\n", arm, i < x ? "yes" : "no", site);
  };
  rows("treated", "a", 4, 10);
  rows("control", "a", 6, 10);
  rows("treated", "b", 2, 20);
  rows("control", "b", 5, 20);
  rows("treated", "c", 1, 3);
  const PersonStudy study = study_of({csv,
                                      {column("arm", ColumnType::category, {"control", "treated"}),
                                       column("outcome", ColumnType::yes_no), column("site", ColumnType::text)},
                                      "arm",
                                      ""});
  const AnalysisResult result = run(study, yes_no("outcome"), "mantel_haenszel", {{"strata", {"site"}}});
  EXPECT_NEAR(effect(result, "treated", "odds ratio").estimate, 1.55 / 4.05, 1e-12);
  EXPECT_NEAR(effect(result, "treated", "risk difference").estimate, (-0.2 * 5 - 0.15 * 10) / 15, 1e-12);
  EXPECT_TRUE(effect(result, "treated", "risk difference").headline);
  EXPECT_TRUE(notes_contain(result, "1 of 3 strata hold one group only"));
  EXPECT_GT(test_row(result, "Cochran-Mantel-Haenszel").p, 0);
  EXPECT_EQ(test_row(result, "Breslow-Day").degrees_of_freedom, 1);
}

TEST(person_study_test, a_zero_inflated_model_keeps_the_mean) {
  std::string rows;
  for (int i = 0; i < 60; ++i)
    rows += fmt::format("{},no,{},1,1,30,none,s{},no\n", i % 2 == 0 ? "control" : "treated",
                        i % 3 == 0 ? 0 : (i * 7) % 5, i % 6);
  const PersonStudy study = study_with(rows);
  const AnalysisResult result = run(study, count("events"), "zero_inflated_poisson", {{"inflate", {"arm"}}});
  ASSERT_EQ(result.refused, "");
  // Saturated in both parts: the fitted mean of each arm is the mean seen.
  const double rate0 = effect(result, "(intercept)", "rate of those who can have events").estimate;
  const double odds0 = effect(result, "(intercept)", "odds of never having events").estimate;
  double sum = 0;
  for (int i = 0; i < 60; i += 2) sum += i % 3 == 0 ? 0 : (i * 7) % 5;
  EXPECT_NEAR(rate0 / (1 + odds0), sum / 30, 1e-6);
}

TEST(person_study_test, three_arms_are_each_set_against_the_control) {
  std::string csv = "arm,outcome\n";
  for (int i = 0; i < 30; ++i)
    csv += fmt::format("{},{}\n", i % 3 == 0 ? "control" : i % 3 == 1 ? "short" : "long", i % 4 == 0 ? 1 : 0);
  const PersonStudy study = study_of(
      {csv,
       {column("arm", ColumnType::category, {"control", "long", "short"}), column("outcome", ColumnType::yes_no)},
       "arm",
       ""});
  for (const char* method : {"risks", "linear_risk", "standardised_risk"}) {
    const AnalysisResult result = run(study, yes_no("outcome"), method);
    EXPECT_TRUE(effect(result, "long", "risk difference").headline) << method;
    EXPECT_FALSE(effect(result, "short", "risk difference").headline) << method;
  }
  EXPECT_GT(test_row(run(study, yes_no("outcome"), "risks"), "Fisher: short").p, 0);
  EXPECT_NE(run(study, yes_no("outcome"), "bounds").effects.size(), 0U);
}

TEST(person_study_test, an_arm_with_all_events_is_exact_or_penalised_or_refused) {
  const PersonStudy study = two_by_two(10, 10, 5, 10);
  const AnalysisResult exact = run(study, yes_no("outcome"), "risks");
  EXPECT_EQ(effect(exact, "treated", "odds ratio (exact)").estimate, HUGE_VAL);
  EXPECT_GT(effect(exact, "treated", "odds ratio (exact)").interval.low, 1);
  const AnalysisResult plain = run(study, yes_no("outcome"), "logistic");
  EXPECT_TRUE(plain.effects.empty());
  EXPECT_NE(plain.refused.find("'treated' tells the outcome of 10 people without an error"), std::string::npos)
      << plain.refused;
  EXPECT_NE(plain.refused.find("penalised = true"), std::string::npos);
  const EffectRow firth =
      effect(run(study, yes_no("outcome"), "logistic", {{"penalised", {"yes"}}}), "treated", "odds ratio");
  EXPECT_NEAR(firth.estimate, 10.5 / 0.5, 1e-6);
  EXPECT_LT(firth.interval.high, HUGE_VAL);
  EXPECT_TRUE(notes_contain(run(study, yes_no("outcome"), "linear_risk"), "Everyone in 'treated' had the outcome"));
}

TEST(person_study_test, two_constant_arms_have_no_error) {
  const PersonStudy study = two_by_two(10, 10, 0, 10);
  const AnalysisResult result = run(study, yes_no("outcome"), "linear_risk");
  EXPECT_TRUE(result.effects.empty());
  EXPECT_NE(result.refused.find("is zero"), std::string::npos) << result.refused;
  EXPECT_NE(run(study, yes_no("outcome"), "logistic").refused.find("the outcome of everyone"), std::string::npos);
}

TEST(person_study_test, errors_and_cluster_must_agree) {
  const PersonStudy study = study_with(usual_rows());
  for (const char* errors : {"model", "HC1"})
    EXPECT_NE(run(study, yes_no("outcome"), "logistic", {{"cluster", {"site"}}, {"errors", {errors}}})
                  .refused.find(fmt::format("errors = \"{}\" takes each as a case of their own", errors)),
              std::string::npos);
  EXPECT_NE(run(study, yes_no("outcome"), "logistic", {{"errors", {"CR2"}}}).refused.find("add cluster"),
            std::string::npos);
  const AnalysisResult cr1 = run(study, yes_no("outcome"), "logistic", {{"cluster", {"site"}}});
  EXPECT_TRUE(notes_contain(cr1, "With 6 clusters"));
  EXPECT_EQ(effect(cr1, "treated", "odds ratio").degrees_of_freedom, 5);
  const AnalysisResult cr2 = run(study, yes_no("outcome"), "logistic", {{"cluster", {"site"}}, {"errors", {"CR2"}}});
  EXPECT_FALSE(notes_contain(cr2, "With 6 clusters"));
  EXPECT_NE(effect(cr2, "treated", "odds ratio").error, effect(cr1, "treated", "odds ratio").error);
}

TEST(person_study_test, levels_that_nobody_has_are_no_columns) {
  const AnalysisResult result =
      run(study_with(usual_rows()), amount("cost"), "difference_of_means", {{"adjust", {"prison"}}});
  EXPECT_EQ(result.effects.size(), 3U);
  effect(result, "prison: once", "difference of means");
}

TEST(person_study_test, an_arm_without_people_is_named) {
  const PersonStudy study = study_with("control,yes,1,1,5,30,none,s1,no\ncontrol,no,0,1,7,40,none,s1,no\n", "got");
  for (const char* method : {"risks", "logistic", "standardised_risk", "modified_poisson", "linear_risk",
                             "complier_effect", "per_protocol", "bounds", "missing_outcomes"})
    EXPECT_NE(run(study, yes_no("outcome"), method).refused.find("nobody in arm 'treated'"), std::string::npos)
        << method;
  for (const char* method : {"rates", "poisson", "quasi_poisson", "negative_binomial", "zero_inflated_poisson"})
    EXPECT_NE(run(study, count("events"), method).refused.find("nobody in arm 'treated'"), std::string::npos) << method;
}

struct Refused {
  const char* what;
  std::string rows;
  const char* method;
  char kind;  // y: yes_no, c: count, a: amount
  Keys keys;
  const char* says;
};

TEST(person_study_test, every_refusal_says_why) {
  const std::string usual = usual_rows();
  const std::string one = "control,yes,1,1,5,30,none,s1,no\n", two = one + "treated,no,0,1,7,40,none,s1,yes\n",
                    unknown = "control,,,1,,30,none,s1,no\ntreated,,,1,,40,none,s1,yes\n";
  std::string constant, calm, quiet, twice, idle;
  for (int i = 0; i < 12; ++i) {
    const char* arm = i % 2 == 0 ? "control" : "treated";
    const int outcome = i % 3 == 0 ? 1 : 0;
    constant += fmt::format("{},{},{},1,{},30,none,s1,no\n", arm, outcome, i % 4, i);
    calm += fmt::format("{},1,{},1,5,{},none,s1,no\n", arm, 2 + i % 2, 20 + i);
    quiet += fmt::format("{},0,0,1,5,{},none,s1,no\n", arm, 20 + i);
    twice += fmt::format("{},{},{},{},5,{},none,s1,no\n", arm, outcome, i % 4, 0.5 * (20 + i), 20 + i);
    idle += fmt::format("{},{},{},{},5,{},none,s1,no\n", arm, outcome, i % 4, i == 3 ? 0 : 1, 20 + i);
  }
  const Refused cases[] = {
      {"n = 1", one, "risks", 'y', {}, "nobody in arm 'treated'"},
      {"n = 2", two, "linear_risk", 'y', {}, "too few people"},
      {"n = 2", two, "difference_of_means", 'a', {}, "too few people"},
      {"n = 2", two, "poisson", 'c', {}, "too few people"},
      {"nobody", unknown, "risks", 'y', {}, "nobody has a value"},
      {"nobody", unknown, "as_treated", 'y', {}, "nobody has a value"},
      {"constant covariate", constant, "logistic", 'y', {{"adjust", {"age"}}}, "'age' is the same for everyone"},
      {"constant covariate", constant, "poisson", 'c', {{"adjust", {"age"}}}, "'age' is the same for everyone"},
      {"constant covariate", constant, "difference_of_means", 'a', {{"adjust", {"age"}}}, "'age' is the same for"},
      {"collinear", twice, "logistic", 'y', {{"adjust", {"age", "years"}}}, "'years' follows from 'age'"},
      {"everyone", calm, "logistic", 'y', {}, "the outcome is the same for everyone"},
      {"everyone", calm, "standardised_risk", 'y', {}, "the outcome is the same for everyone"},
      {"everyone", calm, "mantel_haenszel", 'y', {{"strata", {"site"}}}, "everyone had the outcome"},
      {"no events", quiet, "poisson", 'c', {}, "the outcome is the same for everyone"},
      {"little variance", calm, "negative_binomial", 'c', {}, "use the Poisson one"},
      {"no zeros", calm, "zero_inflated_poisson", 'c', {}, "without zero inflation"},
      {"inflate", constant, "zero_inflated_poisson", 'c', {{"inflate", {"age"}}}, "inflate: 'age' is the same"},
      {"no time", idle, "rates", 'c', {}, "1 of 12 people have no time at risk ('years'"},
      {"no time", idle, "poisson", 'c', {}, "1 of 12 people have no time at risk ('years'"},
      {"one cluster", constant, "logistic", 'y', {{"cluster", {"site"}}}, "everyone is in one cluster"},
      {"penalty", usual, "logistic", 'y', {{"penalised", {"yes"}}, {"errors", {"HC1"}}}, "limits of its own"},
      {"nobody received", constant, "complier_effect", 'y', {}, "nobody received the programme"},
      {"nobody received", constant, "per_protocol", 'y', {}, "nobody in 'treated' received"},
      {"nobody received", constant, "as_treated", 'y', {}, "nobody received the programme"},
      {"nobody absent", usual, "missing_outcomes", 'y', {}, "nobody's outcome is missing"},
  };
  for (const Refused& each : cases) {
    const PersonOutcome outcome = each.kind == 'y'   ? yes_no("outcome")
                                  : each.kind == 'c' ? count("events", "years")
                                                     : amount("cost");
    const AnalysisResult result = run(study_with(each.rows, "got"), outcome, each.method, each.keys);
    EXPECT_NE(result.refused.find(each.says), std::string::npos)
        << each.what << ", " << each.method << ": '" << result.refused << "'";
    EXPECT_TRUE(result.effects.empty()) << each.what << ", " << each.method;
  }
  std::string many;
  for (int i = 0; i < 402; ++i)
    many += fmt::format("{},{},1,1,1,1,none,s{},no\n", i % 2 == 0 ? "control" : "treated", i % 3 == 0 ? 1 : 0, i / 2);
  for (const char* method : {"logistic", "linear_risk", "standardised_risk"})
    EXPECT_NE(
        run(study_with(many), yes_no("outcome"), method, {{"adjust", {"site"}}}).refused.find("'site' has 201 values"),
        std::string::npos)
        << method;
  EXPECT_NE(run(study_with(usual), yes_no("outcome"), "per_protocol").refused.find("received ="), std::string::npos);
  PersonStudy compared = study_with(usual, "got");
  compared.design = Design::compared;
  EXPECT_NE(run(compared, yes_no("outcome"), "complier_effect").refused.find("not randomised"), std::string::npos);
}

/// 24 people with a time and an event; nobody "treated" has the event.
PersonStudy times_without_events_among_the_treated() {
  std::string rows = "arm,days,event\n";
  for (int i = 0; i < 24; ++i)
    rows += fmt::format("{},{},{}\n", i % 2 == 0 ? "control" : "treated", 10 + 7 * i,
                        i % 2 == 0 && i % 3 != 0 ? "yes" : "no");
  return study_of({rows,
                   {column("arm", ColumnType::category, {"control", "treated"}), column("days", ColumnType::integer),
                    column("event", ColumnType::yes_no)},
                   "arm",
                   ""});
}

PersonOutcome until_event() {
  PersonOutcome outcome;
  outcome.name = outcome.label = "until";
  outcome.kind = PersonOutcome::Kind::time;
  outcome.column = "days";
  outcome.event = "event";
  return outcome;
}

TEST(person_study_test, an_arm_without_events_has_a_penalised_hazard_ratio_where_the_file_asks) {
  const PersonStudy study = times_without_events_among_the_treated();
  const AnalysisResult plain = run(study, until_event(), "cox");
  EXPECT_NE(plain.refused.find("`penalised = true` gives a finite answer"), std::string::npos) << plain.refused;
  const AnalysisResult firth = run(study, until_event(), "cox", {{"penalised", {"yes"}}});
  ASSERT_EQ(firth.refused, "");
  const EffectRow ratio = effect(firth, "treated", "hazard ratio");
  EXPECT_TRUE(ratio.headline);
  EXPECT_GT(ratio.estimate, 0);
  EXPECT_LT(ratio.interval.high, 1);
  EXPECT_LT(ratio.interval.low, ratio.estimate);
  const AnalysisResult both = run(study, until_event(), "cox", {{"penalised", {"yes"}}, {"errors", {"robust"}}});
  EXPECT_NE(both.refused.find("take errors and cluster out"), std::string::npos);
}

TEST(person_study_test, a_cure_share_without_bound_is_said_with_what_to_do) {
  const AnalysisResult cure =
      run(times_without_events_among_the_treated(), until_event(), "mixture_cure", {{"covariates", {"share"}}});
  EXPECT_NE(cure.refused.find("by 'treated' the share that never has it goes to none or all"), std::string::npos)
      << cure.refused;
  EXPECT_NE(cure.refused.find("covariates = \"none\""), std::string::npos);
}

}  // namespace
}  // namespace desist
