// People picked by an event or a count, against quadratures and sums over both counts.
#include "engine/statistics/selected_counts.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/entry_law.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

double poisson(int n, double mean) { return std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0)); }

TEST(entry_law_test, is_the_law_of_those_with_an_event) {
  for (const double k : {0.5, 1.0, 6.0}) {
    for (const double w : {0.05, 1.0, 30.0}) {
      const double mu = 0.7;
      const auto over = [&](auto f) {
        return frailty_integral(k, mu, [&](double z) { return -std::expm1(-z * w) * f(z); });
      };
      const double entered = over([](double) { return 1.0; });
      const double mean = over([](double z) { return z; }) / entered;
      const EntryLaw law({k, mu}, w);
      EXPECT_NEAR(law.mean(), mean, 1e-8) << k << " " << w;
      EXPECT_NEAR(law.variance(), over([&](double z) { return (z - mean) * (z - mean); }) / entered, 1e-7);
      EXPECT_NEAR(law.share_without_event(2), over([](double z) { return std::exp(-2 * z); }) / entered, 1e-8);
      // a power of 1 - P(Z <= z) that the naive rule can take: E Z by the integral of the tail
      const double tail = simpson(
          0, 60 * mu, [&](double z) { return 1 - law.share_at_most(z); }, 200000);
      EXPECT_NEAR(tail, mean, 1e-5) << k << " " << w;
      // mathematics.md 2.1, written with a = k/mu
      const double a = k / mu;
      const double written = k / a * (1 - std::pow(a / (a + w), k + 1)) / (1 - std::pow(a / (a + w), k));
      EXPECT_NEAR(law.mean(), written, 1e-12);
    }
  }
}

TEST(entry_law_test, a_short_window_is_size_bias) {
  const EntryLaw limit({0.6, 2}, 0), near({0.6, 2}, 1e-9);
  EXPECT_NEAR(limit.mean(), 2 * 1.6 / 0.6, 1e-14);
  EXPECT_NEAR(limit.variance(), 1.6 / (0.3 * 0.3), 1e-12);
  EXPECT_NEAR(near.mean(), limit.mean(), 1e-7);
  EXPECT_NEAR(near.variance(), limit.variance(), 1e-6);
  EXPECT_NEAR(near.share_without_event(3), limit.share_without_event(3), 1e-8);
  EXPECT_NEAR(near.share_at_most(4), limit.share_at_most(4), 1e-6);
  EXPECT_NEAR(limit.share_without_event(3), std::pow(1 + 3 / 0.3, -1.6), 1e-15);
}

TEST(entry_law_test, all_alike_and_refusals) {
  const EntryLaw law({infinity, 2}, 1);
  EXPECT_EQ(law.mean(), 2);
  EXPECT_EQ(law.variance(), 0);
  EXPECT_EQ(law.share_at_most(1.9), 0);
  EXPECT_EQ(law.share_at_most(2), 1);
  EXPECT_DOUBLE_EQ(law.share_without_event(1), std::exp(-2));
  EXPECT_THROW(EntryLaw({1, 0}, 1), std::invalid_argument);
  EXPECT_THROW(EntryLaw({0, 1}, 1), std::invalid_argument);
  for (const double wrong : {-1.0, missing, infinity}) {
    EXPECT_THROW(EntryLaw({1, 1}, wrong), std::invalid_argument);
    EXPECT_THROW(law.share_without_event(wrong), std::invalid_argument);
  }
}

TEST(selected_counts_test, one_person_is_the_posterior_given_the_past) {
  for (const double k : {0.4, 1.0, 5.0}) {
    const double mu = 1.2, before = 1.5, after = 0.8;
    for (const int y : {0, 1, 7}) {
      const auto given = [&](auto f) {
        return frailty_integral(k, mu, [&](double z) { return poisson(y, z * before) * f(z); });
      };
      const double all = given([](double) { return 1.0; });
      const double mean = after * given([](double z) { return z; }) / all;
      const double square = given([&](double z) { return z * after + z * after * z * after; }) / all;
      const double none = given([&](double z) { return std::exp(-z * after); }) / all;
      const AfterGivenBefore ours = after_given_before({k, mu}, {before, after}, static_cast<std::size_t>(y));
      EXPECT_NEAR(ours.mean, mean, 1e-8) << k << " " << y;
      EXPECT_NEAR(ours.variance, square - mean * mean, 1e-7) << k << " " << y;
      EXPECT_NEAR(ours.with_event_share, 1 - none, 1e-9) << k << " " << y;
      EXPECT_NEAR(ours.mean,
                  (1 - weight_of_own_past({k, mu}, before)) * mu * after +
                      weight_of_own_past({k, mu}, before) * y / before * after,
                  1e-12);
    }
  }
  EXPECT_EQ(after_given_before({infinity, 2}, {1, 3}, 9).mean, 6);
  EXPECT_EQ(weight_of_own_past({infinity, 2}, 1), 0);
}

