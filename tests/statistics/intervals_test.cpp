// Properties that every interval keeps, for every small table and for a million people in a group.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "tests/statistics/some_tables.hpp"

namespace desist::statistics {
namespace {

std::string name(const TwoByTwo& t) {
  return std::to_string(t.x1) + "/" + std::to_string(t.n1) + " " + std::to_string(t.x0) + "/" + std::to_string(t.n0);
}

using Method = Interval (*)(const TwoByTwo&, double);

TEST(proportion_test, limits_hold_the_estimate_and_mirror) {
  for (const std::int64_t n : {1, 2, 7, 100, 1000000}) {
    for (const std::int64_t x : {std::int64_t{0}, std::int64_t{1}, n / 3, n / 2, n - 1, n}) {
      const Proportion p{x, n};
      for (const auto method : {wilson, wilson_continuity_corrected, clopper_pearson, jeffreys}) {
        const Interval limits = method(p, 0.95);
        const Interval mirror = method({n - x, n}, 0.95);
        EXPECT_TRUE(limits.contains(p.estimate())) << x << " of " << n;
        EXPECT_GE(limits.low, 0);
        EXPECT_LE(limits.high, 1);
        EXPECT_NEAR(limits.low, 1 - mirror.high, 1e-12);
        EXPECT_LT(method(p, 0.9).high - method(p, 0.9).low, limits.high - limits.low);
      }
    }
  }
}

TEST(proportion_test, closed_forms_at_zero) {
  for (const std::int64_t n : {1, 10, 1000000}) {
    EXPECT_NEAR(clopper_pearson({0, n}).high, 1 - std::pow(0.025, 1.0 / static_cast<double>(n)), 1e-13);
    const double z2 = 1.959963984540054 * 1.959963984540054;
    EXPECT_NEAR(wilson({0, n}).high, z2 / (static_cast<double>(n) + z2), 1e-14);
  }
}

TEST(risk_difference_test, limits_hold_the_estimate_within_bounds_and_mirror) {
  for (const TwoByTwo& t : some_tables()) {
    for (const auto method : {newcombe, miettinen_nurminen_difference, mee}) {
      const Interval limits = method(t, 0.95);
      EXPECT_LE(limits.low, risk_difference(t) + 1e-15) << name(t);
      EXPECT_GE(limits.high, risk_difference(t) - 1e-15) << name(t);
      EXPECT_GE(limits.low, -1 - 1e-15) << name(t);
      EXPECT_LE(limits.high, 1 + 1e-15) << name(t);
      EXPECT_LT(limits.low, limits.high) << name(t);
      for (const TwoByTwo& mirror : {t.groups_exchanged(), t.outcome_reversed()}) {
        const Interval reversed = method(mirror, 0.95);
        EXPECT_NEAR(limits.low, -reversed.high, 1e-12) << name(t);
        EXPECT_NEAR(limits.high, -reversed.low, 1e-12) << name(t);
      }
    }
  }
}

TEST(risk_difference_test, rises_with_the_treated_count) {
  for (const auto method : {newcombe, miettinen_nurminen_difference, mee}) {
    for (std::int64_t x0 = 0; x0 <= 9; ++x0) {
      for (std::int64_t x1 = 0; x1 < 12; ++x1) {
        EXPECT_LE(method({x1, 12, x0, 9}, 0.95).low, method({x1 + 1, 12, x0, 9}, 0.95).low);
        EXPECT_LE(method({x1, 12, x0, 9}, 0.95).high, method({x1 + 1, 12, x0, 9}, 0.95).high);
      }
    }
  }
}

/// The score statistic at difference d with the fit found by brute force: 200 rounds of ternary search of the
/// likelihood.
double naive_z_squared(const TwoByTwo& t, double d) {
  const auto log_likelihood = [&](double p0) {
    const auto part = [](std::int64_t k, double p) { return k == 0 ? 0.0 : static_cast<double>(k) * std::log(p); };
    return part(t.x1, p0 + d) + part(t.n1 - t.x1, 1 - p0 - d) + part(t.x0, p0) + part(t.n0 - t.x0, 1 - p0);
  };
  double low = std::max(0.0, -d), high = std::min(1.0, 1 - d);
  for (int i = 0; i < 200; ++i) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    (log_likelihood(a) < log_likelihood(b) ? low : high) = log_likelihood(a) < log_likelihood(b) ? a : b;
  }
  const double p0 = (low + high) / 2, p1 = p0 + d, n = static_cast<double>(t.people());
  const double v =
      n / (n - 1) * (p1 * (1 - p1) / static_cast<double>(t.n1) + p0 * (1 - p0) / static_cast<double>(t.n0));
  return std::pow(risk_difference(t) - d, 2) / v;
}

TEST(risk_difference_test, limits_solve_the_score_equation) {
  const double z2 = 1.959963984540054 * 1.959963984540054;
  int solved = 0;
  for (const TwoByTwo& t : some_tables()) {
    if (t.n1 > 1000 || t.n0 > 1000) continue;
    const Interval limits = miettinen_nurminen_difference(t);
    for (const double d : {limits.low, limits.high}) {
      if (std::abs(d) > 1 - 1e-9) continue;
      // The ternary search knows the fit to the square root of a double's precision only.
      EXPECT_NEAR(naive_z_squared(t, d), z2, 1e-5 * z2) << name(t) << " at " << d;
      ++solved;
    }
  }
  EXPECT_GT(solved, 500);
}

TEST(risk_difference_test, agrees_with_its_test) {
  for (const TwoByTwo& t : some_tables()) {
    const auto test = chi_square_n_minus_1(t);
    if (!test || std::abs(test->p - 0.05) < 1e-9) continue;
    EXPECT_EQ(test->p <= 0.05, !miettinen_nurminen_difference(t).contains(0)) << name(t);
    EXPECT_EQ(test->p <= 0.05, !miettinen_nurminen_ratio(t).contains(1)) << name(t);
    EXPECT_EQ(test->p <= 0.05, !miettinen_nurminen_odds_ratio(t).contains(1)) << name(t);
  }
}

void expect_near_ratio(double a, double b, const std::string& what) {
  if (std::isinf(a) || std::isinf(b) || a == 0 || b == 0) {
    EXPECT_EQ(a, b) << what;
  } else {
    EXPECT_NEAR(a / b, 1, 1e-9) << what;
  }
}

TEST(risk_ratio_test, limits_hold_the_estimate_and_invert_with_the_groups) {
  for (const TwoByTwo& t : some_tables()) {
    for (const auto method : {miettinen_nurminen_ratio, koopman}) {
      const Interval limits = method(t, 0.95);
      if (const auto ratio = risk_ratio(t)) {
        EXPECT_LE(limits.low, *ratio * (1 + 1e-14)) << name(t);
        EXPECT_GE(limits.high, *ratio * (1 - 1e-14)) << name(t);
      }
      EXPECT_EQ(limits.low == 0, t.x1 == 0) << name(t);
      EXPECT_EQ(std::isinf(limits.high), t.x0 == 0) << name(t);
      const Interval exchanged = method(t.groups_exchanged(), 0.95);
      expect_near_ratio(limits.low, 1 / exchanged.high, name(t));
    }
  }
}

TEST(odds_ratio_test, limits_hold_the_estimate_and_invert_with_groups_and_outcome) {
  for (const TwoByTwo& t : some_tables()) {
    for (const auto method : {exact_odds_ratio, mid_p_odds_ratio, miettinen_nurminen_odds_ratio}) {
      const Interval limits = method(t, 0.95);
      const auto estimate = method == miettinen_nurminen_odds_ratio ? odds_ratio(t) : conditional_odds_ratio(t);
      if (estimate && !t.degenerate()) {
        EXPECT_LE(limits.low, *estimate * (1 + 1e-12)) << name(t);
        EXPECT_GE(limits.high, *estimate * (1 - 1e-12)) << name(t);
      }
      for (const TwoByTwo& mirror : {t.groups_exchanged(), t.outcome_reversed()}) {
        expect_near_ratio(limits.low, 1 / method(mirror, 0.95).high, name(t));
      }
    }
    const Interval exact = exact_odds_ratio(t), mid = mid_p_odds_ratio(t);
    EXPECT_LE(exact.low, mid.low * (1 + 1e-12)) << name(t);
    EXPECT_GE(exact.high, mid.high * (1 - 1e-12)) << name(t);
  }
}

TEST(odds_ratio_test, exact_limits_of_one_against_none) {
  // 1 of 1 against 0 of 1: P(X >= 1; psi) = psi/(1 + psi) = .025 at psi = 1/39; no upper limit.
  const Interval limits = exact_odds_ratio({1, 1, 0, 1});
  EXPECT_NEAR(limits.low, 1.0 / 39, 1e-15);
  EXPECT_TRUE(std::isinf(limits.high));
  EXPECT_EQ(conditional_odds_ratio({1, 1, 0, 1}), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(conditional_odds_ratio({1, 1, 1, 1}));
}

TEST(odds_ratio_test, a_million_people_take_no_time) {
  const TwoByTwo t{420000, 1000000, 421500, 1000000};
  const auto start = std::chrono::steady_clock::now();
  exact_odds_ratio(t);
  mid_p_odds_ratio(t);
  conditional_odds_ratio(t);
  fisher_p(t);
  miettinen_nurminen_difference(t);
  EXPECT_LT(std::chrono::steady_clock::now() - start,
            std::chrono::seconds(2));  // some hundredths of a second without sanitizers
}

}  // namespace
}  // namespace desist::statistics
