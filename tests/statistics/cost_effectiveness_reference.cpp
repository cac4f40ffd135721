// The ratios, thresholds and pairwise fields of tests/data/reference/10_cost/expected.json (R, column means and
// max.col) to 1e-9 relative. Its field evppi is in value_of_information_reference.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statistics/bootstrap_intervals.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
#include "tests/statistics/appraisal_draws.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using nlohmann::json;
using reference::Comparison;
constexpr double appraisal_tolerance = 1e-9;

const json& appraisal_file() {
  static const json all = reference::read("10_cost/expected.json");
  return all;
}

std::string words(Dominance status) {
  return status == Dominance::frontier    ? "frontier"
         : status == Dominance::dominated ? "dominated"
                                          : "extendedly dominated";
}

void compare_table(const json& table, const std::vector<std::string>& names, const std::vector<double>& costs,
                   const std::vector<double>& effects) {
  const std::vector<IcerRow> rows = icer_table(costs, effects);
  ASSERT_EQ(rows.size(), table.size());
  for (const IcerRow& row : rows) {
    const json& q = table.at(names[row.arm]);
    Comparison c(names[row.arm]);
    c.near(q, "cost", row.cost, appraisal_tolerance);
    c.near(q, "effect", row.effect, appraisal_tolerance);
    EXPECT_EQ(words(row.status), q.at("status")) << names[row.arm];
    const auto given_or_not = [&](const std::string& field, std::optional<double> ours) {
      if (q.at(field).is_null()) {
        EXPECT_FALSE(ours) << names[row.arm] << " " << field;
      } else {
        c.near(q, field, ours, appraisal_tolerance);
      }
    };
    given_or_not("incremental_cost", row.incremental_cost);
    given_or_not("incremental_effect", row.incremental_effect);
    given_or_not("icer", row.icer);
    EXPECT_EQ(q.size(), 6u);
  }
}

TEST(cost_effectiveness_reference, ratios) {
  const AppraisalDraws draws;
  std::vector<double> costs, effects;
  for (Eigen::Index arm = 0; arm < 4; ++arm) {
    costs.push_back(draws.costs.col(arm).mean());
    effects.push_back(draws.effects.col(arm).mean());
  }
  compare_table(appraisal_file().at("icer_table"), {appraisal_arms.begin(), appraisal_arms.end()}, costs, effects);
  for (const json& other : appraisal_file().at("icer_other_tables")) {
    std::vector<std::string> names;
    std::vector<double> other_costs, other_effects;
    for (const auto& [name, cost] : other.at("cost").items()) {
      names.push_back(name);
      other_costs.push_back(cost);
      other_effects.push_back(other.at("effect").at(name));
    }
    compare_table(other.at("table"), names, other_costs, other_effects);
  }
  EXPECT_EQ(appraisal_file().at("icer_other_tables").size(), 2u);
}

TEST(cost_effectiveness_reference, thresholds) {
  const AppraisalDraws draws;
  const json& all = appraisal_file().at("by_threshold");
  std::vector<double> thresholds;
  for (const json& q : all) thresholds.push_back(q.at("threshold"));
  const auto results = results_by_threshold(draws.costs, draws.effects, thresholds);
  ASSERT_EQ(results.size(), 20u);
  for (std::size_t t = 0; t < results.size(); ++t) {
    const json& q = all.at(t);
    Comparison c("threshold " + std::to_string(results[t].threshold));
    for (std::size_t arm = 0; arm < 4; ++arm) {
      c.near(q.at("mean_net_benefit"), appraisal_arms[arm], results[t].mean_net_benefit[arm], appraisal_tolerance);
      c.near(q.at("expected_loss"), appraisal_arms[arm], results[t].expected_loss[arm], appraisal_tolerance);
      EXPECT_EQ(q.at("ceac").at(appraisal_arms[arm]), results[t].best_share[arm].value);
    }
    EXPECT_EQ(q.at("best_by_mean"), appraisal_arms[results[t].best]);
    EXPECT_EQ(q.at("ceaf"), results[t].frontier().value);
    c.near(q, "evpi", results[t].evpi(), appraisal_tolerance);
    EXPECT_EQ(q.size(), 7u);
  }
}

TEST(cost_effectiveness_reference, pairs) {
  const AppraisalDraws draws;
  for (const json& q : appraisal_file().at("pairwise_incremental_net_benefit")) {
    const Eigen::MatrixXd benefit = net_benefits(draws.costs, draws.effects, q.at("threshold"));
    const Eigen::VectorXd increment = benefit.col(1) - benefit.col(0);
    std::vector<double> sorted(increment.begin(), increment.end());
    Comparison c("pairs");
    c.near(q, "mean", increment.mean(), appraisal_tolerance);
    EXPECT_EQ(q.at("probability_positive"), chance_of_paying(sorted).value);
    std::sort(sorted.begin(), sorted.end());
    c.near(q, "percentile_type7",
           Interval{quantile_of_sorted(sorted, 0.025, QuantileRule::type7),
                    quantile_of_sorted(sorted, 0.975, QuantileRule::type7)},
           appraisal_tolerance);
    EXPECT_EQ(q.at("of"), "letter");
    EXPECT_EQ(q.at("against"), "usual");
    EXPECT_EQ(q.size(), 7u);
  }
}

}  // namespace
}  // namespace desist::statistics