TEST(selected_counts_test, are_sums_over_counts_before) {
  for (const double k : {0.35, 1.6}) {
    for (const std::size_t threshold : {0u, 1u, 2u, 5u}) {
      const GammaFrailty everyone{k, 1.4};
      const BeforeAfter times{2, 0.7};
      const auto shares = count_shares(everyone, times.before, 3000);
      double share = 0, before = 0, before_squares = 0, after = 0, squares = 0, none = 0;
      for (std::size_t y = threshold; y < shares.size(); ++y) {
        const AfterGivenBefore then = after_given_before(everyone, times, y);
        share += shares[y];
        before += shares[y] * static_cast<double>(y);
        before_squares += shares[y] * static_cast<double>(y) * static_cast<double>(y);
        after += shares[y] * then.mean;
        squares += shares[y] * (then.variance + then.mean * then.mean);
        none += shares[y] * (1 - then.with_event_share);
      }
      const SelectedCounts ours = selected_counts(everyone, times, threshold);
      EXPECT_NEAR(ours.share, share, 1e-11);
      EXPECT_NEAR(ours.mean_before, before / share, 1e-9);
      EXPECT_NEAR(ours.variance_before, before_squares / share - before / share * (before / share), 1e-8);
      EXPECT_NEAR(ours.mean_after, after / share, 1e-9);
      EXPECT_NEAR(ours.variance_after, squares / share - after / share * (after / share), 1e-8);
      EXPECT_NEAR(ours.none_after, none / share, 1e-11);
      EXPECT_NEAR(ours.ratio, after / 0.7 / (before / 2), 1e-10);
      if (ours.mean_before > static_cast<double>(threshold)) {
        EXPECT_NEAR(mean_rate_behind(ours.mean_before, k, 2, threshold), 1.4, 1e-9) << k << " " << threshold;
      }
    }
  }
}

TEST(selected_counts_test, without_selection_or_differences_nothing_or_all_regresses) {
  const SelectedCounts everyone = selected_counts({0.5, 3}, {1, 2}, 0);
  EXPECT_EQ(everyone.share, 1);
  EXPECT_NEAR(everyone.ratio, 1, 1e-14);
  const SelectedCounts unlucky = selected_counts({infinity, 3}, {1, 2}, 5);
  EXPECT_NEAR(unlucky.mean_after, 6, 1e-14);
  EXPECT_NEAR(unlucky.variance_after, 6, 1e-12);
  EXPECT_NEAR(unlucky.none_after, std::exp(-6), 1e-15);
  EXPECT_NEAR(selected_counts({1e8, 3}, {1, 2}, 5).ratio, unlucky.ratio, 1e-6);
}

/// Mean and variance of L_a = L_b B + G given N_b = y, by sums over L_b and B.
RateAfter with_drift(double k, double mu, double before, int y, double phi) {
  const double a = k / mu;
  const double p = k * phi, q = k * (1 - phi);
  const double log_beta = std::lgamma(p) + std::lgamma(q) - std::lgamma(k);
  const auto over_beta = [&](auto f) {  // b = sin^2 t takes the ends' poles away for p, q above 1/2
    return simpson(
        0, std::acos(-1.0) / 2,
        [&](double t) {
          const double s = std::sin(t), c = std::cos(t);
          if (s <= 0 || c <= 0) return 0.0;
          const double density = std::exp((2 * p - 1) * std::log(s) + (2 * q - 1) * std::log(c) - log_beta);
          return 2 * density * f(s * s);
        },
        20000);
  };
  const double share = over_beta([](double b) { return b; });
  const double square_share = over_beta([](double b) { return b * b; });
  const double gain = q / a, square_gain = q / a / a + gain * gain;  // of G
  const auto given = [&](auto f) {
    return frailty_integral(k, mu, [&](double z) { return poisson(y, z * before) * f(z); });
  };
  const double all = given([](double) { return 1.0; });
  const double mean = given([&](double z) { return z * share + gain; }) / all;
  const double square =
      given([&](double z) { return z * z * square_share + 2 * z * share * gain + square_gain; }) / all;
  return {mean, square - mean * mean};
}

TEST(selected_counts_test, rates_that_drift_regress_further) {
  for (const double phi : {0.3, 0.7}) {
    for (const int y : {0, 4, 11}) {
      const RateAfter ours = rate_after({5, 2}, 1, y, phi);
      const RateAfter naive = with_drift(5, 2, 1, y, phi);
      EXPECT_NEAR(ours.mean, naive.mean, 1e-8) << phi << " " << y;
      EXPECT_NEAR(ours.variance, naive.variance, 1e-7) << phi << " " << y;
    }
  }
  const AfterGivenBefore hauer = after_given_before({3, 2}, {1, 0.5}, 4);
  const RateAfter same = rate_after({3, 2}, 1, 4, 1);
  EXPECT_NEAR(0.5 * same.mean, hauer.mean, 1e-14);
  EXPECT_NEAR(0.5 * same.mean + 0.25 * same.variance, hauer.variance, 1e-14);
  EXPECT_NEAR(rate_after({3, 2}, 1, 4, 0).mean, 2, 1e-14);
  EXPECT_NEAR(rate_after({3, 2}, 1, 4, 0).variance, 4.0 / 3, 1e-14);
}

