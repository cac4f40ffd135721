#include "engine/statistics/weighted_fit.hpp"

#include <cmath>

#include <Eigen/QR>

namespace desist::statistics {

WeightedFit::WeightedFit(const Eigen::VectorXd& effects, const Eigen::MatrixXd& columns, const Eigen::VectorXd& weights)
    : columns_(columns), weights_(weights) {
  const Eigen::VectorXd root = weights.cwiseSqrt();
  const Eigen::MatrixXd scaled = root.asDiagonal() * columns;
  // Columns of very different size (a year beside a share) must not look dependent: rank is judged at equal length.
  const Eigen::VectorXd length = scaled.colwise().norm();
  if ((length.array() == 0).any()) return;
  const Eigen::MatrixXd even = scaled * length.cwiseInverse().asDiagonal();
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(even.rows(), even.cols());
  qr.setThreshold(1e-10);
  qr.compute(even);
  full_rank_ = qr.rank() == columns.cols();
  if (!full_rank_) return;
  const Eigen::VectorXd target = root.cwiseProduct(effects);
  coefficients_ = length.cwiseInverse().cwiseProduct(Eigen::VectorXd(qr.solve(target)));
  residuals_ = effects - columns * coefficients_;
  squares_ = weights.dot(residuals_.cwiseAbs2());
  const Eigen::Index p = columns.cols();
  const Eigen::MatrixXd upper = qr.matrixR().topRows(p).template triangularView<Eigen::Upper>();
  const Eigen::MatrixXd back =
      upper.template triangularView<Eigen::Upper>().solve(Eigen::MatrixXd(Eigen::MatrixXd::Identity(p, p)));
  const Eigen::MatrixXd root_inverse = length.cwiseInverse().asDiagonal() * (qr.colsPermutation() * back);
  inverse_ = root_inverse * root_inverse.transpose();
  log_determinant_ = 0;
  for (Eigen::Index j = 0; j < p; ++j) log_determinant_ += 2 * (std::log(std::abs(upper(j, j))) + std::log(length(j)));
}

Eigen::MatrixXd WeightedFit::gram(const Eigen::VectorXd& diagonal) const {
  return columns_.transpose() * diagonal.asDiagonal() * columns_;
}

Eigen::VectorXd WeightedFit::leverages() const {
  return weights_.cwiseProduct((columns_ * inverse_).cwiseProduct(columns_).rowwise().sum());
}

double WeightedFit::trace(const Eigen::VectorXd& d) const {
  return weights_.dot(d) - (inverse_ * gram(weights_.cwiseAbs2().cwiseProduct(d))).trace();
}

double WeightedFit::trace(const Eigen::VectorXd& d, const Eigen::VectorXd& e) const {
  const Eigen::VectorXd squared = weights_.cwiseAbs2();
  const Eigen::VectorXd both = d.cwiseProduct(e);
  return squared.dot(both) - 2 * (inverse_ * gram(squared.cwiseProduct(weights_).cwiseProduct(both))).trace() +
         (inverse_ * gram(squared.cwiseProduct(d)) * inverse_ * gram(squared.cwiseProduct(e))).trace();
}

}  // namespace desist::statistics
