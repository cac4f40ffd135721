// Monte Carlo errors and the split of variance, on a model whose law is known.
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "engine/simulation/simulate.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {
namespace {

// x = theta + E with theta uniform on (0, 1) and E exponential with mean 1. So E x = 3/2, parameter variance 1/12,
// variance of luck 1, and P(x > t) = exp(-t) (e - 1) for t >= 1.
struct Sum {
  static constexpr ModelInfo info{"sum", "A figure and luck.", "tests/simulation/error_test.cpp"};
  struct Parameters {
    double theta = 0;
    static void describe(auto& v) { v.number("theta", &Parameters::theta); }
  };
  struct Outcomes {
    double x = 0;
    static void describe(auto& v) { v.outcome("x", &Outcomes::x); }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters& given, const Window&) : theta(given.theta) {}
    double theta;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"luck"};
    outcomes.x = bound.theta - std::log(uniform(streams.words(purpose, 0)[0]));
  }
};
constexpr double true_mean = 1.5;
constexpr double true_parameter_variance = 1.0 / 12;
double true_quantile(double q) { return std::log((std::exp(1.0) - 1) / (1 - q)); }  // for q that put it above 1

OutcomeTable run(std::uint64_t seed, std::uint64_t draws, std::uint64_t replicates) {
  Plan plan;
  plan.seed = seed;
  plan.draws = draws;
  plan.replicates_per_draw = replicates;
  std::vector<Arm> arms(1);
  arms[0].layout.fields = {from_slot(0)};
  const ParameterDraws parameters({{"theta", "", "1", UniformLaw{0, 1}}}, {}, {}, seed);
  return simulate(model_record<Sum>(), arms, parameters, Window{Date{0}, Date{70}}, plan, {}, {});
}

constexpr int experiments = 1000;
// 4.9 standard deviations of a share of 1000 at .95, false-alarm rate 1e-6, and .01 for the normal approximation at 60
// draws (a t with 59 degrees of freedom covers .945). Finds errors too small by a sixth or more (.90).
constexpr double allowed = 4.9 * 0.00689 + 0.01;

double share(const std::function<bool(std::uint64_t seed)>& holds) {
  int count = 0;
  for (int i = 0; i < experiments; ++i) count += holds(static_cast<std::uint64_t>(i) + 1) ? 1 : 0;
  return static_cast<double>(count) / experiments;
}

TEST(MonteCarloError, Of_a_mean_covers_at_its_rate) {
  const auto covers = [](double shrink) {
    return share([shrink](std::uint64_t seed) {
      const Moments x = run(seed, 60, 30).moments(0, 0);
      return std::abs(x.mean - true_mean) < 1.96 * shrink * x.standard_error();
    });
  };
  EXPECT_NEAR(covers(1), 0.95, allowed);
  EXPECT_GT(std::abs(covers(0.8) - 0.95), allowed);  // the check can fail
  // As if replicates were the units: what sharing a draw costs is then missed.
  const double naive = share([](std::uint64_t seed) {
    const Moments x = run(seed, 60, 30).moments(0, 0);
    return std::abs(x.mean - true_mean) < 1.96 * std::sqrt(x.total_variance() / static_cast<double>(x.values));
  });
  EXPECT_LT(naive, 0.95 - allowed);
}

TEST(MonteCarloError, Of_a_quantile_covers_at_its_rate) {
  for (const double q : {0.5, 0.9}) {
    const auto covers = [q](double shrink) {
      return share([q, shrink](std::uint64_t seed) {
        const QuantileEstimate found = run(seed, 60, 30).quantile(0, 0, q);
        return std::abs(found.value - true_quantile(q)) < 1.96 * shrink * found.standard_error;
      });
    };
    EXPECT_NEAR(covers(1), 0.95, allowed) << q;
    EXPECT_GT(std::abs(covers(0.7) - 0.95), allowed) << q;
  }
}

TEST(MonteCarloError, Of_a_quantile_from_buckets_covers_with_one_replicate_a_draw) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const QuantileEstimate found = run(seed, 66000, 1).quantile(0, 0, 0.9);
    EXPECT_GT(found.bin_width, 0);
    covered += std::abs(found.value - true_quantile(0.9)) < 1.96 * found.standard_error + found.bin_width / 2 ? 1 : 0;
  }
  EXPECT_GE(covered, 82);  // P(Binomial(100, .95) < 82) = 6e-7
}

// Unbiased: the mean of 1000 estimates lies within 4.9 of its own standard errors. What is not corrected for luck,
// the variance of draw means, is 1/2 too large with two replicates: the same check finds that.
TEST(VarianceSplit, Is_unbiased) {
  const auto distance = [](const std::function<double(const Moments&)>& estimate, double truth) {
    double sum = 0, squares = 0;
    for (std::uint64_t seed = 1; seed <= experiments; ++seed) {
      const double value = estimate(run(seed, 100, 2).moments(0, 0)) - truth;
      sum += value;
      squares += value * value;
    }
    const double mean = sum / experiments;
    return std::abs(mean) / std::sqrt((squares / experiments - mean * mean) / experiments);
  };
  const auto split = [](const Moments& x) { return x.between - x.within / x.replicates; };
  EXPECT_LT(distance(split, true_parameter_variance), 4.9);
  EXPECT_LT(distance([](const Moments& x) { return x.within; }, 1), 4.9);
  EXPECT_GT(distance([](const Moments& x) { return x.between; }, true_parameter_variance), 4.9);
  // Ten standard errors of 50,000 draws: sqrt(2/50000) (1/12 + 1/4) = .002; and .005 for the whole.
  const Moments large = run(1, 50000, 4).moments(0, 0);
  EXPECT_NEAR(large.parameter_variance(), true_parameter_variance, 0.02);
  EXPECT_NEAR(large.total_variance(), 1 + true_parameter_variance, 0.05);
}

}  // namespace
}  // namespace desist::test
