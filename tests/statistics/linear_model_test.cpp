// Least squares and its covariances against the textbook's matrices, written out with n by n projections.
#include "engine/statistics/linear_model.hpp"

#include <cmath>
#include <random>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/plain_algebra.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct LineSample {
  MatrixXd x;
  VectorXd y;
  std::vector<std::size_t> cluster;
};

/// Clusters of 1 to 9 rows; the last column differs between clusters only.
LineSample sample() {
  std::mt19937_64 bits(20);
  const auto uniform = [&bits] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  std::vector<VectorXd> columns(3, VectorXd(70));
  LineSample s{{}, VectorXd(70), {}};
  for (Eigen::Index i = 0; i < 70; ++i) {
    const std::size_t g = static_cast<std::size_t>(std::sqrt(static_cast<double>(2 * i)));
    s.cluster.push_back(100 - g);
    columns[0][i] = uniform();
    columns[1][i] = 2019 + std::floor(5 * uniform());
    columns[2][i] = static_cast<double>(g % 3);
    s.y[i] = columns[0][i] + uniform() * (1 + static_cast<double>(g % 2));
  }
  s.x = with_constant(columns);
  return s;
}

TEST(linear_model_test, equals_the_normal_equations) {
  const LineSample s = sample();
  const auto model = std::get<LinearModel>(linear_model(s.x, s.y));
  const MatrixXd bread = test::inverse(s.x.transpose() * s.x);
  const VectorXd beta = test::solution(s.x, s.y);
  const VectorXd e = s.y - s.x * beta;
  EXPECT_LT((model.coefficients - beta).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT((model.residuals - e).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_NEAR(model.sigma, std::sqrt(e.squaredNorm() / 66), 1e-13);
  EXPECT_LT((model.covariance - e.squaredNorm() / 66 * bread).norm(), 1e-8 * model.covariance.norm());
  EXPECT_NEAR(model.r_squared, 1 - e.squaredNorm() / (s.y.array() - s.y.mean()).matrix().squaredNorm(), 1e-13);
}

TEST(linear_model_test, eigen_splits_sums_alike_on_every_processor) {
  EXPECT_EQ(Eigen::l1CacheSize(), 32 << 10);
  EXPECT_EQ(Eigen::l2CacheSize(), 256 << 10);
}

TEST(robust_covariance_test, bell_mccaffrey_by_whole_projections) {
  const LineSample s = sample();
  const Eigen::Index n = s.x.rows();
  const auto model = std::get<LinearModel>(linear_model(s.x, s.y));
  const MatrixXd q = test::basis_of_columns(s.x);
  const MatrixXd residual_maker = MatrixXd::Identity(n, n) - q * q.transpose();
  const MatrixXd left = test::solution(s.x, MatrixXd::Identity(n, n));  // (X'X)^-1 X'
  const VectorXd e = residual_maker * s.y;
  MatrixXd covariance = MatrixXd::Zero(4, 4);
  std::vector<MatrixXd> whole;  // of each cluster: n by 4, column j gives its part of coefficient j's variance
  for (std::size_t label = 0; label <= 100; ++label) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < n; ++i) {
      if (s.cluster[static_cast<std::size_t>(i)] == label) rows.push_back(i);
    }
    if (rows.empty()) continue;
    const MatrixXd a = test::power_of(residual_maker(rows, rows), -0.5);
    const MatrixXd of_rows = left(Eigen::all, rows);
    const VectorXd score = test::product(of_rows, a, e(rows));
    covariance += score * score.transpose();
    whole.push_back(test::product(residual_maker(Eigen::all, rows), a, of_rows.transpose()));
  }
  const auto ours = std::get<ClusterCovariance>(cluster_covariance(model.working, s.cluster, ClusterKind::cr2));
  EXPECT_EQ(ours.clusters, whole.size());
  for (Eigen::Index j = 0; j < 4; ++j) {
    EXPECT_NEAR(ours.covariance(j, j) / covariance(j, j), 1, 1e-7);
    double trace = 0, squares = 0;
    for (const MatrixXd& g : whole) {
      trace += g.col(j).squaredNorm();
      for (const MatrixXd& h : whole) squares += std::pow(g.col(j).dot(h.col(j)), 2);
    }
    EXPECT_NEAR(ours.degrees_of_freedom[static_cast<std::size_t>(j)], trace * trace / squares, 1e-6);
  }
}

TEST(robust_covariance_test, clusters_of_one_row_are_independent_rows) {
  const LineSample s = sample();
  const auto model = std::get<LinearModel>(linear_model(s.x, s.y));
  std::vector<std::size_t> own(70);
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = i;
  const auto cr = [&](ClusterKind kind) {
    return std::get<ClusterCovariance>(cluster_covariance(model.working, own, kind)).covariance;
  };
  const auto hc = [&](RobustKind kind) { return std::get<MatrixXd>(robust_covariance(model.working, kind)); };
  EXPECT_LT((cr(ClusterKind::cr0) - hc(RobustKind::hc0)).norm(), 1e-12 * hc(RobustKind::hc0).norm());
  EXPECT_LT((cr(ClusterKind::cr1) - hc(RobustKind::hc1)).norm(), 1e-12 * hc(RobustKind::hc1).norm());
  EXPECT_LT((cr(ClusterKind::cr2) - hc(RobustKind::hc2)).norm(), 1e-12 * hc(RobustKind::hc2).norm());
}

TEST(inference_test, is_estimate_and_quantile_times_error) {
  const Inference normal = inference(1, 0.5);
  EXPECT_NEAR(normal.interval.low, 1 - 0.5 * 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal.p, 0.0455002638963584, 1e-15);
  EXPECT_FALSE(normal.degrees_of_freedom);
  const Inference student = inference(-1, 0.5, 2.0);
  EXPECT_NEAR(student.p, 1 - 2 / std::sqrt(6.0), 1e-14);  // closed form of two degrees of freedom
  EXPECT_NEAR(student.interval.high, -1 + 0.5 * 0.95 * std::sqrt(2 / (1 - 0.95 * 0.95)), 1e-12);
  EXPECT_EQ(inference(0, 0).p, 1);
  EXPECT_EQ(inference(1, 0).p, 0);
  EXPECT_EQ(inference(1, 0, 3.0).p, 0);
}

}  // namespace
}  // namespace desist::statistics
