// Calibration: what is fixed and what is not is said so, numbers depend on nothing but the seed, bad requests are
// refused.
#include "engine/search/calibrate.hpp"

#include <gtest/gtest.h>

#include "engine/random/inverse_normal.hpp"
#include "engine/search/population.hpp"
#include "tests/search/toy_calibration.hpp"

namespace desist {
namespace {

using test::ToyCalibration;
using Stopped = CalibrationResult::Stopped;

// Of 1 to 1000 the quantiles .025 -+ sqrt(.025 x .975/1000) are the 21st and the 30th; of a tenth of them the step is
// sqrt(10) times as long.
TEST(Calibrate, EndsOfARangeAreKnownToWhatParticlesAreWorth) {
  std::vector<double> values, equal(1000, 0.001);
  for (int i = 1; i <= 1000; ++i) values.push_back(i);
  const SpreadOf known = spread_of(values, equal);
  EXPECT_EQ(known.low, 25);
  EXPECT_EQ(known.low_error, 4.5);
  EXPECT_EQ(known.high_error, 4.5);  // the 971st and the 980th
  EXPECT_EQ(known.inner_low, 100);
  EXPECT_EQ(known.inner_high, 900);
  std::vector<double> few(1000, 0);
  for (std::size_t i = 4; i < 1000; i += 10) few[i] = 0.01;  // 5, 15, ..., 995
  const SpreadOf less = spread_of(values, few);
  EXPECT_EQ(less.low, 25);
  EXPECT_EQ(less.low_error, 20);  // .025 -+ .0156: the 1st and the 5th of 100, 5 and 45
}

TEST(Calibrate, ARidgeIsFoundAndNeitherOfItsPartsIsIdentified) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("seen", test::seen, 9);  // any rate from 1 to 9 has a window from 1 to 9
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::reached);
  ASSERT_EQ(found.parameters.size(), 3u);
  for (const ParameterFit& fit : found.parameters) {
    EXPECT_FALSE(fit.is_identified()) << fit.parameter;
    EXPECT_EQ(fit.profile.size(), 10u);
    EXPECT_EQ(fit.profile_at.front(), 1.4);
  }
  EXPECT_FALSE(found.parameters[2].is_informed());
  EXPECT_NEAR(found.parameters[2].contraction, 0, 0.1);
  ASSERT_EQ(found.combinations.size(), 1u);
  const Combination& ridge = found.combinations.front();
  EXPECT_EQ(ridge.fits, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(ridge.powers, (std::vector<int>{1, 1}));
  EXPECT_GT(ridge.contraction, 0.5);
  EXPECT_GT(ridge.middle, 7);
  EXPECT_LT(ridge.middle, 11);
  ASSERT_EQ(found.directions.size(), 3u);
  EXPECT_GT(found.directions[0].contraction, found.directions[1].contraction);
  EXPECT_GT(found.directions[0].loadings[0] * found.directions[0].loadings[1], 0.25);
  EXPECT_LT(std::abs(found.directions[0].loadings[2]), 0.2);
}

TEST(Calibrate, ASecondFigureTellsThePartsApart) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("seen", test::seen, 9);
  toy.target("level", test::level, 3);
  toy.asked.tolerance = 0.05;
  toy.asked.leave_one_out = true;
  const CalibrationResult found = toy.run();
  EXPECT_TRUE(found.parameters[0].is_identified());
  EXPECT_TRUE(found.parameters[1].is_identified());
  EXPECT_FALSE(found.parameters[2].is_identified());
  EXPECT_NEAR(found.parameters[0].after.middle, 3, 0.15);
  EXPECT_NEAR(found.parameters[1].after.middle, 3, 0.5);
  EXPECT_GT(found.parameters[0].contraction, 0.8);
  // Without the level nothing tells the rate from the window; without what is seen nothing tells of the window.
  ASSERT_EQ(found.targets[1].taught.size(), 3u);
  EXPECT_GT(found.targets[1].taught[0], 0.4);
  EXPECT_GT(found.targets[0].taught[1], 0.4);
  EXPECT_NEAR(found.targets[0].taught[0], 0, 0.1);
  ASSERT_TRUE(found.targets[0].left_out);
  EXPECT_LT(found.targets[0].left_out->low, 9);
  EXPECT_GT(found.targets[0].left_out->high, 9);
}

