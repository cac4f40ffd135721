// Estimators without data, run as a file would run them, against tests/data/reference/08_power (R's power functions).
#include <cmath>

#include <gtest/gtest.h>

#include "engine/estimation/estimator.hpp"
#include "tests/estimation/people_of_text.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using test::fact;

using nlohmann::json;
using Numbers = std::map<std::string, std::vector<double>>;
using Words = std::map<std::string, std::vector<std::string>>;

AnalysisResult run(const std::string& method, Numbers numbers, Words words = {}) {
  PersonStudy study;
  Analysis analysis;
  analysis.name = "one";
  analysis.method = method;
  analysis.numbers = std::move(numbers);
  analysis.words = std::move(words);
  study.analyses = {analysis};
  return evaluate_people(study, 1).analyses.at(0);
}

double number_of(const AnalysisResult& result, const std::string& measure, const std::string& term = "") {
  EXPECT_EQ(result.refused, "");
  for (const EffectRow& row : result.effects)
    if (row.measure == measure && (term.empty() || row.term == term)) return row.estimate;
  return std::nan("");
}

json expected(const std::string& part) { return statistics::reference::read("08_power/expected.json").at(part); }

TEST(DesignEstimators, Arms_that_take_as_many_are_told_once_in_what_is_counted) {
  const Numbers wanted{{"control_risk", {0.85}}, {"treated_risk", {0.92}}, {"power", {0.8}}};
  const auto headline = [](const AnalysisResult& result) {
    for (const EffectRow& row : result.effects)
      if (row.headline) return row;
    return EffectRow{};
  };
  // Fleiss, Tytun & Ury (1980) by hand: (1.96 sqrt(2 x .885 x .115) + .8416 sqrt(.1275 + .0736))^2/.07^2 = 324.9.
  const EffectRow alike = headline(run("power_of_risks", wanted, {{"counted", {"checks"}}}));
  EXPECT_EQ(alike.measure, "checks needed in each group");
  EXPECT_EQ(alike.estimate, 325);
  EXPECT_EQ(alike.unit, "");
  Numbers unequal = wanted;
  unequal["ratio"] = {2};
  EXPECT_EQ(headline(run("power_of_risks", unequal)).measure, "people needed");
  EXPECT_EQ(headline(run("power_of_risks", unequal)).term, "both arms");
}

TEST(DesignEstimators, Risks) {
  for (const json& each : expected("two_proportions")) {
    const double p1 = each.at("p1"), p2 = each.at("p2"), power = each.at("power"), alpha = each.at("alpha");
    const double n = each.at("n");
    const Numbers wanted{{"control_risk", {p1}}, {"treated_risk", {p2}}, {"power", {power}}, {"alpha", {alpha}}};
    const AnalysisResult people = run("power_of_risks", wanted);
    EXPECT_NEAR(fact(people, "control, before rounding"), each.at("n_per_arm_closed_form").get<double>(), 1e-6);
    EXPECT_EQ(number_of(people, "people needed", "treated"), each.at("n_ceiling").get<double>());
    EXPECT_EQ(number_of(people, "people needed", "both arms"), 2 * each.at("n_ceiling").get<double>());
    EXPECT_NEAR(fact(run("power_of_risks", wanted, {{"test", {"arcsine"}}}), "control, before rounding"),
                each.at("n_per_arm_arcsine").get<double>(), 1e-6);
    EXPECT_NEAR(fact(run("power_of_risks", wanted, {{"test", {"Fisher"}}}), "control, before rounding"),
                each.at("n_per_arm_continuity_fleiss").get<double>(), 1e-6);
    EXPECT_NEAR(number_of(run("power_of_risks",
                              {{"control_risk", {p1}}, {"treated_risk", {p2}}, {"people", {n, n}}, {"alpha", {alpha}}}),
                          "power"),
                each.at("power_at_n").get<double>(), 1e-8);
    EXPECT_NEAR(number_of(run("power_of_risks",
                              {{"control_risk", {p1}}, {"people", {2 * n}}, {"power", {power}}, {"alpha", {alpha}}}),
                          "detectable treated risk", "below the control"),
                each.at("detectable_p2_below_p1_at_n").get<double>(), 1e-7);
  }
  for (const json& each : expected("exact_fisher_power"))
    EXPECT_NEAR(number_of(run("power_of_risks",
                              {{"control_risk", {each.at("p2")}},
                               {"treated_risk", {each.at("p1")}},
                               {"people", {each.at("n1"), each.at("n2")}}},
                              {{"test", {"Fisher"}}}),
                          "power"),
                each.at("power").get<double>(), 1e-8);
}

