// Hazards that are constant between cut points: rates by time since entry, and proportional effects on them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// One interval of time, (from, to].
struct RateInterval {
  double from = 0;
  double to = 0;  // infinite for the last
  std::int64_t events = 0;
  double exposure = 0;                   // time at risk
  std::optional<double> rate;            // of a person whose covariates are 0; empty without exposure
  std::optional<double> log_rate_error;  // empty without events
  Interval limits;                       // of the rate
};

/// A fitted model of constant rates.
struct PiecewiseExponentialFit {
  std::vector<RateInterval> intervals;
  Eigen::VectorXd coefficients;  // log rate ratios
  Eigen::MatrixXd covariance;
  double log_likelihood = 0;  // of the times
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
  Eigen::VectorXd errors() const { return covariance.diagonal().cwiseSqrt(); }
};

/// Poisson likelihood of events by interval with log exposure as offset (Holford 1980; Laird & Olivier 1981). Given the
/// coefficients the rates are d_k/sum of e_ik exp(x_i'b), so Newton's method runs over b alone. Without covariates the
/// rates are d/e with exact limits (Garwood 1936); with them, limits are Wald's on the log scale, and where d = 0 the
/// exact upper limit at the fitted coefficients. `cuts` ascend, above 0; rows with starts count from them.
/// Verified by: piecewise_exponential_test
Checked<PiecewiseExponentialFit> piecewise_exponential(const FollowUp& follow_up, std::span<const double> cuts,
                                                       const Eigen::MatrixXd& covariates,
                                                       double confidence = usual_confidence);

/// exp(-cumulative hazard) at `time`; empty where it needs a rate of an interval without exposure.
std::optional<double> piecewise_survival(const PiecewiseExponentialFit& fit, double time,
                                         const Eigen::VectorXd& covariates);

}  // namespace desist::statistics
