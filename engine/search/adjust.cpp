#include "engine/search/adjust.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>

#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// A direction of gaps whose variance is below this part of the greatest is a combination of others.
constexpr double least_eigenvalue = 1e-9;

/// How far a simulated value lies above a printed figure (below: negative), in its scale; 0 inside a printed range.
double signed_gap(const Target& target, double scale, double value) {
  const double gap = value < target.low ? value - target.low : value > target.high ? value - target.high : 0;
  return gap == 0 ? 0 : gap / scale;
}

/// Particle by particle: the gaps to the fitted targets.
MatrixXd gaps_of(const std::vector<Target>& targets, std::span<const double> scales, const Population& kept) {
  std::vector<std::size_t> fitted;
  for (std::size_t t = 0; t < targets.size(); ++t)
    if (targets[t].fitted) fitted.push_back(t);
  MatrixXd gaps(static_cast<Index>(kept.size()), static_cast<Index>(fitted.size()));
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (std::size_t c = 0; c < fitted.size(); ++c)
      gaps(static_cast<Index>(i), static_cast<Index>(c)) =
          signed_gap(targets[fitted[c]], scales[fitted[c]], kept.outcomes[i][fitted[c]]);
  return gaps;
}

/// Coefficients of the least squares of columns of `z` on centred columns of `gaps`: C^-1 G'Wz, by the eigenvectors of
/// the correlations C, those without variance left out; and C^-1 times the mean of the gaps, as one column more.
MatrixXd coefficients(const MatrixXd& gaps, const MatrixXd& z, const VectorXd& weights, const VectorXd& mean) {
  const Index q = gaps.cols();
  MatrixXd gram = MatrixXd::Zero(q, q), cross = MatrixXd::Zero(q, z.cols() + 1);
  cross.col(z.cols()) = mean;
  for (Index i = 0; i < gaps.rows(); ++i)  // in the order of rows, whatever the processor
    for (Index a = 0; a < q; ++a) {
      for (Index b = 0; b < q; ++b) gram(a, b) += weights(i) * gaps(i, a) * gaps(i, b);
      for (Index k = 0; k < z.cols(); ++k) cross(a, k) += weights(i) * gaps(i, a) * z(i, k);
    }
  VectorXd shrink(q);  // 1 / sd; 0 of a target that every particle meets alike
  for (Index a = 0; a < q; ++a) shrink(a) = gram(a, a) > 0 ? 1 / std::sqrt(gram(a, a)) : 0;
  const MatrixXd correlations = shrink.asDiagonal() * gram * shrink.asDiagonal();
  const statistics::SymmetricEigen eigen = statistics::eigen_of_symmetric(correlations);
  VectorXd inverse = VectorXd::Zero(q);
  for (Index e = 0; e < q; ++e)
    if (eigen.values(e) > least_eigenvalue * eigen.values(q - 1)) inverse(e) = 1 / eigen.values(e);
  const MatrixXd of_scaled =
      eigen.vectors * (inverse.asDiagonal() * (eigen.vectors.transpose() * (shrink.asDiagonal() * cross)));
  return shrink.asDiagonal() * of_scaled;
}

}  // namespace

Population adjusted_to_targets(const std::vector<Target>& targets, std::span<const double> scales, double tolerance,
                               const Population& kept) {
  if (!(std::isfinite(tolerance) && tolerance > 0)) return kept;
  Population moved = kept;
  double sum = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double part = kept.distances[i] / tolerance;
    sum += moved.weights[i] *= part < 1 ? 1 - part * part : 0;
  }
  if (!(sum > 0)) return kept;
  for (double& weight : moved.weights) weight /= sum;

  const auto n = static_cast<Index>(kept.size());
  const auto d = static_cast<Index>(kept.dimension());
  const MatrixXd gaps = gaps_of(targets, scales, kept);
  MatrixXd centred = gaps;
  VectorXd weights(n);
  MatrixXd z(n, d);
  for (Index i = 0; i < n; ++i) {
    weights(i) = moved.weights[static_cast<std::size_t>(i)];
    for (Index k = 0; k < d; ++k) z(i, k) = kept.scores[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
  }
  VectorXd mean = VectorXd::Zero(gaps.cols());
  for (Index c = 0; c < gaps.cols(); ++c) {
    for (Index i = 0; i < n; ++i) mean(c) += weights(i) * gaps(i, c);
    for (Index i = 0; i < n; ++i) centred(i, c) -= mean(c);
  }
  const MatrixXd slopes = coefficients(centred, z, weights, mean);
  // The mean of what is moved is an intercept: sum of w_i (1 - c_i' C^-1 mean) z_i, c_i the centred gaps.
  double of_mean = 0, of_intercept = 0;
  for (Index i = 0; i < n; ++i) {
    double part = 1;
    for (Index c = 0; c < gaps.cols(); ++c) part -= centred(i, c) * slopes(c, d);
    of_mean += weights(i) * weights(i);
    of_intercept += weights(i) * weights(i) * part * part;
  }
  moved.left_by_moving = std::min(1.0, of_mean / of_intercept);
  for (Index i = 0; i < n; ++i)
    for (Index k = 0; k < d; ++k)
      for (Index c = 0; c < gaps.cols(); ++c)
        moved.scores[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] -= gaps(i, c) * slopes(c, k);
  return moved;
}

}  // namespace desist
