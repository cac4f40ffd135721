// Negative binomial and zero-inflated models where no reference goes: derivatives, limits, recovery.
#include "engine/statistics/negative_binomial.hpp"

#include <cmath>
#include <functional>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/count_law.hpp"
#include "engine/statistics/zero_inflated.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/regression_sample.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

double log_probability(double y, double mean, double theta) {
  return std::log(std::tgamma(y + theta) / std::tgamma(theta) / std::tgamma(y + 1)) +
         theta * std::log(theta / (theta + mean)) + (y > 0 ? y * std::log(mean / (theta + mean)) : 0.0);
}

TEST(negative_binomial_test, law_and_derivatives) {
  for (const double theta : {0.05, 0.9, 12.0}) {
    for (const double eta : {-3.0, 0.1, 2.5}) {
      for (const std::size_t y : {0u, 1u, 4u, 30u}) {
        const CountTerm t = CountLaw(30, theta).at(y, eta);
        EXPECT_NEAR(t.log_probability, log_probability(static_cast<double>(y), std::exp(eta), theta), 1e-9);
        const double h = 1e-5;
        const auto up = CountLaw(30, theta).at(y, eta + h), down = CountLaw(30, theta).at(y, eta - h);
        const auto more = CountLaw(30, theta * std::exp(h)).at(y, eta),
                   less = CountLaw(30, theta * std::exp(-h)).at(y, eta);
        EXPECT_NEAR(t.eta, (up.log_probability - down.log_probability) / (2 * h), 1e-7);
        EXPECT_NEAR(t.tau, (more.log_probability - less.log_probability) / (2 * h), 1e-7);
        EXPECT_NEAR(t.eta_eta, (up.eta - down.eta) / (2 * h), 1e-7);
        EXPECT_NEAR(t.eta_tau, (more.eta - less.eta) / (2 * h), 1e-7);
        EXPECT_NEAR(t.tau_tau, (more.tau - less.tau) / (2 * h), 1e-7);
      }
    }
  }
  const CountTerm nearly = CountLaw(40, 1e12).at(7, 1.3), poisson = CountLaw(40, std::nullopt).at(7, 1.3);
  EXPECT_NEAR(nearly.log_probability, poisson.log_probability, 1e-10);
  EXPECT_NEAR(nearly.eta, poisson.eta, 1e-10);
}

TEST(negative_binomial_test, underdispersion_is_poisson) {
  const VectorXd even = VectorXd::Constant(40, 2) + (VectorXd(40) << VectorXd::Zero(20), VectorXd::Ones(20)).finished();
  const auto fit = negative_binomial(MatrixXd::Ones(40, 1), even);
  EXPECT_EQ(std::get<Diagnosis>(fit).problem, RegressionProblem::no_overdispersion);
  VectorXd half = even;
  half[3] = 0.5;
  EXPECT_EQ(std::get<Diagnosis>(negative_binomial(MatrixXd::Ones(40, 1), half)).rows, (std::vector<std::size_t>{3}));
}

TEST(negative_binomial_test, one_mean_has_the_sample_mean) {
  const RegressionSample s = regression_sample(300);
  const auto fit = std::get<NegativeBinomial>(negative_binomial(MatrixXd::Ones(300, 1), s.counts));
  EXPECT_NEAR(std::exp(fit.coefficients[0]), s.counts.mean(), 1e-10);
  const auto likelihood = [&](double theta) {
    double sum = 0;
    for (Eigen::Index i = 0; i < 300; ++i) sum += log_probability(s.counts[i], s.counts.mean(), theta);
    return sum;
  };
  EXPECT_NEAR(likelihood(fit.theta), fit.log_likelihood, 1e-8);
  EXPECT_GT(likelihood(fit.theta), likelihood(fit.theta * 1.001));
  EXPECT_GT(likelihood(fit.theta), likelihood(fit.theta * 0.999));
}

