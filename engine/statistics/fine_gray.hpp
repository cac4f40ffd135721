// Regression of the chance of one cause of a first event, where other causes prevent it.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// A fitted proportional-subdistribution-hazards model.
struct FineGrayFit {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;  // sandwich, with the part of the estimated censoring
  Eigen::MatrixXd inverse_information;
  double log_likelihood_null = 0;
  double log_likelihood = 0;
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
  std::vector<double> time;    // of events of the cause
  std::vector<double> hazard;  // cumulative subdistribution hazard of a person whose covariates are all 0
  Eigen::VectorXd errors() const { return covariance.diagonal().cwiseSqrt(); }
  Interval log_hazard_ratio(Eigen::Index covariate, double confidence = usual_confidence) const;
};

/// Weighted partial likelihood of `cause` (Fine & Gray 1999) with Breslow's ties: whoever had another cause at T stays
/// in later risk sets with weight G(t-)/G(T-), G the Kaplan-Meier curve of censoring, one for all rows (as
/// cmprsk::crr). Censoring must not depend on covariates. Event codes 0 (censored) to `causes`; one row a person; no
/// starts. A ratio of subdistribution hazards orders the chances, but is not the effect on a rate: see the
/// cause-specific hazards. Verified by: competing_reference fine_gray; fine_gray_test
Checked<FineGrayFit> fine_gray(const FollowUp& follow_up, int causes, int cause, const Eigen::MatrixXd& covariates);

}  // namespace desist::statistics
