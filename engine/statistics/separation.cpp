#include "engine/statistics/separation.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>
#include <Eigen/QR>

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double negligible = 1e-9;
constexpr double separated_from = 1e-7;

/// The d in the unit box that maximises sum b_i'd under b_i'd >= 0, as the multipliers of its dual
/// min sum(u + v) with u - v - B'lambda = B'1 and u, v, lambda >= 0.
class DirectionProgramme {
 public:
  explicit DirectionProgramme(const RowMatrix& b) : b_(b), k_(b.cols()), right_(VectorXd::Zero(k_)) {
    for (Index i = 0; i < b_.rows(); ++i) right_ += b_.row(i).transpose();
    for (Index j = 0; j < k_; ++j) basis_.push_back(right_[j] >= 0 ? up(j) : down(j));
  }

  VectorXd solve() {
    // Dantzig's rule is fast; Bland's, which cannot cycle, takes over if it has not ended.
    for (Index step = 0;; ++step) {
      const bool first_that_gains = step > 200 + 20 * k_;
      MatrixXd columns(k_, k_);
      VectorXd cost(k_);
      for (Index j = 0; j < k_; ++j) {
        columns.col(j) = column(basis_[static_cast<std::size_t>(j)]);
        cost[j] = basis_[static_cast<std::size_t>(j)] < b_.rows() ? 0 : 1;
      }
      const Eigen::PartialPivLU<MatrixXd> factor(columns);
      const VectorXd direction = factor.transpose().solve(cost);
      const Index entering = entering_column(direction, first_that_gains);
      if (entering < 0 || step > 100000) return direction;
      const VectorXd values = factor.solve(right_);
      const VectorXd rates = factor.solve(column(entering));
      Index leaving = -1;
      double best = 0;
      for (Index j = 0; j < k_; ++j) {
        if (rates[j] <= negligible) continue;
        const double ratio = std::max(0.0, values[j]) / rates[j];
        if (leaving < 0 || ratio < best ||
            (ratio == best && basis_[static_cast<std::size_t>(j)] < basis_[static_cast<std::size_t>(leaving)])) {
          leaving = j;
          best = ratio;
        }
      }
      if (leaving < 0) return direction;
      basis_[static_cast<std::size_t>(leaving)] = entering;
    }
  }

 private:
  // Columns are numbered: rows of B first, then u, then v.
  Index up(Index j) const { return b_.rows() + j; }
  Index down(Index j) const { return b_.rows() + k_ + j; }
  VectorXd column(Index number) const {
    if (number < b_.rows()) return -b_.row(number).transpose();
    VectorXd unit = VectorXd::Zero(k_);
    const Index j = number - b_.rows();
    unit[j < k_ ? j : j - k_] = j < k_ ? 1 : -1;
    return unit;
  }
  /// A column that lowers the cost, or -1.
  Index entering_column(const VectorXd& direction, bool first_that_gains) const {
    Index best = -1;
    double least = -negligible;
    const auto consider = [&](Index number, double reduced_cost) {
      if (reduced_cost >= least) return false;
      best = number;
      least = reduced_cost;
      return first_that_gains;
    };
    for (Index i = 0; i < b_.rows(); ++i) {
      double along = 0;
      for (Index j = 0; j < k_; ++j) along += b_(i, j) * direction[j];
      if (consider(i, along)) return best;
    }
    for (Index j = 0; j < k_; ++j) {
      if (consider(up(j), 1 - direction[j]) || consider(down(j), 1 + direction[j])) return best;
    }
    return best;
  }

  const RowMatrix& b_;
  Index k_;
  VectorXd right_;
  std::vector<Index> basis_;
};

/// A basis of {d : e d = 0} as columns.
MatrixXd null_space(const MatrixXd& e) {
  Eigen::ColPivHouseholderQR<MatrixXd> factor(e);
  factor.setThreshold(negligible);
  const Index rank = factor.rank();
  const Index p = e.cols();
  if (rank == p) return MatrixXd(p, 0);
  if (rank == 0) return MatrixXd::Identity(p, p);
  const MatrixXd r = factor.matrixR().topRows(rank);
  MatrixXd z(p, p - rank);
  z.topRows(rank) = -r.leftCols(rank).triangularView<Eigen::Upper>().solve(r.rightCols(p - rank));
  z.bottomRows(p - rank).setIdentity();
  return factor.colsPermutation() * z;
}

}  // namespace

std::optional<Separation> separation(const OrthonormalDesign& design, const std::vector<RowSide>& sides) {
  const Index n = design.q.rows();
  const Index p = design.q.cols();
  const double scale = std::sqrt(static_cast<double>(n));  // rows of q times this are of order 1
  std::vector<Index> open;                                 // not separated so far
  Index fixed = 0;
  for (Index i = 0; i < n; ++i) {
    if (sides[static_cast<std::size_t>(i)] == RowSide::fixed) {
      ++fixed;
    } else {
      open.push_back(i);
    }
  }
  MatrixXd free = MatrixXd::Identity(p, p);
  if (fixed > 0) {
    MatrixXd e = MatrixXd::Zero(std::max(fixed, p), p);
    Index at = 0;
    for (Index i = 0; i < n; ++i) {
      if (sides[static_cast<std::size_t>(i)] == RowSide::fixed) e.row(at++) = scale * design.q.row(i);
    }
    free = null_space(e);
  }
  Separation found;
  std::vector<bool> moves(static_cast<std::size_t>(p), false);
  while (!open.empty() && free.cols() > 0) {
    RowMatrix b(static_cast<Index>(open.size()), free.cols());
    for (Index i = 0; i < b.rows(); ++i) {
      const Index row = open[static_cast<std::size_t>(i)];
      const double sign = sides[static_cast<std::size_t>(row)] == RowSide::rises ? scale : -scale;
      b.row(i) = sign * (design.q.row(row) * free);
    }
    const VectorXd direction = DirectionProgramme(b).solve();
    const VectorXd gain = b * direction;
    if (gain.minCoeff() < -separated_from || gain.maxCoeff() <= separated_from) break;
    std::vector<Index> left;
    for (Index i = 0; i < b.rows(); ++i) {
      const Index row = open[static_cast<std::size_t>(i)];
      if (gain[i] > separated_from) {
        found.rows.push_back(static_cast<std::size_t>(row));
      } else {
        left.push_back(row);
      }
    }
    open = std::move(left);
    const VectorXd coefficients = design.r_inverse * (free * direction);
    // The effect of a coefficient on rows: the length of its column is at most 1/|row of r_inverse|.
    VectorXd effect(p);
    for (Index j = 0; j < p; ++j) effect[j] = std::abs(coefficients[j]) / design.r_inverse.row(j).norm();
    for (Index j = 0; j < p; ++j) {
      if (effect[j] > separated_from * effect.maxCoeff()) moves[static_cast<std::size_t>(j)] = true;
    }
  }
  if (found.rows.empty()) return std::nullopt;
  std::sort(found.rows.begin(), found.rows.end());
  found.complete = static_cast<Index>(found.rows.size()) == n;
  for (std::size_t j = 0; j < moves.size(); ++j) {
    if (moves[j]) found.columns.push_back(j);
  }
  return found;
}

}  // namespace desist::statistics
