// Logistic and Poisson regression against textbook matrices, closed forms and equivalent data.
#include "engine/statistics/generalised_linear_model.hpp"

#include <cmath>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/odds_ratio.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/regression_sample.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

GeneralisedLinearModel fitted(Family family, const MatrixXd& x, const VectorXd& y, const RowTerms& terms = {}) {
  return std::get<GeneralisedLinearModel>(generalised_linear_model(family, x, y, terms));
}

/// Newton's method on X itself, with dense solves.
VectorXd naive_logistic(const MatrixXd& x, const VectorXd& y) {
  VectorXd beta = VectorXd::Zero(x.cols());
  for (int i = 0; i < 60; ++i) {
    const VectorXd p = (1 / (1 + (-(x * beta).array()).exp())).matrix();
    const MatrixXd information = test::weighted_product(x.transpose(), (p.array() * (1 - p.array())).matrix(), x);
    beta += test::solution(information, x.transpose() * (y - p));
  }
  return beta;
}

TEST(generalised_linear_model_test, logistic_equals_dense_newton) {
  const RegressionSample s = regression_sample(400);
  const auto model = fitted(Family::logistic, s.x, s.yes);
  const VectorXd beta = naive_logistic(s.x, s.yes);
  for (Eigen::Index j = 0; j < 4; ++j) EXPECT_NEAR(model.coefficients[j] / beta[j], 1, 1e-7);
  const VectorXd p = (1 / (1 + (-(s.x * beta).array()).exp())).matrix();
  EXPECT_LT((model.fitted - p).cwiseAbs().maxCoeff(), 1e-10);
  double log_likelihood = 0;
  for (Eigen::Index i = 0; i < 400; ++i) log_likelihood += std::log(s.yes[i] == 1 ? p[i] : 1 - p[i]);
  EXPECT_NEAR(model.log_likelihood, log_likelihood, 1e-9);
  EXPECT_NEAR(model.deviance, -2 * log_likelihood, 1e-9);
  EXPECT_NEAR(model.aic, 8 - 2 * log_likelihood, 1e-9);
  const double share = s.yes.mean();
  EXPECT_NEAR(model.null_deviance, -800 * (share * std::log(share) + (1 - share) * std::log(1 - share)), 1e-9);
  const VectorXd v = (p.array() * (1 - p.array())).matrix();
  EXPECT_NEAR(model.pearson_chi_square, ((s.yes - p).array().square() / v.array()).sum(), 1e-8);
  const MatrixXd bread = test::inverse(test::weighted_product(s.x.transpose(), v, s.x));
  const MatrixXd meat = test::weighted_product(s.x.transpose(), (s.yes - p).cwiseAbs2(), s.x);
  const MatrixXd hc0 = test::product(bread, meat, bread);
  const MatrixXd ours = std::get<MatrixXd>(robust_covariance(model.working, RobustKind::hc0));
  for (Eigen::Index j = 0; j < 4; ++j) {
    EXPECT_NEAR(model.covariance(j, j) / bread(j, j), 1, 1e-5);  // the dense inverse has a condition of 1e12
    EXPECT_NEAR(ours(j, j) / hc0(j, j), 1, 1e-5);
  }
}

TEST(generalised_linear_model_test, bell_mccaffrey_of_a_logistic_model_by_its_definition) {
  const RegressionSample s = regression_sample(120);
  const MatrixXd x = s.x.leftCols(3);
  const auto model = fitted(Family::logistic, x, s.yes);
  const VectorXd v = (model.fitted.array() * (1 - model.fitted.array())).matrix();
  const MatrixXd gradient = v.asDiagonal() * x;  // of the means
  const MatrixXd weighted = x;                   // the gradient over the variance
  const MatrixXd bread = test::inverse(gradient.transpose() * weighted);
  const MatrixXd hat = test::product(gradient, bread, weighted.transpose());
  MatrixXd meat = MatrixXd::Zero(3, 3);
  std::vector<MatrixXd> whole;  // of each cluster: its part of a coefficient as a linear form of all y - mean
  for (std::size_t label = 0; label < 13; ++label) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < 120; ++i) {
      if (s.cluster[static_cast<std::size_t>(i)] == label) rows.push_back(i);
    }
    if (rows.empty()) continue;
    const VectorXd v_of_rows = v(rows);
    const MatrixXd d = v_of_rows.cwiseSqrt().asDiagonal();
    const auto m = static_cast<Eigen::Index>(rows.size());
    const MatrixXd b = test::product(d, MatrixXd::Identity(m, m) - hat(rows, rows), v_of_rows.asDiagonal()) * d;
    const MatrixXd adjustment = test::product(d, test::power_of((b + b.transpose()) / 2, -0.5), d);
    const MatrixXd of_rows = weighted(rows, Eigen::all);
    const VectorXd residuals = (s.yes - model.fitted)(rows);
    const VectorXd score = test::product(of_rows.transpose(), adjustment, residuals);
    meat += score * score.transpose();
    const MatrixXd residual_maker = MatrixXd::Identity(120, 120) - hat;
    const MatrixXd made = residual_maker(rows, Eigen::all);
    whole.push_back(test::product(made.transpose(), adjustment.transpose(), of_rows) * bread);
  }
  const MatrixXd covariance = test::product(bread, meat, bread);
  const auto ours = std::get<ClusterCovariance>(cluster_covariance(model.working, s.cluster, ClusterKind::cr2));
  for (Eigen::Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(ours.covariance(j, j) / covariance(j, j), 1, 1e-8);
    double trace = 0, squares = 0;
    for (const MatrixXd& g : whole) {
      trace += g.col(j).dot(v.cwiseProduct(g.col(j)));
      for (const MatrixXd& h : whole) squares += std::pow(g.col(j).dot(v.cwiseProduct(h.col(j))), 2);
    }
    EXPECT_NEAR(ours.degrees_of_freedom[static_cast<std::size_t>(j)], trace * trace / squares, 1e-7);
  }
}