TEST(DesignEstimators, RatesMeansAndTimes) {
  for (const json& each : expected("two_rates")) {
    Numbers keys{{"control_rate", {each.at("rate0")}},
                 {"treated_rate", {each.at("rate1")}},
                 {"years", {each.at("years")}},
                 {"power", {each.at("power")}}};
    EXPECT_NEAR(fact(run("power_of_rates", keys), "control, before rounding"),
                each.at("n_per_arm_log_ratio").get<double>(), 1e-6);
    EXPECT_NEAR(fact(run("power_of_rates", keys, {{"test", {"difference"}}}), "control, before rounding"),
                each.at("n_per_arm_difference").get<double>(), 1e-6);
    keys["dispersion"] = {each.at("dispersion")};
    EXPECT_NEAR(fact(run("power_of_rates", keys), "control, before rounding"),
                each.at("n_per_arm_negbin_log_ratio_alternative_variance").get<double>(), 1e-6);
  }
  for (const json& each : expected("means")) {
    const Numbers keys{{"difference", {each.at("delta")}}, {"sd", {each.at("sd")}}, {"power", {each.at("power")}}};
    EXPECT_NEAR(fact(run("power_of_means", keys), "control, before rounding"),
                each.at("n_per_arm_t_test").get<double>(), 1e-4);
    EXPECT_NEAR(fact(run("power_of_means", keys), "power"), each.at("power_at_ceiling").get<double>(), 1e-8);
  }
  for (const json& each : expected("log_rank")) {
    const double share = each.at("share_treated");
    const Numbers keys{{"hazard_ratio", {each.at("hr")}},
                       {"power", {each.at("power")}},
                       {"ratio", {share / (1 - share)}},
                       {"control_risk", {each.at("event_prob_control")}}};
    const AnalysisResult schoenfeld = run("power_of_times", keys);
    EXPECT_NEAR(fact(schoenfeld, "events, before rounding"), each.at("events_schoenfeld").get<double>(), 1e-6);
    EXPECT_NEAR(fact(schoenfeld, "people, before rounding"), each.at("total_n_schoenfeld").get<double>(), 1e-6);
    EXPECT_NEAR(fact(run("power_of_times", keys, {{"formula", {"Freedman"}}}), "events, before rounding"),
                each.at("events_freedman").get<double>(), 1e-6);
    EXPECT_NEAR(number_of(run("power_of_times", {{"hazard_ratio", {each.at("hr")}},
                                                 {"events", {each.at("events")}},
                                                 {"ratio", {share / (1 - share)}}}),
                          "power"),
                each.at("power_at_events").get<double>(), 1e-8);
  }
}

TEST(DesignEstimators, WhatIsFoundGivesBackWhatWasGiven) {
  const Numbers cluster{{"cluster_size", {20}}, {"correlation", {0.03}}, {"variation", {0.5}}, {"control_risk", {0.4}}};
  const struct {
    std::string method;
    Numbers keys;
    std::string key, found;  // the difference, and the row that finds it
    std::string size;        // key of the size
    std::vector<double> given;
  } plans[] = {
      {"power_of_risks", {{"control_risk", {0.4}}}, "treated_risk", "detectable treated risk", "people", {200, 150}},
      {"power_of_rates", {{"control_rate", {0.8}}}, "treated_rate", "detectable treated rate", "people", {300}},
      {"power_of_means", {{"sd", {10}}}, "difference", "detectable difference of means", "people", {90, 90}},
      {"power_of_clusters", cluster, "treated_risk", "detectable treated risk", "people", {600}},
      {"power_of_times", {}, "hazard_ratio", "detectable hazard ratio", "events", {150}},
      {"power_of_stepped_wedge",
       {{"steps", {4}}, {"cluster_size", {20}}, {"correlation", {0.05}}, {"control_risk", {0.4}}},
       "difference",
       "detectable difference",
       "clusters_per_step",
       {3}},
      {"noninferiority",
       {{"control_risk", {0.3}}, {"treated_risk", {0.28}}},
       "margin",
       "detectable margin",
       "people",
       {150, 100}},
      {"noninferiority", {{"control_rate", {1.2}}}, "margin", "detectable margin, a rate ratio", "people", {400}}};
  for (const auto& plan : plans) {
    Numbers keys = plan.keys;
    keys["power"] = {0.85};
    keys[plan.size] = plan.given;
    const double difference = number_of(run(plan.method, keys), plan.found);
    ASSERT_TRUE(std::isfinite(difference)) << plan.method;
    keys[plan.key] = {difference};
    EXPECT_NE(run(plan.method, keys).refused, "") << plan.method << ": all three are given";
    keys.erase("power");
    EXPECT_NEAR(number_of(run(plan.method, keys), "power"), 0.85, 1e-6) << plan.method;
  }
}

