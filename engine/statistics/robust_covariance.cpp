#include "engine/statistics/robust_covariance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd sandwich(const WorkingModel& model, const MatrixXd& meat) {
  const MatrixXd side = model.back * model.bread;
  return side * meat * side.transpose();
}

/// Leverages of the working design.
VectorXd leverages(const WorkingModel& model) {
  const MatrixXd root = Cholesky(model.bread).lower();
  const Index p = model.design.cols();
  VectorXd h(model.design.rows());
  for (Index i = 0; i < h.size(); ++i) {
    const double* row = model.design.data() + i * p;
    double sum = 0;
    for (Index a = 0; a < p; ++a) {
      double part = 0;
      for (Index b = a; b < p; ++b) part += root(b, a) * row[b];
      sum += part * part;
    }
    h[i] = sum;
  }
  return h;
}

/// Row numbers, cluster by cluster, each in the order of rows.
std::vector<std::vector<Index>> rows_by_cluster(const std::vector<std::size_t>& cluster) {
  std::vector<Index> order(cluster.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto label = [&cluster](Index i) { return cluster[static_cast<std::size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(), [&label](Index a, Index b) { return label(a) < label(b); });
  std::vector<std::vector<Index>> groups;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || label(order[i]) != label(order[i - 1])) groups.emplace_back();
    groups.back().push_back(order[i]);
  }
  return groups;
}

constexpr double pseudo_inverse_above = 1e-12;

double inverse_root(double value) { return value > pseudo_inverse_above ? 1 / std::sqrt(value) : 0.0; }

/// CR2's adjustment of one cluster: E r = B^(-1/2) V r with B = V (1 - U U') V.
class Adjustment {
 public:
  /// `u` has the rows of the cluster in coordinates in which the bread is 1.
  Adjustment(const MatrixXd& u, const VectorXd& variance) : u_(u), variance_(variance) {
    if (variance.maxCoeff() == variance.minCoeff()) {  // then E = (1 - U U')^(-1/2): p columns decide
      const SymmetricEigen eigen = eigen_of_symmetric(u.transpose() * u);
      VectorXd gain(eigen.values.size());
      for (Index k = 0; k < gain.size(); ++k) {
        const double value = eigen.values[k];
        gain[k] = value < 1e-8 ? 0.5 + 0.375 * value : (inverse_root(1 - value) - 1) / value;
      }
      core_ = eigen.vectors * gain.asDiagonal() * eigen.vectors.transpose();
      return;
    }
    const MatrixXd b =
        variance.asDiagonal() * (MatrixXd::Identity(u.rows(), u.rows()) - u * u.transpose()) * variance.asDiagonal();
    const SymmetricEigen eigen = eigen_of_symmetric(b);
    root_ = eigen.vectors * eigen.values.unaryExpr(&inverse_root).asDiagonal() * eigen.vectors.transpose();
  }
  VectorXd apply(const VectorXd& r) const {
    if (root_.size() == 0) return r + u_ * (core_ * (u_.transpose() * r));
    return root_ * variance_.cwiseProduct(r);
  }
  MatrixXd apply_transposed(const MatrixXd& m) const {
    if (root_.size() == 0) return m + u_ * (core_ * (u_.transpose() * m));
    return variance_.asDiagonal() * (root_ * m);
  }

 private:
  MatrixXd u_;
  VectorXd variance_;
  MatrixXd core_;
  MatrixXd root_;  // empty where the working variance is the same in all rows
};

/// Sums that give Satterthwaite's degrees of freedom of one coefficient.
struct Satterthwaite {
  double trace = 0;     // of P
  double diagonal = 0;  // sum of P_gg^2
  double low_rank = 0;  // sum over g of (b_g' M b_g)^2
  MatrixXd outer;       // sum over g of b_g b_g'
  double degrees(const MatrixXd& bread) const {
    const MatrixXd product = bread * outer;
    const double all_pairs = (product * product).trace();  // sum over g, h of (b_g' M b_h)^2
    return trace * trace / (diagonal + all_pairs - low_rank);
  }
};

