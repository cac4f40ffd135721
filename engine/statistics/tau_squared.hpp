// The variance between the true effects of studies: estimators and intervals.
#pragma once

#include <optional>
#include <span>

#include <Eigen/Core>

#include "engine/statistics/effect_size.hpp"
#include "engine/statistics/interval.hpp"
#include "engine/statistics/synthesis_problem.hpp"

namespace desist::statistics {

/// How tau^2 is estimated; every estimate is cut off at 0.
enum class TauEstimator {
  fixed_effect,           // tau^2 = 0 by assumption
  dersimonian_laird,      // (Q - (k - p)) / tr P at fixed-effect weights (DerSimonian & Laird 1986, eq. 8)
  paule_mandel,           // y'Py = k - p (Paule & Mandel 1982)
  restricted_likelihood,  // REML (Harville 1977; Viechtbauer 2005, eq. 14)
  likelihood,             // ML (Hardy & Thompson 1996)
  sidik_jonkman,          // t0 y'Py/(k - p) at weights 1/(v + t0), t0 = sum (y - mean)^2/k (Sidik & Jonkman 2005)
  hedges                  // (RSS - tr(P V))/(k - p), unweighted (Hedges & Olkin 1985)
};

/// tau^2 with its large-sample error (Viechtbauer 2005; Viechtbauer et al. 2015, as metafor computes them).
struct TauSquared {
  double value = 0;
  std::optional<double> error;  // empty for a fixed effect, and for Sidik-Jonkman of effects that are all the same
};

/// What every function of a synthesis asks of its input: at least two studies, more studies than columns, finite
/// numbers, variances above 0, columns that are independent.
SynthesisProblem problem_of(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns);

/// tau^2 of effects around the regression on `columns` (one column of ones for a plain synthesis). The likelihoods are
/// searched as a whole: every local maximum on a grid of tau^2 is refined by the root of its derivative and the highest
/// is taken, so a start or a step length can't decide. Verified by: synthesis_reference; tau_squared_test
Synthesised<TauSquared> estimate_tau_squared(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                             TauEstimator estimator);

/// An interval for tau^2, with the same for I^2 and H^2.
struct TauInterval {
  Interval tau2;
  Interval i2;  // percent
  Interval h2;
  bool empty_set = false;  // the studies are more alike than chance explains: no tau^2 fits, the interval is [0, 0]
};

/// All tau^2 whose generalised Q lies between its chi-square quantiles (Hardy & Thompson 1996; Viechtbauer 2007).
/// Verified by: synthesis_reference; tau_squared_test
Synthesised<TauInterval> q_profile_interval(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                            double confidence = usual_confidence);

/// Which likelihood of tau^2.
enum class TauLikelihood { plain, restricted };

/// All tau^2 whose profile log-likelihood is within chi-square(1)/2 of the highest (Hardy & Thompson 1996).
/// Verified by: tau_squared_test
Synthesised<TauInterval> profile_likelihood_interval(std::span<const EffectSize> effects,
                                                     const Eigen::MatrixXd& columns, TauLikelihood likelihood,
                                                     double confidence = usual_confidence);

/// tau^2 -/+ z times its error, cut off at 0: a poor approximation below some 40 studies (Viechtbauer 2007, table 2).
/// Verified by: tau_squared_test
Synthesised<TauInterval> wald_tau_interval(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                           TauEstimator estimator, double confidence = usual_confidence);

/// A typical sampling variance, (k - p)/tr P at fixed-effect weights: I^2 = 100 tau^2/(tau^2 + this), H^2 = 1 + tau^2/
/// this (Higgins & Thompson 2002, eq. 9). Needs input without a problem.
double typical_variance(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns);

/// Log-likelihoods at this tau^2 and the coefficients that go with it, with all constants.
struct LogLikelihoods {
  double plain = 0;
  double restricted = 0;  // with + 1/2 log det X'X
};
LogLikelihoods log_likelihoods(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns, double tau2);

}  // namespace desist::statistics
