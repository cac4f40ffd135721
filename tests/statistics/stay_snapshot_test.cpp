// Lengths of stay from one day's look: closed forms, quadrature, exact coverage, and stays that were simulated.
#include "engine/statistics/stay_snapshot.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "engine/random/distributions.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

/// P(S > t), from the laws themselves.
double longer_than(const StayShape& shape, double t) {
  const double variance = shape.spread * shape.spread;
  if (shape.law == StayLaw::gamma) return boost::math::gamma_q(1 / variance, t / (shape.mean * variance));
  const double s2 = std::log1p(variance);
  return normal_cdf((std::log(shape.mean / t) - s2 / 2) / std::sqrt(s2));
}

/// Integral of P(S > t) / m from `from` on, by Simpson's rule in log t.
double by_quadrature(const StayShape& shape, double from) {
  constexpr int steps = 20000;
  const double low = std::log(from);
  const double h = (std::log(shape.mean * 1e7) - low) / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = std::exp(low + i * h);
    sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * t * longer_than(shape, t);
  }
  return sum * h / 3 / shape.mean;
}

TEST(StaySnapshot, Time_so_far_is_the_integral_of_longer_stays) {
  for (const StayLaw law : {StayLaw::lognormal, StayLaw::gamma}) {
    for (const double spread : {0.2, 0.7, 1.0, 2.5}) {
      for (const double time : {0.01, 3.0, 26.0, 200.0}) {
        const StayShape shape{law, 26, spread};
        EXPECT_NEAR(share_longer_so_far(shape, time), by_quadrature(shape, time), 1e-8) << spread << " " << time;
      }
    }
  }
  // Exponential stays: the time so far has the same law.
  EXPECT_NEAR(share_longer_so_far({StayLaw::gamma, 20, 1}, 30), std::exp(-1.5), 1e-14);
  EXPECT_EQ(share_longer_so_far({StayLaw::lognormal, 20, 1}, 0), 1);
  EXPECT_EQ(share_longer_so_far({StayLaw::lognormal, 20, 1}, HUGE_VAL), 0);
}

TEST(StaySnapshot, Exponential_stays_have_a_closed_form) {
  const std::array<SnapshotBin, 2> bins{{{0, 26, 77}, {26, HUGE_VAL, 38}}};
  const auto fit = fit_stays(bins, StayLaw::gamma, 1, 1);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->mean, 26 / std::log(115.0 / 38), 1e-6);
  EXPECT_NEAR(fit->mean_so_far, fit->mean, 1e-9);
  EXPECT_NEAR(fit->starts, 115 / fit->mean, 1e-9);
  EXPECT_NEAR(fit->deviance, 0, 1e-12);
  // The limits are those of the binomial share beyond 26 weeks, by likelihood.
  const auto deviance = [](double mean) {
    const double p = std::exp(-26 / mean);
    return 2 * (77 * std::log(77.0 / 115 / (1 - p)) + 38 * std::log(38.0 / 115 / p));
  };
  EXPECT_NEAR(deviance(fit->interval.low), 3.841458820694124, 1e-9);
  EXPECT_NEAR(deviance(fit->interval.high), 3.841458820694124, 1e-9);
}

// Checked apart, in Python with its math.erf, by golden section.
TEST(StaySnapshot, Dogs_in_kennels) {
  const std::array<SnapshotBin, 3> bins{{{0, 26.07, 77}, {26.07, 52.14, 23}, {52.14, HUGE_VAL, 15}}};
  const auto one = fit_stays(bins, StayLaw::lognormal, 1, 1);
  ASSERT_TRUE(one);
  EXPECT_NEAR(one->mean, 26.61, 0.005);
  EXPECT_NEAR(one->interval.low, 21.1, 0.05);
  EXPECT_NEAR(one->interval.high, 33.7, 0.05);
  // Two numbers of a law fit two shares: nothing is left over.
  const auto any = fit_stays(bins, StayLaw::lognormal, 0.2, 5);
  EXPECT_NEAR(any->deviance, 0, 1e-6);
  // What has many short stays hardly shows them: with a free spread of a gamma there is no lower limit worth the name.
  const auto gamma = fit_stays(bins, StayLaw::gamma, 0.2, 20);
  EXPECT_LT(gamma->interval.low, 2);
}

