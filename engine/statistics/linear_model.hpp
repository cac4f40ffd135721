// Least squares.
#pragma once

#include <cstddef>

#include <Eigen/Core>

#include "engine/statistics/inference.hpp"
#include "engine/statistics/robust_covariance.hpp"

namespace desist::statistics {

struct LinearModel {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;  // classical: sigma^2 (X'X)^-1
  Eigen::VectorXd residuals;
  double sigma = 0;
  std::size_t residual_df = 0;
  double r_squared = 0;  // about the mean where the columns span a constant, else about 0
  WorkingModel working;  // for `robust_covariance` and `cluster_covariance`
};

/// Least squares of y on the columns of x (the constant is one of them), by an orthonormal design with one step of
/// refinement.
/// Verified by: complier_rows_reference; counts_reference; linear_model_test; regression_problems_test
Fitted<LinearModel> linear_model(const Eigen::MatrixXd& x, const Eigen::VectorXd& y);

}  // namespace desist::statistics