ClusterCovariance bell_mccaffrey(const WorkingModel& model, const std::vector<std::vector<Index>>& groups) {
  const Index p = model.design.cols();
  const MatrixXd root = Cholesky(model.bread).lower();
  const MatrixXd contrasts = model.bread * model.back.transpose();  // column j picks coefficient j
  MatrixXd meat = MatrixXd::Zero(p, p);
  std::vector<Satterthwaite> sums(static_cast<std::size_t>(p));
  for (Satterthwaite& each : sums) each.outer = MatrixXd::Zero(p, p);
  for (const auto& rows : groups) {
    const auto m = static_cast<Index>(rows.size());
    MatrixXd design(m, p);
    VectorXd residual(m), variance(m);
    for (Index i = 0; i < m; ++i) {
      const Index row = rows[static_cast<std::size_t>(i)];
      design.row(i) = model.design.row(row);
      residual[i] = model.residual[row];
      variance[i] = model.variance[row];
    }
    const Adjustment adjustment(design * root, variance);
    const VectorXd score = design.transpose() * adjustment.apply(residual);
    meat += score * score.transpose();
    const MatrixXd a = adjustment.apply_transposed(design * contrasts);
    const MatrixXd b = design.transpose() * a;
    for (Index j = 0; j < p; ++j) {
      Satterthwaite& each = sums[static_cast<std::size_t>(j)];
      const double low_rank = b.col(j).dot(model.bread * b.col(j));
      const double p_gg = a.col(j).squaredNorm() - low_rank;
      each.trace += p_gg;
      each.diagonal += p_gg * p_gg;
      each.low_rank += low_rank * low_rank;
      each.outer += b.col(j) * b.col(j).transpose();
    }
  }
  ClusterCovariance result{sandwich(model, meat), groups.size(), {}};
  for (const Satterthwaite& each : sums) result.degrees_of_freedom.push_back(each.degrees(model.bread));
  return result;
}

}  // namespace

Eigen::MatrixXd unscaled_covariance(const WorkingModel& model) {
  return model.back * model.bread * model.back.transpose();
}

Fitted<Eigen::MatrixXd> robust_covariance(const WorkingModel& model, RobustKind kind) {
  VectorXd weight = model.residual.cwiseAbs2();
  const double n = real(model.rows);
  const double p = static_cast<double>(model.design.cols());
  if (kind == RobustKind::hc1) weight *= n / (n - p);
  if (kind == RobustKind::hc2 || kind == RobustKind::hc3 || kind == RobustKind::hc4) {
    const VectorXd h = leverages(model);
    Diagnosis full{RegressionProblem::full_leverage, {}, {}};
    for (Index i = 0; i < h.size(); ++i) {
      const double rest = 1 - h[i];
      if (rest < 1e-10) full.rows.push_back(static_cast<std::size_t>(i));
      const double power = kind == RobustKind::hc2 ? 1 : kind == RobustKind::hc3 ? 2 : std::min(4.0, n * h[i] / p);
      weight[i] /= std::pow(rest, power);
    }
    if (!full.rows.empty()) return full;
  }
  return sandwich(model, weighted_gram(model.design, weight));
}

Fitted<ClusterCovariance> cluster_covariance(const WorkingModel& model, const std::vector<std::size_t>& cluster,
                                             ClusterKind kind) {
  const auto groups = rows_by_cluster(cluster);
  if (groups.size() < 2) return Diagnosis{RegressionProblem::one_cluster, {}, {}};
  if (kind == ClusterKind::cr2) return bell_mccaffrey(model, groups);
  const Index p = model.design.cols();
  MatrixXd meat = MatrixXd::Zero(p, p);
  for (const auto& rows : groups) {
    VectorXd score = VectorXd::Zero(p);
    for (const Index row : rows) score += model.residual[row] * model.design.row(row).transpose();
    meat += score * score.transpose();
  }
  const double g = real(groups.size());
  const double n = real(model.rows);
  if (kind != ClusterKind::cr0) meat *= g / (g - 1);
  if (kind == ClusterKind::cr1) meat *= (n - 1) / (n - static_cast<double>(p));
  return ClusterCovariance{sandwich(model, meat), groups.size(),
                           std::vector<double>(static_cast<std::size_t>(p), g - 1)};
}

}  // namespace desist::statistics
