// Calibration against closed posteriors, and simulation-based calibration, each first shown to find a wrong sampler.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/random/inverse_normal.hpp"
#include "engine/random/samplers.hpp"
#include "engine/search/adjust.hpp"
#include "engine/search/predict.hpp"
#include "engine/search/sampling.hpp"
#include "tests/search/rank_bands.hpp"
#include "tests/search/toy_calibration.hpp"

namespace desist {
namespace {

using test::RankBands;
using test::ToyCalibration;

/// 4.9 standard errors: 1e-6 of the samplers that are right fail.
constexpr double far = 4.9;

/// The mean of particles against a law's; the error is of as many equal ones as they are worth.
bool mean_is(const std::vector<double>& values, const std::vector<double>& weights, double mean, double sd) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += weights[i] * values[i];
  return std::abs(sum - mean) < far * sd / std::sqrt(effective_size(weights));
}

struct Particles {
  std::vector<double> values, weights;
};
Particles first_parameter(const ToyCalibration& toy, Population Sampled::*which) {
  const ParameterDraws draws = toy.draws();
  const Attempts attempts(toy.asked, toy.model, toy.arms, draws, toy.window, toy.seed,
                          toy.asked.method == Calibration::Method::abc ? 1 : toy.asked.replicates);
  const Sampled sampled = toy.asked.method == Calibration::Method::abc
                              ? sample_abc(toy.asked, attempts, toy.control)
                              : sample_synthetic(toy.asked, attempts, toy.control);
  Particles particles;
  for (const auto& scores : (sampled.*which).scores) {
    std::vector<double> values(scores.size());
    attempts.values(scores, values);
    particles.values.push_back(values[0]);
  }
  particles.weights = (sampled.*which).weights;
  return particles;
}

// Beta(3.5, 7.5) before; 9 of 20 seen: Beta(12.5, 18.5) after. Counts are matched exactly. With 4,000 particles the
// standard error is about sd/50, so a mean that is wrong by a tenth of an sd is found.
TEST(CalibrateLaw, CountsGiveTheConjugatePosterior) {
  ToyCalibration toy = ToyCalibration::coin(9);
  toy.asked.particles = 4000;
  const double a = 12.5, b = 18.5, mean = a / (a + b);
  const double sd = std::sqrt(mean * (1 - mean) / (a + b + 1));
  const Particles after = first_parameter(toy, &Sampled::kept);
  EXPECT_TRUE(mean_is(after.values, after.weights, mean, sd));
  std::vector<double> squares;
  for (const double x : after.values) squares.push_back((x - mean) * (x - mean));
  const double kurtosis =
      3 + 6 * ((a - b) * (a - b) * (a + b + 1) - a * b * (a + b + 2)) / (a * b * (a + b + 2) * (a + b + 3));
  EXPECT_TRUE(mean_is(squares, after.weights, sd * sd, sd * sd * std::sqrt(kurtosis - 1)));
  // Wrong samplers that these checks find: the prior, and weights ignored.
  const Particles before = first_parameter(toy, &Sampled::prior);
  EXPECT_FALSE(mean_is(before.values, before.weights, mean, sd));
  const std::vector<double> equal(after.weights.size(), 1 / static_cast<double>(after.weights.size()));
  EXPECT_FALSE(mean_is(squares, equal, sd * sd, sd * sd * std::sqrt(kurtosis - 1)));
}

/// Whether new people of the coin are beta-binomial(20, a, b), and their scatter by chance binomial given the risk:
/// variance n E p(1 - p). Errors are of as many independent rows as `worth`. Of the squared difference of two futures,
/// halved, the variance is at most 3 x 5^2 - 4.66^2 (a normal's kurtosis, p = 1/2), its root 7.3: with 3,000 rows a
/// variance that is wrong by a seventh is found.
bool new_people_are_right(const TargetFit& fit, double a, double b, double worth) {
  const double n = 20, p = a / (a + b);
  const double by_chance = n * a * b / ((a + b) * (a + b + 1));
  const double variance = n * p * (1 - p) * (1 + (n - 1) / (a + b + 1));
  const double mean_off = std::abs(fit.afresh.mean - n * p), sd = std::sqrt(variance);
  // A beta-binomial of these has a kurtosis below 3.
  const double variance_off = std::abs(fit.afresh.sd * fit.afresh.sd - variance);
  const double chance_off = std::abs(fit.chance_sd * fit.chance_sd - by_chance);
  return mean_off < far * sd / std::sqrt(worth) && variance_off < far * variance * std::sqrt(2 / worth) &&
         chance_off < far * 7.3 / std::sqrt(worth);
}

TEST(CalibrateLaw, NewPeopleAreBetaBinomial) {
  ToyCalibration toy = ToyCalibration::coin(9);
  toy.asked.particles = 4000;
  const CalibrationResult found = toy.run();
  EXPECT_TRUE(new_people_are_right(found.targets[0], 12.5, 18.5, found.worth));
  EXPECT_LT(found.targets[0].after.sd, 1e-9);  // what was met: 9 in every kept attempt
  // Wrong ones that this finds: parameters as they were before, and the whole scatter taken for chance.
  const ParameterDraws draws = toy.draws();
  const Attempts afresh(toy.asked, toy.model, toy.arms, draws, toy.window, 77, futures_of_row);
  std::vector<std::vector<double>> before;
  for (int i = 0; i < 4000; ++i) before.push_back({inverse_normal((i + 0.5) / 4000)});
  std::vector<TargetFit> fits(1);
  ASSERT_TRUE(predict_afresh(toy.asked.targets, afresh, before, toy.control, fits));
  EXPECT_TRUE(new_people_are_right(fits[0], 3.5, 7.5, 4000));
  EXPECT_FALSE(new_people_are_right(fits[0], 12.5, 18.5, found.worth));
  TargetFit whole = found.targets[0];
  whole.chance_sd = whole.afresh.sd;
  EXPECT_FALSE(new_people_are_right(whole, 12.5, 18.5, found.worth));
}

// level = rate + 0.3 noise, rate uniform on (1, 9), 5 printed: normal(5, 0.3), 13 sd from either end.
TEST(CalibrateLaw, SyntheticLikelihoodGivesTheNormalPosterior) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.parameters[3].law = FixedLaw{0.3};
  toy.asked.method = Calibration::Method::synthetic;
  toy.asked.particles = 2000;
  toy.asked.replicates = 20;
  toy.target("level", test::level, 5);
  const Particles after = first_parameter(toy, &Sampled::kept);
  EXPECT_TRUE(mean_is(after.values, after.weights, 5, 0.3));
  std::vector<double> squares;
  for (const double x : after.values) squares.push_back((x - 5) * (x - 5));
  EXPECT_TRUE(mean_is(squares, after.weights, 0.09, 0.09 * std::sqrt(2.0)));
  const std::vector<double> equal(after.weights.size(), 1 / static_cast<double>(after.weights.size()));
  EXPECT_FALSE(mean_is(squares, equal, 0.09, 0.09 * std::sqrt(2.0)));
}

