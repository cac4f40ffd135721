// Factorisations against the matrices that they take apart.
#include "engine/statistics/factorisations.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Rounding: n^2 eps |A| times the condition, 9 x 2.2e-16 x 12 x 5 for the matrices here (Higham 2002, 10.1).
constexpr double rounding = 1.2e-13;

// 3 x 3, positive definite, determinant 4 * (9 * 11 - 1) - 2 * (22 - 2) + 2 * (2 - 18) = 320.
MatrixXd example() {
  MatrixXd a(3, 3);
  a << 4, 2, 2, 2, 9, 1, 2, 1, 11;
  return a;
}

TEST(Factorisations, CholeskySolvesInvertsAndMeasures) {
  const Cholesky factor(example());
  ASSERT_TRUE(factor.positive());
  EXPECT_LT((factor.lower() * factor.lower().transpose() - example()).norm(), rounding);
  EXPECT_EQ(factor.lower()(0, 2), 0);
  const VectorXd b = VectorXd::LinSpaced(3, 1, 3);
  EXPECT_LT((example() * factor.solve(b) - b).norm(), rounding);
  EXPECT_LT((example() * factor.solve(example()) - example()).norm(), rounding);
  EXPECT_LT((factor.inverse() * example() - MatrixXd::Identity(3, 3)).norm(), rounding);
  EXPECT_LT((factor.lower_inverse().transpose() * factor.lower_inverse() - factor.inverse()).norm(), rounding);
  EXPECT_NEAR(factor.log_determinant(), std::log(320.0), rounding);
  EXPECT_NEAR(inverse_form(example(), b), b.dot(factor.solve(b)), rounding);
}

TEST(Factorisations, WhatIsNotPositiveIsSaid) {
  MatrixXd a = example();
  a(2, 2) = -11;
  EXPECT_FALSE(Cholesky(a).positive());
  EXPECT_FALSE(inverse_of_positive(a));
  EXPECT_FALSE(log_determinant_of_positive(a));
  EXPECT_TRUE(inverse_of_positive(example()));
}

TEST(Factorisations, EigenvaluesRise) {
  MatrixXd a(2, 2);
  a << 2, 1, 1, 2;  // eigenvalues 1 and 3
  const SymmetricEigen parts = eigen_of_symmetric(a);
  EXPECT_NEAR(parts.values[0], 1, rounding);
  EXPECT_NEAR(parts.values[1], 3, rounding);
  EXPECT_LT((parts.vectors * parts.values.asDiagonal() * parts.vectors.transpose() - a).norm(), rounding);
}

}  // namespace
}  // namespace desist::statistics