TEST(DesignEstimators, Clusters) {
  const Numbers alone{{"control_risk", {0.39}}, {"treated_risk", {0.22}}, {"power", {0.8}}};
  Numbers keys = alone;
  keys.insert({{"cluster_size", {20}}, {"correlation", {0.03}}, {"variation", {0.5}}});
  const AnalysisResult result = run("power_of_clusters", keys);
  const json each = expected("cluster").at(0);
  const double effect = each.at("design_effect_variable_size");
  EXPECT_NEAR(fact(result, "design effect"), effect, 1e-12);
  const double needed = fact(run("power_of_risks", alone), "control, before rounding") * effect;
  EXPECT_NEAR(fact(result, "control, before rounding"), needed, 1e-8);
  EXPECT_EQ(number_of(result, "clusters needed", "control"), std::ceil(needed / 20));
  keys["sd"] = {1};
  EXPECT_NE(run("power_of_clusters", keys).refused, "");
}

TEST(DesignEstimators, Review) {
  const AnalysisResult result =
      run("audit_sample", {{"cases", {14740}}, {"reviewed", {84}}, {"found", {0}}, {"share", {0.05}}});
  EXPECT_EQ(result.effects.back().term, "if 5% are of the kind looked for");
  // C(14003, 84)/C(14740, 84), as a product.
  double none = 1;
  for (int i = 0; i < 84; ++i) none *= (14003.0 - i) / (14740.0 - i);
  EXPECT_NEAR(number_of(result, "chance of seeing none"), none, 1e-12);
  EXPECT_EQ(number_of(result, "share found"), 0);
  // A review of everything says the number itself.
  // Of an unknown number of cases only a share is told: limits by beta quantiles (R 4.2, qbeta).
  const AnalysisResult unknown = run("audit_sample", {{"reviewed", {21}}, {"found", {3}}});
  ASSERT_EQ(unknown.effects.size(), 1U);
  EXPECT_NEAR(unknown.effects.front().interval.low, 0.0304889676215156, 1e-9);
  EXPECT_NEAR(unknown.effects.front().interval.high, 0.363423987016981, 1e-9);
  const AnalysisResult all = run("audit_sample", {{"cases", {20}}, {"reviewed", {20}}, {"found", {3}}});
  ASSERT_EQ(all.refused, "");
  EXPECT_EQ(all.effects[1].interval.low, 3);
  EXPECT_EQ(all.effects[1].interval.high, 3);
  EXPECT_EQ(
      number_of(run("audit_sample", {{"cases", {2}}, {"share", {0.5}}}), "cases to review to see one with chance 0.95"),
      2);
}

TEST(DesignEstimators, SeveralPValues) {
  const Numbers three{{"p_values", {0.01, 0.04, 0.03}}};
  const auto values = [](const AnalysisResult& result) {
    EXPECT_EQ(result.refused, "");
    std::vector<double> found;
    for (const EffectRow& row : result.effects) found.push_back(row.estimate);
    return found;
  };
  const auto near = [](const std::vector<double>& ours, const std::vector<double>& theirs) {
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 1e-12);
  };
  near(values(run("multiplicity", three)), {0.03, 0.06, 0.06});  // by hand: 3 x .01, 2 x .03, at least that
  near(values(run("multiplicity", three, {{"adjustment", {"Bonferroni"}}})), {0.03, 0.12, 0.09});
  near(values(run("multiplicity", three, {{"adjustment", {"Benjamini-Hochberg"}}})), {0.03, 0.04, 0.04});
  near(values(run("multiplicity", three, {{"adjustment", {"fixed sequence"}}})), {0.01, 0.04, 0.04});
  near(values(run("multiplicity", {{"p_values", {0.01, 0.04, 0.03}}, {"families", {1, 2}}},
                  {{"adjustment", {"gatekeeping"}}})),
       {0.01, 0.06, 0.06});
}

