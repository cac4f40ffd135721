#include "engine/statistics/smooth_basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/statistics/natural_spline.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index spline_knots = 10;
constexpr Index most_kriging_knots = 100;

std::vector<double> sorted_column(const MatrixXd& x, Index j) {
  std::vector<double> values(x.col(j).begin(), x.col(j).end());
  std::sort(values.begin(), values.end());
  return values;
}

/// One parameter from 0 to 1.
struct UnitScale {
  double low = 0;
  double width = 1;
  double operator()(double value) const { return (value - low) / width; }
};

/// Cubic B-splines on [0, 1].
class CubicSplines {
 public:
  explicit CubicSplines(const std::vector<double>& sorted) : scale_{sorted.front(), sorted.back() - sorted.front()} {
    breaks_.push_back(0);
    for (Index k = 1; k <= spline_knots; ++k) {
      const double knot = scale_(at_share(sorted, static_cast<double>(k) / static_cast<double>(spline_knots + 1)));
      if (knot > breaks_.back() && knot < 1) breaks_.push_back(knot);
    }
    breaks_.push_back(1);
    knots_.assign(3, 0.0);
    knots_.insert(knots_.end(), breaks_.begin(), breaks_.end());
    knots_.insert(knots_.end(), 3, 1.0);
  }
  Index columns() const { return static_cast<Index>(breaks_.size()) + 2; }

  /// The four splines that are not 0 at a value, by the recurrence of Cox and de Boor (de Boor 1978, chapter X).
  void fill(double value, double* row) const {
    const double x = scale_(value);
    std::size_t last = 3;  // x lies between knots last and last + 1
    while (last + 5 < knots_.size() && knots_[last + 1] <= x) ++last;
    std::array<double, 4> b{1, 0, 0, 0};
    for (std::size_t degree = 1; degree <= 3; ++degree) {
      double carried = 0;
      for (std::size_t r = 0; r < degree; ++r) {
        const double right = knots_[last + r + 1], left = knots_[last + 1 + r - degree];
        const double part = b[r] / (right - left);
        b[r] = carried + (right - x) * part;
        carried = (x - left) * part;
      }
      b[degree] = carried;
    }
    std::fill(row, row + columns(), 0.0);
    std::copy(b.begin(), b.end(), row + (last - 3));
  }

  /// Integral of products of second derivatives: they are lines between their values at the breaks.
  MatrixXd penalty() const {
    const Index p = columns(), m = p - 2;
    const auto knot = [&](Index i) { return knots_[static_cast<std::size_t>(i)]; };
    MatrixXd first = MatrixXd::Zero(p - 1, p), second = MatrixXd::Zero(m, p - 1), mass = MatrixXd::Zero(m, m);
    for (Index i = 0; i < p - 1; ++i) {
      first(i, i + 1) = 3 / (knot(i + 4) - knot(i + 1));
      first(i, i) = -first(i, i + 1);
    }
    for (Index i = 0; i < m; ++i) {
      second(i, i + 1) = 2 / (knot(i + 4) - knot(i + 2));
      second(i, i) = -second(i, i + 1);
    }
    for (Index i = 0; i + 1 < m; ++i) {
      const double step = knot(i + 4) - knot(i + 3);
      mass(i, i) += step / 3;
      mass(i + 1, i + 1) += step / 3;
      mass(i, i + 1) = mass(i + 1, i) = step / 6;
    }
    const MatrixXd bend = second * first;
    return bend.transpose() * mass * bend;
  }

 private:
  UnitScale scale_;
  std::vector<double> breaks_;
  std::vector<double> knots_;  // with each end four times
};

