// Split populations: some never have the event, the others have it by a parametric law.
#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"
#include "engine/statistics/time_law.hpp"

namespace desist::statistics {

/// A fitted split: P(susceptible) = 1/(1 + exp(-g0 - z'g)), and of the susceptible log T = b0 + x'b + scale W.
struct MixtureCureFit {
  TimeLaw law = TimeLaw::weibull;
  Eigen::VectorXd incidence;   // g, the intercept first
  Eigen::VectorXd latency;     // b, the intercept first
  double log_scale = 0;        // 0 for the exponential law
  Eigen::MatrixXd covariance;  // of incidence, latency, then log_scale; observed information
  double log_likelihood = 0;
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
  Eigen::VectorXd errors() const { return covariance.diagonal().cwiseSqrt(); }
};

/// The share that never has the event, with limits on the logit scale.
struct CureShare {
  double share = 0;
  double error = 0;  // delta method
  Interval interval;
};

/// At these covariates of the incidence.
///
/// A cure share is a statement about the model, not about people: for time to first event a split population and
/// constant desistance are one model. With offending rate r and desistance hazard d, P(none by T) = d/(d + r) + r/(d +
/// r) e^(-(d + r) T): exactly the exponential split with susceptible share r/(r + d) and hazard r + d (Maltz 1984;
/// Schmidt & Witte 1988; docs/mathematics.md). First-event times cannot tell "never would have" from "stopped in time".
/// Verified by: mixture_cure_test constant_desistance_is_a_cure_share
CureShare cure_share(const MixtureCureFit& fit, const Eigen::VectorXd& covariates,
                     double confidence = usual_confidence);

/// Maximum likelihood (Boag 1949; Farewell 1982) by Newton's method from three starts, the best kept. Times above 0; no
/// starts. Without censored rows well after the last event the share rests on the law's tail alone. Faults: as
/// parametric_survival; share_at_boundary where everybody seems susceptible, or hardly anybody; infinite_coefficient of
/// the incidence (numbered before those of the latency) where its predictor passes 15 and still grows.
/// Verified by: parametric_reference mixture_cure; mixture_cure_test
Checked<MixtureCureFit> mixture_cure(const FollowUp& follow_up, const Eigen::MatrixXd& incidence,
                                     const Eigen::MatrixXd& latency, TimeLaw law);

}  // namespace desist::statistics
