#include "engine/statistics/mean_surface.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/greatest.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/smooth_basis.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index block_of_draws = 640;        // whole rounds of folds, small enough for a cache
constexpr Index draws_for_the_range = 4000;  // of a Gaussian process: the range needs no more
/// Columns of which the draws tell nothing (fewer distinct values than splines) get a fit all the same: of 0.
constexpr double least_information = 1e-10;

/// Sums over draws that least squares needs.
struct NormalEquations {
  MatrixXd gram;    // lower triangle of X'X
  MatrixXd right;   // X'Y
  VectorXd square;  // y'y
  double draws = 0;

  NormalEquations(Index p, Index q)
      : gram(MatrixXd::Zero(p, p)), right(MatrixXd::Zero(p, q)), square(VectorXd::Zero(q)) {}
  NormalEquations& operator+=(const NormalEquations& other) {
    gram += other.gram;
    right += other.right;
    square += other.square;
    draws += other.draws;
    return *this;
  }
  NormalEquations without(const NormalEquations& part) const {
    NormalEquations rest(*this);
    rest.gram -= part.gram;
    rest.right -= part.right;
    rest.square -= part.square;
    rest.draws -= part.draws;
    return rest;
  }
};

/// y less its mean, row by row, so that the constant takes no digits.
RowMatrix centred_rows(const MatrixXd& responses, const VectorXd& means) {
  return responses.rowwise() - means.transpose();
}

/// Row by row in the order of draws, whatever the machine.
std::vector<NormalEquations> equations_by_fold(const SmoothBasis& basis, const RowMatrix& y) {
  const Index p = basis.penalty.rows(), q = y.cols();
  std::vector<RowMatrix> grams(surface_folds, RowMatrix::Zero(p, p));
  std::vector<NormalEquations> folds(surface_folds, NormalEquations(p, q));
  RowMatrix block;
  for (Index first = 0; first < y.rows(); first += block_of_draws) {
    block.resize(std::min(block_of_draws, y.rows() - first), p);
    basis.rows(first, block);
    for (Index i = 0; i < block.rows(); ++i) {
      const auto fold = static_cast<std::size_t>((first + i) % surface_folds);
      const double* row = &block(i, 0);
      for (Index a = 0; a < p; ++a) {
        const double value = row[a];
        if (value == 0) continue;  // most splines are
        double* sums = &grams[fold](a, 0);
        for (Index b = 0; b <= a; ++b) sums[b] += value * row[b];
        for (Index k = 0; k < q; ++k) folds[fold].right(a, k) += value * y(first + i, k);
      }
      folds[fold].square += y.row(first + i).transpose().cwiseAbs2();
      folds[fold].draws += 1;
    }
  }
  for (std::size_t fold = 0; fold < folds.size(); ++fold) folds[fold].gram = grams[fold];
  return folds;
}

/// Coordinates in which both the sums of squares and the penalty are diagonal (Demmler & Reinsch 1975).
class Smoother {
 public:
  Smoother(const SmoothBasis& basis, const NormalEquations& sums) : unpenalised_(basis.unpenalised) {
    MatrixXd gram = sums.gram.selfadjointView<Eigen::Lower>();
    const double added = least_information * gram.trace() / static_cast<double>(gram.rows());
    gram.diagonal().array() += added;
    const MatrixXd inverse = Cholesky(gram).lower_inverse();
    const SymmetricEigen parts = eigen_of_symmetric(inverse * basis.penalty * inverse.transpose());
    // The least eigenvalues of a penalty may be rounding alone, below nought as often as above.
    costs_ = parts.values.cwiseMax(1e-14 * parts.values[parts.values.size() - 1]);
    back_ = inverse.transpose() * parts.vectors;
    told_ = (1 - added * back_.colwise().squaredNorm().array()).cwiseMax(0.0);
  }

  struct Fit {
    MatrixXd coefficients;  // p x responses
    VectorXd smoothing;     // by response: what the penalty is multiplied by
    VectorXd degrees;
    double criterion = 0;  // summed over responses
  };

  Fit fit(const NormalEquations& sums) const {
    const MatrixXd z = back_.transpose() * sums.right;
    const double n = sums.draws;
    Fit found{MatrixXd(z.rows(), z.cols()), VectorXd(z.cols()), VectorXd(z.cols()), 0};
    MatrixXd shrunk = z;
    for (Index k = 0; k < z.cols(); ++k) {
      // An exact fit leaves rounding, whose logarithm would rule.
      const double rest = std::max(sums.square[k] - z.col(k).squaredNorm(), 1e-12 * sums.square[k]);
      const double smoothing = found.smoothing[k] = std::exp(best_log_smoothing(z.col(k), rest, n));
      double degrees = told_.head(unpenalised_).sum();
      for (Index i = unpenalised_; i < z.rows(); ++i) {
        const double kept = 1 / (1 + smoothing * costs_[i]);
        shrunk(i, k) *= kept;
        degrees += kept * told_[i];
      }
      found.degrees[k] = degrees;
      if (z.rows() > unpenalised_ && sums.square[k] > 0)
        found.criterion += criterion(z.col(k), rest, n, std::log(smoothing));
    }
    found.coefficients = back_ * shrunk;
    return found;
  }