/// A natural cubic spline of one parameter, its columns made orthonormal over the draws: line first, then bends.
class NaturalSplines {
 public:
  NaturalSplines(const MatrixXd& x, Index j)
      : spline_(sorted_column(x, j)), columns_(static_cast<Index>(spline_.columns())) {
    // x = q r by the Gram matrix of the few raw columns; the upper triangle's inverse makes them orthonormal.
    MatrixXd gram = MatrixXd::Zero(columns_ + 1, columns_ + 1);
    NaturalSpline::Row raw{};
    for (Index d = 0; d < x.rows(); ++d) {
      spline_.fill(x(d, j), raw);
      for (Index a = 0; a <= columns_; ++a)
        for (Index b = 0; b <= a; ++b)
          gram(a, b) +=
              raw[static_cast<std::size_t>(a)] * raw[static_cast<std::size_t>(b)] / static_cast<double>(x.rows());
    }
    inverse_ = upper_inverse(gram);
  }
  Index columns() const { return columns_; }

  /// The columns without the constant.
  void fill(double value, double* row) const {
    NaturalSpline::Row raw{};
    spline_.fill(value, raw);
    for (Index a = 1; a <= columns_; ++a) {
      double sum = 0;
      for (Index b = 0; b <= a; ++b) sum += raw[static_cast<std::size_t>(b)] * inverse_(b, a);
      row[a - 1] = sum;
    }
  }

 private:
  static MatrixXd upper_inverse(MatrixXd gram) {
    const Index p = gram.rows();
    MatrixXd lower = MatrixXd::Zero(p, p), inverse = MatrixXd::Identity(p, p);
    for (Index a = 0; a < p; ++a) {
      for (Index b = 0; b <= a; ++b) {
        double rest = gram(a, b);
        for (Index c = 0; c < b; ++c) rest -= lower(a, c) * lower(b, c);
        lower(a, b) = a == b ? std::sqrt(std::max(rest, 1e-14 * gram(a, a))) : rest / lower(b, b);
      }
    }
    lower.triangularView<Eigen::Lower>().solveInPlace(inverse);
    return inverse.transpose();
  }

  NaturalSpline spline_;
  Index columns_;
  MatrixXd inverse_;
};

SmoothBasis constant_basis() {
  SmoothBasis basis;
  basis.penalty = MatrixXd::Zero(1, 1);
  basis.rows = [](Index, RowMatrix& block) { block.setOnes(); };
  return basis;
}

SmoothBasis spline_basis(const MatrixXd& x, Index j) {
  const CubicSplines splines(sorted_column(x, j));
  SmoothBasis basis;
  basis.penalty = splines.penalty();
  basis.unpenalised = 2;
  basis.rows = [splines, &x, j](Index first, RowMatrix& block) {
    for (Index i = 0; i < block.rows(); ++i) splines.fill(x(first + i, j), &block(i, 0));
  };
  return basis;
}

SmoothBasis pairs_basis(const MatrixXd& x, const std::vector<Index>& used) {
  std::vector<NaturalSplines> splines;
  for (const Index j : used) splines.emplace_back(x, j);
  std::vector<double> costs{0};
  const auto cost = [](Index degree) { return degree < 2 ? 0.0 : std::pow(static_cast<double>(degree), 4); };
  for (const NaturalSplines& s : splines)
    for (Index a = 1; a <= s.columns(); ++a) costs.push_back(cost(a));
  for (std::size_t j = 0; j < splines.size(); ++j)
    for (std::size_t k = 0; k < j; ++k)
      for (Index a = 1; a <= splines[j].columns(); ++a)
        for (Index b = 1; b <= splines[k].columns(); ++b) costs.push_back(cost(a + b));

  SmoothBasis basis;
  basis.penalty = Eigen::Map<const VectorXd>(costs.data(), static_cast<Index>(costs.size())).asDiagonal();
  basis.unpenalised = 1 + static_cast<Index>(used.size());
  basis.rows = [splines, used, &x](Index first, RowMatrix& block) {
    for (Index i = 0; i < block.rows(); ++i) {
      double* row = &block(i, 0);
      Index filled = 0;
      row[filled++] = 1;
      std::array<Index, 4> starts{};
      for (std::size_t j = 0; j < splines.size(); ++j) {
        starts[j] = filled;
        splines[j].fill(x(first + i, used[j]), row + filled);
        filled += splines[j].columns();
      }
      for (std::size_t j = 0; j < splines.size(); ++j)
        for (std::size_t k = 0; k < j; ++k)
          for (Index a = 0; a < splines[j].columns(); ++a)
            for (Index b = 0; b < splines[k].columns(); ++b) row[filled++] = row[starts[j] + a] * row[starts[k] + b];
    }
  };
  return basis;
}

