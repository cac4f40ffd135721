// Logistic regression with Firth's penalty: finite where the outcome is separated.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/inference.hpp"
#include "engine/statistics/regression_problem.hpp"

namespace desist::statistics {

struct FirthLogistic {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;  // inverse information at the estimate
  double penalised_log_likelihood = 0;
  /// Of the coefficients asked for: interval and p by the profile of the penalised likelihood; the error is Wald's.
  std::vector<Inference> profiled;
  std::size_t iterations = 0;
};

/// Maximum of log L + 1/2 log |X'WX| (Firth 1993), whose score is sum (y - p + h (1/2 - p)) x with h the leverages;
/// limits and tests by twice the drop of the penalised profile likelihood (Heinze & Schemper 2002), the determinant
/// being that of all coefficients. Biased towards risks of one half: for use where a study asks for it, or where the
/// plain estimate is infinite. `profile` names columns; the time for each is that of some 100 fits. Outcomes are 0
/// or 1. Verified by: firth_logistic_test
Fitted<FirthLogistic> firth_logistic(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                                     const std::vector<std::size_t>& profile, double confidence = usual_confidence);

}  // namespace desist::statistics
