// Particles moved to the printed figures: against least squares by hand, and where nothing can be said.
#include "engine/search/adjust.hpp"

#include <cmath>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "engine/random/inverse_normal.hpp"
#include "tests/search/toy_calibration.hpp"

namespace desist {
namespace {

Target printed(double low, double high) {
  Target target;
  target.low = low;
  target.high = high;
  return target;
}

/// Particles of two scores about lines of two figures, 5 and 20 printed in scales of 2 and 10.
struct Cloud {
  std::vector<Target> targets{printed(5, 5), printed(20, 20)};
  std::vector<double> scales{2, 10};
  Population kept;
  double tolerance = 1;

  explicit Cloud(double noise, double bend = 0) {
    Stream luck = Streams(7, 0, 0).open(Purpose("cloud"), 0);
    double sum = 0;
    for (int i = 0; i < 400; ++i) {
      const double s = 2 * uniform(luck()) - 1, t = 2 * uniform(luck()) - 1;
      const double e = inverse_normal(uniform(luck()));
      kept.outcomes.push_back({5 + 2 * s, 20 + 10 * t});
      kept.scores.push_back({0.3 + 0.8 * s - 0.5 * t + bend * s * s * s + noise * e, -1 + 0.25 * t});
      kept.distances.push_back(std::max(std::abs(s), std::abs(t)));
      sum += kept.weights.emplace_back(0.5 + uniform(luck()));
    }
    for (double& weight : kept.weights) weight /= sum;
  }
  Population moved() const { return adjusted_to_targets(targets, scales, tolerance, kept); }
  double gap(std::size_t i, std::size_t t) const { return (kept.outcomes[i][t] - targets[t].low) / scales[t]; }
};

TEST(Adjust, ALineEndsInAPoint) {
  const Population moved = Cloud(0).moved();
  for (const auto& scores : moved.scores) {
    EXPECT_NEAR(scores[0], 0.3, 1e-12);
    EXPECT_NEAR(scores[1], -1, 1e-12);
  }
}

TEST(Adjust, WeightsAreEpanechnikovs) {
  const Cloud cloud(0.4);
  const Population moved = cloud.moved();
  double sum = 0;
  for (std::size_t i = 0; i < moved.size(); ++i)
    sum += cloud.kept.weights[i] * (1 - cloud.kept.distances[i] * cloud.kept.distances[i]);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const double d = cloud.kept.distances[i];
    EXPECT_NEAR(moved.weights[i], cloud.kept.weights[i] * (1 - d * d) / sum, 1e-15);
  }
  EXPECT_EQ(moved.outcomes, cloud.kept.outcomes);
}

// An intercept is sum of w_i e0' (X'WX)^-1 x_i z_i: beside the weighted mean's variance where all z have one.
TEST(Adjust, WhatMovingLeavesIsThatOfAnIntercept) {
  Cloud cloud(0.4);
  for (std::size_t i = 0; i < cloud.kept.size(); ++i)  // most lie to one side of the first figure
    if (cloud.gap(i, 0) < 0.2) cloud.kept.weights[i] *= 0.1;
  const Population moved = cloud.moved();
  Eigen::Matrix3d gram = Eigen::Matrix3d::Zero();
  const auto row = [&](std::size_t i) { return Eigen::Vector3d(1, cloud.gap(i, 0), cloud.gap(i, 1)); };
  for (std::size_t i = 0; i < moved.size(); ++i) gram += moved.weights[i] * row(i) * row(i).transpose();
  const Eigen::Matrix3d inverse = gram.inverse();
  double of_mean = 0, of_intercept = 0;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const double part = moved.weights[i] * (inverse * row(i))(0);
    of_mean += moved.weights[i] * moved.weights[i];
    of_intercept += part * part;
  }
  EXPECT_NEAR(moved.left_by_moving, of_mean / of_intercept, 1e-9);
  EXPECT_LT(moved.left_by_moving, 0.9);  // it costs something here
  EXPECT_EQ(cloud.kept.left_by_moving, 1);
}

/// What is left of z[0] after weighted least squares on both gaps, by Cramer's rule, at the gaps 0.
std::vector<double> moved_by_hand(const Cloud& cloud, const std::vector<double>& weights) {
  double w = 0, x = 0, y = 0, z = 0;
  for (std::size_t i = 0; i < cloud.kept.size(); ++i) {
    w += weights[i];
    x += weights[i] * cloud.gap(i, 0);
    y += weights[i] * cloud.gap(i, 1);
    z += weights[i] * cloud.kept.scores[i][0];
  }
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
  for (std::size_t i = 0; i < cloud.kept.size(); ++i) {
    const double a = cloud.gap(i, 0) - x / w, b = cloud.gap(i, 1) - y / w, c = cloud.kept.scores[i][0] - z / w;
    xx += weights[i] * a * a;
    xy += weights[i] * a * b;
    yy += weights[i] * b * b;
    xz += weights[i] * a * c;
    yz += weights[i] * b * c;
  }
  const double under = xx * yy - xy * xy;
  const double first = (xz * yy - yz * xy) / under, second = (xx * yz - xy * xz) / under;
  std::vector<double> moved;
  for (std::size_t i = 0; i < cloud.kept.size(); ++i)
    moved.push_back(cloud.kept.scores[i][0] - first * cloud.gap(i, 0) - second * cloud.gap(i, 1));
  return moved;
}

