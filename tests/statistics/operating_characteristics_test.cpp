#include "engine/statistics/operating_characteristics.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/statistics/unconditional_tests.hpp"

namespace desist::statistics {
namespace {

/// Every person of both groups in turn: 2^(n1 + n0) worlds.
template <class Counts>
double by_person(int n1, int n0, const RiskPair& risks, Counts counts) {
  double sum = 0;
  for (unsigned world = 0; world < 1u << (n1 + n0); ++world) {
    TwoByTwo t{0, n1, 0, n0};
    double probability = 1;
    for (int person = 0; person < n1 + n0; ++person) {
      const bool outcome = world >> person & 1;
      const double risk = person < n1 ? risks.risk1 : risks.risk0;
      probability *= outcome ? risk : 1 - risk;
      (person < n1 ? t.x1 : t.x0) += outcome;
    }
    if (counts(t)) sum += probability;
  }
  return sum;
}

const std::vector<RiskPair> grid{{0, 0}, {0.1, 0.1}, {0.5, 0.5}, {0.3, 0.7}, {0.05, 0.4}, {1, 0.2}};

TEST(operating_characteristics_test, equals_counting_every_world) {
  const auto p = [](const TwoByTwo& t) { return fisher_p(t); };
  const auto rejected = rejection_probability(7, 5, grid, p, 0.1);
  const auto interval = [](const TwoByTwo& t) { return newcombe(t, 0.9); };
  const auto difference = [](const RiskPair& r) { return r.risk1 - r.risk0; };
  const auto covered = coverage(7, 5, grid, interval, difference);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    EXPECT_NEAR(rejected[i], by_person(7, 5, grid[i], [&](const TwoByTwo& t) { return p(t) <= 0.1; }), 1e-13);
    EXPECT_NEAR(covered[i],
                by_person(7, 5, grid[i], [&](const TwoByTwo& t) { return interval(t).contains(difference(grid[i])); }),
                1e-13);
  }
}

TEST(operating_characteristics_test, exact_tests_keep_their_size_and_boschloo_has_more_power) {
  std::vector<RiskPair> equal, unequal;
  for (int i = 1; i < 20; ++i) equal.push_back({i / 20.0, i / 20.0});
  for (int i = 1; i < 10; ++i) unequal.push_back({i / 20.0, i / 20.0 + 0.4});
  const auto fisher = [](const TwoByTwo& t) { return fisher_p(t); };
  const auto better = [](const TwoByTwo& t) { return boschloo(t)->p; };
  for (const double size : rejection_probability(9, 7, equal, better)) EXPECT_LE(size, 0.05 + 1e-9);
  const auto fisher_power = rejection_probability(9, 7, unequal, fisher);
  const auto boschloo_power = rejection_probability(9, 7, unequal, better);
  for (std::size_t i = 0; i < unequal.size(); ++i) EXPECT_GE(boschloo_power[i], fisher_power[i]);
}

TEST(operating_characteristics_test, clopper_pearson_covers) {
  std::vector<RiskPair> risks;
  for (int i = 1; i < 100; ++i) risks.push_back({i / 100.0, 0.5});
  const auto first_risk = [](const RiskPair& r) { return r.risk1; };
  const auto exact = coverage(
      30, 1, risks, [](const TwoByTwo& t) { return clopper_pearson(t.group1()); }, first_risk);
  for (const double value : exact) EXPECT_GE(value, 0.95);
  // Wald's does not, which the same check sees.
  const auto simple = coverage(
      30, 1, risks, [](const TwoByTwo& t) { return wald(t.group1()); }, first_risk);
  EXPECT_LT(*std::min_element(simple.begin(), simple.end()), 0.5);
}

TEST(operating_characteristics_test, probabilities_of_all_tables_sum_to_one) {
  const auto all = rejection_probability(60, 45, grid, [](const TwoByTwo&) { return 0.0; });
  for (const double sum : all) EXPECT_NEAR(sum, 1, 1e-12);
}

}  // namespace
}  // namespace desist::statistics
