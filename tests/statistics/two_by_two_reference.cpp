// Every field of tests/data/reference/01_two_by_two (R), to the tolerances in the README there.
#include <fstream>
#include <sstream>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/statistics/two_proportion_posterior.hpp"
#include "engine/statistics/unconditional_tests.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using reference::Comparison;

const nlohmann::json& tables() {
  static const nlohmann::json all = reference::read("01_two_by_two/expected.json").at("tables");
  return all;
}

TwoByTwo table_of(const nlohmann::json& t) { return {t.at("x1"), t.at("n1"), t.at("x0"), t.at("n0")}; }

TEST(two_by_two_reference, inputs_are_those_of_tables_csv) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/01_two_by_two/tables.csv");
  std::string line;
  std::getline(file, line);
  std::size_t row = 0;
  while (std::getline(file, line)) {
    const auto& t = tables().at(row++);
    std::ostringstream expected;
    expected << t.at("id").get<std::string>() << ',' << t.at("x1") << ',' << t.at("n1") << ',' << t.at("x0") << ','
             << t.at("n0");
    EXPECT_EQ(line.substr(0, expected.str().size()), expected.str());
  }
  EXPECT_EQ(row, tables().size());
}

TEST(two_by_two_reference, risk_difference) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    const auto& expected = t.at("risk_difference");
    Comparison c(t.at("id"));
    c.near(expected, "estimate", risk_difference(table), 1e-12);
    c.near(expected, "se_wald", risk_difference_error(table), 1e-12);
    c.near(expected, "wald", wald_difference(table), 1e-8);
    c.near(expected, "newcombe", newcombe(table), 1e-8);
    c.near(expected, "miettinen_nurminen", miettinen_nurminen_difference(table), 1e-8);
    c.near(expected, "mee", mee(table), 1e-8);
    EXPECT_EQ(expected.size(), 6u);
  }
}

TEST(two_by_two_reference, risk_ratio) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    const auto& expected = t.at("risk_ratio");
    Comparison c(t.at("id"));
    std::size_t compared = 3;
    c.near(expected, "estimate", risk_ratio(table), 1e-12);
    c.near(expected, "miettinen_nurminen", miettinen_nurminen_ratio(table), 1e-8);
    c.near(expected, "koopman", koopman(table), 1e-8);
    if (expected.contains("log_wald")) {
      c.near(expected, "se_log", log_risk_ratio_error(table), 1e-12);
      c.near(expected, "log_wald", log_wald_ratio(table).value(), 1e-8);
      compared += 2;
    }
    EXPECT_EQ(expected.size() - expected.count("note"), compared);
    EXPECT_EQ(log_wald_ratio(table).has_value(), table.x1 > 0 && table.x0 > 0);
  }
}

TEST(two_by_two_reference, odds_ratio) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    const auto& expected = t.at("odds_ratio");
    Comparison c(t.at("id"));
    std::size_t compared = 5;
    c.near(expected, "estimate", odds_ratio(table), 1e-12);
    c.near(expected, "haldane_anscombe_estimate", haldane_anscombe_odds_ratio(table), 1e-12);
    c.near(expected, "conditional_mle", conditional_odds_ratio(table), 1e-8);
    c.near(expected, "exact_ci", exact_odds_ratio(table), 1e-8);
    c.near(expected, "midp_ci", mid_p_odds_ratio(table), 1e-8);
    if (expected.contains("wald")) {
      c.near(expected, "se_log", log_odds_ratio_error(table), 1e-12);
      c.near(expected, "wald", wald_odds_ratio(table).value(), 1e-8);
      compared += 2;
    }
    if (expected.contains("miettinen_nurminen")) {
      c.near(expected, "miettinen_nurminen", miettinen_nurminen_odds_ratio(table), 1e-7);
      compared += 1;
    }
    EXPECT_EQ(expected.size(), compared);
    EXPECT_EQ(wald_odds_ratio(table).has_value(), !table.has_zero_cell());
  }
}

