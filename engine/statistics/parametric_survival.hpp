// Accelerated failure times: parametric laws of the time to an event, with covariates that stretch it.
#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"
#include "engine/statistics/time_law.hpp"

namespace desist::statistics {

/// A fitted law log T = b0 + x'b + scale W.
struct ParametricFit {
  TimeLaw law = TimeLaw::weibull;
  Eigen::VectorXd coefficients;  // the intercept first
  double log_scale = 0;          // fixed at 0 for the exponential law
  Eigen::MatrixXd covariance;    // of the coefficients, then of log_scale (no row of it for the exponential law)
  double log_likelihood = 0;     // of the times themselves, not of their logs
  double log_likelihood_intercept = 0;
  double aic = 0;
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
  Eigen::VectorXd errors() const { return covariance.diagonal().cwiseSqrt(); }
  double survival(double time, const Eigen::VectorXd& covariates) const;
};

/// Maximum likelihood with right censoring (Kalbfleisch & Prentice 1980, ch. 3), errors from the observed information,
/// as survreg. Times must be above 0; no starts. Faults: no_events; constant_covariate, collinear_covariate;
/// infinite_coefficient (a direction in which no event and only censored rows are moved up); no_spread (the scale goes
/// to 0: the events lie on the fitted line, as one event time or fewer events than coefficients do). Verified by:
/// parametric_reference; parametric_survival_test
Checked<ParametricFit> parametric_survival(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, TimeLaw law);

/// The proportional-hazards reading of a Weibull fit: shape 1/scale, log hazard ratios -b/scale.
struct WeibullHazards {
  double shape = 1;
  double shape_error = 0;
  Eigen::VectorXd log_hazard_ratio;
  Eigen::VectorXd log_hazard_ratio_error;  // delta method
};

/// For exponential and Weibull fits. Verified by: parametric_reference; parametric_survival_test weibull_hazards
WeibullHazards weibull_hazards(const ParametricFit& fit);

}  // namespace desist::statistics