/// Matern 3/2: (1 + r) exp(-r) at a distance of r ranges.
double matern(double r) { return (1 + r) * std::exp(-r); }

/// Evenly spaced draws, each row of values once: of knots that repeat nothing could tell which of them has the weight.
std::vector<Index> kriging_knots(const MatrixXd& x) {
  const Index most = std::clamp<Index>(x.rows() / 10, 5, most_kriging_knots);
  std::vector<Index> chosen;
  for (Index i = 0; i < most; ++i) {
    const Index draw = i * x.rows() / most;
    if (std::none_of(chosen.begin(), chosen.end(), [&](Index other) { return x.row(other) == x.row(draw); }))
      chosen.push_back(draw);
  }
  return chosen;
}

SmoothBasis kriging_basis(const MatrixXd& x, const std::vector<Index>& used, double range) {
  const auto d = static_cast<Index>(used.size());
  const std::vector<Index> chosen = kriging_knots(x);
  const auto m = static_cast<Index>(chosen.size());
  VectorXd centre(d), spread(d);
  for (Index k = 0; k < d; ++k) {
    const auto column = x.col(used[static_cast<std::size_t>(k)]);
    centre[k] = column.mean();
    spread[k] = std::sqrt((column.array() - centre[k]).square().mean());
  }
  RowMatrix knots(m, d);
  for (Index i = 0; i < m; ++i)
    for (Index k = 0; k < d; ++k)
      knots(i, k) = (x(chosen[static_cast<std::size_t>(i)], used[static_cast<std::size_t>(k)]) - centre[k]) / spread[k];
  MatrixXd distance(m, m);
  std::vector<double> distances;
  for (Index i = 0; i < m; ++i) {
    for (Index k = 0; k < m; ++k) {
      distance(i, k) = (knots.row(i) - knots.row(k)).norm();
      if (k < i) distances.push_back(distance(i, k));
    }
  }
  std::sort(distances.begin(), distances.end());
  const double unit = (distances.empty() ? 1.0 : std::max(at_share(distances, 0.5), 1e-12)) * range;

  SmoothBasis basis;
  basis.penalty = MatrixXd::Zero(1 + d + m, 1 + d + m);
  basis.penalty.bottomRightCorner(m, m) = (distance / unit).unaryExpr(&matern);
  basis.unpenalised = 1 + d;
  basis.has_range = true;
  basis.rows = [used, centre, spread, knots, unit, &x, d, m](Index first, RowMatrix& block) {
    for (Index i = 0; i < block.rows(); ++i) {
      double* row = &block(i, 0);
      row[0] = 1;
      for (Index k = 0; k < d; ++k)
        row[1 + k] = (x(first + i, used[static_cast<std::size_t>(k)]) - centre[k]) / spread[k];
      for (Index j = 0; j < m; ++j) {
        const double* knot = &knots(j, 0);
        double square = 0;
        for (Index k = 0; k < d; ++k) square += (row[1 + k] - knot[k]) * (row[1 + k] - knot[k]);
        row[1 + d + j] = matern(std::sqrt(square) / unit);
      }
    }
  };
  return basis;
}

}  // namespace

SmoothBasis smooth_basis(const Eigen::MatrixXd& parameters, double range) {
  std::vector<Index> used;
  for (Index j = 0; j < parameters.cols(); ++j)
    if (parameters.rows() > 0 && parameters.col(j).maxCoeff() > parameters.col(j).minCoeff()) used.push_back(j);
  if (used.empty()) return constant_basis();
  if (used.size() == 1) return spline_basis(parameters, used.front());
  if (used.size() <= 4) return pairs_basis(parameters, used);
  return kriging_basis(parameters, used, range);
}

}  // namespace desist::statistics
