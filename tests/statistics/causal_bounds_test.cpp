#include "engine/statistics/causal_bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statistics/risk_difference.hpp"

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

/// Chances of x with the outcome and m absent among n people, by x and m.
std::vector<std::vector<double>> seen_and_absent(int n, double outcome, double absent) {
  std::vector<std::vector<double>> chance(static_cast<std::size_t>(n) + 1,
                                          std::vector<double>(static_cast<std::size_t>(n) + 1, 0));
  for (int x = 0; x <= n; ++x)
    for (int m = 0; x + m <= n; ++m) {
      double ways = 1;
      for (int i = 1; i <= x; ++i) ways *= static_cast<double>(n - x + i) / i;
      for (int i = 1; i <= m; ++i) ways *= static_cast<double>(n - x - m + i) / i;
      chance[static_cast<std::size_t>(x)][static_cast<std::size_t>(m)] =
          ways * std::pow(outcome, x) * std::pow(absent, m) * std::pow(1 - outcome - absent, n - x - m);
    }
  return chance;
}

/// How often limits hold both ends of the population's bounds, every table of n people an arm counted.
template <class Limits>
double chance_of_holding(int n, double outcome1, double absent1, double outcome0, double absent0,
                         const Limits& limits) {
  const auto one = seen_and_absent(n, outcome1, absent1), other = seen_and_absent(n, outcome0, absent0);
  const double low = outcome1 - outcome0 - absent0, high = outcome1 + absent1 - outcome0;
  double held = 0;
  for (int x1 = 0; x1 <= n; ++x1)
    for (int m1 = 0; x1 + m1 <= n; ++m1)
      for (int x0 = 0; x0 <= n; ++x0)
        for (int m0 = 0; x0 + m0 <= n; ++m0) {
          const Interval found = limits(TwoByTwo{x1, n - m1, x0, n - m0}, m1, m0);
          if (found.low <= low + 1e-12 && high - 1e-12 <= found.high)
            held += one[static_cast<std::size_t>(x1)][static_cast<std::size_t>(m1)] *
                    other[static_cast<std::size_t>(x0)][static_cast<std::size_t>(m0)];
        }
  return held;
}

// Both limits hold with .95 as far as Miettinen & Nurminen's do, whose coverage dips below it with 10 people an arm: at
// least .94 here, every table counted. Bounds without chance hold in about a third of trials at most.
TEST(causal_bounds_test, limits_hold_the_bounds) {
  const auto with_chance = [](const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0) {
    return worst_case_limits(seen, absent1, absent0);
  };
  const auto without = [](const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0) {
    return worst_case_difference(seen, absent1, absent0);
  };
  for (const auto& [outcome1, absent1, outcome0, absent0] :
       {std::array{0.3, 0.2, 0.5, 0.1}, std::array{0.2, 0.1, 0.2, 0.1}, std::array{0.5, 0.3, 0.4, 0.2}}) {
    EXPECT_GE(chance_of_holding(10, outcome1, absent1, outcome0, absent0, with_chance), 0.94);
    EXPECT_LT(chance_of_holding(10, outcome1, absent1, outcome0, absent0, without), 0.34);
  }
  const Interval nobody_absent = worst_case_limits({37, 87, 41, 86}, 0, 0);
  const Interval usual = miettinen_nurminen_difference({37, 87, 41, 86});
  EXPECT_EQ(nobody_absent.low, usual.low);
  EXPECT_EQ(nobody_absent.high, usual.high);
}

}  // namespace
}  // namespace desist::statistics
