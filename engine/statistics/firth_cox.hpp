// Cox regression whose coefficients stay finite: the penalised likelihood of Firth.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/cox.hpp"

namespace desist::statistics {

/// A fitted penalised model.
struct FirthCoxFit {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;           // inverse information at the estimate
  std::vector<Interval> profile;        // limits by the penalised profile likelihood: use these, not the errors
  std::vector<ChiSquareTest> tests;     // of each coefficient, by the penalised likelihood ratio
  double penalised_log_likelihood = 0;  // log-likelihood plus half the log determinant of the information
  double penalised_null = 0;            // the same with all coefficients 0
  ChiSquareTest likelihood_ratio;
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
};

/// Greatest l(b) + 1/2 log |I(b)| (Firth 1993; Heinze & Schemper 2001), the answer where cox() names an
/// infinite_coefficient. Steps are I^-1 times the modified score U_r + 1/2 tr(I^-1 dI/db_r). Limits are where the
/// penalised likelihood, maximised over the other coefficients, has fallen by half the chi-square quantile; an end is
/// infinite if it has not fallen so far within 50 standard errors. Ties, strata, starts and weights as cox(); errors
/// and clusters of the plan are not used. Verified by: firth_cox_test
Checked<FirthCoxFit> firth_cox(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan = {},
                               double confidence = usual_confidence);

}  // namespace desist::statistics
