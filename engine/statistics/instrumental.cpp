#include "engine/statistics/instrumental.hpp"

#include <cmath>
#include <limits>

#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd beside(const MatrixXd& left, const MatrixXd& right) {
  MatrixXd both(left.rows(), left.cols() + right.cols());
  both << left, right;
  return both;
}

double residual_squares(const RowMatrix& q, const VectorXd& y) {
  const VectorXd fitted = linear_predictor(q, weighted_sum(q, y));
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) sum += (y[i] - fitted[i]) * (y[i] - fitted[i]);
  return sum;
}

}  // namespace

Fitted<InstrumentalModel> instrumental_model(const InstrumentalData& data) {
  const Index k = data.endogenous.cols();
  const Index excluded = data.instruments.cols();
  const MatrixXd regressors = beside(data.endogenous, data.exogenous);
  if (excluded < k) return Diagnosis{RegressionProblem::no_instrument, {}, {}};
  const auto own = orthonormal_design(regressors);
  if (const auto* problem = std::get_if<Diagnosis>(&own)) return *problem;
  if (const auto problem = not_finite({&data.outcome})) return *problem;
  // Exogenous first, so that the leading columns span the first stage without instruments.
  auto first = orthonormal_design(beside(data.exogenous, data.instruments));
  if (auto* problem = std::get_if<Diagnosis>(&first)) {
    if (problem->problem == RegressionProblem::collinear || problem->problem == RegressionProblem::constant_covariate) {
      return Diagnosis{RegressionProblem::no_instrument, {}, {}};
    }
    return *problem;
  }
  const auto& stage = std::get<OrthonormalDesign>(first);

  InstrumentalModel model;
  const RowMatrix without = stage.q.leftCols(data.exogenous.cols());
  MatrixXd projected = regressors;
  for (Index j = 0; j < k; ++j) {
    const VectorXd received = data.endogenous.col(j);
    projected.col(j) = linear_predictor(stage.q, weighted_sum(stage.q, received));
    const double rest = residual_squares(stage.q, received);
    const double gain = residual_squares(without, received) - rest;
    const double divisor = rest / static_cast<double>(received.size() - stage.q.cols());
    const double total = received.squaredNorm();
    model.first_stage_f.push_back(rest < 1e-24 * total ? std::numeric_limits<double>::infinity()
                                                       : gain / static_cast<double>(excluded) / divisor);
  }
  auto second = orthonormal_design(projected);
  if (std::holds_alternative<Diagnosis>(second)) return Diagnosis{RegressionProblem::no_instrument, {}, {}};
  auto& design = std::get<OrthonormalDesign>(second);

  const Index n = data.outcome.size(), p = regressors.cols();
  model.coefficients = design.r_inverse * weighted_sum(design.q, data.outcome);
  model.residuals = data.outcome - regressors * model.coefficients;
  model.residual_df = static_cast<std::size_t>(n - p);
  double squares = 0;
  for (Index i = 0; i < n; ++i) squares += model.residuals[i] * model.residuals[i];
  model.sigma = std::sqrt(squares / static_cast<double>(n - p));
  model.working = {std::move(design.q),         model.residuals,
                   VectorXd::Ones(n),           MatrixXd::Identity(p, p),
                   std::move(design.r_inverse), static_cast<std::size_t>(n)};
  model.covariance = model.sigma * model.sigma * unscaled_covariance(model.working);
  return model;
}

Fitted<ConfidenceSet> anderson_rubin(const InstrumentalData& data, const CovarianceOf& covariance_of,
                                     double confidence) {
  if (data.endogenous.cols() != 1 || data.instruments.cols() != 1) {
    return Diagnosis{RegressionProblem::no_instrument, {}, {}};
  }
  const MatrixXd x = beside(data.instruments, data.exogenous);
  const VectorXd received = data.endogenous.col(0);
  const std::vector<VectorXd> outcomes = {data.outcome, received, data.outcome + received, data.outcome - received};
  std::vector<double> slopes, variances;
  for (const VectorXd& y : outcomes) {
    const auto fit = linear_model(x, y);
    if (const auto* problem = std::get_if<Diagnosis>(&fit)) return *problem;
    const auto& model = std::get<LinearModel>(fit);
    const auto covariance = covariance_of(model.working);
    if (const auto* problem = std::get_if<Diagnosis>(&covariance)) return *problem;
    slopes.push_back(model.coefficients[0]);
    variances.push_back(std::get<MatrixXd>(covariance)(0, 0));
  }
  if (slopes[1] == 0 && variances[1] == 0) return Diagnosis{RegressionProblem::no_instrument, {}, {}};
  return fieller_set({slopes[0], slopes[1], variances[0], (variances[2] - variances[3]) / 4, variances[1]},
                     two_sided_z(confidence));
}

}  // namespace desist::statistics
