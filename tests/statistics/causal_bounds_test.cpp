#include "engine/statistics/causal_bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

TEST(causal_bounds_test, worst_case_of_absent_controls) {
  // 21 absent controls, none or all reoffending, beside 8 of 70 against 10 of 49.
  const Interval bounds = worst_case_difference({8, 70, 10, 49}, 0, 21);
  EXPECT_NEAR(bounds.low, 8.0 / 70 - 31.0 / 70, 1e-15);
  EXPECT_NEAR(bounds.high, 8.0 / 70 - 10.0 / 70, 1e-15);
  const Interval none = worst_case_difference({8, 70, 10, 49}, 0, 0);
  EXPECT_EQ(none.low, none.high);
}

/// Bounds by trying every way to cut `cut` people of an arm off.
Interval trimmed_by_hand(std::int64_t count, std::int64_t n, std::int64_t cut) {
  Interval risks{1, 0};
  for (std::int64_t with = std::max<std::int64_t>(0, cut - (n - count)); with <= std::min(cut, count); ++with) {
    const double risk = static_cast<double>(count - with) / static_cast<double>(n - cut);
    risks = {std::min(risks.low, risk), std::max(risks.high, risk)};
  }
  return risks;
}

TEST(causal_bounds_test, lee_bounds_are_the_extremes_of_trimming) {
  // 20 sent to each arm, all of group 1 seen, 15 of group 0: a quarter of group 1, five people, is trimmed.
  for (std::int64_t x1 = 0; x1 <= 20; ++x1) {
    const auto bounds = lee_bounds({x1, 20, 6, 15}, 0, 5);
    ASSERT_TRUE(bounds);
    const Interval risks = trimmed_by_hand(x1, 20, 5);
    EXPECT_NEAR(bounds->low, risks.low - 0.4, 1e-14);
    EXPECT_NEAR(bounds->high, risks.high - 0.4, 1e-14);
    const auto exchanged = lee_bounds({6, 15, x1, 20}, 5, 0);
    EXPECT_NEAR(exchanged->low, -bounds->high, 1e-14);
    EXPECT_NEAR(exchanged->high, -bounds->low, 1e-14);
  }
  const auto meet = lee_bounds({8, 70, 10, 49}, 0, 0);
  EXPECT_NEAR(meet->low, meet->high, 1e-15);
  EXPECT_FALSE(lee_bounds({0, 0, 10, 49}, 70, 0));
}

// ---- Balke and Pearl's expressions against the linear programme that they solve
// --------------------------------------------

/// A population: shares of the sixteen kinds of people, kind = 4 r_d + r_y. Under assignment z kind r receives bit z of
/// r_d; with receipt d it has outcome bit d of r_y.
using Population = std::array<double, 16>;

std::size_t cell(std::size_t kind, std::size_t z) {
  const std::size_t d = (kind / 4 >> z) & 1;
  const std::size_t y = (kind % 4 >> d) & 1;
  return z * 4 + d * 2 + y;
}

double effect(std::size_t kind) { return static_cast<double>(kind % 4 >> 1 & 1) - static_cast<double>(kind % 4 & 1); }