// seen / level = window, whatever the rate; a figure over one that is 0 or less has no value.
TEST(Calibrate, ARatioTellsWhatItsPartsDoNot) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("ratio", test::seen, 4).over = test::level;
  toy.asked.tolerance = 0.02;
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::reached);
  EXPECT_LT(found.parameters[0].contraction, 0.1);
  EXPECT_NEAR(found.parameters[1].after.middle, 4, 0.1);
  EXPECT_GT(found.parameters[1].contraction, 0.9);
  ToyCalibration none = ToyCalibration::windowed();
  none.target("ratio", test::seen, 4).over = test::luck;  // of standard normal luck half is below 0
  none.asked.tolerance = 100;
  const CalibrationResult positive = none.run();
  EXPECT_EQ(positive.stopped, Stopped::reached);
  EXPECT_GT(positive.targets[0].after.low, 0);
  EXPECT_TRUE(std::isfinite(positive.targets[0].after.high));
}

TEST(Calibrate, AHeldOutFigureIsPredictedAndTeachesNothing) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("level", test::level, 3);
  toy.target("seen", test::seen, 40).fitted = false;
  toy.asked.tolerance = 0.02;
  const CalibrationResult found = toy.run();
  EXPECT_LT(found.parameters[1].contraction, 0.1);
  // 3 x a window from 1 to 9: at most about 27.
  EXPECT_EQ(found.targets[1].chance_below, 1);
  EXPECT_EQ(found.targets[1].chance_above, 0);
  EXPECT_NEAR(found.targets[1].after.middle, 15, 1.5);
  EXPECT_FALSE(found.targets[1].left_out);
}

// level = rate + noise: met to within little, and new people scatter by the noise alone. 400 rows of two futures give a
// standard deviation of 0.5 to 1/sqrt(800), the sd by chance to 1/sqrt(2 x 400): 4.9 of them are 0.12.
TEST(Calibrate, NewPeopleScatterWhereTheFiguresWereMet) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.parameters[3].law = FixedLaw{0.5};
  toy.asked.tolerance = 0.02;
  toy.target("level", test::level, 5);
  toy.target("still", test::still, 4).fitted = false;
  const CalibrationResult found = toy.run();
  EXPECT_LT(found.targets[0].after.sd, 0.1);  // what was met
  EXPECT_NEAR(found.targets[0].chance_sd, 0.5, 0.0866);
  EXPECT_GT(found.targets[0].afresh.sd, 0.55);  // sqrt(2) x 0.5: what is not known of the rate is as wide
  EXPECT_NEAR(found.targets[0].afresh_below + found.targets[0].afresh_above, 1, 1e-12);
  EXPECT_EQ(found.targets[1].chance_sd, 0);
  EXPECT_EQ(found.targets[1].afresh.middle, 3);
  EXPECT_EQ(found.targets[1].afresh_below, 1);
}

TEST(Calibrate, APrintedRangeIsMetAnywhereInside) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("level", test::level, 3, 5);
  toy.asked.tolerance = 0;
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::reached);
  EXPECT_EQ(found.tolerance, 0);
  EXPECT_NEAR(found.parameters[0].after.low, 3, 0.1);
  EXPECT_NEAR(found.parameters[0].after.high, 5, 0.1);
  EXPECT_NEAR(found.parameters[0].after.sd, 2 / std::sqrt(12.0), 0.06);
}

TEST(Calibrate, ThePosteriorAloneIsTheSame) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("level", test::level, 40).fitted = false;
  toy.target("seen", test::seen, 9);
  toy.target("luck", test::luck, 1).fitted = false;
  toy.arms.push_back(toy.arms.front());
  toy.asked.targets.back().arm = 1;
  toy.asked.adjust = Calibration::Adjust::regression;
  const CalibrationResult whole = toy.run();
  const auto alone = learn_posterior(toy.asked, toy.model, toy.arms, toy.draws(), toy.window, toy.control, "toy");
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->rows, whole.posterior.rows);
  EXPECT_EQ(alone->worth, whole.posterior.worth);
  EXPECT_EQ(alone->columns.size(), 3u);
  toy.asked.targets.clear();
  EXPECT_THROW(learn_posterior(toy.asked, toy.model, toy.arms, toy.draws(), toy.window, toy.control, "toy"),
               std::invalid_argument);
}

