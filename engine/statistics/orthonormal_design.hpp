// A design matrix made safe to compute with: checked, and turned into orthonormal columns.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/regression_problem.hpp"

namespace desist::statistics {

/// Row by row, as sums over people run.
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// X = q r with q'q = 1 and r upper triangular; a fit g on q is the fit r^-1 g on X.
struct OrthonormalDesign {
  RowMatrix q;
  Eigen::MatrixXd r_inverse;
  bool has_constant = false;  // a constant is a combination of the columns
};

/// X by Gram-Schmidt from left to right, each column twice ("twice is enough", Giraud et al. 2005). A column of which
/// less than 1e-7 of its length remains is collinear (the tolerance of LINPACK's dqrdc2 in R's lm).
/// Verified by: regression_problems_test; linear_model_test
Fitted<OrthonormalDesign> orthonormal_design(const Eigen::MatrixXd& x);

/// The rows where one of these is not finite; nothing where all are.
std::optional<Diagnosis> not_finite(const std::vector<const Eigen::VectorXd*>& vectors);

/// Sum of w_i q_i q_i' in the order of rows. Eigen's product would split the sum by the size of the processor's cache.
Eigen::MatrixXd weighted_gram(const RowMatrix& q, const Eigen::VectorXd& w);

/// Sum of w_i q_i in the order of rows.
Eigen::VectorXd weighted_sum(const RowMatrix& q, const Eigen::VectorXd& w);

/// q g, row by row.
Eigen::VectorXd linear_predictor(const RowMatrix& q, const Eigen::VectorXd& g);

}  // namespace desist::statistics