 private:
  double criterion(const VectorXd& z, double rest, double n, double log_smoothing) const {
    const double smoothing = std::exp(log_smoothing);
    double sum = rest, logs = 0;
    for (Index i = unpenalised_; i < z.size(); ++i) {
      const double cost = smoothing * costs_[i];
      sum += z[i] * z[i] * cost / (1 + cost);
      logs += std::log1p(1 / cost);
    }
    return (n - static_cast<double>(unpenalised_)) * std::log(sum) + logs;
  }

  /// The least on a grid, then by Brent's method about it: the criterion may have more than one trough.
  double best_log_smoothing(const VectorXd& z, double rest, double n) const {
    if (z.size() <= unpenalised_ || !(rest > 0)) return 0;
    const double low = -std::log(costs_[z.size() - 1]) - 12, high = -std::log(costs_[unpenalised_]) + 12;
    constexpr int points = 60;
    return greatest_of([&](double log_smoothing) { return -criterion(z, rest, n, log_smoothing); }, low, high, points);
  }

  Index unpenalised_;
  VectorXd costs_;  // rising
  MatrixXd back_;   // from these coordinates to coefficients
  VectorXd told_;   // by coordinate: the part of its information that is the draws', not what was added
};

/// The basis of a Gaussian process at the range that its draws make most likely; others as they are.
SmoothBasis chosen_basis(const RowMatrix& y, const MatrixXd& parameters) {
  SmoothBasis first = smooth_basis(parameters);
  if (!first.has_range) return first;
  const RowMatrix some = y.topRows(std::min(y.rows(), draws_for_the_range));
  double least = std::numeric_limits<double>::infinity(), chosen = 1;
  for (const double range : {0.5, 1.0, 2.0, 4.0}) {
    const SmoothBasis basis = smooth_basis(parameters, range);
    NormalEquations sums(basis.penalty.rows(), y.cols());
    for (const NormalEquations& fold : equations_by_fold(basis, some)) sums += fold;
    const double criterion = Smoother(basis, sums).fit(sums).criterion;
    if (criterion < least) {
      least = criterion;
      chosen = range;
    }
  }
  return chosen == 1 ? first : smooth_basis(parameters, chosen);
}

/// Coefficients of what `elsewhere` leaves of a fold, by the fold alone and as smooth as the `whole`, added to them.
MatrixXd own_coefficients(const SmoothBasis& basis, const NormalEquations& fold, const Smoother::Fit& whole,
                          double draws, const MatrixXd& elsewhere) {
  MatrixXd gram = fold.gram.selfadjointView<Eigen::Lower>();
  const MatrixXd left = fold.right - gram * elsewhere;
  gram.diagonal().array() += least_information * gram.trace() / static_cast<double>(gram.rows());
  MatrixXd own = elsewhere;
  for (Index k = 0; k < left.cols(); ++k) {
    const Cholesky penalised(gram + whole.smoothing[k] * fold.draws / draws * basis.penalty);
    if (penalised.positive()) own.col(k) += penalised.solve(left.col(k).eval());
  }
  return own;
}

void check_surface(const MatrixXd& responses, const MatrixXd& parameters) {
  require(responses.rows() == parameters.rows() && responses.cols() >= 1,
          "responses and parameters have one row a draw");
  require(responses.rows() >= fewest_draws_of_surface, "a regression on parameters needs 100 draws");
  require(responses.allFinite() && parameters.allFinite(), "responses and parameters are finite");
}

}  // namespace

MeanSurface mean_surface(const MatrixXd& responses, const MatrixXd& parameters) {
  check_surface(responses, parameters);
  const VectorXd means = responses.colwise().mean();
  const RowMatrix y = centred_rows(responses, means);
  const SmoothBasis basis = chosen_basis(y, parameters);
  const Index p = basis.penalty.rows(), q = y.cols(), n = y.rows();
  const std::vector<NormalEquations> folds = equations_by_fold(basis, y);
  NormalEquations all(p, q);
  for (const NormalEquations& fold : folds) all += fold;
  const Smoother::Fit whole = Smoother(basis, all).fit(all);
  std::vector<MatrixXd> left_out, left_in;
  for (const NormalEquations& fold : folds) {
    const NormalEquations rest = all.without(fold);
    left_out.push_back(Smoother(basis, rest).fit(rest).coefficients);
    left_in.push_back(own_coefficients(basis, fold, whole, all.draws, left_out.back()));
  }

  MeanSurface surface{MatrixXd(n, q), MatrixXd(n, q), MatrixXd(n, q), whole.degrees};
  RowMatrix block;
  for (Index first = 0; first < n; first += block_of_draws) {
    block.resize(std::min(block_of_draws, n - first), p);
    basis.rows(first, block);
    for (Index i = 0; i < block.rows(); ++i) {
      const auto fold = static_cast<std::size_t>((first + i) % surface_folds);
      const MatrixXd &others = left_out[fold], &itself = left_in[fold];
      for (Index k = 0; k < q; ++k) {
        double in = 0, out = 0, own = 0;
        for (Index a = 0; a < p; ++a) {
          in += block(i, a) * whole.coefficients(a, k);
          out += block(i, a) * others(a, k);
          own += block(i, a) * itself(a, k);
        }
        surface.in_sample(first + i, k) = means[k] + in;
        surface.out_of_fold(first + i, k) = means[k] + out;
        surface.own_fold(first + i, k) = means[k] + own;
      }
    }
  }
  return surface;
}

}  // namespace desist::statistics