TEST(StaySnapshot, Nothing_is_found_in_one_group_and_an_open_end_is_said) {
  const std::array<SnapshotBin, 3> one_group{{{0, 26, 12}, {26, 52, 0}, {52, HUGE_VAL, 0}}};
  EXPECT_FALSE(fit_stays(one_group, StayLaw::lognormal, 1, 1));
  EXPECT_FALSE(fit_stays({}, StayLaw::lognormal, 1, 1));
  const std::array<SnapshotBin, 2> few{{{0, 26, 1}, {26, HUGE_VAL, 1}}};
  const auto fit = fit_stays(few, StayLaw::gamma, 0.05, 20);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->open_below);
}

/// Chance that the interval holds the mean, over all ways in which 60 present fall into three bins.
double coverage(const StayShape& truth, double assumed_spread) {
  const double beyond_first = share_longer_so_far(truth, 26);
  const double beyond_last = share_longer_so_far(truth, 52);
  const std::array<double, 3> shares{1 - beyond_first, beyond_first - beyond_last, beyond_last};
  constexpr int present = 60;
  double covered = 0;
  for (int a = 0; a <= present; ++a) {
    for (int b = 0; a + b <= present; ++b) {
      const int c = present - a - b;
      const double chance = std::exp(boost::math::lgamma(present + 1.0) - boost::math::lgamma(a + 1.0) -
                                     boost::math::lgamma(b + 1.0) - boost::math::lgamma(c + 1.0) +
                                     a * std::log(shares[0]) + b * std::log(shares[1]) + c * std::log(shares[2]));
      const std::array<SnapshotBin, 3> bins{{{0, 26, a}, {26, 52, b}, {52, HUGE_VAL, c}}};
      const auto fit = fit_stays(bins, truth.law, assumed_spread, assumed_spread);
      if (fit && fit->interval.contains(truth.mean)) covered += chance;
    }
  }
  return covered;
}

TEST(StaySnapshot, Intervals_hold_the_mean_as_often_as_they_say) {
  // Likelihood limits of few counts come within about a hundredth of their level (Brown, Cai & DasGupta 2001).
  const StayShape truth{StayLaw::lognormal, 27, 1};
  EXPECT_NEAR(coverage(truth, 1), 0.95, 0.015);
  EXPECT_NEAR(coverage({StayLaw::gamma, 24, 1}, 1), 0.95, 0.015);
  EXPECT_LT(coverage(truth, 2), 0.2);  // and a wrong spread is found out
}

/// Those present at time 0 where `a_week` have come since long ago, by how long they have been there.
std::vector<SnapshotBin> simulated(double a_week, double mean, double spread, std::uint64_t seed) {
  const double s = std::sqrt(std::log1p(spread * spread));
  std::vector<SnapshotBin> bins{{0, 26, 0}, {26, 52, 0}, {52, HUGE_VAL, 0}};
  Stream words = Streams(seed, 0, 0).open(Purpose("stays"), 0);
  for (double ago = 0; ago < 5000;) {
    ago -= std::log(uniform(words())) / a_week;
    const double stay = mean * std::exp(s * standard_normal_quantile(uniform(words())) - s * s / 2);
    if (stay > ago) ++bins[ago < 26 ? 0 : ago < 52 ? 1 : 2].count;
  }
  return bins;
}

TEST(StaySnapshot, Finds_the_mean_of_stays_that_were_simulated) {
  // About 27,000 present: the error of log(mean) is 0.12 sqrt(115/27,000) = 0.008, and 4.9 of it either way.
  const auto bins = simulated(1000, 27, 1, 1);
  const auto fit = fit_stays(bins, StayLaw::lognormal, 1, 1, 1 - 1e-6);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->interval.contains(27)) << fit->mean;
  EXPECT_LT(fit->interval.high / fit->interval.low, 1.09);
  EXPECT_NEAR(fit->starts, 1000, 40);
  // Taking the times so far for stays finds another mean: a lognormal with the same spread whose own shares fit.
  double wrong = 0;
  double least = HUGE_VAL;
  const double all = static_cast<double>(bins[0].count + bins[1].count + bins[2].count);
  for (double mean = 10; mean < 60; mean += 0.1) {
    const double miss = std::abs(longer_than({StayLaw::lognormal, mean, 1}, 26) -
                                 static_cast<double>(bins[1].count + bins[2].count) / all);
    if (miss < least) {
      least = miss;
      wrong = mean;
    }
  }
  EXPECT_FALSE(fit->interval.contains(wrong)) << wrong;
}

}  // namespace
}  // namespace desist::statistics
