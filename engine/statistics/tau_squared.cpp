#include "engine/statistics/tau_squared.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"
#include "engine/statistics/weighted_fit.hpp"

namespace desist::statistics {

namespace {

constexpr double log_two_pi = 1.83787706640934548356;

/// The studies as vectors.
struct Studies {
  Eigen::VectorXd y;
  Eigen::VectorXd v;
  const Eigen::MatrixXd& x;
  double spare() const { return static_cast<double>(x.rows() - x.cols()); }
  WeightedFit fit(double tau2) const { return {y, x, (v.array() + tau2).inverse().matrix()}; }
  Eigen::VectorXd ones() const { return Eigen::VectorXd::Ones(y.size()); }
};

Studies studies_of(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns) {
  Studies s{Eigen::VectorXd(columns.rows()), Eigen::VectorXd(columns.rows()), columns};
  for (Eigen::Index i = 0; i < columns.rows(); ++i) {
    s.y(i) = effects[static_cast<std::size_t>(i)].effect;
    s.v(i) = effects[static_cast<std::size_t>(i)].variance;
  }
  return s;
}

/// d log L/d tau^2 = (sum w^2 r^2 - sum w)/2; restricted: tr P instead of sum w.
double score(const Studies& s, TauLikelihood likelihood, double tau2) {
  const WeightedFit fit = s.fit(tau2);
  const double pull = fit.weights().cwiseProduct(fit.residuals()).squaredNorm();
  return (pull - (likelihood == TauLikelihood::plain ? fit.weights().sum() : fit.trace(s.ones()))) / 2;
}

/// Log-likelihood without its constants.
double profile(const Studies& s, TauLikelihood likelihood, double tau2) {
  const WeightedFit fit = s.fit(tau2);
  const double plain = (fit.weights().array().log().sum() - fit.squares()) / 2;
  return likelihood == TauLikelihood::plain ? plain : plain - fit.log_determinant() / 2;
}

/// From 0 to where both likelihoods only fall, by steps of a quarter; beyond (range of y)^2 + the largest v each term
/// of w^2 r^2 is below w.
std::vector<double> tau_grid(const Studies& s) {
  const double range = s.y.maxCoeff() - s.y.minCoeff();
  const double top = 4 * static_cast<double>(s.y.size()) * (range * range + s.v.maxCoeff());
  std::vector<double> points{0};
  for (double t = 1e-6 * s.v.minCoeff(); t < top; t *= 1.25) points.push_back(t);
  points.push_back(top);
  return points;
}

double highest(const Studies& s, TauLikelihood likelihood) {
  const std::vector<double> points = tau_grid(s);
  const auto slope = [&](double t) { return score(s, likelihood, t); };
  double best = 0;
  double height = profile(s, likelihood, 0);
  double before = slope(0);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double here = slope(points[i]);
    if (before > 0 && here <= 0) {
      const double found = root_between(slope, points[i - 1], points[i], 1.0);
      if (const double there = profile(s, likelihood, found); there > height) {
        best = found;
        height = there;
      }
    }
    before = here;
  }
  return best;
}

/// The tau^2 at which y'Py falls to `target`; empty where it is below already at 0.
std::optional<double> where_q_is(const Studies& s, double target) {
  const auto excess = [&](double t) { return s.fit(t).squares() - target; };
  if (excess(0) <= 0) return std::nullopt;
  double high = s.v.maxCoeff() + 1e-300;
  while (excess(high) > 0) high *= 4;
  return root_between(excess, 0, high, 1.0);
}

TauInterval with_ratios(Interval tau2, double typical) {
  const auto i2 = [typical](double t) { return std::isinf(t) ? 100 : 100 * t / (typical + t); };
  return {tau2, {i2(tau2.low), i2(tau2.high)}, {1 + tau2.low / typical, 1 + tau2.high / typical}};
}

double typical_of(const Studies& s) { return s.spare() / s.fit(0).trace(s.ones()); }

TauSquared estimated(const Studies& s, TauEstimator estimator) {
  const Eigen::VectorXd ones = s.ones();
  const double spare = s.spare();
  const auto k = static_cast<double>(s.y.size());
  switch (estimator) {
    case TauEstimator::fixed_effect:
      return {0, std::nullopt};
    case TauEstimator::dersimonian_laird: {
      const WeightedFit fit = s.fit(0);
      const double trace = fit.trace(ones);
      const double t = std::max(0.0, (fit.squares() - spare) / trace);
      return {t, std::sqrt(2 * spare + 4 * t * trace + 2 * t * t * fit.trace(ones, ones)) / trace};
    }
    case TauEstimator::paule_mandel: {
      const double t = where_q_is(s, spare).value_or(0);
      return {t, std::sqrt(2 / spare) * k / (s.v.array() + t).inverse().sum()};
    }
    case TauEstimator::restricted_likelihood: {
      const double t = highest(s, TauLikelihood::restricted);
      return {t, std::sqrt(2 / s.fit(t).trace(ones, ones))};
    }
    case TauEstimator::likelihood: {
      const double t = highest(s, TauLikelihood::plain);
      return {t, std::sqrt(2 / (s.v.array() + t).inverse().square().sum())};
    }
    case TauEstimator::sidik_jonkman: {
      const double start = (s.y.array() - s.y.mean()).square().sum() / k;
      if (start == 0) return {0, std::nullopt};
      const WeightedFit fit = s.fit(start);
      const double t = start * fit.squares() / spare;
      return {
          t, start / spare *
                 std::sqrt(2 * fit.trace(s.v, s.v) + 4 * t * fit.trace(s.v, ones) + 2 * t * t * fit.trace(ones, ones))};
    }
    case TauEstimator::hedges: {
      const WeightedFit fit(s.y, s.x, ones);
      const double trace = fit.trace(s.v);
      const double t = std::max(0.0, (fit.squares() - trace) / spare);
      return {t, std::sqrt(2 * fit.trace(s.v, s.v) + 4 * t * trace + 2 * t * t * spare) / spare};
    }
  }
  return {};
}

}  // namespace

