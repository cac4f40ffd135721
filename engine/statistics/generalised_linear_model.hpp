// Logistic and Poisson regression.
#pragma once

#include <cstddef>

#include <Eigen/Core>

#include "engine/statistics/inference.hpp"
#include "engine/statistics/robust_covariance.hpp"

namespace desist::statistics {

/// Each with its canonical link: logit, log.
enum class Family { logistic, poisson };

/// What a row may have beside its covariates and its outcome; an empty vector stands for 0 and for 1.
struct RowTerms {
  Eigen::VectorXd offset;  // added to the linear predictor: the logarithm of time at risk
  Eigen::VectorXd weight;  // above 0; multiplies the row's log-likelihood
};

struct GeneralisedLinearModel {
  Family family = Family::logistic;
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;        // model-based, dispersion 1
  Eigen::VectorXd linear_predictor;  // with the offset
  Eigen::VectorXd fitted;            // risks or expected counts
  double log_likelihood = 0;         // logistic: of single yes/no rows, without binomial coefficients
  double aic = 0;
  double deviance = 0;
  double null_deviance = 0;  // of the constant and the offset; of the offset alone where no constant is spanned
  double pearson_chi_square = 0;
  std::size_t residual_df = 0;
  std::size_t iterations = 0;
  WorkingModel working;  // for `robust_covariance` and `cluster_covariance`

  /// Pearson chi-square over its degrees of freedom (Wedderburn 1974).
  double dispersion() const { return pearson_chi_square / static_cast<double>(residual_df); }
};

/// Maximum likelihood by Newton's method (Nelder & Wedderburn 1972) on an orthonormal design, until a step moves no
/// linear predictor by 1e-9; the error left is of the order of the square. A separated row moves by about 1 in every
/// step for ever, so settling proves that the maximum exists, and not settling starts the search for a separation.
/// Logistic: outcomes within [0, 1]; Poisson: not below 0.
/// Verified by: counts_reference; generalised_linear_model_test; regression_problems_test
Fitted<GeneralisedLinearModel> generalised_linear_model(Family family, const Eigen::MatrixXd& x,
                                                        const Eigen::VectorXd& y, const RowTerms& terms = {});

/// Quasi-likelihood covariance: model-based times the dispersion (Wedderburn 1974), with Student's t on the residual
/// degrees of freedom, as R's quasipoisson. Verified by: counts_reference
Eigen::MatrixXd quasi_covariance(const GeneralisedLinearModel& model);

}  // namespace desist::statistics
