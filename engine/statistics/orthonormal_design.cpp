#include "engine/statistics/orthonormal_design.hpp"

#include <algorithm>
#include <cmath>

namespace desist::statistics {

namespace {

using Eigen::Index;

constexpr double collinear_below = 1e-7;

/// Eigen splits the sums of large products by the sizes of the caches that it finds. With these in their place (32 kB,
/// 256 kB, 2 MB) a product of any size gives the same bytes on every processor.
/// Verified by: linear_model_test eigen_splits_sums_alike_on_every_processor
[[maybe_unused]] const bool cache_sizes_fixed = [] {
  Eigen::setCpuCacheSizes(32 << 10, 256 << 10, 2 << 20);
  return true;
}();

double dot(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::optional<Diagnosis> plain_problems(const Eigen::MatrixXd& x) {
  if (x.rows() == 0 || x.cols() == 0) return Diagnosis{RegressionProblem::empty, {}, {}};
  Diagnosis broken{RegressionProblem::not_finite, {}, {}};
  Diagnosis constant{RegressionProblem::constant_covariate, {}, {}};
  bool has_intercept = false;
  std::vector<bool> bad_row(static_cast<std::size_t>(x.rows()), false);
  for (Index j = 0; j < x.cols(); ++j) {
    bool finite = true;
    bool same = true;
    for (Index i = 0; i < x.rows(); ++i) {
      if (!std::isfinite(x(i, j))) {
        finite = false;
        bad_row[static_cast<std::size_t>(i)] = true;
      }
      same = same && x(i, j) == x(0, j);
    }
    if (!finite) broken.columns.push_back(static_cast<std::size_t>(j));
    if (!same) continue;
    if (x(0, j) == 0 || has_intercept) constant.columns.push_back(static_cast<std::size_t>(j));
    has_intercept = has_intercept || x(0, j) != 0;
  }
  if (!broken.columns.empty()) {
    for (std::size_t i = 0; i < bad_row.size(); ++i) {
      if (bad_row[i]) broken.rows.push_back(i);
    }
    return broken;
  }
  if (x.rows() <= x.cols()) return Diagnosis{RegressionProblem::too_few_rows, {}, {}};
  if (!constant.columns.empty()) return constant;
  return std::nullopt;
}

}  // namespace

Fitted<OrthonormalDesign> orthonormal_design(const Eigen::MatrixXd& x) {
  if (const auto problem = plain_problems(x)) return *problem;
  const Index n = x.rows();
  const Index p = x.cols();
  std::vector<Eigen::VectorXd> q;
  Eigen::MatrixXd r = Eigen::MatrixXd::Zero(p, p);
  for (Index j = 0; j < p; ++j) {
    const double scale = x.col(j).cwiseAbs().maxCoeff();  // so that no square overflows
    Eigen::VectorXd v = x.col(j) / scale;
    const double length = std::sqrt(dot(v, v));
    for (int pass = 0; pass < 2; ++pass) {
      for (Index k = 0; k < j; ++k) {
        const auto& base = q[static_cast<std::size_t>(k)];
        const double along = dot(base, v);
        r(k, j) += along * scale;
        v -= along * base;
      }
    }
    const double remains = std::sqrt(dot(v, v));
    if (remains < collinear_below * length) {
      Diagnosis diagnosis{RegressionProblem::collinear, {}, {}};
      const Eigen::VectorXd combination = r.topLeftCorner(j, j).triangularView<Eigen::Upper>().solve(r.col(j).head(j));
      for (Index k = 0; k < j; ++k) {
        const double part = std::abs(combination[k]) * x.col(k).norm();
        if (part > collinear_below * x.col(j).norm()) diagnosis.columns.push_back(static_cast<std::size_t>(k));
      }
      diagnosis.columns.push_back(static_cast<std::size_t>(j));
      return diagnosis;
    }
    r(j, j) = remains * scale;
    q.push_back(v / remains);
  }
  OrthonormalDesign design;
  design.q.resize(n, p);
  for (Index j = 0; j < p; ++j) design.q.col(j) = q[static_cast<std::size_t>(j)];
  design.r_inverse = r.triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(p, p));
  double inside = 0;  // squared length of the constant's projection, out of n
  for (const Eigen::VectorXd& base : q) inside += std::pow(dot(base, Eigen::VectorXd::Ones(n)), 2);
  const double rows = static_cast<double>(n);
  design.has_constant = rows - inside < 1e-10 * rows;
  return design;
}

std::optional<Diagnosis> not_finite(const std::vector<const Eigen::VectorXd*>& vectors) {
  Diagnosis broken{RegressionProblem::not_finite, {}, {}};
  for (const Eigen::VectorXd* v : vectors) {
    for (Index i = 0; i < v->size(); ++i) {
      if (!std::isfinite((*v)[i])) broken.rows.push_back(static_cast<std::size_t>(i));
    }
  }
  if (broken.rows.empty()) return std::nullopt;
  std::sort(broken.rows.begin(), broken.rows.end());
  broken.rows.erase(std::unique(broken.rows.begin(), broken.rows.end()), broken.rows.end());
  return broken;
}

Eigen::MatrixXd weighted_gram(const RowMatrix& q, const Eigen::VectorXd& w) {
  const Index p = q.cols();
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(p, p);
  for (Index i = 0; i < q.rows(); ++i) {
    const double* row = q.data() + i * p;
    for (Index a = 0; a < p; ++a) {
      const double left = w[i] * row[a];
      double* column = gram.data() + a * p;
      for (Index b = a; b < p; ++b) column[b] += left * row[b];
    }
  }
  gram.triangularView<Eigen::StrictlyUpper>() = gram.transpose();
  return gram;
}

Eigen::VectorXd weighted_sum(const RowMatrix& q, const Eigen::VectorXd& w) {
  const Index p = q.cols();
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(p);
  for (Index i = 0; i < q.rows(); ++i) {
    const double* row = q.data() + i * p;
    for (Index a = 0; a < p; ++a) sum[a] += w[i] * row[a];
  }
  return sum;
}

Eigen::VectorXd linear_predictor(const RowMatrix& q, const Eigen::VectorXd& g) {
  const Index p = q.cols();
  Eigen::VectorXd eta(q.rows());
  for (Index i = 0; i < q.rows(); ++i) {
    const double* row = q.data() + i * p;
    double sum = 0;
    for (Index a = 0; a < p; ++a) sum += row[a] * g[a];
    eta[i] = sum;
  }
  return eta;
}

}  // namespace desist::statistics
