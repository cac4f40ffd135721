// Errors of an appraisal and of estimates on what was learnt from targets: the kept sets are fewer than the draws.
//
// Over S seeds the mean stated error by the scatter of the estimates has error 1/sqrt(2 S): with 400 seeds 3.5%, so
// that beyond 18% is a false alarm of 1e-6 with a bias of 1%. The error of independent draws, and that of draws which
// hang on their set alone, are shown to fail the same check.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/estimation/appraisal/draw_units.hpp"
#include "engine/estimation/estimates.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/simulation/simulate.hpp"
#include "tests/estimation/appraisal_case.hpp"
#include "tests/search/toy_calibration.hpp"

namespace desist::test {
namespace {

using Role = Flow::Role;

/// Estimates and stated errors over seeds.
class Scatter {
 public:
  void add(double value, double error) {
    values_.push_back(value);
    errors_ += error;
  }
  double ratio() const {
    const auto count = static_cast<double>(values_.size());
    double sum = 0, squares = 0;
    for (const double value : values_) sum += value;
    for (const double value : values_) squares += (value - sum / count) * (value - sum / count);
    return errors_ / count / std::sqrt(squares / (count - 1));
  }

 private:
  std::vector<double> values_;
  double errors_ = 0;
};

constexpr int seeds = 400;
constexpr double allowed = 0.18;
constexpr std::uint64_t draws = 400, particles = 100;

/// What 100 people save at a price that nobody learnt about, the risk being Beta(12.5, 18.5) by calibration: half of
/// the variance is between sets (relative variances .046 and .047).
AppraisalCase learnt_case(std::uint64_t seed) {
  ToyCalibration toy = ToyCalibration::coin(9);
  toy.asked.particles = particles;
  toy.seed = seed;
  AppraisalCase made;
  made.seed = seed;
  made.draws = draws;
  made.posteriors = {toy.run().posterior};
  const auto sent = made.figure("sent", {FixedLaw{0}, FixedLaw{100}});
  const auto risk = made.figure("risk", {PosteriorLaw{0, 0}}, "share");
  const auto price = made.figure("price", {UniformLaw{25, 55}});
  made.flow(Role::programme_cost, input(sent), number(16));
  made.flow(Role::benefit, input(sent) * input(risk), input(price));
  BreakEven asked;
  asked.input = price;
  made.appraisal.break_evens = {asked};
  return made;
}

TEST(SharedSets, ErrorsAreTheScatterOfCalibrationsAndAppraisals) {
  Scatter net, independent, of_sets_alone, chance, ratio, root;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const AppraisalCase made = learnt_case(seed);
    const double worth = made.posteriors[0].worth;
    ASSERT_GT(worth, 0);
    ASSERT_LE(worth, particles);
    const AppraisalResult result = made.run();
    const ArmValue& value = result.arms[0];
    net.add(value.npv.mean, value.npv.mc_error);
    chance.add(value.chance_pays, value.chance_error);
    ratio.add(value.bcr->mean, value.bcr->mc_error);
    root.add(*result.break_evens[0].value, result.break_evens[0].value_error);
    AppraisalCase as_if = made;  // each draw a set of its own
    as_if.posteriors[0].worth = 1e12;
    const double alone = as_if.run().arms[0].npv.mc_error;
    independent.add(value.npv.mean, alone);
    of_sets_alone.add(value.npv.mean, alone * std::sqrt(1 + static_cast<double>(draws) / worth));
  }
  EXPECT_NEAR(net.ratio(), 1, allowed);
  EXPECT_NEAR(chance.ratio(), 1, allowed);
  EXPECT_NEAR(ratio.ratio(), 1, allowed);
  EXPECT_NEAR(root.ratio(), 1, allowed);
  EXPECT_LT(independent.ratio(), 1 - allowed);
  EXPECT_GT(of_sets_alone.ratio(), 1 + allowed);
}

// Means and chances of what is simulated on them, too: of 20 people the risk explains two fifths of the variance.
TEST(SharedSets, ErrorsOfEstimatesAreTheScatterOfCalibrationsAndRuns) {
  Scatter mean, chance, independent, week, independent_week;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    ToyCalibration toy = ToyCalibration::coin(9);
    toy.asked.particles = particles;
    toy.seed = seed;
    const ParameterDraws learnt = informed_draws(toy.draws(), toy.asked, toy.run().posterior);
    Plan plan;
    plan.seed = seed;
    plan.draws = draws;
    plan.replicates_per_draw = 1;
    const OutcomeTable outcomes = simulate(toy.model, toy.arms, learnt, toy.window, plan, {}, toy.control);
    const EstimateTable table = estimate({}, learnt, outcomes, toy.window);
    const EstimateRow* reoffenders = table.find("as_it_is", "reoffenders", "", "mean");
    const EstimateRow* any = table.find("as_it_is", "any", "", "chance");
    ASSERT_TRUE(reoffenders != nullptr && any != nullptr);
    mean.add(reoffenders->estimate, reoffenders->mc_error);
    independent.add(reoffenders->estimate, outcomes.moments(0, 0).standard_error());
    chance.add(any->estimate, any->mc_error);
    const SeriesRow& last = table.series.at(outcomes.weeks() - 1);
    week.add(last.mean, last.mc_error);
    independent_week.add(last.mean, outcomes.series_moments(0, 0, outcomes.weeks()).standard_error());
  }
  EXPECT_NEAR(mean.ratio(), 1, allowed);
  EXPECT_LT(independent.ratio(), 1 - allowed);
  EXPECT_GT(chance.ratio(), 1 - allowed);  // nearly always some reoffend: of all draws the error is an upper limit
  EXPECT_GT(week.ratio(), 1 - allowed);    // an upper limit too: no means of weeks are kept by draw
  EXPECT_LT(independent_week.ratio(), 1 - allowed);
}

