// Factorisations of matrices, compiled once: every file that factors one itself adds seconds to each build.
#pragma once

#include <optional>

#include <Eigen/Core>

namespace desist::statistics {

/// A symmetric matrix A = L L', from its lower triangle (Golub & Van Loan 2013, 4.2.3). Where A is not positive
/// definite nothing but `positive` may be asked. Verified by: factorisations_test
class Cholesky {
 public:
  explicit Cholesky(const Eigen::MatrixXd& a);
  bool positive() const { return positive_; }
  const Eigen::MatrixXd& lower() const { return lower_; }
  Eigen::VectorXd solve(const Eigen::VectorXd& b) const;
  Eigen::MatrixXd solve(const Eigen::MatrixXd& b) const;
  Eigen::MatrixXd inverse() const;
  /// L^-1: its transpose times itself is the inverse.
  Eigen::MatrixXd lower_inverse() const;
  double log_determinant() const;

 private:
  Eigen::MatrixXd lower_;
  bool positive_ = false;
};

/// Inverse of a symmetric positive definite matrix; empty where it is not.
std::optional<Eigen::MatrixXd> inverse_of_positive(const Eigen::MatrixXd& a);

/// log determinant of a symmetric positive definite matrix; empty where it is not.
std::optional<double> log_determinant_of_positive(const Eigen::MatrixXd& a);

/// v' A^-1 v of a symmetric positive definite matrix, by L D L' with pivots (Golub & Van Loan 2013, 4.2.8).
double inverse_form(const Eigen::MatrixXd& a, const Eigen::VectorXd& v);

/// A symmetric matrix by its eigenvalues, in rising order, and its eigenvectors, one a column.
/// Verified by: factorisations_test
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};
SymmetricEigen eigen_of_symmetric(const Eigen::MatrixXd& a);

}  // namespace desist::statistics
