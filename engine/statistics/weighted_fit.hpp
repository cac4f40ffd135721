// Weighted least squares with a few coefficients: the algebra of a synthesis, without any k-by-k matrix.
#pragma once

#include <Eigen/Core>

namespace desist::statistics {

/// Effects y on columns X with weights w; A = (X'WX)^-1, P = W - W X A X' W.
class WeightedFit {
 public:
  /// Needs weights above 0. Where the columns are not independent only `full_rank` has a meaning.
  WeightedFit(const Eigen::VectorXd& effects, const Eigen::MatrixXd& columns, const Eigen::VectorXd& weights);

  bool full_rank() const { return full_rank_; }
  const Eigen::VectorXd& coefficients() const { return coefficients_; }
  const Eigen::VectorXd& residuals() const { return residuals_; }
  const Eigen::VectorXd& weights() const { return weights_; }
  /// A, the covariance of the coefficients where the weights are 1/variance.
  const Eigen::MatrixXd& inverse() const { return inverse_; }
  /// log det X'WX.
  double log_determinant() const { return log_determinant_; }
  /// y'Py, the weighted sum of squared residuals.
  double squares() const { return squares_; }
  /// The diagonal of X A X' W.
  Eigen::VectorXd leverages() const;

  /// tr(P D) for the diagonal matrix D = diag(d).
  double trace(const Eigen::VectorXd& d) const;
  /// tr(P D P E) for diagonal matrices D and E; with D = E = 1 the sum of the squared elements of P.
  double trace(const Eigen::VectorXd& d, const Eigen::VectorXd& e) const;

 private:
  Eigen::MatrixXd gram(const Eigen::VectorXd& diagonal) const;

  Eigen::MatrixXd columns_;
  Eigen::VectorXd weights_;
  Eigen::VectorXd coefficients_;
  Eigen::VectorXd residuals_;
  Eigen::MatrixXd inverse_;
  double log_determinant_ = 0;
  double squares_ = 0;
  bool full_rank_ = false;
};

}  // namespace desist::statistics
