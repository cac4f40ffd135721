// Covariates of a survival model: checked, centred and scaled, so that a step of Newton means the same for all of them.
// For the .cpp files of the models.
#pragma once

#include <optional>

#include <Eigen/Core>

#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// The first missing number, or a wrong number of rows.
std::optional<SurvivalProblem> fault_of_covariates(const Eigen::MatrixXd& covariates, std::size_t rows);

/// The first covariate without information of its own: constant_covariate where its information is below 1e-11 of
/// `scale` (the rounding of what it was computed from), collinear_covariate where less than 1e-9 of it is left beside
/// the covariates before it (pivots of Cholesky's factor).
std::optional<SurvivalProblem> fault_of_information(const Eigen::MatrixXd& information, const Eigen::VectorXd& scale);

/// A column of ones, then covariates less their mean in units of their standard deviation.
struct ScaledCovariates {
  explicit ScaledCovariates(const Eigen::MatrixXd& covariates);
  Eigen::MatrixXd x;
  /// Takes coefficients of x to those of the covariates as they are, the intercept first.
  Eigen::MatrixXd back;
  /// Constant or collinear columns; 0 is the first after the ones.
  std::optional<SurvivalProblem> fault() const;
};

}  // namespace desist::statistics
