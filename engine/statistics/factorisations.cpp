#include "engine/statistics/factorisations.hpp"

#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

template <class Right>
Right solved(const MatrixXd& lower, Right b) {
  lower.triangularView<Eigen::Lower>().solveInPlace(b);
  lower.transpose().triangularView<Eigen::Upper>().solveInPlace(b);
  return b;
}

}  // namespace

Cholesky::Cholesky(const MatrixXd& a) {
  const Eigen::LLT<MatrixXd> factor(a);
  positive_ = factor.info() == Eigen::Success;
  lower_ = factor.matrixL();
}

VectorXd Cholesky::solve(const VectorXd& b) const { return solved<VectorXd>(lower_, b); }
MatrixXd Cholesky::solve(const MatrixXd& b) const { return solved<MatrixXd>(lower_, b); }
MatrixXd Cholesky::inverse() const { return solve(MatrixXd(MatrixXd::Identity(lower_.rows(), lower_.cols()))); }

MatrixXd Cholesky::lower_inverse() const {
  MatrixXd inverse = MatrixXd::Identity(lower_.rows(), lower_.cols());
  lower_.triangularView<Eigen::Lower>().solveInPlace(inverse);
  return inverse;
}

double Cholesky::log_determinant() const {
  double sum = 0;
  for (Index j = 0; j < lower_.rows(); ++j) sum += 2 * std::log(lower_(j, j));
  return sum;
}

std::optional<MatrixXd> inverse_of_positive(const MatrixXd& a) {
  const Cholesky factor(a);
  return factor.positive() ? std::optional(factor.inverse()) : std::nullopt;
}

std::optional<double> log_determinant_of_positive(const MatrixXd& a) {
  const Cholesky factor(a);
  return factor.positive() ? std::optional(factor.log_determinant()) : std::nullopt;
}

double inverse_form(const MatrixXd& a, const VectorXd& v) { return v.dot(Eigen::LDLT<MatrixXd>(a).solve(v)); }

SymmetricEigen eigen_of_symmetric(const MatrixXd& a) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> parts(a);
  return {parts.eigenvalues(), parts.eigenvectors()};
}

}  // namespace desist::statistics
