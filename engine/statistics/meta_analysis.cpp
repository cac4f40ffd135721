#include "engine/statistics/meta_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/weighted_fit.hpp"

namespace desist::statistics {

namespace {

bool by_student(const SynthesisMethod& method) { return method.errors != PooledErrors::normal; }

}  // namespace

Synthesised<Synthesis> meta_regression(std::span<const EffectSize> studies, const Eigen::MatrixXd& columns,
                                       const SynthesisMethod& method) {
  const auto tau2 = estimate_tau_squared(studies, columns, method.tau);
  if (!tau2) return tau2.problem();
  const Eigen::Index k = columns.rows();
  Eigen::VectorXd y(k);
  Eigen::VectorXd v(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    y(i) = studies[static_cast<std::size_t>(i)].effect;
    v(i) = studies[static_cast<std::size_t>(i)].variance;
  }
  const WeightedFit even(y, columns, v.cwiseInverse());
  const WeightedFit fit(y, columns, (v.array() + tau2->value).inverse().matrix());
  const auto df = static_cast<double>(k - columns.cols());

  Synthesis found;
  found.method = method;
  found.tau2 = *tau2;
  found.df = static_cast<std::size_t>(k - columns.cols());
  found.q = even.squares();
  found.q_p = chi_square_tail(found.q, df);
  if (method.tau == TauEstimator::fixed_effect) {
    found.i2 = found.q > 0 ? std::max(0.0, 100 * (found.q - df) / found.q) : 0;
    found.h2 = found.q / df;
  } else {
    const double typical = df / even.trace(Eigen::VectorXd::Ones(k));
    found.i2 = 100 * tau2->value / (typical + tau2->value);
    found.h2 = 1 + tau2->value / typical;
  }
  found.variance_factor = fit.squares() / df;
  if (by_student(method)) {
    // Residuals of effects that are the same are rounding: their sum of squares is below this, never exactly 0.
    if (fit.residuals().cwiseAbs().maxCoeff() <= 1e-12 * y.cwiseAbs().maxCoeff()) return SynthesisProblem::no_scatter;
    found.factor =
        method.errors == PooledErrors::knapp_hartung ? found.variance_factor : std::max(1.0, found.variance_factor);
  }
  found.covariance = found.factor * fit.inverse();
  found.effects = inferences(fit.coefficients(), found.covariance,
                             by_student(method) ? std::optional(df) : std::nullopt, method.confidence);
  found.log_likelihoods = log_likelihoods(studies, columns, tau2->value);
  const Eigen::VectorXd shares = 100 * fit.weights() / fit.weights().sum();
  found.weights.assign(shares.begin(), shares.end());
  return found;
}

Synthesised<Synthesis> pool(std::span<const EffectSize> studies, const SynthesisMethod& method) {
  return meta_regression(studies, Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(studies.size()), 1), method);
}

std::optional<ModeratorTest> moderator_test(const Synthesis& fit) {
  const auto others = static_cast<Eigen::Index>(fit.effects.size()) - 1;
  if (others < 1) return std::nullopt;
  Eigen::VectorXd slopes(others);
  for (Eigen::Index j = 0; j < others; ++j) slopes(j) = fit.effects[static_cast<std::size_t>(j) + 1].estimate;
  const Eigen::MatrixXd block = fit.covariance.bottomRightCorner(others, others);
  const double wald = inverse_form(block, slopes);
  const auto df = static_cast<double>(others);
  const auto count = static_cast<std::size_t>(others);
  if (!by_student(fit.method)) return ModeratorTest{wald, count, chi_square_tail(wald, df)};
  return ModeratorTest{wald / df, count, f_tail(wald / df, df, static_cast<double>(fit.df))};
}

std::optional<double> heterogeneity_explained(const Synthesis& with, const Synthesis& without) {
  if (!(without.tau2.value > 0)) return std::nullopt;
  return 100 * std::max(0.0, 1 - with.tau2.value / without.tau2.value);
}

std::optional<Interval> prediction_interval(const Synthesis& fit, PredictionRule rule) {
  if (fit.method.tau == TauEstimator::fixed_effect || fit.effects.size() != 1) return std::nullopt;
  const auto df = static_cast<double>(fit.df);
  const double upper = 0.5 + fit.method.confidence / 2;
  const double variance = fit.covariance(0, 0) / (rule == PredictionRule::as_pooled ? 1 : fit.factor);
  double quantile = by_student(fit.method) ? student_quantile(upper, df) : normal_quantile(upper);
  if (rule == PredictionRule::student_k_minus_1) quantile = student_quantile(upper, df);
  if (rule == PredictionRule::student_k_minus_2) {
    if (fit.df < 2) return std::nullopt;
    quantile = student_quantile(upper, df - 1);
  }
  const double reach = quantile * std::sqrt(fit.tau2.value + variance);
  return Interval{fit.pooled().estimate - reach, fit.pooled().estimate + reach};
}

}  // namespace desist::statistics
