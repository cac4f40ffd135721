#include "tests/statistics/plain_algebra.hpp"

#include <Eigen/Dense>

namespace desist::statistics::test {

using Eigen::MatrixXd;

MatrixXd inverse(const MatrixXd& a) { return a.inverse(); }

double determinant(const MatrixXd& a) { return a.determinant(); }

MatrixXd solution(const MatrixXd& a, const MatrixXd& b) { return a.colPivHouseholderQr().solve(b); }

MatrixXd power_of(const MatrixXd& a, double power) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(a);
  return eigen.eigenvectors() * eigen.eigenvalues().array().pow(power).matrix().asDiagonal() *
         eigen.eigenvectors().transpose();
}

MatrixXd basis_of_columns(const MatrixXd& a) {
  return a.colPivHouseholderQr().householderQ() * MatrixXd::Identity(a.rows(), a.cols());
}

MatrixXd product(const MatrixXd& a, const MatrixXd& b, const MatrixXd& c) { return a * b * c; }

MatrixXd weighted_product(const MatrixXd& a, const Eigen::VectorXd& w, const MatrixXd& b) {
  return a * w.asDiagonal() * b;
}

}  // namespace desist::statistics::test