/// `level` = rate + noise, rate of 100 kept sets of a standard normal law and the noise standard normal.
OutcomeTable run_on_sets(std::uint64_t seed, bool keeps_values, ParameterDraws& learnt) {
  ToyCalibration toy = ToyCalibration::windowed();
  Posterior kept;
  kept.name = "kept";
  kept.columns = {{"rate", std::monostate(), ""}};
  for (std::uint64_t set = 0; set < particles; ++set)
    kept.rows.push_back(inverse_normal(uniform(Streams(seed, set, 0).words(Purpose("kept sets"), 0)[0])));
  toy.parameters[0].law = PosteriorLaw{0, 0};
  toy.parameters[3].law = FixedLaw{1};
  learnt = ParameterDraws(toy.parameters, {}, {kept}, seed);
  Plan plan;
  plan.seed = seed;
  plan.draws = plan.first_look = draws;
  plan.replicates_per_draw = 1;
  plan.to_a_rule = !keeps_values;  // a plan that may need more replicates counts them in buckets
  plan.most_draws = 70000;
  return simulate(
      toy.model, toy.arms, learnt, toy.window, plan, [](const OutcomeTable&) { return true; }, toy.control);
}

TEST(SharedSets, ErrorsOfQuantilesAreTheScatterOfSetsAndRuns) {
  for (const bool keeps_values : {true, false}) {
    SCOPED_TRACE(keeps_values ? "every value kept" : "counted in buckets");
    for (const double q : {0.5, 0.9}) {
      Scatter counted, independent;
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        ParameterDraws learnt;
        const OutcomeTable outcomes = run_on_sets(seed, keeps_values, learnt);
        ASSERT_EQ(outcomes.draws(), draws);
        const EstimateTable table = estimate({}, learnt, outcomes, Window{Date{19600}, Date{19600 + 70}});
        const EstimateRow* row = table.find("as_it_is", "level", "", q == 0.5 ? "quantile 0.5" : "quantile 0.9");
        ASSERT_NE(row, nullptr);
        counted.add(row->estimate, row->mc_error);
        independent.add(row->estimate, outcomes.quantile(0, level, q).standard_error);
      }
      EXPECT_LT(independent.ratio(), 1 - allowed);
      EXPECT_GT(counted.ratio(), 1 - allowed);
      if (keeps_values) {  // else it is an upper limit: what draws share is known of the outcome alone
        EXPECT_LT(counted.ratio(), 1 + allowed);
      }
    }
  }
}

// By its definition: the mean product of two draws of one set, each less the mean of all.
TEST(SharedSets, BetweenIsTheMeanProductOfPairs) {
  const std::vector<std::uint32_t> sets{0, 1, 0, 2, 1, 0, 4};
  const std::vector<double> values{3, 9, 4, 1, 7, 2, 6};
  const double mean = 32.0 / 7;
  double products = 0;
  int pairs = 0;
  for (std::size_t a = 0; a < sets.size(); ++a)
    for (std::size_t b = 0; b < sets.size(); ++b)
      if (a != b && sets[a] == sets[b]) {
        products += (values[a] - mean) * (values[b] - mean);
        ++pairs;
      }
  EXPECT_EQ(pairs, 8);
  EXPECT_NEAR(StoredSets(sets, 5).between(DrawColumn(values)), products / pairs, 1e-12);
  // No two draws of one set: it may be all of the variance.
  const StoredSets apart({0, 1, 2}, 3);
  EXPECT_DOUBLE_EQ(apart.between(DrawColumn(std::vector<double>{1, 2, 6})), 14.0 / 3);
  // What every draw has alike is in no set.
  EXPECT_EQ(StoredSets(sets, 5).between(DrawColumn(2.0)), 0);
  const DrawUnits units(7, {StoredSets(sets, 5)});
  EXPECT_NEAR(units.with_sets(2, DrawColumn(values)), std::sqrt(4 + products / pairs / 5), 1e-12);
  EXPECT_NEAR(units.fewest_worth(), 1 / (1 / 7.0 + 1 / 5.0), 1e-12);
}

// All draws pay: as many sets as there may be independent ones say so, 100 at the most, not 400 draws.
TEST(SharedSets, AllDrawsAreNoMoreSureThanTheSets) {
  AppraisalCase made = learnt_case(1);
  made.appraisal.flows.front().each = number(0.01);
  const ArmValue value = made.run().arms[0];
  EXPECT_EQ(value.chance_pays, 1);
  const double limit = 1 - std::pow(0.025, 1 / 80.0);  // of 400 draws and 100 sets
  EXPECT_GE(value.chance_error, limit / 1.96 * 0.999);
  made.posteriors[0].worth = 1e12;
  EXPECT_LT(made.run().arms[0].chance_error, limit / 1.96 / 4);
}

}  // namespace
}  // namespace desist::test
