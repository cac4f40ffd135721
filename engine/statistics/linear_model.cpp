#include "engine/statistics/linear_model.hpp"

#include <cmath>

namespace desist::statistics {

Fitted<LinearModel> linear_model(const Eigen::MatrixXd& x, const Eigen::VectorXd& y) {
  auto checked = orthonormal_design(x);
  if (const auto* problem = std::get_if<Diagnosis>(&checked)) return *problem;
  if (const auto problem = not_finite({&y})) return *problem;
  auto& design = std::get<OrthonormalDesign>(checked);
  const Eigen::Index p = x.cols();

  Eigen::VectorXd fit = weighted_sum(design.q, y);
  Eigen::VectorXd residuals = y - linear_predictor(design.q, fit);
  fit += weighted_sum(design.q, residuals);
  residuals = y - linear_predictor(design.q, fit);

  LinearModel model;
  model.coefficients = design.r_inverse * fit;
  model.residual_df = static_cast<std::size_t>(x.rows() - p);
  double squares = 0, total = 0, mean = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i) mean += y[i];
  mean = design.has_constant ? mean / static_cast<double>(y.size()) : 0.0;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    squares += residuals[i] * residuals[i];
    total += (y[i] - mean) * (y[i] - mean);
  }
  const double variance = squares / static_cast<double>(model.residual_df);
  model.sigma = std::sqrt(variance);
  model.r_squared = total > 0 ? 1 - squares / total : 0.0;
  model.residuals = residuals;
  model.working = {std::move(design.q),
                   std::move(residuals),
                   Eigen::VectorXd::Ones(y.size()),
                   Eigen::MatrixXd::Identity(p, p),
                   std::move(design.r_inverse),
                   static_cast<std::size_t>(y.size())};
  model.covariance = variance * unscaled_covariance(model.working);
  return model;
}

}  // namespace desist::statistics