/// Central differences of a function of several numbers.
VectorXd slopes(const std::function<double(const VectorXd&)>& f, const VectorXd& at, double h) {
  VectorXd result(at.size());
  for (Eigen::Index j = 0; j < at.size(); ++j) {
    VectorXd up = at, down = at;
    up[j] += h;
    down[j] -= h;
    result[j] = (f(up) - f(down)) / (2 * h);
  }
  return result;
}

TEST(zero_inflated_test, is_a_maximum_with_the_errors_of_its_curvature) {
  const RegressionSample s = regression_sample(900);
  for (const CountFamily family : {CountFamily::poisson, CountFamily::negative_binomial}) {
    const ZeroInflatedData data{s.x.leftCols(2), s.x.leftCols(2), s.counts, s.log_years};
    const auto fit = std::get<ZeroInflated>(zero_inflated(family, data));
    const bool has_theta = family == CountFamily::negative_binomial;
    ASSERT_EQ(fit.theta.has_value(), has_theta);
    VectorXd point(has_theta ? 5 : 4);
    point << fit.count_coefficients, fit.zero_coefficients,
        VectorXd::Constant(has_theta ? 1 : 0, std::log(fit.theta.value_or(1)));
    const std::function<double(const VectorXd&)> likelihood = [&](const VectorXd& p) {
      double sum = 0;
      for (Eigen::Index i = 0; i < 900; ++i) {
        const double mean = std::exp(data.x.row(i).dot(p.head(2)) + s.log_years[i]);
        const double q = 1 / (1 + std::exp(-data.z.row(i).dot(p.segment(2, 2))));
        const double y = s.counts[i];
        const double count = has_theta ? std::exp(log_probability(y, mean, std::exp(p[4])))
                                       : std::exp(y * std::log(mean) - mean) / std::tgamma(y + 1);
        sum += std::log((y == 0 ? q : 0.0) + (1 - q) * count);
      }
      return sum;
    };
    EXPECT_NEAR(fit.log_likelihood, likelihood(point), 1e-7);
    EXPECT_LT(slopes(likelihood, point, 1e-5).cwiseAbs().maxCoeff(), 1e-4);
    MatrixXd information(point.size(), point.size());
    for (Eigen::Index j = 0; j < point.size(); ++j) {
      VectorXd up = point, down = point;
      up[j] += 1e-4;
      down[j] -= 1e-4;
      information.col(j) = -(slopes(likelihood, up, 1e-4) - slopes(likelihood, down, 1e-4)) / 2e-4;
    }
    const MatrixXd covariance = test::inverse(information);
    for (Eigen::Index j = 0; j < point.size(); ++j) {
      EXPECT_NEAR(std::sqrt(fit.covariance(j, j) / covariance(j, j)), 1, 1e-4);
    }
    EXPECT_NEAR(fit.aic, 2 * static_cast<double>(point.size()) - 2 * fit.log_likelihood, 1e-9);
  }
}

TEST(zero_inflated_test, no_zeros_to_inflate) {
  const RegressionSample s = regression_sample(200);
  const VectorXd positive = s.counts.array() + 1;
  const ZeroInflatedData data{s.x.leftCols(2), MatrixXd::Ones(200, 1), positive, {}};
  EXPECT_EQ(std::get<Diagnosis>(zero_inflated(CountFamily::poisson, data)).problem, RegressionProblem::no_excess_zeros);
}

TEST(zero_inflated_test, fewer_zeros_than_the_law_is_named) {
  VectorXd y(120);  // mean 2, where Poisson has 16 zeros; here 2
  for (Eigen::Index i = 0; i < 120; ++i) y[i] = i < 2 ? 0 : i < 30 ? 1 : i < 90 ? 2 : 3;
  const ZeroInflatedData data{MatrixXd::Ones(120, 1), MatrixXd::Ones(120, 1), y, {}};
  EXPECT_EQ(std::get<Diagnosis>(zero_inflated(CountFamily::poisson, data)).problem, RegressionProblem::no_excess_zeros);
}

}  // namespace
}  // namespace desist::statistics