TEST(DesignEstimators, StaysFromOneDay) {
  // Exponential stays, one limit: 26 weeks / log(115/38), by hand.
  const AnalysisResult result =
      run("stay_snapshot", {{"limits", {26}}, {"present", {77, 38}}, {"spread", {1}}}, {{"law", {"gamma"}}});
  const double mean = 26 / std::log(115.0 / 38);
  EXPECT_NEAR(number_of(result, "mean"), mean, 1e-6);
  EXPECT_NEAR(number_of(result, "rate"), 115 / mean, 1e-6);
  EXPECT_EQ(result.effects[0].unit, "week");
  EXPECT_LT(result.effects[0].interval.low, mean);
  EXPECT_NEAR(result.effects[2].interval.high, 115 / result.effects[0].interval.low, 1e-9);
  ASSERT_TRUE(result.posterior);  // normal in the logarithm: a projection may take it
  EXPECT_NEAR(result.posterior->means[0], std::log(mean), 1e-7);
  // A free spread of gamma laws leaves no lower limit: that is said, and nothing is handed on.
  const AnalysisResult open =
      run("stay_snapshot", {{"limits", {26}}, {"present", {1, 1}}, {"spread", {0.05, 20}}}, {{"law", {"gamma"}}});
  EXPECT_NE(open.notes.back().find("no lower limit"), std::string::npos);
  EXPECT_FALSE(open.posterior);
}

Numbers leaving(double left, double days, double shape) {
  return {{"left", {left}},    {"completed", {4}},       {"still", {3}},    {"days", {days}},
          {"programme", {84}}, {"admitted_over", {365}}, {"shape", {shape}}};
}

TEST(DesignEstimators, EarlyLeaving) {
  // Offending to Recovery, 2021-22: a constant hazard is 20 over 1,108 days, by hand.
  const Numbers pilot = {{"left", {20}},   {"completed", {4}},  {"still", {3}},
                         {"days", {1108}}, {"programme", {84}}, {"admitted_over", {365}}};
  Numbers constant = pilot, open = pilot;
  constant["shape"] = {1};
  open["shape"] = {0.9, 1.5};
  const AnalysisResult one = run("early_leaving", constant);
  EXPECT_NEAR(number_of(one, "chance to complete"), std::exp(-84 * 20 / 1108.0), 1e-6);
  EXPECT_EQ(one.effects[1].term, "of the 3 still there");
  EXPECT_NEAR(one.facts[1].value, 1108 / 27.0, 1e-12);
  EXPECT_NEAR(one.facts[2].value, 1108 / 365.0, 1e-12);  // there on a day, by Little's law
  const AnalysisResult many = run("early_leaving", open);
  EXPECT_NEAR(number_of(many, "shape"), 1.28, 0.01);
  EXPECT_NE(many.notes.back().find("Every shape allowed fits"), std::string::npos);
  // Nobody still there: nothing is said of them.
  Numbers ended = constant;
  ended["still"] = {0};
  for (const EffectRow& row : run("early_leaving", ended).effects) EXPECT_EQ(row.term.find("still"), std::string::npos);
}

TEST(DesignEstimators, MatchedGroups) {
  const Numbers groups = {{"control_risk", {0.25}}, {"people", {10000, 10000}}, {"power", {0.8}}, {"bias", {0.02}}};
  const AnalysisResult seen = run("power_of_matched", groups);
  EXPECT_NEAR(number_of(seen, "smallest fall shown"), 0.058388618, 1e-8);  // by bisection, apart from this program
  EXPECT_NEAR(seen.effects[2].estimate, 0.05603170437, 1e-10);             // (1.96 + 0.84) 0.02
  EXPECT_NEAR(number_of(seen, "false alarms"), 0.5660904939, 1e-9);
  Numbers alike = groups;
  alike["bias"] = {0};
  const AnalysisResult same = run("power_of_matched", alike);
  EXPECT_NEAR(number_of(same, "smallest fall shown"), 0.0169567588, 1e-8);
  EXPECT_EQ(same.effects.size(), 2U);  // nothing that people don't shrink
  const AnalysisResult needed =
      run("power_of_matched", {{"control_risk", {0.25}}, {"treated_risk", {0.2}}, {"power", {0.8}}, {"bias", {0.01}}});
  const double n = number_of(needed, "people needed in each group");
  EXPECT_EQ(n, std::ceil(n));
  const AnalysisResult power = run(
      "power_of_matched", {{"control_risk", {0.25}}, {"treated_risk", {0.2}}, {"people", {n, n}}, {"bias", {0.01}}});
  EXPECT_NEAR(number_of(power, "power"), 0.8, 1e-3);
  EXPECT_GE(number_of(power, "power"), 0.8);
}

