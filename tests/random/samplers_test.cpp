// Samplers against their laws, with checks that are first shown to fail; distributions against closed forms.
#include "engine/random/samplers.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "engine/random/distributions.hpp"
#include "engine/random/inverse_normal.hpp"
#include "tests/random/checks.hpp"

namespace desist {
namespace {

constexpr Purpose purpose("samplers_test");

// One variate from each of many streams: what a model does.
std::vector<double> drawn(const std::function<double(Stream&)>& sample, std::size_t n = enough_draws) {
  const Streams streams(20231218, 0, 0);
  std::vector<double> sample_of(n);
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream = streams.open(purpose, i);
    sample_of[i] = sample(stream);
  }
  return sample_of;
}

struct Law {
  double mean;
  double standard_deviation;
  std::function<double(double)> cdf;
};

// The mean within 4.9 standard errors (a bias of a hundredth of a standard deviation is found) and the shape in 128
// cells.
void expect_law(const std::vector<double>& sample, const Law& law) {
  EXPECT_LT(std::abs(distance_of_mean(sample, law.mean, law.standard_deviation)), two_sided_limit);
  EXPECT_GT(fit_p(sample, law.cdf), false_alarm);
}

Law exponential(double rate) {
  return {1 / rate, 1 / rate, [rate](double x) { return -std::expm1(-rate * x); }};
}
Law normal(double mean, double sd) {
  return {mean, sd,
          [=](double x) { return 0.5 * boost::math::erfc((mean - x) / (sd * std::sqrt(2.0)), BoostPolicy()); }};
}
Law gamma(double shape, double scale) {
  return {shape * scale, std::sqrt(shape) * scale,
          [=](double x) { return boost::math::gamma_p(shape, x / scale, BoostPolicy()); }};
}
Law beta(double a, double b) {
  return {a / (a + b), std::sqrt(a * b / (a + b + 1)) / (a + b),
          [=](double x) { return boost::math::ibeta(a, b, x, BoostPolicy()); }};
}

TEST(Samplers, Clock_is_exponential) {
  const ExponentialClock ring(0.4);
  expect_law(drawn([&](Stream& s) { return ring(s()); }), exponential(0.4));
  EXPECT_EQ(ExponentialClock(0)(1), std::numeric_limits<double>::infinity());
}

TEST(Samplers, Exponential_ziggurat) {
  const ExponentialSampler sample_wait(0.4);
  expect_law(drawn(sample_wait), exponential(0.4));
}

TEST(Samplers, Normal_ziggurat) {
  const NormalSampler sample_age(35, 11);
  expect_law(drawn(sample_age), normal(35, 11));
}

TEST(Samplers, Gamma_of_any_shape) {
  for (const double shape : {0.05, 0.5, 1.0, 2.7, 150.0}) {
    const GammaSampler sample_frailty(shape, 1.5);
    SCOPED_TRACE(shape);
    expect_law(drawn(sample_frailty), gamma(shape, 1.5));
  }
}

TEST(Samplers, Beta_of_any_shapes) {
  for (const auto& [a, b] : {std::pair{8.5, 62.5}, {0.5, 0.5}, {0.2, 3.0}, {40.0, 0.7}}) {
    const BetaSampler sample_share(a, b);
    SCOPED_TRACE(a);
    expect_law(drawn(sample_share), beta(a, b));
  }
}

TEST(Samplers, Beta_of_tiny_shapes_is_a_coin) {
  const BetaSampler sample_share(1e-9, 3e-9);
  std::vector<double> high;
  for (const double x : drawn(sample_share)) {
    ASSERT_TRUE(x >= 0 && x <= 1);
    high.push_back(x > 0.5 ? 1 : 0);
  }
  EXPECT_LT(std::abs(distance_of_mean(high, 0.25, std::sqrt(0.25 * 0.75))), two_sided_limit);
}

TEST(Samplers, The_checks_find_wrong_samplers) {
  const NormalSampler biased(0.01, 1);
  const NormalSampler wide(0, 1.02);
  const Law law = normal(0, 1);
  EXPECT_GT(std::abs(distance_of_mean(drawn(biased), 0, 1)), two_sided_limit);
  EXPECT_LT(fit_p(drawn(wide), law.cdf), false_alarm);
  // A shape below 1 without its boost, and a stream that all entities share.
  const GammaSampler unboosted(1.5, 1);
  EXPECT_LT(fit_p(drawn(unboosted), gamma(0.5, 1).cdf), false_alarm);
  const NormalSampler sample_standard(0, 1);
  const auto shared = drawn([&](Stream&) {
    Stream one(Words{1, 2});
    return sample_standard(one);
  });
  EXPECT_LT(fit_p(shared, law.cdf), false_alarm);
}

TEST(Samplers, Bernoulli_and_its_ends) {
  const BernoulliSampler attends(0.137);
  const auto shows = drawn([&](Stream& s) { return attends(s()) ? 1.0 : 0.0; });
  EXPECT_LT(std::abs(distance_of_mean(shows, 0.137, std::sqrt(0.137 * 0.863))), two_sided_limit);
  EXPECT_GT(std::abs(distance_of_mean(shows, 0.1335, std::sqrt(0.1335 * 0.8665))), two_sided_limit);
  EXPECT_FALSE(BernoulliSampler(0)(0));
  EXPECT_TRUE(BernoulliSampler(1)(~0ULL));
}

TEST(Samplers, Categories_in_listed_order) {
  const std::vector<double> weights{0, 3, 0, 1, 6, 0};
  const CategoricalSampler choose_type(weights);
  std::vector<double> observed(weights.size(), 0);
  for (const double type : drawn([&](Stream& s) { return static_cast<double>(choose_type(s())); })) {
    observed[static_cast<std::size_t>(type)] += 1;
  }
  EXPECT_EQ(observed[0] + observed[2] + observed[5], 0);
  EXPECT_GT(chi_square_p({observed[1], observed[3], observed[4]}, {0.3, 0.1, 0.6}), false_alarm);
  EXPECT_LT(chi_square_p({observed[1], observed[3], observed[4]}, {0.305, 0.095, 0.6}), false_alarm);
  EXPECT_EQ(choose_type(0), 1U);
  EXPECT_EQ(choose_type(~0ULL), 4U);
}

TEST(Samplers, Inversion_is_monotone_in_the_word) {
  const ExponentialClock ring(1);
  const CategoricalSampler choose(std::array{0.2, 0.5, 0.3});
  for (std::uint64_t i = 1; i < 4096; ++i) {
    EXPECT_LT(ring(i << 52U), ring((i - 1) << 52U));
    EXPECT_GE(choose(i << 52U), choose((i - 1) << 52U));
  }
}

// A rejection sampler has a stream of its own: a changed parameter moves that variate and no other.
TEST(Samplers, A_changed_parameter_moves_one_variate) {
  const Streams streams(1, 2, 3);
  const auto frailties = [&](double third_shape) {
    std::vector<double> sample;
    for (std::uint64_t person = 0; person < 5; ++person) {
      const GammaSampler sample_frailty(person == 2 ? third_shape : 0.8, 1);
      Stream stream = streams.open(purpose, person);
      sample.push_back(sample_frailty(stream));
    }
    return sample;
  };
  const auto before = frailties(0.8);
  const auto after = frailties(7.0);
  for (std::size_t person = 0; person < 5; ++person) EXPECT_EQ(before[person] == after[person], person != 2);
}

TEST(Samplers, Inverse_normal_equals_Boost) {
  // Near 1/2 a relative error is one of u - 1/2, which the smallest step of u limits to 1e-16 / |u - 1/2|.
  const auto agree = [](double u) {
    const double expected = standard_normal_quantile(u);
    return std::abs(inverse_normal(u) - expected) <= 2e-15 * std::abs(expected) + 1e-16;
  };
  for (int k = 1; k < 100'000; ++k) EXPECT_TRUE(agree(k / 100'000.0)) << k;
  for (double u = 0.5; u > 1e-300; u *= 0.9) {
    EXPECT_TRUE(agree(u)) << u;
    EXPECT_TRUE(1 - u == 1 || agree(1 - u)) << u;
  }
  EXPECT_EQ(inverse_normal(0.5), 0);
  EXPECT_FALSE(std::isinf(inverse_normal(uniform(0))));
  EXPECT_FALSE(std::isinf(inverse_normal(uniform(~std::uint64_t{0}))));
}

