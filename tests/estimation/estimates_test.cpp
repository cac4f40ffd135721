// Rows of estimates against the outcome table they are read from, and against the coin's closed forms.
#include "engine/estimation/estimates.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/simulation/coin_run.hpp"

namespace desist {
namespace {

struct Estimated : testing::Test {
  test::CoinRun coin;
  OutcomeTable outcomes;
  EstimateTable table;

  void run(std::uint64_t draws = 4000, std::uint64_t replicates = 2) {
    coin.plan.draws = draws;
    coin.plan.replicates_per_draw = replicates;
    outcomes = coin.run();
    Estimands estimands;
    estimands.influences.push_back({0, 0, {0}, {{3, 3, 0.02, 0.1}}});
    table = estimate(estimands, coin.draws(), outcomes, coin.window);
  }
  const EstimateRow& row(const std::string& arm, const std::string& outcome, const std::string& statistic,
                         const std::string& versus = "") const {
    const EstimateRow* found = table.find(arm, outcome, "", statistic, versus);
    EXPECT_NE(found, nullptr) << arm << ' ' << outcome << ' ' << statistic;
    static const EstimateRow none;
    return found == nullptr ? none : *found;
  }
};

TEST_F(Estimated, AChanceHasItsMonteCarloLimits) {
  run();
  const EstimateRow& any = row("as_it_was", "any", "chance");
  // E[1 - (1 - r)^20], r uniform on (.02, .1): 1 - (.98^21 - .9^21)/(21 x .08).
  const double exact = 1 - (std::pow(0.98, 21) - std::pow(0.9, 21)) / (21 * 0.08);
  EXPECT_NEAR(any.estimate, exact, 5 * any.mc_error);
  EXPECT_GT(any.mc_error, 0.003);
  EXPECT_LT(any.mc_error, 0.01);
  EXPECT_NEAR(any.high - any.low, 2 * 1.96 * any.mc_error, 1e-3);
  EXPECT_EQ(any.unit, "share");
  EXPECT_EQ(any.draws, 4000U);
  EXPECT_EQ(any.replicates, 8000U);
}

// Of the time to the first, futures in which nobody ever does have none: they are counted apart.
TEST_F(Estimated, CountsTheFuturesThatHaveAValue) {
  run();
  for (const EstimateRow& each : table.rows) EXPECT_EQ(each.replicates + each.left_out, 8000U) << each.outcome;
  for (std::size_t o = 0; o < outcomes.outcomes().size(); ++o) {
    const std::string& name = outcomes.outcome_fields()[outcomes.outcomes()[o].field].name;
    for (const EstimateRow& each : table.rows) {
      if (each.arm != "as_it_was" || !each.versus.empty() || each.outcome != name) continue;
      EXPECT_EQ(each.replicates, outcomes.moments(0, o).values) << name;
    }
  }
}

TEST_F(Estimated, IdenticalArmsDifferByExactlyNothing) {
  run(1000);
  for (const EstimateRow& each : table.rows) {
    if (each.arm != "same" || each.versus.empty()) continue;
    EXPECT_EQ(each.estimate, 0) << each.outcome;
    EXPECT_EQ(each.mc_error, 0) << each.outcome;
    EXPECT_EQ(each.low, 0) << each.outcome;
    EXPECT_EQ(each.high, 0) << each.outcome;
  }
}

TEST_F(Estimated, AMeanHasTheSpreadOfFutures) {
  run();
  const EstimateRow& mean = row("as_it_was", "reoffenders", "mean");
  EXPECT_NEAR(mean.estimate, 20 * 0.06, 5 * mean.mc_error);
  EXPECT_EQ(mean.spread, Spread::futures);
  EXPECT_EQ(mean.low, outcomes.quantile(0, 0, 0.025).value);
  EXPECT_EQ(mean.high, outcomes.quantile(0, 0, 0.975).value);
  EXPECT_EQ(mean.low, 0);
  EXPECT_GE(mean.high, 4);
}

TEST_F(Estimated, VariantsAreNotReported) {
  run(1000);
  for (const EstimateRow& each : table.rows) EXPECT_NE(each.arm, "risk_low");
  for (const SeriesRow& each : table.series) EXPECT_NE(each.arm, "risk_low");
}

TEST_F(Estimated, AllOrNoneHasLimitsThatAreNotZeroWide) {
  coin.parameters[0].law = FixedLaw{1.0};
  run(1000);
  const EstimateRow& any = row("as_it_was", "any", "chance");
  EXPECT_EQ(any.estimate, 1);
  EXPECT_NEAR(any.low, std::pow(0.025, 1.0 / 1000), 1e-15);  // Clopper-Pearson at x = n = 1,000 draws
  EXPECT_EQ(any.high, 1);
}

TEST_F(Estimated, SharesOfLuckAndParametersAddUp) {
  run();
  ASSERT_EQ(table.influence.size(), 2U);
  const InfluenceRow& risk = table.influence[0];
  const InfluenceRow& luck = table.influence[1];
  EXPECT_EQ(risk.parameter, "risk");
  EXPECT_EQ(luck.parameter, "(luck)");
  // Var E[N | r] = 400 Var r = 400 x .08^2/12; E Var[N | r] = 20 E[r(1 - r)].
  const double of_risk = 400 * 0.0064 / 12;
  const double of_luck = 20 * (0.06 - (0.06 * 0.06 + 0.0064 / 12));
  EXPECT_NEAR(risk.share, of_risk / (of_risk + of_luck), 5 * risk.mc_error);
  EXPECT_LT(risk.mc_error, 0.02);
  EXPECT_NEAR(luck.share, of_luck / (of_risk + of_luck), 5 * luck.mc_error);
  EXPECT_LT(luck.mc_error, 0.03);
  EXPECT_NEAR(risk.share_of_parameters, 1, 5 * risk.share_of_parameters_error + 0.1);
  EXPECT_NEAR(risk.at_low, 20 * 0.02, 5 * risk.at_low_error);
}

TEST_F(Estimated, EveryWeekHasABand) {
  run(1000);
  ASSERT_EQ(table.series.size(), 3U * 10U);  // three reported arms, ten weeks
  const SeriesRow& last = table.series[9];
  EXPECT_EQ(last.week, 10U);
  EXPECT_EQ(last.date.days, 19600 + 70);
  EXPECT_NEAR(last.mean, 20 * 0.06, 6 * last.mc_error);
  EXPECT_LE(last.q025, last.q25);
  EXPECT_LE(last.q25, last.q50);
  EXPECT_LE(last.q50, last.q75);
  EXPECT_LE(last.q75, last.q975);
}

}  // namespace
}  // namespace desist
