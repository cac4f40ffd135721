#include "engine/statistics/instrumental.hpp"

#include <cmath>
#include <random>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/normal.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/plain_algebra.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

CovarianceOf rows(RobustKind kind) {
  return [kind](const WorkingModel& working) { return robust_covariance(working, kind); };
}

InstrumentalData of_table(const ComplianceTable& table) {
  std::vector<std::array<double, 3>> people;
  for (std::size_t z = 0; z < 2; ++z) {
    for (std::size_t w = 0; w < 2; ++w) {
      for (std::size_t y = 0; y < 2; ++y) {
        for (std::int64_t i = 0; i < table.count[z][w][y]; ++i) {
          people.push_back({static_cast<double>(z), static_cast<double>(w), static_cast<double>(y)});
        }
      }
    }
  }
  const auto n = static_cast<Eigen::Index>(people.size());
  InstrumentalData data{MatrixXd(n, 1), MatrixXd(n, 1), MatrixXd::Ones(n, 1), VectorXd(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& person = people[static_cast<std::size_t>(i)];
    data.instruments(i, 0) = person[0];
    data.endogenous(i, 0) = person[1];
    data.outcome[i] = person[2];
  }
  return data;
}

TEST(instrumental_test, set_of_a_table_is_fiellers) {
  const std::vector<ComplianceTable> tables = {one_sided_table({10, 49}, {1, 54}, {7, 16}),
                                               one_sided_table({4, 20}, {1, 2}, {5, 21}),
                                               one_sided_table({10, 20}, {0, 1}, {9, 22})};
  for (const ComplianceTable& table : tables) {
    const ConfidenceSet counts = complier_effect(table)->fieller;
    const auto set = std::get<ConfidenceSet>(anderson_rubin(of_table(table), rows(RobustKind::hc0)));
    EXPECT_EQ(set.shape, counts.shape);
    if (counts.shape == ConfidenceSet::Shape::whole_line) continue;
    EXPECT_NEAR(set.low, counts.low, 1e-9 * (1 + std::abs(counts.low)));
    EXPECT_NEAR(set.high, counts.high, 1e-9 * (1 + std::abs(counts.high)));
  }
}

InstrumentalData simulated(double strength) {
  std::mt19937_64 bits(4);
  const auto uniform = [&bits] { return static_cast<double>(bits() >> 11) * 0x1p-53 - 0.5; };
  const Eigen::Index n = 200;
  InstrumentalData data{MatrixXd(n, 1), MatrixXd(n, 1), MatrixXd::Ones(n, 2), VectorXd(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const double covariate = uniform(), hidden = uniform(), z = uniform();
    data.instruments(i, 0) = z + 0.3 * covariate;
    data.exogenous(i, 1) = covariate;
    data.endogenous(i, 0) = strength * z + hidden + covariate;
    data.outcome[i] = 0.5 * data.endogenous(i, 0) - hidden + uniform() * (1 + covariate);
  }
  return data;
}

TEST(instrumental_test, set_inverts_the_reduced_form_test_with_clusters_and_covariates) {
  for (const double strength : {2.0, 0.15, 0.02}) {
    const InstrumentalData data = simulated(strength);
    std::vector<std::size_t> cluster;
    for (std::size_t i = 0; i < 200; ++i) cluster.push_back(i / 9);
    const CovarianceOf clustered = [&](const WorkingModel& working) -> Fitted<MatrixXd> {
      return std::get<ClusterCovariance>(cluster_covariance(working, cluster, ClusterKind::cr2)).covariance;
    };
    for (const CovarianceOf& covariance : {clustered, rows(RobustKind::hc3)}) {
      const auto set = std::get<ConfidenceSet>(anderson_rubin(data, covariance));
      MatrixXd x(200, 3);
      x << data.instruments, data.exogenous;
      for (double b = -40; b <= 40; b += 0.37) {
        const auto fit = std::get<LinearModel>(linear_model(x, data.outcome - b * data.endogenous.col(0)));
        const double error = std::sqrt(std::get<MatrixXd>(covariance(fit.working))(0, 0));
        const bool kept = std::abs(fit.coefficients[0]) <= two_sided_z(0.95) * error;
        const bool inside = set.shape == ConfidenceSet::Shape::whole_line ||
                            (set.shape == ConfidenceSet::Shape::interval ? set.low <= b && b <= set.high
                                                                         : b <= set.low || b >= set.high);
        EXPECT_EQ(kept, inside) << strength << " " << b;
      }
    }
  }
}

TEST(instrumental_test, exogenous_receipt_gives_least_squares) {
  const InstrumentalData data = simulated(1);
  InstrumentalData own = data;
  own.instruments = data.endogenous;
  const auto model = std::get<InstrumentalModel>(instrumental_model(own));
  MatrixXd x(200, 3);
  x << data.endogenous, data.exogenous;
  const auto line = std::get<LinearModel>(linear_model(x, data.outcome));
  EXPECT_LT((model.coefficients - line.coefficients).norm(), 1e-12);
  EXPECT_LT((model.covariance - line.covariance).norm(), 1e-12);
  EXPECT_TRUE(std::isinf(model.first_stage_f.at(0)));
}

TEST(instrumental_test, more_instruments_than_receipts_by_matrices) {
  InstrumentalData data = simulated(1);
  MatrixXd two(200, 2);
  two << data.instruments, data.instruments.cwiseProduct(data.exogenous.col(1));
  data.instruments = two;
  MatrixXd x(200, 3), z(200, 4);
  x << data.endogenous, data.exogenous;
  z << data.instruments, data.exogenous;
  const MatrixXd projection = test::product(z, test::inverse(z.transpose() * z), z.transpose());
  const MatrixXd bread = test::inverse(test::product(x.transpose(), projection, x));
  const VectorXd beta = test::product(bread, x.transpose(), projection) * data.outcome;
  const VectorXd e = data.outcome - x * beta;
  const MatrixXd scores = projection * x;
  const MatrixXd meat = test::weighted_product(scores.transpose(), e.cwiseAbs2(), scores);
  const MatrixXd hc0 = test::product(bread, meat, bread);
  const auto model = std::get<InstrumentalModel>(instrumental_model(data));
  EXPECT_LT((model.coefficients - beta).norm(), 1e-10);
  EXPECT_LT((std::get<MatrixXd>(robust_covariance(model.working, RobustKind::hc0)) - hc0).norm(), 1e-10);
  EXPECT_LT((model.covariance - e.squaredNorm() / 197 * bread).norm(), 1e-10);
}

TEST(instrumental_test, no_instrument_is_named) {
  InstrumentalData data = simulated(1);
  const auto problem = [](const InstrumentalData& d) { return std::get<Diagnosis>(instrumental_model(d)).problem; };
  InstrumentalData none = data;
  none.instruments.resize(200, 0);
  EXPECT_EQ(problem(none), RegressionProblem::no_instrument);
  InstrumentalData covariate = data;
  covariate.instruments = data.exogenous.col(1);
  EXPECT_EQ(problem(covariate), RegressionProblem::no_instrument);
  InstrumentalData idle = data;  // uncorrelated with receipt, given the constant
  idle.exogenous = MatrixXd::Ones(200, 1);
  for (Eigen::Index i = 0; i < 200; ++i) {
    idle.instruments(i, 0) = i % 2 == 0 ? 1 : 0;
    idle.endogenous(i, 0) = (i / 2) % 2 == 0 ? 1 : 0;
  }
  EXPECT_EQ(problem(idle), RegressionProblem::no_instrument);
}

}  // namespace
}  // namespace desist::statistics