TEST(DesignEstimators, RefusesWhatCantBe) {
  const struct {
    std::string method;
    Numbers numbers;
    Words words;
    std::string says;
  } wrong[] = {
      {"power_of_risks", {{"control_risk", {0.3}}}, {}, "give two of people, power and treated_risk"},
      {"power_of_risks",
       {{"control_risk", {1.3}}, {"treated_risk", {0.2}}, {"power", {0.8}}},
       {},
       "control_risk is 1.3"},
      {"power_of_risks",
       {{"control_risk", {0.3}}, {"treated_risk", {0.3}}, {"power", {0.8}}},
       {},
       "no number of people"},
      {"power_of_risks",
       {{"control_risk", {0.3}}, {"treated_risk", {0.2}}, {"people", {0, 5}}},
       {},
       "at least one person"},
      {"power_of_risks", {{"control_risk", {0.3}}, {"power", {0.8}}, {"people", {2, 2}}}, {}, "plan for more people"},
      {"power_of_risks",
       {{"control_risk", {0.3}}, {"power", {0.8}}, {"people", {20, 20}}},
       {{"test", {"Fisher"}}},
       "normal test"},
      {"power_of_times", {{"hazard_ratio", {1}}, {"power", {0.8}}}, {}, "hazard ratio of 1"},
      {"power_of_means", {{"sd", {-1}}, {"difference", {1}}, {"power", {0.8}}}, {}, "sd is -1"},
      {"noninferiority", {{"margin", {0.1}}, {"power", {0.8}}}, {}, "give one of"},
      {"noninferiority",
       {{"control_risk", {0.3}}, {"treated_risk", {0.5}}, {"margin", {0.1}}, {"power", {0.8}}},
       {},
       "no number of people"},
      {"audit_sample", {{"cases", {10}}, {"reviewed", {11}}, {"found", {1}}}, {}, "can't be reviewed"},
      {"audit_sample", {{"cases", {10}}, {"reviewed", {5}}, {"found", {6}}}, {}, "found can't be more"},
      {"audit_sample", {{"cases", {10}}}, {}, "give reviewed and found"},
      {"stay_snapshot", {{"limits", {26}}, {"present", {77}}, {"spread", {1}}}, {}, "one number more than limits"},
      {"stay_snapshot", {{"limits", {26}}, {"present", {7, 1.5}}, {"spread", {1}}}, {}, "present has 1.5"},
      {"stay_snapshot", {{"limits", {26, 13}}, {"present", {7, 1, 1}}, {"spread", {1}}}, {}, "limits rise"},
      {"stay_snapshot", {{"limits", {26}}, {"present", {7, 1}}, {"spread", {0}}}, {}, "from 0.01 to 20"},
      {"stay_snapshot", {{"limits", {26}}, {"present", {7, 1}}, {"spread", {2, 1}}}, {}, "the least and the most"},
      {"stay_snapshot", {{"limits", {26}}, {"present", {7, 0}}, {"spread", {1}}}, {}, "as long"},
      {"early_leaving", leaving(20.5, 1108, 1), {}, "left is 20.5"},
      {"early_leaving", leaving(20, 300, 1), {}, "300 days can't be those of these stays"},
      {"early_leaving", leaving(20, 1108, 11), {}, "from 0.1 to 10"},
      {"early_leaving", leaving(0, 4 * 84 + 90, 1), {}, "nobody left early"},
      {"power_of_matched",
       {{"control_risk", {0.25}}, {"treated_risk", {0.2}}, {"power", {0.8}}, {"bias", {0.02}}},
       {},
       "nothing up to 5.6 in 100 can be shown"},
      {"power_of_matched",
       {{"control_risk", {0.25}}, {"treated_risk", {0.25}}, {"power", {0.8}}, {"bias", {0}}},
       {},
       "the shares are equal"},
      {"power_of_matched",
       {{"control_risk", {0.05}}, {"people", {900, 900}}, {"power", {0.8}}, {"bias", {0.03}}},
       {},
       "not even a fall to none"},
      {"power_of_matched", {{"control_risk", {0.25}}, {"power", {0.8}}, {"bias", {1.5}}}, {}, "bias is a share"},
      {"power_of_matched", {{"control_risk", {0.25}}, {"bias", {0.02}}}, {}, "give two of people"},
      {"multiplicity", {{"p_values", {0.1, 1.2}}}, {}, "from 0 to 1"},
      {"multiplicity", {{"p_values", {0.1, 0.2}}}, {{"names", {"one"}}}, "1 names of 2"},
      {"multiplicity",
       {{"p_values", {0.1, 0.2}}, {"families", {1, 2}}},
       {{"adjustment", {"gatekeeping"}}},
       "add up to all"},
  };
  for (const auto& each : wrong) {
    const AnalysisResult result = run(each.method, each.numbers, each.words);
    EXPECT_NE(result.refused.find(each.says), std::string::npos) << each.method << ": " << result.refused;
    EXPECT_TRUE(result.effects.empty());
  }
}

}  // namespace
}  // namespace desist
