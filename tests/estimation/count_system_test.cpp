// The solver of count tables against plain enumeration of every assignment.
#include "engine/estimation/count_system.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace desist::estimation {
namespace {

/// Two parts and a total, for a wide outcome and one within it: all solutions by eight nested loops.
struct Small {
  std::array<CountSystem::Bounds, 6> bounds;  // completed, breached, all: any; then the same: violent

  CountSystem system() const {
    CountSystem built;
    for (const auto& one : bounds) built.add(one);
    built.add_sum(2, {0, 1});
    built.add_sum(5, {3, 4});
    for (std::size_t i = 0; i < 3; ++i) built.add_order(i + 3, i);
    return built;
  }
  std::vector<std::array<std::int64_t, 6>> solutions() const {
    std::vector<std::array<std::int64_t, 6>> all;
    std::array<std::int64_t, 6> x{};
    for (x[0] = bounds[0].low; x[0] <= bounds[0].high; ++x[0])
      for (x[1] = bounds[1].low; x[1] <= bounds[1].high; ++x[1])
        for (x[3] = bounds[3].low; x[3] <= bounds[3].high; ++x[3])
          for (x[4] = bounds[4].low; x[4] <= bounds[4].high; ++x[4]) {
            x[2] = x[0] + x[1];
            x[5] = x[3] + x[4];
            const auto in = [&](std::size_t i) { return bounds[i].low <= x[i] && x[i] <= bounds[i].high; };
            if (in(2) && in(5) && x[3] <= x[0] && x[4] <= x[1] && x[5] <= x[2]) all.push_back(x);
          }
    return all;
  }
};

Small random_small(std::mt19937& random) {
  Small small;
  std::uniform_int_distribution<std::int64_t> width(0, 4);
  const std::int64_t starts[] = {4, 4, 8, 2, 2, 4};  // near a solution, so that many have one and many have none
  for (std::size_t i = 0; i < 6; ++i) {
    small.bounds[i].low = starts[i] + std::uniform_int_distribution<std::int64_t>(-2, 3)(random);
    small.bounds[i].high = small.bounds[i].low + width(random);
  }
  return small;
}

TEST(count_system_test, gives_what_enumeration_gives) {
  std::mt19937 random(20240601);
  int solvable = 0;
  for (int round = 0; round < 400; ++round) {
    const Small small = random_small(random);
    const CountSystem system = small.system();
    const auto all = small.solutions();
    solvable += all.empty() ? 0 : 1;
    ASSERT_EQ(system.solvable(), !all.empty()) << round;
    ASSERT_EQ(system.solutions(0, 1'000'000), all.size()) << round;
    for (std::size_t i = 0; i < 6; ++i) {
      std::set<std::int64_t> values;
      for (const auto& x : all) values.insert(x[i]);
      ASSERT_THAT(all.empty() ? std::vector<std::int64_t>{} : system.values(i, 100), testing::ElementsAreArray(values))
          << round;
    }
    if (all.empty()) continue;
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const auto& x : all) pairs.emplace(x[2], x[3]);
    ASSERT_THAT(system.pairs(2, 3, 100), testing::ElementsAreArray(pairs)) << round;
  }
  EXPECT_GT(solvable, 40);  // both kinds were met
  EXPECT_LT(solvable, 360);
}

TEST(count_system_test, nearest_is_the_least_sum_of_squares) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> somewhere(0, 14);
  for (int round = 0; round < 200; ++round) {
    const Small small = random_small(random);
    std::vector<CountSystem::Target> targets;
    for (std::size_t i = 0; i < 6; ++i) targets.push_back({i, somewhere(random), 0.5 + static_cast<double>(i)});
    const auto cost = [&](const auto& x) {
      double sum = 0;
      for (const auto& target : targets) {
        sum += std::pow((static_cast<double>(x[target.unknown]) - target.value) / target.unit, 2);
      }
      return sum;
    };
    const auto found = small.system().nearest(targets);
    const auto all = small.solutions();
    ASSERT_EQ(found.has_value(), !all.empty());
    if (!found) continue;
    double least = cost(all.front());
    for (const auto& x : all) least = std::min(least, cost(x));
    EXPECT_NEAR(cost(*found), least, 1e-9) << round;
  }
}

TEST(count_system_test, components_do_not_decide_for_each_other) {
  CountSystem system;
  const std::size_t whole = system.add({0, 3});
  const std::size_t part = system.add({5, 6});
  const std::size_t apart = system.add({1, 2});
  system.add_order(part, whole);
  EXPECT_FALSE(system.solvable(whole));
  EXPECT_FALSE(system.solvable());
  EXPECT_TRUE(system.solvable(apart));
  EXPECT_THAT(system.values(apart, 10), testing::ElementsAre(1, 2));
  EXPECT_FALSE(system.connected(whole, apart));
}

TEST(count_system_test, many_values_are_spread_with_both_ends) {
  CountSystem system;
  const std::size_t one = system.add({0, 1'000'000});
  const std::vector<std::int64_t> values = system.values(one, 101);
  ASSERT_EQ(values.size(), 101U);
  EXPECT_EQ(values.front(), 0);
  EXPECT_EQ(values[50], 500'000);
  EXPECT_EQ(values.back(), 1'000'000);
}

}  // namespace
}  // namespace desist::estimation
