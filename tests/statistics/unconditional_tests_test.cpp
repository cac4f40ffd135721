#include "engine/statistics/unconditional_tests.hpp"

#include <chrono>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::statistics {
namespace {

/// Boschloo by its definition: every table, every one of 20,000 risks, Fisher's p of each table on its own.
double naive_boschloo(const TwoByTwo& t, Alternative alternative) {
  const double limit = fisher_p(t, alternative) * (1 + 1e-10);
  std::vector<TwoByTwo> extreme;
  for (std::int64_t x1 = 0; x1 <= t.n1; ++x1) {
    for (std::int64_t x0 = 0; x0 <= t.n0; ++x0) {
      if (fisher_p({x1, t.n1, x0, t.n0}, alternative) <= limit) extreme.push_back({x1, t.n1, x0, t.n0});
    }
  }
  double most = 0;
  for (int i = 1; i < 20000; ++i) {
    const double p = i / 20000.0;
    std::vector<double> law1, law0;
    for (std::int64_t x = 0; x <= t.n1; ++x) law1.push_back(binomial_probability(x, t.n1, p));
    for (std::int64_t x = 0; x <= t.n0; ++x) law0.push_back(binomial_probability(x, t.n0, p));
    double sum = 0;
    for (const TwoByTwo& e : extreme)
      sum += law1[static_cast<std::size_t>(e.x1)] * law0[static_cast<std::size_t>(e.x0)];
    most = std::max(most, sum);
  }
  return most;
}

TEST(unconditional_tests_test, boschloo_is_its_definition) {
  for (const TwoByTwo t : {TwoByTwo{1, 5, 4, 6}, {0, 7, 3, 4}, {3, 3, 1, 8}, {1, 1, 0, 1}, {2, 9, 5, 9}}) {
    for (const auto alternative : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      // A grid of 1/20,000 misses the top of a parabola of curvature up to 300 by less than 300/2 (1/40,000)^2.
      EXPECT_NEAR(boschloo(t, alternative).value().p, std::min(1.0, naive_boschloo(t, alternative)), 1e-7);
    }
  }
}

TEST(unconditional_tests_test, never_above_fisher_and_symmetric) {
  for (std::int64_t x1 = 0; x1 <= 8; ++x1) {
    for (std::int64_t x0 = 0; x0 <= 5; ++x0) {
      const TwoByTwo t{x1, 8, x0, 5};
      for (const auto alternative : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
        EXPECT_LE(boschloo(t, alternative)->p, fisher_p(t, alternative) + 1e-12);
      }
      EXPECT_NEAR(boschloo(t)->p, boschloo(t.groups_exchanged())->p, 1e-10);
      EXPECT_NEAR(boschloo(t)->p, boschloo(t.outcome_reversed())->p, 1e-10);
      EXPECT_NEAR(boschloo(t, Alternative::less)->p, boschloo(t.groups_exchanged(), Alternative::greater)->p, 1e-10);
      EXPECT_NEAR(barnard(t)->p, barnard(t.groups_exchanged())->p, 1e-10);
      EXPECT_NEAR(barnard(t, Alternative::less)->p, barnard(t.outcome_reversed(), Alternative::greater)->p, 1e-10);
    }
  }
}

TEST(unconditional_tests_test, everything_extreme_gives_one) {
  const auto none = boschloo({0, 10, 0, 12});
  EXPECT_EQ(none->p, 1);
  EXPECT_FALSE(none->at);
  EXPECT_EQ(barnard({0, 10, 0, 12})->p, 1);
  EXPECT_FALSE(barnard({5, 10, 6, 12})->at);
}

TEST(unconditional_tests_test, small_p_values_are_not_lost_in_an_absolute_slack) {
  // All of one group, none of the other: only this table and its mirror are as extreme; sup of 2 p^30 (1 - p)^30 is
  // 2/4^30.
  EXPECT_NEAR(boschloo({30, 30, 0, 30})->p * std::pow(4.0, 30) / 2, 1, 1e-9);
  EXPECT_NEAR(barnard({30, 30, 0, 30})->p * std::pow(4.0, 30) / 2, 1, 1e-9);
}

TEST(unconditional_tests_test, stop_where_the_docstring_says) {
  EXPECT_TRUE(boschloo({900, 2000, 1000, 2000}));
  EXPECT_FALSE(boschloo({900, 2001, 1000, 2000}));
  EXPECT_FALSE(barnard({1, 4'000'000'000'000'000'000, 1, 4'000'000'000'000'000'000}));
}

TEST(unconditional_tests_test, time) {
  const auto seconds = [](auto f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double cara = seconds([] { boschloo({8, 70, 10, 49}); });
  const double all = seconds([] {
    const TwoByTwo t{15, 164, 124, 318};
    for (const auto alternative : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      boschloo(t, alternative);
      barnard(t, alternative);
      barnard(t, alternative, BarnardVariance::unpooled);
    }
  });
  const double largest = seconds([] { boschloo({900, 2000, 1000, 2000}); });
  RecordProperty("cara_milliseconds", std::to_string(cara * 1e3));
  RecordProperty("all_tests_milliseconds", std::to_string(all * 1e3));
  RecordProperty("largest_milliseconds", std::to_string(largest * 1e3));
  EXPECT_LT(all, 10);  // hundredths of a second by itself; sanitizers and busy machines are far slower
}

}  // namespace
}  // namespace desist::statistics
