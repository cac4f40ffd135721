// The count-based fields of tests/data/reference/02_itt_cace (AER, estimatr, sandwich), to 1e-9 relative.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using reference::Comparison;
constexpr double complier_tolerance = 1e-9;

/// Counts of columns 2 to 4 (assigned, received, outcome) of a reference file.
ComplianceTable counted(const std::string& file_name) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/02_itt_cace/" + file_name);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line.substr(0, 28), "id,assigned,received,outcome");
  ComplianceTable table;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string id, assigned, received, outcome;
    std::getline(cells, id, ',');
    std::getline(cells, assigned, ',');
    std::getline(cells, received, ',');
    std::getline(cells, outcome, ',');
    ++table.count.at(std::stoul(assigned)).at(std::stoul(received)).at(std::stoul(outcome));
  }
  return table;
}

void compare_counts(const nlohmann::json& expected, const TwoByTwo& table) {
  EXPECT_EQ(table, (TwoByTwo{expected.at("x1"), expected.at("n1"), expected.at("x0"), expected.at("n0")}));
}

void compare_contrast(Comparison& c, const nlohmann::json& expected, const TwoByTwo& table) {
  compare_counts(expected, table);
  c.near(expected, "risk_difference", risk_difference(table), complier_tolerance);
  c.near(expected, "se_wald", risk_difference_error(table), complier_tolerance);
  c.near(expected, "ci_wald", wald_difference(table), complier_tolerance);
  c.near(expected, "risk_ratio", risk_ratio(table), complier_tolerance);
  const SlopeErrors errors = slope_errors(table);
  c.near(expected, "se_lm_hc0", errors.hc0, complier_tolerance);
  c.near(expected, "se_lm_hc1", errors.hc1, complier_tolerance);
  c.near(expected, "se_lm_hc2", errors.hc2, complier_tolerance);
  c.near(expected, "se_lm_hc3", errors.hc3, complier_tolerance);
  c.near(expected, "se_lm_classical", errors.classical, complier_tolerance);
  EXPECT_EQ(expected.size(), 13u);
}

TEST(complier_effect_reference, every_count_based_field) {
  const auto expected = reference::read("02_itt_cace/expected.json");
  ASSERT_EQ(expected.at("trials").size(), 3u);
  for (const auto& [name, trial] : expected.at("trials").items()) {
    const ComplianceTable table = counted(trial.at("data"));
    Comparison c(name);
    compare_contrast(c, trial.at("intention_to_treat"), as_assigned(table));
    compare_contrast(c, trial.at("per_protocol"), per_protocol(table));
    compare_contrast(c, trial.at("as_treated"), as_treated(table));
    compare_counts(trial.at("compliance"), compliance(table));
    c.near(trial.at("compliance"), "risk_difference", risk_difference(compliance(table)), complier_tolerance);

    const auto effect = complier_effect(table);
    ASSERT_TRUE(effect);
    const auto& cace = trial.at("cace");
    c.near(cace, "bloom", effect->effect, complier_tolerance);
    c.near(cace, "se_bloom_simple", effect->simple_error, complier_tolerance);
    c.near(cace, "se_delta", effect->delta_error, complier_tolerance);
    c.near(cace, "ci_delta", effect->delta_interval, complier_tolerance);
    c.near(trial, "first_stage_F_classical", effect->first_stage_f, complier_tolerance);
    c.near(trial, "control_complier_mean", effect->control_mean, complier_tolerance);
    c.near(trial, "treated_complier_mean", effect->treated_mean, complier_tolerance);

    const auto fit = two_stage_least_squares(table);
    ASSERT_TRUE(fit);
    const auto& tsls = cace.at("two_stage_least_squares");
    const auto coefficient = [&](const char* term, const TwoStageLeastSquares::Coefficient& ours) {
      c.near(tsls.at("coef"), term, ours.estimate, complier_tolerance);
      c.near(tsls.at("se_classical"), term, ours.classical, complier_tolerance);
      c.near(tsls.at("se_hc0"), term, ours.hc0, complier_tolerance);
      c.near(tsls.at("se_hc1"), term, ours.hc1, complier_tolerance);
      c.near(tsls.at("se_hc2"), term, ours.hc2, complier_tolerance);
    };
    coefficient("(Intercept)", fit->intercept);
    coefficient("received", fit->received);
    c.near(tsls, "sigma", fit->sigma, complier_tolerance);
    EXPECT_EQ(fit->residual_df, tsls.at("residual_df"));
  }
}

TEST(complier_effect_reference, three_arm_counts_are_the_same_table) {
  const ComplianceTable cara = one_sided_table({10, 49}, {1, 54}, {7, 16});
  EXPECT_EQ(cara.count, counted("three_arm_49.csv").count);
  EXPECT_EQ(one_sided_table({124, 318}, {15, 164}, {40, 87}).count, counted("three_arm_318.csv").count);
}

}  // namespace
}  // namespace desist::statistics
