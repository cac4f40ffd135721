#include "engine/statistics/survival_covariates.hpp"

#include <cmath>

namespace desist::statistics {

using Eigen::Index;

std::optional<SurvivalProblem> fault_of_covariates(const Eigen::MatrixXd& covariates, std::size_t rows) {
  if (static_cast<std::size_t>(covariates.rows()) != rows)
    return SurvivalProblem{SurvivalFault::lengths_differ, static_cast<std::size_t>(covariates.rows())};
  for (Index j = 0; j < covariates.cols(); ++j) {
    for (std::size_t i = 0; i < rows; ++i) {
      if (!std::isfinite(covariates(static_cast<Index>(i), j)))
        return SurvivalProblem{SurvivalFault::not_a_number, i, static_cast<std::size_t>(j)};
    }
  }
  return std::nullopt;
}

std::optional<SurvivalProblem> fault_of_information(const Eigen::MatrixXd& information, const Eigen::VectorXd& scale) {
  constexpr double rounding = 1e-11, little = 1e-9;
  Eigen::MatrixXd lower = information;
  for (Index j = 0; j < information.rows(); ++j) {
    const auto covariate = static_cast<std::size_t>(j);
    const double own = information(j, j);
    if (!(own > rounding * scale[j])) return SurvivalProblem{SurvivalFault::constant_covariate, 0, covariate};
    double left = own;
    for (Index i = 0; i < j; ++i) {
      double entry = information(j, i);
      for (Index h = 0; h < i; ++h) entry -= lower(j, h) * lower(i, h);
      lower(j, i) = entry / lower(i, i);
      left -= lower(j, i) * lower(j, i);
    }
    if (!(left > little * own)) return SurvivalProblem{SurvivalFault::collinear_covariate, 0, covariate};
    lower(j, j) = std::sqrt(left);
  }
  return std::nullopt;
}

ScaledCovariates::ScaledCovariates(const Eigen::MatrixXd& covariates)
    : x(covariates.rows(), covariates.cols() + 1),
      back(Eigen::MatrixXd::Identity(covariates.cols() + 1, covariates.cols() + 1)) {
  x.col(0).setOnes();
  for (Index j = 0; j < covariates.cols(); ++j) {
    const auto column = covariates.col(j);
    const bool constant = column.minCoeff() == column.maxCoeff();
    const double centre = constant ? column[0] : column.mean();
    const Eigen::VectorXd centred = column.array() - centre;
    const double scale = constant ? 1 : std::sqrt(centred.squaredNorm() / static_cast<double>(centred.size()));
    x.col(j + 1) = centred / scale;
    back(j + 1, j + 1) = 1 / scale;
    back(0, j + 1) = -centre / scale;
  }
}

std::optional<SurvivalProblem> ScaledCovariates::fault() const {
  const Index p = x.cols() - 1;
  return fault_of_information(x.rightCols(p).transpose() * x.rightCols(p),
                              Eigen::VectorXd::Constant(p, static_cast<double>(x.rows())));
}

}  // namespace desist::statistics
