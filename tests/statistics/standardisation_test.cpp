#include "engine/statistics/standardisation.hpp"

#include <cmath>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "tests/statistics/regression_sample.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

GeneralisedLinearModel logistic_share(const MatrixXd& x, const VectorXd& y) {
  return std::get<GeneralisedLinearModel>(generalised_linear_model(Family::logistic, x, y));
}

struct People {
  VectorXd arm, stratum, y;
};

People of_strata(const std::vector<TwoByTwo>& strata) {
  std::vector<double> arm, stratum, y;
  for (std::size_t s = 0; s < strata.size(); ++s) {
    const TwoByTwo& t = strata[s];
    for (std::int64_t i = 0; i < t.people(); ++i) {
      arm.push_back(i < t.n1 ? 1 : 0);
      stratum.push_back(static_cast<double>(s));
      y.push_back(i < t.x1 || (i >= t.n1 && i < t.n1 + t.x0) ? 1 : 0);
    }
  }
  const auto vector = [](const std::vector<double>& v) {
    return VectorXd(Eigen::Map<const VectorXd>(v.data(), static_cast<Eigen::Index>(v.size())));
  };
  return {vector(arm), vector(stratum), vector(y)};
}

TEST(standardisation_test, without_covariates_it_is_the_table) {
  const TwoByTwo t{13, 51, 40, 73};
  const People p = of_strata({t});
  const MatrixXd x = with_constant({p.arm});
  const auto model = logistic_share(x, p.y);
  const MatrixXd hc0 = std::get<MatrixXd>(robust_covariance(model.working, RobustKind::hc0));
  const auto rows = counterfactuals(x, 1);
  for (const StandardisedMeans& s : {standardise(model, rows, model.covariance), standardise(model, rows, hc0),
                                     standardise_for_population(model, rows)}) {
    EXPECT_NEAR(s.mean1, t.risk1(), 1e-12);
    EXPECT_NEAR(s.mean0, t.risk0(), 1e-12);
    EXPECT_NEAR(s.difference.error, risk_difference_error(t), 1e-12);
    EXPECT_NEAR(s.log_ratio.error, *log_risk_ratio_error(t), 1e-12);
    EXPECT_NEAR(s.ratio_interval.high, log_wald_ratio(t)->high, 1e-12);
  }
}

TEST(standardisation_test, saturated_strata_are_directly_standardised) {
  const std::vector<TwoByTwo> strata = {{5, 40, 20, 60}, {30, 50, 12, 20}};
  const People p = of_strata(strata);
  const VectorXd both = p.arm.cwiseProduct(p.stratum);
  const MatrixXd x = with_constant({p.arm, p.stratum, both});
  Counterfactuals rows = counterfactuals(x, 1);
  rows.treated.col(3) = p.stratum;
  rows.compared.col(3).setZero();
  double difference = 0, variance = 0, between = 0;
  const double n = static_cast<double>(p.y.size());
  for (const TwoByTwo& t : strata) {
    const double w = static_cast<double>(t.people()) / n;
    difference += w * (t.risk1() - t.risk0());
    variance += w * w * std::pow(risk_difference_error(t), 2);
  }
  for (const TwoByTwo& t : strata) {
    between += static_cast<double>(t.people()) / n * std::pow(t.risk1() - t.risk0() - difference, 2);
  }
  const auto model = logistic_share(x, p.y);
  const auto fixed = standardise(model, rows, model.covariance);
  EXPECT_NEAR(fixed.difference.estimate, difference, 1e-12);
  EXPECT_NEAR(fixed.difference.error, std::sqrt(variance), 1e-12);
  const auto population = standardise_for_population(model, rows);
  EXPECT_NEAR(population.difference.error, std::sqrt(variance + between / n), 1e-12);
}

TEST(standardisation_test, delta_method_by_numerical_derivatives) {
  const RegressionSample s = regression_sample(300);
  const MatrixXd x = s.x.leftCols(3);
  for (const Family family : {Family::logistic, Family::poisson}) {
    const VectorXd& y = family == Family::logistic ? s.yes : s.counts;
    const auto model = std::get<GeneralisedLinearModel>(
        generalised_linear_model(family, x, y, {family == Family::poisson ? s.log_years : VectorXd(), {}}));
    Counterfactuals rows = counterfactuals(x, 1);
    if (family == Family::poisson) rows.offset = s.log_years;
    const auto cr1 = std::get<ClusterCovariance>(cluster_covariance(model.working, s.cluster, ClusterKind::cr1));
    const auto ours = standardise(model, rows, cr1.covariance);
    VectorXd gradient(3), log_gradient(3);
    for (Eigen::Index j = 0; j < 3; ++j) {
      const double h = 1e-6;
      auto shifted = model;
      shifted.coefficients[j] += h;
      const auto up = standardise(shifted, rows, cr1.covariance);
      shifted.coefficients[j] -= 2 * h;
      const auto down = standardise(shifted, rows, cr1.covariance);
      gradient[j] = (up.difference.estimate - down.difference.estimate) / (2 * h);
      log_gradient[j] = (std::log(up.ratio) - std::log(down.ratio)) / (2 * h);
    }
    EXPECT_NEAR(ours.difference.error, std::sqrt(gradient.dot(cr1.covariance * gradient)), 1e-7);
    EXPECT_NEAR(ours.log_ratio.error, std::sqrt(log_gradient.dot(cr1.covariance * log_gradient)), 1e-7);
  }
}

TEST(standardisation_test, population_errors_are_near_the_jackknife) {
  const RegressionSample s = regression_sample(600);
  const MatrixXd x = s.x.leftCols(3);
  const auto rows = counterfactuals(x, 1);
  const double error = standardise_for_population(logistic_share(x, s.yes), rows).difference.error;
  double sum = 0, squares = 0;
  for (Eigen::Index left = 0; left < 600; ++left) {
    std::vector<Eigen::Index> kept;
    for (Eigen::Index i = 0; i < 600; ++i) {
      if (i != left) kept.push_back(i);
    }
    const MatrixXd part = x(kept, Eigen::all);
    const auto model = logistic_share(part, s.yes(kept));
    const double value = standardise(model, counterfactuals(part, 1), model.covariance).difference.estimate;
    sum += value;
    squares += value * value;
  }
  const double jackknife = std::sqrt(599.0 / 600 * (squares - sum * sum / 600));
  EXPECT_NEAR(error / jackknife, 1, 0.02);  // they differ by order 1/n
}

TEST(standardisation_test, modified_poisson_of_a_table_is_katz) {  // Zou 2004, section 2
  const TwoByTwo t{13, 51, 40, 73};
  const People p = of_strata({t});
  const auto fit = std::get<ModifiedPoisson>(modified_poisson(with_constant({p.arm}), p.y));
  EXPECT_NEAR(fit.model.coefficients[1], std::log(*risk_ratio(t)), 1e-12);
  EXPECT_NEAR(std::sqrt(fit.covariance(1, 1)), *log_risk_ratio_error(t), 1e-12);
  EXPECT_EQ(fit.fitted_above_one, 0u);
  VectorXd two = p.y;
  two[0] = 2;
  EXPECT_EQ(std::get<Diagnosis>(modified_poisson(with_constant({p.arm}), two)).problem,
            RegressionProblem::outcome_out_of_range);
}

}  // namespace
}  // namespace desist::statistics