TEST(Calibrate, ThreadsChangeNothing) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("seen", test::seen, 9);
  toy.target("level", test::level, 3);
  toy.asked.leave_one_out = true;
  toy.control.threads = 1;
  const CalibrationResult one = toy.run();
  toy.control.threads = 2;
  const CalibrationResult two = toy.run();
  toy.control.threads = 5;
  const CalibrationResult five = toy.run();
  for (const CalibrationResult* other : {&two, &five}) {
    EXPECT_EQ(one.posterior.rows, other->posterior.rows);
    EXPECT_EQ(one.targets[0].afresh.sd, other->targets[0].afresh.sd);
    EXPECT_EQ(one.targets[0].chance_sd, other->targets[0].chance_sd);
    EXPECT_EQ(one.attempts, other->attempts);
    ASSERT_EQ(one.generations.size(), other->generations.size());
    for (std::size_t g = 0; g < one.generations.size(); ++g) {
      EXPECT_EQ(one.generations[g].tolerance, other->generations[g].tolerance);
      EXPECT_EQ(one.generations[g].attempts, other->generations[g].attempts);
      EXPECT_EQ(one.generations[g].effective, other->generations[g].effective);
    }
    for (std::size_t p = 0; p < one.parameters.size(); ++p)
      EXPECT_EQ(one.parameters[p].profile, other->parameters[p].profile);
    EXPECT_EQ(one.targets[0].taught, other->targets[0].taught);
  }
}

TEST(Calibrate, AnotherSeedIsOtherLuck) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("seen", test::seen, 9);
  const CalibrationResult one = toy.run();
  toy.seed = 6;
  EXPECT_NE(one.posterior.rows, toy.run().posterior.rows);
}

TEST(Calibrate, StopsWhereCountsComeNoNearer) {
  ToyCalibration toy = ToyCalibration::coin(9.4);  // no count is
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::lattice);
  EXPECT_NEAR(found.tolerance * found.targets[0].scale, 0.4, 1e-9);
}

TEST(Calibrate, GivesUpAGenerationThatIsSeldomMet) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("luck", test::luck, 5);
  toy.asked.tolerance = 0;
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::few);
  EXPECT_GT(found.tolerance, 0);
  EXPECT_EQ(found.posterior.rows.size(), 3u * 400);
  toy.asked.most_attempts = 2000;
  const CalibrationResult sooner = toy.run();
  EXPECT_EQ(sooner.stopped, Stopped::attempts);
  EXPECT_GT(sooner.tolerance, found.tolerance);
}

TEST(Calibrate, WhatNeverHasAValueIsNotMet) {
  for (const std::size_t outcome : {test::never, test::still}) {
    ToyCalibration toy = ToyCalibration::windowed();
    toy.target("absent", outcome, 5);
    const CalibrationResult found = toy.run();
    EXPECT_EQ(found.stopped, Stopped::lattice);
    EXPECT_TRUE(std::isinf(found.tolerance));
    EXPECT_EQ(found.generations.size(), 1u);
  }
}

// A mixture's density at a particle is that particle's own part, the same for all, and the others'.
TEST(Kernel, LeavesAParticlesOwnPartOut) {
  Population particles;
  Stream luck = Streams(3, 0, 0).open(Purpose("particles"), 0);
  for (int i = 0; i < 50; ++i) {
    particles.scores.push_back({inverse_normal(uniform(luck())), 2 * inverse_normal(uniform(luck()))});
    particles.weights.push_back(uniform(luck()));
  }
  double sum = 0;
  for (const double weight : particles.weights) sum += weight;
  for (double& weight : particles.weights) weight /= sum;
  const Kernel kernel(particles);
  std::vector<double> own;
  for (std::size_t i = 0; i < particles.size(); ++i) {
    const double weight = particles.weights[i];
    const double all = std::exp(kernel.log_density(particles.scores[i]));
    own.push_back((all - (1 - weight) * std::exp(kernel.log_density(particles.scores[i], i))) / weight);
  }
  for (const double each : own) EXPECT_NEAR(each, own.front(), 1e-9 * own.front());
  // It is a density, as the prior is: on a grid of squares of 0.2 both add up to 2 pi over 0.04.
  double mixture = 0, prior = 0;
  for (double x = -14; x < 14; x += 0.2)
    for (double y = -14; y < 14; y += 0.2) {
      mixture += std::exp(kernel.log_density(std::vector<double>{x, y})) * 0.04;
      prior += std::exp(log_prior(std::vector<double>{x, y})) * 0.04;
    }
  EXPECT_NEAR(mixture, prior, 1e-6 * prior);
}