TEST(two_by_two_reference, tests) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    const auto& expected = t.at("tests");
    Comparison c(t.at("id"));
    std::size_t compared = 6;
    c.near(expected, "fisher_two_sided", fisher_p(table), 1e-10);
    c.near(expected, "fisher_less", fisher_p(table, Alternative::less), 1e-10);
    c.near(expected, "fisher_greater", fisher_p(table, Alternative::greater), 1e-10);
    c.near(expected, "midp_two_sided_doubled", mid_p(table), 1e-10);
    c.near(expected, "midp_less", mid_p(table, Alternative::less), 1e-10);
    c.near(expected, "midp_greater", mid_p(table, Alternative::greater), 1e-10);
    EXPECT_EQ(chi_square(table).has_value(), expected.contains("chisq"));
    if (expected.contains("chisq")) {
      const auto statistic = [&](const char* name, const std::optional<TestResult>& result) {
        c.near(expected, name, result.value().statistic, 1e-10);
        c.near(expected, std::string(name) + "_p", result.value().p, 1e-10);
        compared += 2;
      };
      statistic("chisq", chi_square(table));
      statistic("chisq_yates", chi_square_yates(table));
      statistic("chisq_nminus1", chi_square_n_minus_1(table));
    }
    if (expected.contains("boschloo_less")) {
      const auto p = [&](const char* name, const std::optional<UnconditionalResult>& result) {
        c.near(expected, name, result.value().p, 1e-6);
        compared += 1;
      };
      p("boschloo_less", boschloo(table, Alternative::less));
      p("boschloo_greater", boschloo(table, Alternative::greater));
      p("boschloo_two_sided_fisher_order", boschloo(table));
      p("boschloo_two_sided_doubled", boschloo(table, Alternative::two_sided, BoschlooTwoSided::doubled));
      p("barnard_pooled_less", barnard(table, Alternative::less));
      p("barnard_pooled_greater", barnard(table, Alternative::greater));
      p("barnard_pooled_two_sided", barnard(table));
      p("barnard_unpooled_two_sided", barnard(table, Alternative::two_sided, BarnardVariance::unpooled));
      // |z| is the same with the outcome reversed, so p and 1 - p attain the supremum; R keeps whichever rounding
      // favours.
      const double at = reference::number(expected.at("barnard_pooled_two_sided_at"));
      const std::optional<double> ours = barnard(table).value().at;
      EXPECT_EQ(ours.has_value(), !std::isnan(at)) << t.at("id");
      if (ours) {
        EXPECT_NEAR(*ours, std::min(at, 1 - at), 1e-6) << t.at("id");
      }
      compared += 1;
    }
    EXPECT_EQ(expected.size() - expected.count("boschloo_two_sided_Exact_package"), compared);
  }
}

TEST(two_by_two_reference, proportions) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    for (const bool treated : {true, false}) {
      const Proportion p = treated ? table.group1() : table.group0();
      const auto& expected = t.at(treated ? "proportion_1" : "proportion_0");
      Comparison c(t.at("id"));
      c.near(expected, "estimate", p.estimate(), 1e-12);
      c.near(expected, "wald", wald(p), 1e-10);
      c.near(expected, "wilson", wilson(p), 1e-10);
      c.near(expected, "wilson_cc", wilson_continuity_corrected(p), 1e-10);
      c.near(expected, "clopper_pearson", clopper_pearson(p), 1e-10);
      c.near(expected, "jeffreys_equal_tailed", jeffreys_equal_tailed(p), 1e-10);
      c.near(expected, "jeffreys_endpoint_rule", jeffreys(p), 1e-10);
      c.near(expected, "agresti_coull", agresti_coull(p), 1e-10);
      EXPECT_EQ(expected.size(), 8u);
    }
  }
}

TEST(two_by_two_reference, bayes) {
  for (const auto& t : tables()) {
    const TwoByTwo table = table_of(t);
    const auto& expected = t.at("bayes_jeffreys");
    const BetaLaw p1 = jeffreys_posterior(table.group1());
    const BetaLaw p0 = jeffreys_posterior(table.group0());
    Comparison c(t.at("id"));
    c.near(expected, "p_risk1_lower", probability_below(p1, p0), 1e-9);
    c.near(expected, "p_risk1_lower_by_5_points", probability_below(p1, p0, -0.05), 1e-9);
    c.near(expected, "mean_1", p1.mean(), 1e-12);
    c.near(expected, "mean_0", p0.mean(), 1e-12);
    EXPECT_EQ(expected.size(), 4u);
  }
}

TEST(two_by_two_reference, exact_fisher_power) {
  const nlohmann::json file = reference::read("08_power/expected.json");  // outlives the loop over a part of it
  for (const auto& design : file.at("exact_fisher_power")) {
    const RiskPair risks{design.at("p1"), design.at("p2")};
    const auto power = rejection_probability(
        design.at("n1"), design.at("n2"), {&risks, 1}, [](const TwoByTwo& t) { return fisher_p(t); },
        design.at("alpha"));
    Comparison("fisher power").near(design, "power", power.at(0), 1e-10);
  }
}

// A comparison that cannot fail is worse than none.
TEST(two_by_two_reference, a_wrong_value_is_noticed) {
  const nlohmann::json expected = {{"field", 0.25}, {"limit", {0.1, "Inf"}}};
  Comparison c("self-test");
  EXPECT_NONFATAL_FAILURE(c.near(expected, "field", 0.25 + 2e-8, 1e-8), "self-test field");
  EXPECT_NONFATAL_FAILURE(c.near(expected, "limit", Interval{0.1, 9}, 1e-8), "limit high");
}

}  // namespace
}  // namespace desist::statistics
