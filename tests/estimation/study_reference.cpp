// The honesty table against R: tests/data/reference/01_two_by_two (every field a row carries) and the count-based
// fields of 02_itt_cace, to the tolerances in the README there.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/estimation/comparison.hpp"
#include "engine/estimation/study_results.hpp"
#include "tests/estimation/published_tables.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using statistics::reference::Comparison;
using statistics::reference::read;

std::optional<double> finite_or_empty(double value) {
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

TEST(study_reference, a_row_equals_every_table_of_r) {
  const nlohmann::json tables = read("01_two_by_two/expected.json").at("tables");
  ASSERT_EQ(tables.size(), 14U);
  int with_boschloo = 0;
  for (const auto& t : tables) {
    const HonestyRow row = estimation::row_of_table(t.at("x1"), t.at("n1"), t.at("x0"), t.at("n0"));
    Comparison c(t.at("id"));
    const auto& difference = t.at("risk_difference");
    c.near(difference, "estimate", row.difference.value, 1e-12);
    c.near(difference, "newcombe", row.difference_newcombe.interval, 1e-8);
    c.near(difference, "miettinen_nurminen", row.difference.interval, 1e-8);
    const auto& ratio = t.at("risk_ratio");
    c.near(ratio, "estimate", finite_or_empty(row.risk_ratio.value), 1e-12);
    c.near(ratio, "miettinen_nurminen", row.risk_ratio.interval, 1e-8);
    const auto& odds = t.at("odds_ratio");
    c.near(odds, "conditional_mle", finite_or_empty(row.odds_ratio_exact.value), 1e-8);
    c.near(odds, "exact_ci", row.odds_ratio_exact.interval, 1e-8);
    c.near(odds, "midp_ci", row.odds_ratio_midp.interval, 1e-8);
    const auto& tests = t.at("tests");
    c.near(tests, "fisher_two_sided", row.p_fisher, 1e-10);
    if (tests.contains("boschloo_two_sided_fisher_order")) {
      c.near(tests, "boschloo_two_sided_fisher_order", row.p_boschloo, 1e-6);
      c.near(tests, "boschloo_two_sided_doubled", row.p_boschloo_doubled, 1e-6);
      ++with_boschloo;
    }
    if (row.x1 + row.x0 > 0) c.near(tests, "chisq_nminus1_p", row.p_coherent, 1e-10);
    c.near(t.at("proportion_1"), "wilson", row.risk1.interval, 1e-10);
    c.near(t.at("proportion_0"), "wilson", row.risk0.interval, 1e-10);
    c.near(t.at("bayes_jeffreys"), "p_risk1_lower", row.chance_of_fewer_mean, 1e-9);
  }
  EXPECT_EQ(with_boschloo, 12);  // R leaves out the largest table and the one without events
}

TEST(study_reference, cara_equals_r_from_the_printed_table) {
  const StudyResult cara = evaluate({test::cara()}).studies.front();
  const nlohmann::json expected = read("02_itt_cace/expected.json").at("trials").at("three_arm_49");
  const auto& everyone = expected.at("intention_to_treat");
  const HonestyRow& row = cara.rows.front();
  EXPECT_EQ(row.estimand, "intention to treat");
  EXPECT_EQ(row.x1, everyone.at("x1"));
  EXPECT_EQ(row.n1, everyone.at("n1"));
  EXPECT_EQ(row.x0, everyone.at("x0"));
  EXPECT_EQ(row.n0, everyone.at("n0"));
  Comparison c("three_arm_49");
  c.near(everyone, "risk_difference", row.difference.value, 1e-9);
  c.near(everyone, "risk_ratio", row.risk_ratio.value, 1e-9);
  ASSERT_EQ(cara.compliers.size(), 3U);
  const ComplierResult& complier = cara.compliers.front();
  c.near(expected.at("cace"), "bloom", complier.effect, 1e-9);
  c.near(expected.at("cace"), "se_delta", complier.se, 1e-9);
  c.near(expected, "control_complier_mean", complier.control_complier_mean, 1e-9);
  c.near(expected, "treated_complier_mean", complier.treated_complier_mean, 1e-9);
  // Fieller's limits are in no reference file: both ends solve (D_Y - b D_D)^2 = z^2 (V_Y - 2 b C + b^2 V_D) by hand.
  const double p1 = 8.0 / 70;
  const double p0 = 10.0 / 49;
  const double share = 54.0 / 70;
  const double v_y = p1 * (1 - p1) / 70 + p0 * (1 - p0) / 49;
  const double v_d = share * (1 - share) / 70;
  const double covariance = (1.0 / 70 - p1 * share) / 70;
  const double z2 = 1.959963984540054 * 1.959963984540054;
  const double a = share * share - z2 * v_d;
  const double b = (p1 - p0) * share - z2 * covariance;
  const double d = (p1 - p0) * (p1 - p0) - z2 * v_y;
  EXPECT_EQ(complier.kind, ComplierResult::SetKind::interval);
  EXPECT_NEAR(complier.fieller.low, (b - std::sqrt(b * b - a * d)) / a, 1e-9);
  EXPECT_NEAR(complier.fieller.high, (b + std::sqrt(b * b - a * d)) / a, 1e-9);
  EXPECT_NEAR(complier.fieller.low, -0.2843, 5e-5);
  EXPECT_NEAR(complier.fieller.high, 0.0615, 5e-5);
}

TEST(study_reference, arv_equals_r_but_has_no_complier_effect) {
  const StudyResult arv = evaluate({test::arv_12_months()}).studies.front();
  const nlohmann::json expected = read("02_itt_cace/expected.json").at("trials").at("three_arm_318");
  EXPECT_TRUE(arv.compliers.empty());
  EXPECT_FALSE(arv.allocation.has_value());
  Comparison c("three_arm_318");
  c.near(expected.at("intention_to_treat"), "risk_difference", arv.rows[0].difference.value, 1e-9);
  c.near(expected.at("per_protocol"), "risk_difference", arv.rows[3].difference.value, 1e-9);
  c.near(expected, "control_complier_mean", arv.selection.front().expected_completer_risk, 1e-9);
}

}  // namespace
}  // namespace desist