TEST(Calibrate, AskedToStopLeavesNothing) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("seen", test::seen, 9);
  const StopFlag stop{true};
  toy.control.stop = &stop;
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.stopped, Stopped::interrupted);
  EXPECT_TRUE(found.posterior.rows.empty());
}

TEST(Calibrate, CorrelatedParametersKeepTheirCorrelationWhereNothingIsLearnt) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.correlations = {{{0, 1}, {1, 0.8, 0.8, 1}}};
  toy.target("luck", test::luck, 0);
  const CalibrationResult found = toy.run();
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < found.posterior.rows.size(); i += 3) {
    const double x = found.posterior.rows[i] - 5, y = found.posterior.rows[i + 1] - 5;
    xy += x * y;
    xx += x * x;
    yy += y * y;
  }
  // Rank correlation of a Gaussian copula: 6/pi asin(r/2) = 0.786.
  EXPECT_NEAR(xy / std::sqrt(xx * yy), 0.786, 0.12);
}

TEST(Calibrate, PosteriorTakesThePlaceOfTheLaws) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.asked.informed = {0};
  toy.target("level", test::level, 3);
  toy.asked.tolerance = 0.01;
  const CalibrationResult found = toy.run();
  EXPECT_EQ(found.posterior.name, "toy");
  ASSERT_EQ(found.posterior.columns.size(), 1u);
  EXPECT_EQ(found.posterior.columns[0].name, "rate");
  const ParameterDraws before = toy.draws(), after = informed_draws(before, toy.asked, found.posterior);
  for (std::uint64_t d = 0; d < 20; ++d) {
    EXPECT_NEAR(after.row(d)[0], 3, 0.3);
    EXPECT_EQ(after.row(d)[1], before.row(d)[1]);  // what is not informed keeps its law and its stream
  }
}

// What a bad request says.
TEST(Calibrate, RefusesWhatCanNotBeCalibrated) {
  const auto why = [](ToyCalibration& toy) -> std::string {
    try {
      toy.run();
    } catch (const std::invalid_argument& problem) {
      return problem.what();
    }
    return "nothing";
  };
  const auto toy = [] {
    ToyCalibration made = ToyCalibration::windowed();
    made.target("seen", test::seen, 9);
    return made;
  };
  ToyCalibration none = toy();
  none.asked.informed.clear();
  EXPECT_EQ(why(none), "a calibration needs an uncertain parameter");
  ToyCalibration fixed = toy();
  fixed.asked.informed = {3};
  EXPECT_EQ(why(fixed), "'noise' has no range of its own for targets to inform");
  ToyCalibration few = toy();
  few.asked.particles = 99;
  EXPECT_EQ(why(few), "a calibration needs 100 particles or more");
  ToyCalibration held_out = toy();
  held_out.asked.targets[0].fitted = false;
  EXPECT_EQ(why(held_out), "a calibration needs a target that is fitted");
  ToyCalibration half = toy();
  half.correlations = {{{0, 1}, {1, 0.8, 0.8, 1}}};
  half.asked.informed = {0, 2};
  EXPECT_EQ(why(half), "correlated parameters are informed together or not at all");
  ToyCalibration range = toy();
  range.asked.method = Calibration::Method::synthetic;
  range.asked.targets[0].high = 10;
  EXPECT_EQ(why(range), "the target 'seen' is a range, which has no normal density");
  ToyCalibration replicates = toy();
  replicates.asked.method = Calibration::Method::synthetic;
  replicates.asked.replicates = 5;
  EXPECT_EQ(why(replicates), "a synthetic likelihood needs more replicates than targets");
}

}  // namespace
}  // namespace desist