TEST(Samplers, Refusals_say_what) {
  const double nan = std::nan("");
  EXPECT_EQ(refusal([] { ExponentialSampler(0); }),
            "the rate of an exponential wait must be positive and finite, not 0");
  EXPECT_EQ(refusal([&] { NormalSampler(nan, 1); }), "the mean of a normal variate must be finite, not NaN");
  EXPECT_NE(refusal([] { NormalSampler(0, -1); }), "accepted");
  EXPECT_NE(refusal([] { ExponentialClock(-1); }), "accepted");
  EXPECT_EQ(refusal([] { BernoulliSampler(1.01); }), "the chance of an event must be between 0 and 1, not 1.01");
  EXPECT_NE(refusal([] { CategoricalSampler(std::array{0.0, 0.0}); }), "accepted");
  EXPECT_NE(refusal([] { CategoricalSampler(std::array{1.0, -1.0}); }), "accepted");
  EXPECT_NE(refusal([] { CategoricalSampler({}); }), "accepted");
  EXPECT_EQ(refusal([&] { GammaSampler(nan, 1); }),
            "the shape of a gamma variate must be positive and finite, not NaN");
  EXPECT_NE(refusal([] { BetaSampler(1, 0); }), "accepted");
  EXPECT_EQ(refusal([] {
              (void)UniformDistribution{2, 1}.quantile(0.5);
            }),
            "the high end of a range must be between 2 and 2, not 1");
  EXPECT_NE(refusal([] { (void)TriangularDistribution{0, 3, 2}.quantile(0.5); }), "accepted");
  EXPECT_NE(refusal([] { (void)BetaDistribution{1, 1}.quantile(1.5); }), "accepted");
}

