// Negative binomial regression.
#pragma once

#include <cstddef>

#include "engine/statistics/generalised_linear_model.hpp"

namespace desist::statistics {

/// Variance m + m^2/theta = m + alpha m^2 about the mean m = exp(x'b + offset).
struct NegativeBinomial {
  Eigen::VectorXd coefficients;
  double theta = 0;
  double alpha = 0;  // 1/theta
  Eigen::VectorXd fitted;
  double log_likelihood = 0;
  double aic = 0;  // theta counts as a parameter
  double deviance = 0;
  double likelihood_ratio = 0;  // twice the gain over Poisson
  double likelihood_ratio_p =
      1;  // of alpha = 0, on the edge of its range: half the tail of chi-square (Self & Liang 1987)
  Eigen::MatrixXd covariance;        // expected information at fixed theta, as glm.nb
  double theta_error = 0;            // observed information of theta at fixed coefficients, as glm.nb
  Eigen::MatrixXd joint_covariance;  // of coefficients, then log theta: inverse observed information, as Stata's nbreg
  std::size_t residual_df = 0;
  std::size_t iterations = 0;
  WorkingModel working;  // at fixed theta, for `robust_covariance` and `cluster_covariance`
};

/// Maximum likelihood of coefficients and log theta together (Lawless 1987), by Newton's method from the Poisson fit.
/// Its problems are those of the Poisson fit; and `no_overdispersion` where sum (y - m)^2 - y is not above 0 at that
/// fit, which is the derivative of the likelihood at alpha = 0: the Poisson model is the maximum. Counts are whole
/// numbers. Verified by: counts_reference; negative_binomial_test
Fitted<NegativeBinomial> negative_binomial(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                                           const Eigen::VectorXd& offset = {});

}  // namespace desist::statistics
