// What the second implementations of tests ask of matrices, compiled once: each factorisation of Eigen's costs a test
// seconds to compile.
#pragma once

#include <Eigen/Core>

namespace desist::statistics::test {

/// By LU with pivots.
Eigen::MatrixXd inverse(const Eigen::MatrixXd& a);
double determinant(const Eigen::MatrixXd& a);

/// Solution of a x = b, by least squares where `a` has more rows than columns: Householder's QR with pivots.
Eigen::MatrixXd solution(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

/// Of a symmetric positive definite matrix, by its eigenvalues.
Eigen::MatrixXd power_of(const Eigen::MatrixXd& a, double power);

/// An orthonormal basis of the columns of `a`, one a column.
Eigen::MatrixXd basis_of_columns(const Eigen::MatrixXd& a);

/// a b c and a diag(w) b of dense matrices.
Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const Eigen::MatrixXd& c);
Eigen::MatrixXd weighted_product(const Eigen::MatrixXd& a, const Eigen::VectorXd& w, const Eigen::MatrixXd& b);

}  // namespace desist::statistics::test
