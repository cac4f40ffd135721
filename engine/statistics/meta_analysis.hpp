// Fixed-effect and random-effects synthesis, with or without moderators.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/inference.hpp"
#include "engine/statistics/tau_squared.hpp"

namespace desist::statistics {

/// Which error the pooled effect has.
enum class PooledErrors {
  normal,                     // A = (X'WX)^-1 with normal quantiles
  knapp_hartung,              // A times q = y'Py/(k - p), t with k - p degrees of freedom (Knapp & Hartung 2003)
  knapp_hartung_at_least_one  // the same with max(1, q): never narrower than the plain error (Rover et al. 2015)
};

struct SynthesisMethod {
  TauEstimator tau = TauEstimator::restricted_likelihood;
  PooledErrors errors = PooledErrors::normal;
  double confidence = usual_confidence;
};

/// What a synthesis found.
struct Synthesis {
  std::vector<Inference> effects;  // one a column
  Eigen::MatrixXd covariance;      // with Knapp-Hartung's factor
  double factor = 1;               // that the covariance carries: 1 for normal errors
  TauSquared tau2;
  double i2 = 0;  // percent; fixed effect: 100 max(0, (Q - df)/Q), else from tau^2 (Higgins & Thompson 2002)
  double h2 = 1;  // fixed effect: Q/df, else 1 + tau^2/typical variance
  double q = 0;   // Cochran's Q around the columns, at fixed-effect weights
  double q_p = 1;
  std::size_t df = 0;          // k - p
  double variance_factor = 1;  // Knapp-Hartung's q, before any max
  LogLikelihoods log_likelihoods;
  std::vector<double> weights;  // percent: of w_i in the sum
  SynthesisMethod method;

  /// The pooled effect of a synthesis without moderators.
  const Inference& pooled() const { return effects.front(); }
};

/// Effects around one mean. Verified by: synthesis_reference
Synthesised<Synthesis> pool(std::span<const EffectSize> studies, const SynthesisMethod& method = {});

/// Effects around the regression on `columns`, intercept and all, by weighted least squares with weights
/// 1/(v_i + tau^2). `no_scatter` where Knapp-Hartung is asked for and every residual is 0.
/// Verified by: synthesis_reference; synthesis_test
Synthesised<Synthesis> meta_regression(std::span<const EffectSize> studies, const Eigen::MatrixXd& columns,
                                       const SynthesisMethod& method = {});

/// Wald test that all coefficients but the first are 0: chi-square, or with Knapp-Hartung F (the statistic divided by
/// their number). Empty where there are no others.
struct ModeratorTest {
  double statistic = 0;
  std::size_t df = 0;
  double p = 1;
};
std::optional<ModeratorTest> moderator_test(const Synthesis& fit);

/// Percent of tau^2 that the moderators take away: 100 max(0, 1 - tau^2 with/tau^2 without) (Raudenbush 2009). Empty
/// where there is none without. Verified by: synthesis_reference
std::optional<double> heterogeneity_explained(const Synthesis& with, const Synthesis& without);

/// Which quantile and error a prediction interval uses.
enum class PredictionRule {
  as_pooled,          // the pooled effect's own error and law: normal, or t with k - 1 (metafor 3)
  student_k_minus_1,  // plain error, t with k - 1
  student_k_minus_2   // plain error, t with k - 2 (Higgins, Thompson & Spiegelhalter 2009, eq. 12); needs k > 2
};

/// Where the true effect of one more study of the same kind would lie: pooled -/+ quantile sqrt(tau^2 + error^2).
/// Empty for a fixed effect, with moderators, and where k is too small. Verified by: synthesis_reference
std::optional<Interval> prediction_interval(const Synthesis& fit, PredictionRule rule = PredictionRule::as_pooled);

}  // namespace desist::statistics