/// Mean and relative variance of a group's total after, over all counts before that its people may have had.
TEST(selected_counts_test, total_of_a_group) {
  const BeforeAfter times{2, 0.7};
  const GammaFrailty everyone{0.8, 1.4};
  const SelectedCounts picked = selected_counts(everyone, times, 3);
  const double n = 250;
  const PickedGroup group{n, n * picked.mean_before, times, 3};
  const ExpectedCount known = expected_after(group, 0.8, 1.4, 1);
  EXPECT_NEAR(known.mean, n * picked.mean_after, 1e-9);
  // a sum of gamma rates of one scale: shape n k + B
  EXPECT_NEAR(known.relative_variance, 1 / (n * 0.8 + group.before), 1e-12);
  const ExpectedCount found = expected_after(group, 0.8, std::nullopt, 1);
  EXPECT_NEAR(found.mean, known.mean, 1e-7);
  EXPECT_GT(found.relative_variance, known.relative_variance);
  // with drift: the mean of each person's variance
  const ExpectedCount drift = expected_after(group, 0.8, 1.4, 0.6);
  const auto shares = count_shares(everyone, 2, 3000);
  double mean = 0, variance = 0;
  for (std::size_t y = 3; y < shares.size(); ++y) {
    const RateAfter each = rate_after(everyone, 2, static_cast<double>(y), 0.6);
    mean += shares[y] / picked.share * each.mean;
    variance += shares[y] / picked.share * each.variance;
  }
  EXPECT_NEAR(drift.mean, n * 0.7 * mean, 1e-8);
  EXPECT_NEAR(drift.relative_variance, variance / n / (mean * mean), 1e-9);
}

TEST(selected_counts_test, error_of_a_mean_rate_that_is_found) {
  // In repeated groups of 400 from the law, (after - expected)^2 is on average what `expected_after` says: by summing
  // over the mean count before, which is nearly normal.
  const BeforeAfter times{1, 1};
  const GammaFrailty everyone{1.2, 2};
  const double n = 400;
  const SelectedCounts picked = selected_counts(everyone, times, 2);
  const double sd = std::sqrt(picked.variance_before / n);
  double square = 0;
  for (int i = -400; i <= 400; ++i) {
    const double z = i / 80.0;
    const double before = picked.mean_before + z * sd;
    const double expected = expected_after({n, n * before, times, 2}, 1.2, std::nullopt, 1).mean / n;
    const RateAfter truth = rate_after(everyone, 1, before, 1);
    const double weight = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)) / 80;
    square += weight * ((truth.mean + truth.variance) / n + std::pow(truth.mean - expected, 2));
  }
  const ExpectedCount ours = expected_after({n, n * picked.mean_before, times, 2}, 1.2, std::nullopt, 1);
  EXPECT_NEAR((ours.mean + ours.relative_variance * ours.mean * ours.mean) / (n * n) / square, 1, 0.01);
}

TEST(selected_counts_test, what_can_not_be_is_refused) {
  for (const double wrong : {-1.0, missing, infinity}) {
    EXPECT_THROW(after_given_before({1, 1}, {wrong, 1}, 1), std::invalid_argument);
    EXPECT_THROW(after_given_before({1, 1}, {1, wrong}, 1), std::invalid_argument);
    EXPECT_THROW(weight_of_own_past({1, 1}, wrong), std::invalid_argument);
    EXPECT_THROW(rate_after({1, 1}, 1, wrong, 1), std::invalid_argument);
    EXPECT_THROW(rate_after({1, 1}, wrong, 1, 1), std::invalid_argument);
    EXPECT_THROW(expected_after({wrong, 5, {1, 1}, 1}, 1, 1, 1), std::invalid_argument);
    EXPECT_THROW(expected_after({2, wrong, {1, 1}, 1}, 1, 1, 1), std::invalid_argument);
    EXPECT_THROW(mean_rate_behind(3, 1, wrong, 1), std::invalid_argument);
  }
  EXPECT_THROW(selected_counts({1, 1}, {0, 1}, 1), std::invalid_argument);
  EXPECT_THROW(selected_counts({1, 1}, {1, 0}, 1), std::invalid_argument);
  EXPECT_THROW(selected_counts({1, 0}, {1, 1}, 1), std::invalid_argument);
  EXPECT_THROW(selected_counts({infinity, 1e-3}, {1, 1}, 500), std::invalid_argument);  // nobody
  EXPECT_THROW(mean_rate_behind(3, 1, 1, 3), std::invalid_argument);
  EXPECT_THROW(mean_rate_behind(3, 0, 1, 1), std::invalid_argument);
  for (const double wrong : {-0.1, 1.1, missing}) EXPECT_THROW(rate_after({1, 1}, 1, 1, wrong), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