TEST(generalised_linear_model_test, one_arm_is_its_table) {
  const TwoByTwo t{13, 51, 40, 73};
  VectorXd arm(t.people()), y(t.people());
  for (Eigen::Index i = 0; i < arm.size(); ++i) {
    arm[i] = i < t.n1 ? 1 : 0;
    y[i] = i < t.x1 || (i >= t.n1 && i < t.n1 + t.x0) ? 1 : 0;
  }
  const auto model = fitted(Family::logistic, with_constant({arm}), y);
  EXPECT_NEAR(model.coefficients[1], std::log(*odds_ratio(t)), 1e-12);
  EXPECT_NEAR(std::sqrt(model.covariance(1, 1)), *log_odds_ratio_error(t), 1e-12);
}

TEST(generalised_linear_model_test, weights_are_repeated_rows) {
  const RegressionSample s = regression_sample(150);
  VectorXd weight(150);
  std::vector<Eigen::Index> repeated;
  for (Eigen::Index i = 0; i < 150; ++i) {
    weight[i] = static_cast<double>(1 + i % 3);
    for (Eigen::Index k = 0; k <= i % 3; ++k) repeated.push_back(i);
  }
  for (const Family family : {Family::logistic, Family::poisson}) {
    const VectorXd& y = family == Family::logistic ? s.yes : s.counts;
    const auto weighted = fitted(family, s.x, y, {s.log_years, weight});
    const auto whole = fitted(family, s.x(repeated, Eigen::all), y(repeated), {s.log_years(repeated), {}});
    for (Eigen::Index j = 0; j < 4; ++j) EXPECT_NEAR(weighted.coefficients[j] / whole.coefficients[j], 1, 1e-8);
    EXPECT_LT((weighted.covariance - whole.covariance).norm(), 1e-8 * whole.covariance.norm());
    EXPECT_NEAR(weighted.log_likelihood, whole.log_likelihood, 1e-8);
    EXPECT_NEAR(weighted.deviance, whole.deviance, 1e-8);
    EXPECT_NEAR(weighted.null_deviance, whole.null_deviance, 1e-8);
  }
}

TEST(generalised_linear_model_test, shares_with_weights_are_their_people) {
  const MatrixXd x = with_constant({VectorXd::LinSpaced(5, -1, 1)});
  const VectorXd yes = (VectorXd(5) << 2, 3, 9, 8, 0).finished(), people = (VectorXd(5) << 20, 10, 30, 9, 4).finished();
  const auto grouped = fitted(Family::logistic, x, yes.cwiseQuotient(people), {{}, people});
  std::vector<Eigen::Index> row;
  std::vector<double> outcome;
  for (Eigen::Index i = 0; i < 5; ++i) {
    for (int k = 0; k < static_cast<int>(people[i]); ++k) {
      row.push_back(i);
      outcome.push_back(k < yes[i] ? 1 : 0);
    }
  }
  const VectorXd y = Eigen::Map<const VectorXd>(outcome.data(), static_cast<Eigen::Index>(outcome.size()));
  const auto single = fitted(Family::logistic, x(row, Eigen::all), y);
  EXPECT_LT((grouped.coefficients - single.coefficients).norm(), 1e-10);
  EXPECT_LT((grouped.covariance - single.covariance).norm(), 1e-10);
  EXPECT_NEAR(grouped.log_likelihood, single.log_likelihood, 1e-10);
}

TEST(generalised_linear_model_test, rare_and_steep_outcomes_still_settle) {
  VectorXd y = VectorXd::Zero(200000);
  y[17] = 1;
  const auto rare = fitted(Family::logistic, MatrixXd::Ones(200000, 1), y);
  EXPECT_NEAR(rare.coefficients[0], std::log(1 / 199999.0), 1e-8);
  const MatrixXd x = with_constant({VectorXd::LinSpaced(400, -200, 200)});
  VectorXd steep(400);
  for (Eigen::Index i = 0; i < 400; ++i) steep[i] = i >= 200 ? 1 : 0;
  steep[199] = 1;  // one row over the edge: overlap by a single pair
  steep[200] = 0;
  const auto model = fitted(Family::logistic, x, steep);
  EXPECT_LT((model.fitted - steep).cwiseAbs().sum(), 3);
  VectorXd heavy = VectorXd::Zero(50);
  heavy[3] = 1e6;
  const auto counts = fitted(Family::poisson, with_constant({VectorXd::LinSpaced(50, 0, 1)}), heavy);
  EXPECT_NEAR(counts.fitted.sum(), 1e6, 1e-3);
}

}  // namespace
}  // namespace desist::statistics
