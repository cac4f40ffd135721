#include "engine/statistics/rates.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

constexpr double z = 1.959963984540054;
const std::vector<RatePair> pairs = {{{18, 120.5}, {35, 118}}, {{3, 44}, {9, 51}},         {{0, 30}, {6, 42}},
                                     {{7, 5.25}, {0, 6}},      {{41, 28010}, {15, 19017}}, {{0, 3}, {0, 5}},
                                     {{1, 1e-3}, {1, 1e3}}};

/// The score statistic of rate1 = ratio x rate0, from the fitted rates.
double ratio_statistic(const RatePair& p, double ratio) {
  const double x1 = static_cast<double>(p.group1.events), x0 = static_cast<double>(p.group0.events);
  const double rate0 = (x1 + x0) / (ratio * p.group1.time + p.group0.time);
  const double score = p.group1.estimate() - ratio * p.group0.estimate();
  return std::abs(score) / std::sqrt(ratio * rate0 / p.group1.time + ratio * ratio * rate0 / p.group0.time);
}

/// The score statistic of rate1 = rate0 + d, the fit found by golden-section search of the likelihood.
double difference_statistic(const RatePair& p, double d) {
  const double x1 = static_cast<double>(p.group1.events), x0 = static_cast<double>(p.group0.events);
  const auto likelihood = [&](double r) {
    return (x1 > 0 ? x1 * std::log(r + d) : 0.0) - p.group1.time * (r + d) + (x0 > 0 ? x0 * std::log(r) : 0.0) -
           p.group0.time * r;
  };
  double low = std::max(0.0, -d), high = low + 10 * (std::abs(d) + p.group1.estimate() + p.group0.estimate());
  for (int i = 0; i < 300; ++i) {
    const double a = low + 0.381966 * (high - low), b = low + 0.618034 * (high - low);
    (likelihood(a) < likelihood(b) ? low : high) = likelihood(a) < likelihood(b) ? a : b;
  }
  return std::abs(rate_difference(p) - d) / std::sqrt((low + d) / p.group1.time + low / p.group0.time);
}

TEST(rates_test, score_limits_invert_their_tests) {
  for (const RatePair& p : pairs) {
    const Interval ratio = score_rate_ratio(p), difference = score_rate_difference(p);
    for (const double end : {ratio.low, ratio.high}) {
      if (end > 0 && std::isfinite(end)) {
        EXPECT_NEAR(ratio_statistic(p, end), z, 1e-9);
      }
    }
    EXPECT_LT(difference.low, difference.high);
    for (const double end : {difference.low, difference.high}) EXPECT_NEAR(difference_statistic(p, end), z, 1e-5);
    EXPECT_TRUE(difference.contains(rate_difference(p)));
  }
}

TEST(rates_test, limits_at_no_events) {
  EXPECT_EQ(rate_ratio({{0, 1}, {0, 1}}), std::nullopt);
  for (const auto method : {exact_rate_ratio, mid_p_rate_ratio, score_rate_ratio}) {
    EXPECT_EQ(method({{0, 1}, {0, 1}}, 0.95).low, 0);
    EXPECT_TRUE(std::isinf(method({{0, 1}, {0, 1}}, 0.95).high));
  }
  EXPECT_EQ(exact_rate_test({{0, 1}, {0, 1}}).two_sided, 1);
  EXPECT_NEAR(exact_rate({0, 2}).high, -std::log(0.025) / 2, 1e-12);
  const RatePair none_treated{{0, 30}, {6, 42}};
  EXPECT_NEAR(exact_rate_test(none_treated).less, std::pow(42.0 / 72, 6), 1e-15);
}

}  // namespace
}  // namespace desist::statistics
