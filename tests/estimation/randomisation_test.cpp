// Randomisation tests: Fisher's exact test as a special case, enumeration against a naive loop, Monte Carlo against
// both.
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/estimation/resampling.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::estimation {
namespace {

using statistics::Alternative;
constexpr Alternative alternatives[] = {Alternative::two_sided, Alternative::less, Alternative::greater};

/// Columns: outcome, 1. Difference of means, treated less others.
double difference(std::span<const double> s) { return s[0] / s[1] - s[2] / s[3]; }

SummedRows outcomes(const std::vector<double>& y) {
  SummedRows rows{2, {}};
  for (const double each : y) rows.values.insert(rows.values.end(), {each, 1.0});
  return rows;
}

TEST(randomisation_test, zero_one_outcomes_are_fishers_exact_test) {
  for (const statistics::TwoByTwo& t :
       {statistics::TwoByTwo{1, 8, 5, 9}, {3, 7, 3, 7}, {0, 6, 4, 6}, {7, 9, 1, 4}, {2, 3, 5, 12}}) {
    std::vector<double> y;
    Assignment assignment;
    for (std::int64_t i = 0; i < t.n1 + t.n0; ++i) {
      y.push_back(i < t.x1 || (i >= t.n1 && i < t.n1 + t.x0) ? 1 : 0);
      assignment.treated.push_back(i < t.n1);
    }
    for (const Alternative alternative : {Alternative::less, Alternative::greater}) {
      const auto found = randomisation_test(outcomes(y), assignment, difference, {alternative, 0, 1000000, 0, 1});
      ASSERT_TRUE(found.exact && found.p);
      EXPECT_NEAR(*found.p, statistics::fisher_p(t, alternative), 1e-12);
      EXPECT_EQ(found.looked_at, found.assignments);
    }
    if (t.n1 == t.n0) {  // then both orders of tables are the same
      EXPECT_NEAR(*randomisation_test(outcomes(y), assignment, difference).p, statistics::fisher_p(t), 1e-12);
    }
  }
}

TEST(randomisation_test, blocks_are_enumerated_as_a_naive_loop_does) {
  const std::vector<double> y = {3.1, 0.2, 5.5, 1.7, 2.2, 2.2, 9.1, 4.0, 0.3, 6.6};
  const Assignment assignment{{true, false, true, false, true, false, true, true, false, false},
                              {4, 4, 4, 1, 1, 1, 1, 9, 9, 9}};
  const double observed = [&] {
    double sums[4] = {};
    for (std::size_t i = 0; i < 10; ++i)
      sums[assignment.treated[i] ? 0 : 2] += y[i], sums[assignment.treated[i] ? 1 : 3] += 1;
    return difference(sums);
  }();
  for (const Alternative alternative : alternatives) {
    double all = 0, extreme = 0;
    for (unsigned set = 0; set < 1024; ++set) {
      const auto in = [set](unsigned mask) { return std::popcount(set & mask); };
      if (in(0b111) != 2 || in(0b1111000) != 2 || in(0b1110000000) != 1) continue;
      double sums[4] = {};
      for (std::size_t i = 0; i < 10; ++i) sums[set >> i & 1 ? 0 : 2] += y[i], sums[set >> i & 1 ? 1 : 3] += 1;
      const double value = difference(sums);
      ++all;
      extreme += alternative == Alternative::less      ? value <= observed + 1e-12
                 : alternative == Alternative::greater ? value >= observed - 1e-12
                                                       : std::abs(value) >= std::abs(observed) - 1e-12;
    }
    const auto exact = randomisation_test(outcomes(y), assignment, difference, {alternative, 0, 1000000, 0, 1});
    EXPECT_EQ(all, 54);
    EXPECT_EQ(exact.assignments, all);
    EXPECT_EQ(static_cast<double>(exact.as_extreme), extreme);
    // Drawn instead: within 5 errors, the same for any number of threads, never 0.
    const auto drawn = randomisation_test(outcomes(y), assignment, difference, {alternative, 40000, 1, 3, 1});
    EXPECT_FALSE(drawn.exact);
    EXPECT_NEAR(*drawn.p, *exact.p, 5 * drawn.monte_carlo_error);
    EXPECT_EQ(*randomisation_test(outcomes(y), assignment, difference, {alternative, 40000, 1, 3, 3}).p, *drawn.p);
    EXPECT_GT(*randomisation_test(outcomes(y), assignment, difference, {alternative, 3, 1, 3, 1}).p, 0.24);
  }
}

TEST(randomisation_test, clusters_are_assigned_whole) {
  // Six clusters of three people: 20 assignments, not 48,620.
  SummedRows rows{2, {}};
  std::vector<std::uint32_t> cluster;
  for (std::uint32_t i = 0; i < 18; ++i) {
    rows.values.insert(rows.values.end(), {i < 9 ? 1.0 : 0.0, 1.0});
    cluster.push_back(i / 3);
  }
  const Assignment by_cluster{{true, true, true, false, false, false}, {}};
  const auto found = randomisation_test(sums_by_cluster(rows, cluster), by_cluster, difference);
  EXPECT_EQ(found.assignments, 20);
  EXPECT_NEAR(*found.p, 2.0 / 20, 1e-15);
}

TEST(randomisation_test, what_cannot_be_tested_is_named) {
  using P = RandomisationProblem;
  const auto rows = outcomes({1, 2, 3, 4});
  EXPECT_EQ(randomisation_test(rows, {{true, true, true, true}, {}}, [](auto s) { return s[0]; }).problem,
            P::one_assignment_only);
  EXPECT_EQ(randomisation_test(rows, {{true, false, true, false}, {1, 2, 3, 4}}, difference).problem,
            P::one_assignment_only);
  EXPECT_EQ(randomisation_test(rows, {{true, true, true, true}, {}}, difference).problem, P::undefined_statistic);
  const auto sometimes = [](std::span<const double> s) {
    return s[0] > 6 ? std::numeric_limits<double>::quiet_NaN() : s[0];
  };
  const auto found = randomisation_test(rows, {{true, true, false, false}, {}}, sometimes);
  EXPECT_EQ(found.problem, P::undefined_statistic);
  EXPECT_EQ(found.undefined, 1u);
  EXPECT_FALSE(found.p);
  EXPECT_THROW(randomisation_test(rows, {{true}, {}}, difference), std::invalid_argument);
  EXPECT_THROW(randomisation_test(rows, {{true, false, true, false}, {1}}, difference), std::invalid_argument);
  EXPECT_THROW(randomisation_test({1, {}}, {}, difference), std::invalid_argument);
  // A constant outcome: every assignment is as extreme.
  EXPECT_EQ(*randomisation_test(outcomes({2, 2, 2, 2}), {{true, true, false, false}, {}}, difference).p, 1);
}

/// Where nothing differs, the chance of p <= a is at most a: over all assignments of one outcome.
TEST(randomisation_test, it_keeps_its_level) {
  const std::vector<double> y = {0.4, 1.9, 3.3, 3.4, 5.0, 8.8, 2.6, 7.1};
  std::vector<double> p_values;
  for (unsigned set = 0; set < 256; ++set) {
    if (std::popcount(set) != 4) continue;
    Assignment assignment;
    for (int i = 0; i < 8; ++i) assignment.treated.push_back(set >> i & 1);
    p_values.push_back(*randomisation_test(outcomes(y), assignment, difference).p);
  }
  ASSERT_EQ(p_values.size(), 70u);
  for (const double level : {0.03, 0.1, 0.25, 0.5}) {
    double rejected = 0;
    for (const double p : p_values) rejected += p <= level;
    EXPECT_LE(rejected / 70, level + 1e-12);
    EXPECT_GT(rejected / 70, level - 0.03);
  }
}

}  // namespace
}  // namespace desist::estimation
