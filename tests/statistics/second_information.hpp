// EVSI a second way, for tests: closed forms of two arms, and moment matching.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/mean_surface.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/study_summary.hpp"

namespace desist::statistics {

/// The difference of two arms is N(mean, sd^2): EVPI = sd phi(m/sd) - |m| Phi(-|m|/sd) (mathematics.md 8.4; Raiffa &
/// Schlaifer 1961, unit normal loss). 0 where the sd is 0.
inline double information_of_normal(double mean, double sd) {
  if (sd == 0) return 0;
  const double z = std::abs(mean) / sd;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
  return sd * (density - z * normal_cdf(-z));
}

/// EVSI of n observations of such a difference, each of variance v, with an error N(0, bias^2) that n does not shrink:
/// the same at sd^2/sqrt(sd^2 + v/n + bias^2).
struct NormalStudy {
  double mean = 0;
  double sd = 1;
  double variance = 1;  // of one observation
  double people = 1;
  double bias = 0;
};
inline double sample_information_of_normal(const NormalStudy& study) {
  const double error = study.variance / study.people + study.bias * study.bias;
  const double square = study.sd * study.sd;
  if (square == 0) return 0;
  return information_of_normal(study.mean, square / std::sqrt(square + error));
}

struct MatchedMoments {
  double value = 0;
  double error = 0;  // Monte Carlo, of drawing and of the posteriors; that of the fitted surface is not in it
};

namespace matching {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline constexpr Index groups_of_posteriors = 10;  // left out in turn for the error

/// A power of a covariance matrix on the directions in which it is not 0.
inline MatrixXd power_of_covariance(const MatrixXd& covariance, double power) {
  const SymmetricEigen parts = eigen_of_symmetric(covariance);
  const double least = 1e-12 * std::max(0.0, parts.values[parts.values.size() - 1]);
  const VectorXd powers =
      parts.values.unaryExpr([&](double value) { return value > least ? std::pow(value, power) : 0.0; });
  return parts.vectors * powers.asDiagonal() * parts.vectors.transpose();
}

inline MatrixXd covariance_of(const MatrixXd& centred) {
  return centred.transpose() * centred / static_cast<double>(centred.rows());
}

/// Covariance of the rows of g under weights from the likelihood of a summary; less the bias of few effective draws.
inline MatrixXd posterior_covariance(const MatrixXd& g, const StudySummary& summary, Index seen) {
  VectorXd log_weights(g.rows());
  for (Index d = 0; d < g.rows(); ++d) {
    double sum = 0;
    for (Index k = 0; k < summary.values.cols(); ++k) {
      const double z = (summary.values(seen, k) - summary.means(d, k)) / summary.sds(d, k);
      sum -= z * z / 2 + std::log(summary.sds(d, k));
    }
    log_weights[d] = sum;
  }
  const double largest = log_weights.maxCoeff();
  VectorXd weights = log_weights.unaryExpr([&](double value) { return std::exp(value - largest); });
  weights /= weights.sum();
  const double left = 1 - weights.squaredNorm();
  const VectorXd mean = g.transpose() * weights;
  MatrixXd sum = MatrixXd::Zero(g.cols(), g.cols());
  if (!(left > 0)) return sum;  // one draw has it all: nothing is left open
  for (Index d = 0; d < g.rows(); ++d) {
    const VectorXd away = g.row(d).transpose() - mean;
    sum += weights[d] * away * away.transpose();
  }
  return sum / left;
}

/// By draw, what the best arm has more than `best` when g is pulled to the covariance of posterior means.
inline VectorXd matched_gains(const MatrixXd& centred, const VectorXd& mean, const MatrixXd& posterior, Index best) {
  const MatrixXd covariance = covariance_of(centred);
  const MatrixXd pull = power_of_covariance(covariance, -0.5) * power_of_covariance(covariance - posterior, 0.5);
  const MatrixXd pulled = (centred * pull).rowwise() + mean.transpose();
  VectorXd gains(pulled.rows());
  for (Index d = 0; d < pulled.rows(); ++d)
    gains[d] = std::max(0.0, pulled.row(d).maxCoeff()) - (best == 0 ? 0.0 : pulled(d, best - 1));
  return gains;
}

inline double variance_of_mean(const VectorXd& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  return (values.array() - mean).square().sum() / (n - 1) / n;
}

}  // namespace matching

/// EVSI by moment matching (Heath, Manolopoulou & Baio 2018): the fitted means g given the parameters that the study is
/// on are pulled to their mean until their covariance is that of posterior means, Var(g) - E Var(g | summary).
/// Posterior variances are those of the draws weighted by the likelihood of the summaries of `posteriors` evenly spaced
/// draws, under the normal laws that the summary states. It uses neither `sample_information`'s regression on the
/// summary nor the summary's values at other draws.
inline MatchedMoments matched_moments(const Eigen::MatrixXd& net_benefits, const Eigen::MatrixXd& parameters,
                                      const StudySummary& summary, Eigen::Index posteriors = 100) {
  using namespace matching;
  const Index draws = net_benefits.rows();
  const MatrixXd differences = net_benefits.rightCols(net_benefits.cols() - 1).colwise() - net_benefits.col(0);
  const MatrixXd g = mean_surface(differences, parameters).in_sample;
  const VectorXd mean = g.colwise().mean();
  const MatrixXd centred = g.rowwise() - mean.transpose();
  Index greatest = 0;
  const Index best = mean.maxCoeff(&greatest) > 0 ? greatest + 1 : 0;

  std::vector<MatrixXd> groups(groups_of_posteriors, MatrixXd::Zero(g.cols(), g.cols()));
  std::vector<double> sizes(groups_of_posteriors);
  MatrixXd sum = MatrixXd::Zero(g.cols(), g.cols());
  for (Index i = 0; i < posteriors; ++i) {
    const MatrixXd covariance = posterior_covariance(g, summary, i * draws / posteriors);
    const auto group = static_cast<std::size_t>(i % groups_of_posteriors);
    groups[group] += covariance;
    sizes[group] += 1;
    sum += covariance;
  }
  const auto n = static_cast<double>(posteriors);
  const VectorXd gains = matched_gains(centred, mean, sum / n, best);
  VectorXd left_out(groups_of_posteriors);
  for (std::size_t group = 0; group < groups.size(); ++group)
    left_out[static_cast<Index>(group)] =
        matched_gains(centred, mean, (sum - groups[group]) / (n - sizes[group]), best).mean();
  const double jackknife = (left_out.array() - left_out.mean()).square().sum() *
                           static_cast<double>(groups_of_posteriors - 1) / static_cast<double>(groups_of_posteriors);
  return {gains.mean(), std::sqrt(variance_of_mean(gains) + jackknife)};
}

}  // namespace desist::statistics