/// Least and largest effect over all populations with these cell shares: every basic solution of the seven independent
/// equations is tried (the optimum of a linear programme is one of them).
Interval by_linear_programme(const std::array<double, 8>& shares) {
  constexpr std::size_t rows = 7;  // the shares of each z sum to 1: one of the eight equations repeats the others
  Interval bounds{2, -2};
  std::array<std::size_t, rows> pick{};
  for (std::uint32_t mask = 0; mask < 65536; ++mask) {
    if (__builtin_popcount(mask) != rows) continue;
    std::size_t at = 0;
    for (std::size_t kind = 0; kind < 16; ++kind) {
      if (mask >> kind & 1) pick[at++] = kind;
    }
    double m[rows][rows + 1] = {};
    for (std::size_t column = 0; column < rows; ++column) {
      for (std::size_t z = 0; z < 2; ++z) {
        const std::size_t row = cell(pick[column], z);
        if (row < rows) m[row][column] = 1;
      }
    }
    for (std::size_t row = 0; row < rows; ++row) m[row][rows] = shares[row];
    bool singular = false;
    for (std::size_t step = 0; step < rows && !singular; ++step) {
      std::size_t best = step;
      for (std::size_t row = step; row < rows; ++row) {
        if (std::abs(m[row][step]) > std::abs(m[best][step])) best = row;
      }
      if (std::abs(m[best][step]) < 1e-9) {
        singular = true;
        break;
      }
      std::swap(m[best], m[step]);
      for (std::size_t row = 0; row < rows; ++row) {
        if (row == step) continue;
        const double factor = m[row][step] / m[step][step];
        for (std::size_t column = step; column <= rows; ++column) m[row][column] -= factor * m[step][column];
      }
    }
    if (singular) continue;
    double total = 0;
    double value = 0;
    bool feasible = true;
    for (std::size_t column = 0; column < rows; ++column) {
      const double share = m[column][rows] / m[column][column];
      feasible = feasible && share >= -1e-12;
      total += share;
      value += share * effect(pick[column]);
    }
    if (!feasible || std::abs(total - 1) > 1e-9) continue;
    bounds = {std::min(bounds.low, value), std::max(bounds.high, value)};
  }
  return bounds;
}

TEST(causal_bounds_test, balke_pearl_is_the_linear_programme) {
  std::mt19937_64 generator(1997);
  for (int trial = 0; trial < 60; ++trial) {
    // A population of 1000 of each assignment, from few or many kinds, so that the instrumental inequality holds.
    std::array<std::int64_t, 16> people{};
    for (int i = 0; i < 1000; ++i) {
      const std::size_t kinds = trial % 3 == 0 ? 3 : trial % 3 == 1 ? 6 : 16;
      ++people[(generator() % kinds * 5 + static_cast<std::size_t>(trial)) % 16];
    }
    ComplianceTable table;
    double truth = 0;
    for (std::size_t kind = 0; kind < 16; ++kind) {
      truth += effect(kind) * static_cast<double>(people[kind]) / 1000;
      for (std::size_t z = 0; z < 2; ++z) {
        const std::size_t c = cell(kind, z);
        table.count[z][c / 2 % 2][c % 2] += people[kind];
      }
    }
    std::array<double, 8> shares{};
    for (std::size_t c = 0; c < 8; ++c) shares[c] = static_cast<double>(table.count[c / 4][c / 2 % 2][c % 2]) / 1000;
    const auto bounds = balke_pearl_bounds(table);
    ASSERT_TRUE(bounds);
    const Interval programme = by_linear_programme(shares);
    EXPECT_NEAR(bounds->low, programme.low, 1e-9);
    EXPECT_NEAR(bounds->high, programme.high, 1e-9);
    EXPECT_LE(bounds->low, truth + 1e-9);
    EXPECT_GE(bounds->high, truth - 1e-9);
  }
}

TEST(causal_bounds_test, balke_pearl_with_full_compliance_is_the_difference) {
  const auto bounds = balke_pearl_bounds(one_sided_table({10, 49}, {8, 70}, {0, 0}));
  ASSERT_TRUE(bounds);
  EXPECT_NEAR(bounds->low, 8.0 / 70 - 10.0 / 49, 1e-14);
  EXPECT_NEAR(bounds->high, 8.0 / 70 - 10.0 / 49, 1e-14);
}

TEST(causal_bounds_test, balke_pearl_refuses_what_no_population_shows) {
  ComplianceTable table;  // untreated: all with the outcome in one arm, none in the other
  table.count[0][0] = {0, 10};
  table.count[1][0] = {10, 0};
  EXPECT_FALSE(balke_pearl_bounds(table));
  EXPECT_FALSE(balke_pearl_bounds(ComplianceTable{}));
}

}  // namespace
}  // namespace desist::statistics
