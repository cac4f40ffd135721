// Covariances that hold when the variance model does not: by row and by cluster.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/orthonormal_design.hpp"

namespace desist::statistics {

/// What a sandwich needs of a fitted model. The score of row i is `design` row i times `residual`_i; for least squares
/// the row is q_i, for a generalised linear model sqrt(W_i) q_i with Pearson residual.
struct WorkingModel {
  RowMatrix design;
  Eigen::VectorXd residual;
  Eigen::VectorXd variance;  // working variance of row i's raw residual, up to a factor; used by CR2 only
  Eigen::MatrixXd bread;     // inverse of design' design
  Eigen::MatrixXd back;      // coefficients = back x working coefficients
  std::size_t rows = 0;      // with weight above 0
};

/// (X'WX)^-1 in terms of the coefficients: the model-based covariance at dispersion 1.
Eigen::MatrixXd unscaled_covariance(const WorkingModel& model);

/// HC0 White 1980; HC1 x n/(n - p); HC2 e^2/(1 - h), HC3 e^2/(1 - h)^2 (MacKinnon & White 1985); HC4 e^2/(1 - h)^d with
/// d = min(4, n h/p) (Cribari-Neto 2004).
enum class RobustKind { hc0, hc1, hc2, hc3, hc4 };

/// Sandwich of independent rows, e the Pearson residual and h the leverage of the weighted design, as R's sandwich.
/// `full_leverage` for HC2 to HC4 where 1 - h < 1e-10. Verified by: counts_reference; complier_rows_reference
Fitted<Eigen::MatrixXd> robust_covariance(const WorkingModel& model, RobustKind kind);

/// CR0 Liang & Zeger 1986; CR0 x G/(G - 1); CR1 x G/(G - 1) (n - 1)/(n - p) (Stata); CR2 Bell & McCaffrey 2002.
enum class ClusterKind { cr0, cr0_g, cr1, cr2 };

struct ClusterCovariance {
  Eigen::MatrixXd covariance;
  std::size_t clusters = 0;
  std::vector<double> degrees_of_freedom;  // by coefficient: G - 1; for CR2 Satterthwaite's
};

/// Sandwich of independent clusters; `cluster` is any label for each row. CR2 scales the residuals of cluster g by
/// D (D (1 - H_g) V D')^(-1/2) D with V the working variance and D'D = V, the inverse root a pseudo-inverse of
/// eigenvalues above 1e-12 (Pustejovsky & Tipton 2018, as clubSandwich); its degrees of freedom are theirs, eq. 11:
/// (sum P_gg)^2 / sum P_gh^2. Memory p^2, and m^2 for a cluster of m rows of unequal working variance.
/// Verified by: counts_reference; clusters_reference; robust_covariance_test
Fitted<ClusterCovariance> cluster_covariance(const WorkingModel& model, const std::vector<std::size_t>& cluster,
                                             ClusterKind kind);

}  // namespace desist::statistics
