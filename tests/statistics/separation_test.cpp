// Separation against a search over all directions that matter, and on the patterns that have names.
#include "engine/statistics/separation.hpp"

#include <cmath>
#include <random>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

OrthonormalDesign design_of(const MatrixXd& x) { return std::get<OrthonormalDesign>(orthonormal_design(x)); }

/// The rows that some direction separates, for three columns, by trying all: the extreme rays of
/// {d : s_i x_i'd >= 0, x_k'd = 0 for fixed k} are orthogonal to two rows, so each cross product of two rows and each
/// projection of an axis is a candidate; a row is separated if one that keeps all signs separates it.
std::vector<std::size_t> naive(const MatrixXd& x, const std::vector<RowSide>& sides) {
  std::vector<Eigen::Vector3d> candidates;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      const Eigen::Vector3d a = x.row(i), b = x.row(j);
      candidates.push_back(a.cross(b));
    }
    for (int axis = 0; axis < 3; ++axis) {  // half-spaces of one row, and lines if all rows are alike
      const Eigen::Vector3d a = x.row(i);
      candidates.push_back(Eigen::Vector3d::Unit(axis) * a.squaredNorm() - a * a[axis]);
      candidates.push_back(a);
    }
  }
  std::vector<bool> separated(static_cast<std::size_t>(x.rows()), false);
  for (const Eigen::Vector3d& candidate : candidates) {
    for (const double sign : {1.0, -1.0}) {
      std::vector<std::size_t> gains;
      bool keeps = true;
      for (Eigen::Index i = 0; i < x.rows() && keeps; ++i) {
        const auto row = static_cast<std::size_t>(i);
        double along = sign * x.row(i).dot(candidate);
        if (sides[row] == RowSide::falls) along = -along;
        if (sides[row] == RowSide::fixed) along = -std::abs(along);
        keeps = along > -1e-9;
        if (along > 1e-9) gains.push_back(row);
      }
      if (!keeps) continue;
      for (const std::size_t row : gains) separated[row] = true;
    }
  }
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < separated.size(); ++i) {
    if (separated[i]) rows.push_back(i);
  }
  return rows;
}

TEST(separation_test, agrees_with_all_directions) {
  std::mt19937_64 bits(7);
  int none = 0, quasi = 0, complete = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const auto n = static_cast<Eigen::Index>(5 + bits() % 10);
    MatrixXd x(n, 3);
    std::vector<RowSide> sides;
    for (Eigen::Index i = 0; i < n; ++i) {
      x.row(i) << 1, static_cast<double>(bits() % 3), static_cast<double>(bits() % 4);
      const auto kind = bits() % (trial % 2 == 0 ? 2 : 5);
      sides.push_back(kind == 0 ? RowSide::rises : kind == 1 || trial % 3 > 0 ? RowSide::falls : RowSide::fixed);
    }
    if (std::holds_alternative<Diagnosis>(orthonormal_design(x))) continue;
    const auto expected = naive(x, sides);
    const auto found = separation(design_of(x), sides);
    ASSERT_EQ(found ? found->rows : std::vector<std::size_t>{}, expected) << "trial " << trial;
    if (!found) {
      ++none;
    } else {
      EXPECT_EQ(found->complete, expected.size() == static_cast<std::size_t>(n));
      ++(found->complete ? complete : quasi);
    }
  }
  EXPECT_GT(none, 200);
  EXPECT_GT(quasi, 200);
  EXPECT_GT(complete, 200);
}

TEST(separation_test, names_the_columns_that_run_off) {
  MatrixXd x(8, 3);  // constant, arm, age: every treated row has the outcome
  x << 1, 1, 20, 1, 1, 30, 1, 1, 25, 1, 1, 50, 1, 0, 22, 1, 0, 31, 1, 0, 27, 1, 0, 48;
  using enum RowSide;
  const auto found = separation(design_of(x), {rises, rises, rises, rises, rises, falls, falls, rises});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->complete);
  EXPECT_EQ(found->columns, (std::vector<std::size_t>{1}));
  EXPECT_EQ(found->rows, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(separation_test, dates_in_seconds_are_no_obstacle) {
  const Eigen::Index n = 2000;
  MatrixXd x(n, 2);
  std::vector<RowSide> sides;
  for (Eigen::Index i = 0; i < n; ++i) {
    x.row(i) << 1, 1.6e9 + 3600.0 * static_cast<double>(i);
    sides.push_back(i < 700 ? RowSide::falls : RowSide::rises);
  }
  const auto found = separation(design_of(x), sides);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->complete);
  sides[0] = RowSide::rises;
  EXPECT_FALSE(separation(design_of(x), sides));
}

}  // namespace
}  // namespace desist::statistics
