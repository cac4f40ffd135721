#include "engine/statistics/two_proportion_posterior.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

/// P(X < Y) for whole parameters of Y (Cook 2005): a finite sum of beta functions, no integral.
double closed_form(const BetaLaw& x, const BetaLaw& y) {
  const auto log_beta = [](double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); };
  double sum = 0;  // P(Y > X) = sum_(i < alpha_Y) B(alpha_X + i, beta_X + beta_Y) / ((beta_Y + i) B(1 + i, beta_Y)
                   // B(alpha_X, beta_X))
  for (int i = 0; i < static_cast<int>(y.alpha); ++i) {
    sum += std::exp(log_beta(x.alpha + i, x.beta + y.beta) - std::log(y.beta + i) - log_beta(1 + i, y.beta) -
                    log_beta(x.alpha, x.beta));
  }
  return sum;
}

TEST(two_proportion_posterior_test, closed_form_for_whole_parameters) {
  for (const BetaLaw x : {BetaLaw{1, 1}, {2, 5}, {0.5, 10.5}, {40, 300}, {0.5, 0.5}}) {
    for (const BetaLaw y : {BetaLaw{1, 1}, {3, 4}, {60, 290}, {1, 20}}) {
      EXPECT_NEAR(probability_below(x, y), closed_form(x, y), 1e-11);
    }
  }
}

TEST(two_proportion_posterior_test, uniform_laws_with_a_shift) {
  // Two uniform risks: P(p1 < p0 + s) = 1 - (1 - s)^2/2 for s >= 0, (1 + s)^2/2 below.
  for (const double s : {-1.0, -0.7, -0.05, 0.0, 0.3, 0.999, 1.0}) {
    const double expected = s >= 0 ? 1 - (1 - s) * (1 - s) / 2 : (1 + s) * (1 + s) / 2;
    EXPECT_NEAR(probability_below({1, 1}, {1, 1}, s), expected, 1e-12) << s;
  }
  const Interval limits = difference_interval({1, 1}, {1, 1});
  EXPECT_NEAR(limits.low, std::sqrt(0.05) - 1, 1e-10);
  EXPECT_NEAR(limits.high, 1 - std::sqrt(0.05), 1e-10);
}

TEST(two_proportion_posterior_test, exchanging_groups_turns_the_law_round) {
  for (const Proportion p1 : {Proportion{0, 1}, {0, 12}, {1, 54}, {70, 70}, {420000, 1000000}, {0, 1000000}}) {
    for (const Proportion p0 : {Proportion{1, 1}, {5, 15}, {10, 49}, {421500, 1000000}}) {
      const BetaLaw a = jeffreys_posterior(p1), b = jeffreys_posterior(p0);
      for (const double s : {-0.05, 0.0, 0.02}) {
        EXPECT_NEAR(probability_below(a, b, s) + probability_below(b, a, -s), 1, 2e-10) << p1.count << " " << p0.count;
      }
      EXPECT_NEAR(difference_quantile(a, b, 0.1), -difference_quantile(b, a, 0.9), 2e-10);
      EXPECT_NEAR(probability_below(a, b, difference_quantile(a, b, 0.3)), 0.3, 1e-9);
    }
  }
}

TEST(two_proportion_posterior_test, a_million_people_are_normal) {
  const double p1 = 0.42, p0 = 0.4215, n = 1e6;
  const double z = (p0 - p1) / std::sqrt(p1 * (1 - p1) / n + p0 * (1 - p0) / n);
  EXPECT_NEAR(probability_below(jeffreys_posterior({420000, 1000000}), jeffreys_posterior({421500, 1000000})),
              normal_cdf(z), 1e-6);
}

}  // namespace
}  // namespace desist::statistics