// The same by ABC within 0.5 of the prior predictive's sd, 1.2 either side: four times the posterior's sd. What bends
// the normal scores of a uniform range so near its middle adds less than a twentieth to the variance: 0.2 of an sd of
// the sum of squares of as many particles as are worth it.
TEST(CalibrateLaw, AdjustedByRegressionGivesTheNormalPosterior) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.parameters[3].law = FixedLaw{0.3};
  toy.asked.particles = 2000;
  toy.asked.tolerance = 0.5;
  toy.target("level", test::level, 5);
  const ParameterDraws draws = toy.draws();
  const Attempts attempts(toy.asked, toy.model, toy.arms, draws, toy.window, toy.seed, 1);
  const Sampled sampled = sample_abc(toy.asked, attempts, toy.control);
  const auto is_right = [&](const Population& kept) {
    std::vector<double> rates, squares;
    for (const auto& scores : kept.scores) {
      std::vector<double> values(scores.size());
      attempts.values(scores, values);
      rates.push_back(values[0]);
      squares.push_back((values[0] - 5) * (values[0] - 5));
    }
    return mean_is(rates, kept.weights, 5, 0.3) && mean_is(squares, kept.weights, 0.09, 0.09 * std::sqrt(2.0));
  };
  EXPECT_TRUE(is_right(adjusted_to_targets(toy.asked.targets, sampled.scales, sampled.tolerance, sampled.kept)));
  EXPECT_FALSE(is_right(sampled.kept));
}

// lognormal = exp(rate + 0.5 noise), exp(5) printed: normal(5, 0.5) if it is taken on the log scale.
TEST(CalibrateLaw, SyntheticLikelihoodOfASkewedFigureIsOnTheLogScale) {
  ToyCalibration toy = ToyCalibration::windowed();
  toy.parameters[3].law = FixedLaw{0.5};
  toy.asked.method = Calibration::Method::synthetic;
  toy.asked.particles = 2000;
  toy.target("lognormal", test::lognormal, std::exp(5.0));
  const Particles after = first_parameter(toy, &Sampled::kept);
  EXPECT_TRUE(mean_is(after.values, after.weights, 5, 0.5));
  const CalibrationResult found = toy.run();
  EXPECT_TRUE(found.targets[0].on_log_scale);
  EXPECT_NEAR(found.targets[0].skewness, 0, 0.2);
}

enum class Sampler { as_it_is, proposal_forgotten, no_kernel_draw, adjusted, adjusted_away };

/// As adjusted_to_targets; or as far away from the figure.
Population adjusted(Sampler how, const Calibration& asked, const Sampled& sampled) {
  Population moved = adjusted_to_targets(asked.targets, sampled.scales, sampled.tolerance, sampled.kept);
  if (how == Sampler::adjusted) return moved;
  for (std::size_t i = 0; i < moved.size(); ++i)
    for (std::size_t k = 0; k < 2; ++k) moved.scores[i][k] = 2 * sampled.kept.scores[i][k] - moved.scores[i][k];
  return moved;
}