SynthesisProblem problem_of(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns) {
  if (effects.empty()) return SynthesisProblem::no_study;
  for (const EffectSize& each : effects) {
    if (!std::isfinite(each.effect) || !std::isfinite(each.variance)) return SynthesisProblem::not_finite;
    if (!(each.variance > 0)) return SynthesisProblem::variance_not_positive;
  }
  if (effects.size() == 1) return SynthesisProblem::one_study;
  if (columns.rows() != static_cast<Eigen::Index>(effects.size()) || columns.cols() == 0 || !columns.allFinite())
    return SynthesisProblem::not_finite;
  if (columns.rows() <= columns.cols()) return SynthesisProblem::too_few_studies;
  return studies_of(effects, columns).fit(0).full_rank() ? SynthesisProblem::none
                                                         : SynthesisProblem::collinear_moderators;
}

Synthesised<TauSquared> estimate_tau_squared(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                             TauEstimator estimator) {
  if (const auto problem = problem_of(effects, columns); problem != SynthesisProblem::none) return problem;
  return estimated(studies_of(effects, columns), estimator);
}

Synthesised<TauInterval> q_profile_interval(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                            double confidence) {
  if (const auto problem = problem_of(effects, columns); problem != SynthesisProblem::none) return problem;
  const Studies s = studies_of(effects, columns);
  const double beyond = (1 - confidence) / 2;
  const auto low = where_q_is(s, chi_square_quantile(1 - beyond, s.spare()));
  const auto high = where_q_is(s, chi_square_quantile(beyond, s.spare()));
  TauInterval found = with_ratios({low.value_or(0), high.value_or(0)}, typical_of(s));
  found.empty_set = !high;
  return found;
}

Synthesised<TauInterval> profile_likelihood_interval(std::span<const EffectSize> effects,
                                                     const Eigen::MatrixXd& columns, TauLikelihood likelihood,
                                                     double confidence) {
  if (const auto problem = problem_of(effects, columns); problem != SynthesisProblem::none) return problem;
  const Studies s = studies_of(effects, columns);
  const double best = highest(s, likelihood);
  const double z = two_sided_z(confidence);
  const double least = profile(s, likelihood, best) - z * z / 2;
  const auto excess = [&](double t) { return profile(s, likelihood, t) - least; };
  const double low = best == 0 || excess(0) >= 0 ? 0 : root_between(excess, 0, best, -1.0);
  double far = std::max(best, s.v.minCoeff());
  while (excess(far) > 0) far *= 2;
  return with_ratios({low, root_between(excess, best, far, 1.0)}, typical_of(s));
}

Synthesised<TauInterval> wald_tau_interval(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns,
                                           TauEstimator estimator, double confidence) {
  if (const auto problem = problem_of(effects, columns); problem != SynthesisProblem::none) return problem;
  const Studies s = studies_of(effects, columns);
  const TauSquared tau2 = estimated(s, estimator);
  if (!tau2.error) return SynthesisProblem::no_error;
  const double reach = two_sided_z(confidence) * *tau2.error;
  return with_ratios({std::max(0.0, tau2.value - reach), tau2.value + reach}, typical_of(s));
}

double typical_variance(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns) {
  return typical_of(studies_of(effects, columns));
}

LogLikelihoods log_likelihoods(std::span<const EffectSize> effects, const Eigen::MatrixXd& columns, double tau2) {
  const Studies s = studies_of(effects, columns);
  const auto k = static_cast<double>(s.y.size());
  const double constant = WeightedFit(s.y, columns, s.ones()).log_determinant();  // log det X'X
  return {profile(s, TauLikelihood::plain, tau2) - k * log_two_pi / 2,
          profile(s, TauLikelihood::restricted, tau2) - s.spare() * log_two_pi / 2 + constant / 2};
}

}  // namespace desist::statistics
