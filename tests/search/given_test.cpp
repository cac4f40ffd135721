// A parameter where others are given: on a line that is known, with a spread that is known.
#include "engine/search/given.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace desist {
namespace {

constexpr ValueRange wide{0, 1e9};

/// y = 0.25 b / l times each of five factors, at every b and l of a grid: the factors are the same everywhere, so that
/// the line is (1, -1) in logarithms and what is left are the factors.
struct OnALine {
  std::vector<std::vector<double>> rows;
  std::vector<double> weights;
  std::vector<double> factors{0.5, 0.8, 1, 1.25, 2};
  OnALine() {
    for (const double b : {10.0, 20.0, 40.0})
      for (const double l : {5.0, 12.0, 30.0, 35.0})
        for (const double factor : factors) rows.push_back({b, l, 0.25 * b / l * factor});
    weights.assign(rows.size(), 1 / static_cast<double>(rows.size()));
  }
};

TEST(Given, MovesEverySetAlongTheLine) {
  const OnALine line;
  const ParameterGiven given = parameter_given({2, {0, 1}, {{13, 26}, {13, 39}}}, wide, line.rows, line.weights, 1);
  EXPECT_EQ(given.fit, 2u);
  EXPECT_EQ(given.by, (std::vector<std::size_t>{0, 1}));
  ASSERT_EQ(given.rows.size(), 4u);
  const double expected[][2] = {{13, 13}, {13, 39}, {26, 13}, {26, 39}};
  for (std::size_t r = 0; r < 4; ++r) {
    const auto [b, l] = expected[r];
    EXPECT_EQ(given.rows[r].at, (std::vector<double>{b, l}));
    EXPECT_NEAR(given.rows[r].left.low, 0.25 * b / l * 0.5, 1e-12) << r;
    EXPECT_NEAR(given.rows[r].left.middle, 0.25 * b / l, 1e-12) << r;
    EXPECT_NEAR(given.rows[r].left.high, 0.25 * b / l * 2, 1e-12) << r;
  }
}

TEST(Given, WeighsItsSets) {
  OnALine line;
  double sum = 0;
  for (std::size_t i = 0; i < line.rows.size(); ++i) sum += line.weights[i] = i % 5 == 4 ? 1 : 0;  // the factor 2 alone
  for (double& weight : line.weights) weight /= sum;
  const ParameterGiven given = parameter_given({2, {0, 1}, {{20}, {10}}}, wide, line.rows, line.weights, 1);
  EXPECT_NEAR(given.rows[0].left.low, 1, 1e-12);
  EXPECT_NEAR(given.rows[0].left.high, 1, 1e-12);
}

TEST(Given, LeavesOutWhatIsOutsideTheRange) {
  const OnALine line;
  const auto at = [&](ValueRange range) {
    return parameter_given({2, {0, 1}, {{20}, {10}}}, range, line.rows, line.weights, 1).rows[0].left;
  };
  EXPECT_NEAR(at({0, 0.6}).high, 0.5, 1e-12);  // of .25, .4, .5, .625 and 1
  EXPECT_NEAR(at({0, 0.6}).middle, 0.4, 1e-12);
  EXPECT_TRUE(std::isnan(at({2, 3}).middle));  // no value in its range would do
}

TEST(Given, WithValuesOfEitherSignTheLineIsStraight) {
  std::vector<std::vector<double>> rows;
  for (const double x : {-2.0, 0.0, 1.0, 3.0})
    for (const double off : {-0.5, 0.0, 0.5}) rows.push_back({x, 4 - 3 * x + off});
  const std::vector<double> weights(rows.size(), 1 / 12.0);
  const ParameterGiven given = parameter_given({1, {0}, {{2}}}, {-100, 100}, rows, weights, 1);
  EXPECT_NEAR(given.rows[0].left.low, -2.5, 1e-12);
  EXPECT_NEAR(given.rows[0].left.middle, -2, 1e-12);
  EXPECT_NEAR(given.rows[0].left.high, -1.5, 1e-12);
}

TEST(Given, SaysNothingWhereTheOthersAreAlike) {
  const std::vector<std::vector<double>> rows{{1, 2}, {1, 3}, {1, 4}};
  const std::vector<double> weights(3, 1 / 3.0);
  EXPECT_TRUE(std::isnan(parameter_given({1, {0}, {{1}}}, wide, rows, weights, 1).rows[0].left.middle));
}

}  // namespace
}  // namespace desist