/// Ranks of true rates and others among draws of their posteriors (Talts et al. 2018): level = rate + noise is printed
/// with one draw of the kernel's error, and nothing tells of `other`. What is adjusted is held against the figure
/// itself.
std::vector<std::vector<int>> ranks_of(Sampler sampler, int tries, int draws_each, double tolerance) {
  std::vector<std::vector<int>> ranks(2);
  for (int i = 0; i < tries; ++i) {
    ToyCalibration toy = ToyCalibration::windowed();
    toy.parameters[3].law = FixedLaw{0.5};
    toy.seed = 1000 + static_cast<std::uint64_t>(i);
    toy.asked.informed = {0, 2};
    toy.asked.particles = 200;
    toy.asked.tolerance = tolerance;
    Stream luck = Streams(toy.seed, 0, 0).open(Purpose("truth"), 0);
    const double rate = 1 + 8 * uniform(luck()), other = 1 + 8 * uniform(luck());
    Target& target = toy.target("level", test::level, rate + 0.5 * inverse_normal(uniform(luck())));
    const ParameterDraws draws = toy.draws();
    const Attempts attempts(toy.asked, toy.model, toy.arms, draws, toy.window, toy.seed, 1);
    const bool adjusts = sampler >= Sampler::adjusted;
    if (sampler != Sampler::no_kernel_draw && !adjusts) {
      Calibration prior_alone = toy.asked;
      prior_alone.tolerance = std::numeric_limits<double>::infinity();
      const double scale = sample_abc(prior_alone, attempts, toy.control).scales[0];
      target.low = target.high = target.low + tolerance * scale * (2 * uniform(luck()) - 1);
    }
    const Sampled sampled = sample_abc(toy.asked, attempts, toy.control);
    EXPECT_EQ(sampled.stopped, CalibrationResult::Stopped::reached);
    const Population kept = adjusts ? adjusted(sampler, toy.asked, sampled) : sampled.kept;
    std::vector<double> weights = kept.weights;
    if (sampler == Sampler::proposal_forgotten)  // the prior alone, not the prior over the proposal
      for (std::size_t k = 0; k < weights.size(); ++k) weights[k] = std::exp(log_prior(kept.scores[k]));
    const CategoricalSampler choose(weights);
    std::vector<int> below(2, 0);
    for (int d = 0; d < draws_each; ++d) {
      std::vector<double> values(2);
      attempts.values(kept.scores[choose(luck())], values);
      below[0] += values[0] < rate ? 1 : 0;
      below[1] += values[1] < other ? 1 : 0;
    }
    for (std::size_t p = 0; p < 2; ++p) ranks[p].push_back(below[p]);
  }
  return ranks;
}

TEST(CalibrateLaw, RanksOfTheTruthAreUniform) {
  constexpr int tries = 400, draws = 19;
  const RankBands bands(draws + 1, tries);
  const auto ranks = ranks_of(Sampler::as_it_is, tries, draws, 0.4);
  EXPECT_TRUE(bands.hold(ranks[0]));
  EXPECT_TRUE(bands.hold(ranks[1]));
}

TEST(CalibrateLaw, RanksFindASamplerThatForgetsItsProposal) {
  // The prior twice: `other` has half its variance or little more, so a tenth of truths are below the lowest twentieth.
  constexpr int tries = 300, draws = 99, groups = 20;
  auto ranks = ranks_of(Sampler::proposal_forgotten, tries, draws, 0.4);
  for (int& rank : ranks[1]) rank /= (draws + 1) / groups;
  EXPECT_FALSE(RankBands(groups, tries).hold(ranks[1]));
}

// Adjusted, what is kept is held against the figure as it was simulated: the tolerance is gone. At 0.4 it makes the
// posterior half as wide again as it is.
TEST(CalibrateLaw, RanksOfTheTruthAreUniformWhenAdjusted) {
  constexpr int tries = 400, draws = 19;
  const RankBands bands(draws + 1, tries);
  const auto ranks = ranks_of(Sampler::adjusted, tries, draws, 0.4);
  EXPECT_TRUE(bands.hold(ranks[0]));
  EXPECT_TRUE(bands.hold(ranks[1]));
}

TEST(CalibrateLaw, RanksFindAWrongAdjustment) {
  constexpr int tries = 400, draws = 19;
  const RankBands bands(draws + 1, tries);
  EXPECT_FALSE(bands.hold(ranks_of(Sampler::no_kernel_draw, tries, draws, 0.8)[0]));  // none
  EXPECT_FALSE(bands.hold(ranks_of(Sampler::adjusted_away, tries, draws, 0.4)[0]));
}

// The figure held against the model has the kernel's error too: without it a correct program looks too wide.
TEST(CalibrateLaw, RanksFindAFigureWithoutTheKernelsError) {
  constexpr int tries = 400, draws = 19;
  const auto ranks = ranks_of(Sampler::no_kernel_draw, tries, draws, 1.0);
  EXPECT_FALSE(RankBands(draws + 1, tries).hold(ranks[0]));
}

}  // namespace
}  // namespace desist