// Moments by the midpoint rule over the quantile: mean of quantile(u), and of its square.
template <class Distribution>
void expect_moments(const Distribution& law, double tolerance) {
  constexpr int n = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = law.quantile((i + 0.5) / n) - law.mean();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, tolerance);
  EXPECT_NEAR(squares / n, law.variance(), tolerance);
}

TEST(Distributions, Moments_and_ends) {
  expect_moments(UniformDistribution{-3, 7}, 1e-8);
  expect_moments(TriangularDistribution{0, 1, 5}, 1e-6);
  expect_moments(TriangularDistribution{2, 2, 5}, 1e-6);
  expect_moments(BetaDistribution{8.5, 62.5}, 1e-6);
  expect_moments(GammaDistribution{2.5, 0.4}, 1e-4);  // the midpoint rule cuts the tail
  const TriangularDistribution triangle{0, 1, 5};
  EXPECT_EQ(triangle.quantile(0), 0);
  EXPECT_EQ(triangle.quantile(0.2), 1);
  EXPECT_EQ(triangle.quantile(1), 5);
  EXPECT_EQ((UniformDistribution{0.1, 0.7}.quantile(1)), 0.7);
  EXPECT_EQ((BetaDistribution{2, 3}.quantile(0)), 0);
  EXPECT_EQ((BetaDistribution{2, 3}.quantile(1)), 1);
  EXPECT_EQ((TriangularDistribution{4, 4, 4}.quantile(0.3)), 4);
}

// The last line: the familiar 1.96 (Abramowitz & Stegun 1964, table 26.1, to more digits).
TEST(Distributions, Quantiles_invert_their_cdf) {
  for (const double u : {1e-6, 0.025, 0.5, 0.9, 0.999}) {
    EXPECT_NEAR(beta(8.5, 62.5).cdf(BetaDistribution{8.5, 62.5}.quantile(u)), u, 1e-13);
    EXPECT_NEAR(gamma(2.5, 0.4).cdf(GammaDistribution{2.5, 0.4}.quantile(u)), u, 1e-13);
    EXPECT_NEAR(standard_normal_cdf(standard_normal_quantile(u)), u, 1e-14);
  }
  EXPECT_NEAR(standard_normal_quantile(0.975), 1.959963984540054, 1e-15);
}

}  // namespace
}  // namespace desist