double farthest_apart(const Population& moved, const std::vector<double>& by_hand) {
  double most = 0;
  for (std::size_t i = 0; i < by_hand.size(); ++i) most = std::max(most, std::abs(moved.scores[i][0] - by_hand[i]));
  return most;
}

TEST(Adjust, IsWeightedLeastSquares) {
  const Cloud cloud(0.4, 0.6);
  const Population moved = cloud.moved();
  EXPECT_LT(farthest_apart(moved, moved_by_hand(cloud, moved.weights)), 1e-12);
  EXPECT_GT(farthest_apart(moved, moved_by_hand(cloud, cloud.kept.weights)), 1e-3);  // without the kernel
  const std::vector<double> equal(cloud.kept.size(), 1);
  EXPECT_GT(farthest_apart(moved, moved_by_hand(cloud, equal)), 1e-3);
}

TEST(Adjust, MovesNothingInsideAPrintedRange) {
  Cloud cloud(0.4);
  for (std::size_t i = 0; i < cloud.kept.size(); ++i) {  // half of the first gap is inside
    cloud.kept.outcomes[i][1] = 20;
    cloud.kept.distances[i] = std::max(0.0, std::abs(cloud.gap(i, 0)) - 0.5);
  }
  cloud.targets[0] = printed(4, 6);
  const Population moved = cloud.moved();
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (cloud.kept.distances[i] == 0) {
      EXPECT_EQ(moved.scores[i], cloud.kept.scores[i]);
    } else {
      EXPECT_NE(moved.scores[i][0], cloud.kept.scores[i][0]);
    }
  }
}

TEST(Adjust, TheSameFactTwiceIsOneFact) {
  const Cloud once(0.4);
  Cloud twice = once;
  twice.targets.push_back(printed(10, 10));  // twice the first
  twice.scales.push_back(4);
  for (auto& outcomes : twice.kept.outcomes) outcomes.push_back(2 * outcomes[0]);
  Target held_out = printed(0, 0);
  held_out.fitted = false;
  twice.targets.push_back(held_out);
  twice.scales.push_back(1);
  for (auto& outcomes : twice.kept.outcomes) outcomes.push_back(std::numeric_limits<double>::quiet_NaN());
  const Population a = once.moved(), b = twice.moved();
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(a.scores[i][k], b.scores[i][k], 1e-10);
}

TEST(Adjust, LeavesWhatItCanSayNothingOf) {
  Cloud cloud(0.4);
  const auto is_as_it_was = [&] {
    const Population moved = cloud.moved();
    return moved.scores == cloud.kept.scores && moved.weights == cloud.kept.weights;
  };
  cloud.tolerance = std::numeric_limits<double>::infinity();  // nothing was met
  EXPECT_TRUE(is_as_it_was());
  cloud.tolerance = 0;  // met exactly
  EXPECT_TRUE(is_as_it_was());
  cloud.tolerance = 1;
  for (double& distance : cloud.kept.distances) distance = 1;  // a lattice: none is nearer
  EXPECT_TRUE(is_as_it_was());
  for (double& distance : cloud.kept.distances) distance = 0;
  for (auto& outcomes : cloud.kept.outcomes) outcomes = {5, 20};
  EXPECT_EQ(cloud.moved().scores, cloud.kept.scores);
}

TEST(Adjust, IsPartOfACalibrationOnlyWhereItIsAskedFor) {
  using test::ToyCalibration;
  ToyCalibration toy = ToyCalibration::windowed();
  toy.target("level", test::level, 3);
  toy.asked.tolerance = 0.5;
  const CalibrationResult plain = toy.run();
  EXPECT_EQ(plain.worth, plain.generations.back().effective);
  toy.asked.adjust = Calibration::Adjust::regression;
  const CalibrationResult moved = toy.run();
  EXPECT_EQ(plain.attempts, moved.attempts);
  EXPECT_EQ(plain.parameters[0].profile, moved.parameters[0].profile);
  EXPECT_GT(plain.parameters[0].after.sd, 0.5);   // 2.3 x 0.5 either side
  EXPECT_LT(moved.parameters[0].after.sd, 0.05);  // the noise is 0.02, and the ranges bend the line
  EXPECT_NEAR(moved.parameters[0].after.mean, 3, 0.05);
  EXPECT_LT(moved.worth, plain.worth);
  for (const double value : moved.posterior.rows) {
    EXPECT_GE(value, 1);
    EXPECT_LE(value, 9);
  }
  toy.asked.method = Calibration::Method::synthetic;
  EXPECT_THROW(toy.run(), std::invalid_argument);
}

}  // namespace
}  // namespace desist
