// Stopping rules: limits by hand, and how often a verdict is wrong over all looks, beside a rule that forgets the
// looks.
#include "engine/estimation/stopping.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include "engine/random/samplers.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "tests/simulation/coin_run.hpp"

namespace desist {
namespace {

using Verdict = DecisionResult::Verdict;

TEST(PrecisionRule, waits_for_the_worst_chance) {
  test::CoinRun coin;
  coin.plan.draws = 1000;
  coin.plan.replicates_per_draw = 1;
  const OutcomeTable outcomes = coin.run();
  EXPECT_TRUE(precision_rule(0.02)(outcomes));
  EXPECT_FALSE(precision_rule(0.0001)(outcomes));
}

TEST(PrecisionRule, takes_no_comfort_from_a_chance_that_nobody_had) {
  test::CoinRun coin;
  coin.parameters[0].law = coin.parameters[2].law = FixedLaw{0.0};
  coin.arms.back().overrides = {{0, 0.0}};
  coin.plan.draws = 100;
  const OutcomeTable outcomes = coin.run();
  EXPECT_FALSE(precision_rule(0.01)(outcomes));  // 1/100 is not below it
  EXPECT_TRUE(precision_rule(0.011)(outcomes));
}

// Ten pairs; differences 1, 2, ..., 10: mean 5.5, sd sqrt(55/6), error sqrt(11/12).
TEST(JudgeLook, has_the_lower_limits_of_the_t_table) {
  std::vector<double> leader, rival;
  for (int i = 1; i <= 10; ++i) {
    leader.push_back(100 + 3 * i);
    rival.push_back(100 + 2 * i);
  }
  const double error = std::sqrt(11.0 / 12.0);
  Decision decision{0, true, 0.1, 0.05 * std::numbers::pi * std::numbers::pi / 6};  // first look, one rival: 0.05
  DecisionResult result = judge_look({rival, leader}, decision, 0);
  EXPECT_EQ(result.leader, 1U);
  ASSERT_EQ(result.rivals.size(), 1U);
  EXPECT_EQ(result.rivals[0].arm, 0U);
  EXPECT_DOUBLE_EQ(result.rivals[0].lead, 5.5);
  EXPECT_DOUBLE_EQ(result.rivals[0].mc_error, error);
  EXPECT_NEAR(result.rivals[0].at_least, 5.5 - 1.8331129327 * error, 1e-9);  // t(.95; 9)
  EXPECT_EQ(result.verdict, Verdict::settled);
  // Third look, two rivals: alpha/18 of what it was; t(.975; 9) at nine times the alpha of .05.
  decision.alpha *= 9;
  result = judge_look({rival, leader, rival}, decision, 2);
  ASSERT_EQ(result.rivals.size(), 2U);
  EXPECT_NEAR(result.rivals[1].at_least, 5.5 - 2.2621571628 * error, 1e-9);
  // The least is best: the other arm leads by as much.
  decision.more_is_better = false;
  result = judge_look({rival, leader, rival}, decision, 2);
  EXPECT_EQ(result.leader, 0U);
  EXPECT_NEAR(result.rivals[0].at_least, 5.5 - 2.2621571628 * error, 1e-9);
  EXPECT_EQ(result.rivals[1].lead, 0);
  EXPECT_EQ(result.verdict, Verdict::settled_within);  // the third arm is the first again
}

TEST(JudgeLook, leaves_out_draws_without_a_value_and_says_nothing_of_one_pair) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const Decision decision{0, true, 0.5, 0.01};
  const std::vector<double> first{1, none, 3, 5}, second{0, 9, none, 2};
  const DecisionResult result = judge_look({first, second}, decision, 0);
  // Means of what is there: 3 and 11/3; pairs: -1 and -3.
  EXPECT_EQ(result.leader, 1U);
  EXPECT_DOUBLE_EQ(result.rivals[0].lead, -2);
  EXPECT_EQ(result.verdict, Verdict::not_settled);
  const std::vector<double> one{1, none}, other{0, none};
  EXPECT_EQ(judge_look({one, other}, decision, 0).verdict, Verdict::not_settled);
}

TEST(JudgeLook, stops_for_equal_arms_since_a_difference_that_does_not_matter_is_declared) {
  const std::vector<double> same{0.2, 0.4, 0.9};
  EXPECT_EQ(judge_look({same, same}, {0, true, 1e-12, 0.01}, 0).verdict, Verdict::settled_within);
}

/// How often the worse of two arms is called best within seven looks at 20, 40, ... pairs. Differences are normal with
/// sd 1; the second arm is better by `better_by`. `forgetful`: every look is judged as if it were the first.
std::int64_t wrong_verdicts(double better_by, double within, bool forgetful, std::int64_t runs) {
  constexpr std::size_t most = 20U << 6U;
  const Decision decision{0, true, within, 0.1};
  const NormalSampler normal(0, 1);
  std::int64_t wrong = 0;
  for (std::int64_t run = 0; run < runs; ++run) {
    Stream stream = Streams(7, static_cast<std::uint64_t>(run), 0).open(Purpose("stopping_test"), 0);
    std::vector<double> first(most, 0.0), second(most);
    for (double& value : second) value = better_by + normal(stream);
    for (std::uint64_t look = 0; look < 7; ++look) {
      const std::size_t n = 20U << look;
      const std::vector<std::span<const double>> arms{std::span(first).first(n), std::span(second).first(n)};
      const DecisionResult result = judge_look(arms, decision, forgetful ? 0 : look);
      if (result.verdict == Verdict::not_settled) continue;
      wrong += result.leader == 0 ? 1 : 0;
      break;
    }
  }
  return wrong;
}

TEST(JudgeLook, is_wrong_no_more_often_than_promised_over_all_looks) {
  constexpr std::int64_t runs = 4000;
  // The most wrong verdicts that a rule with exactly alpha = .1 gives, but for one time in a million.
  std::int64_t most = runs / 10;
  while (statistics::binomial_tails(most, runs, 0.1).at_least() > 1e-6) ++most;
  EXPECT_GT(wrong_verdicts(1e-9, 1e-12, true, runs), most);  // the check can fail: looks forgotten
  EXPECT_LT(wrong_verdicts(1e-9, 1e-12, false, runs), most);
  EXPECT_LT(wrong_verdicts(0.25, 0.2499, false, runs), most);  // "within": wrong by just more than declared
}

TEST(Decide, passes_over_variants_and_counts_looks) {
  test::CoinRun coin;
  coin.plan.to_a_rule = true;
  coin.plan.first_look = 50;
  coin.plan.most_draws = 6400;
  const Decision fewest{0, false, 0.01, 0.01};
  const OutcomeTable outcomes = coin.run(decision_rule(fewest, coin.plan.first_look));
  const DecisionResult result = decide(outcomes, fewest, coin.plan.first_look);
  EXPECT_EQ(result.verdict, Verdict::settled);
  EXPECT_EQ(result.leader, 1U);  // "helped"
  ASSERT_EQ(result.rivals.size(), 2U);
  EXPECT_EQ(result.rivals[0].arm, 0U);
  EXPECT_EQ(result.rivals[1].arm, 2U);
  EXPECT_EQ(result.draws, outcomes.draws());
  EXPECT_EQ(result.draws, std::uint64_t{50} << result.look);
  EXPECT_DOUBLE_EQ(result.rivals[0].lead, -outcomes.difference(1, 0).mean);
  EXPECT_NEAR(result.rivals[0].mc_error, outcomes.difference(1, 0).standard_error(), 1e-12);
}

}  // namespace
}  // namespace desist
