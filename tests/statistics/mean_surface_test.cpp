// Surfaces over parameters against dense naive fits, closed forms of mathematics.md 6.3, invariances and refusals.
#include "engine/statistics/mean_surface.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/value_of_information.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/uniforms.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd normals(Index rows, Index columns, std::uint64_t seed) {
  Uniforms u(seed);
  MatrixXd x(rows, columns);
  for (Index j = 0; j < columns; ++j)
    for (Index i = 0; i < rows; ++i) x(i, j) = u.normal();
  return x;
}

std::string refusal_of_surface(const MatrixXd& y, const MatrixXd& x) {
  try {
    mean_surface(y, x);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "not refused";
}

/// A penalised cubic spline the long way: splines by recursion on the definition, penalty by numerical second
/// derivatives, restricted likelihood by dense matrices of all rows.
class NaiveSpline {
 public:
  explicit NaiveSpline(const VectorXd& x) : low_(x.minCoeff()), width_(x.maxCoeff() - x.minCoeff()) {
    std::vector<double> sorted(x.begin(), x.end());
    std::sort(sorted.begin(), sorted.end());
    knots_.assign(4, 0.0);
    for (int k = 1; k <= 10; ++k)
      knots_.push_back((sorted[static_cast<std::size_t>(k / 11.0 * static_cast<double>(sorted.size() - 1))] - low_) /
                       width_);
    knots_.insert(knots_.end(), 4, 1.0);
  }
  MatrixXd columns(const VectorXd& x) const {
    MatrixXd b(x.size(), 14);
    for (Index i = 0; i < x.size(); ++i)
      for (Index j = 0; j < 14; ++j) b(i, j) = spline(j, 3, std::min((x[i] - low_) / width_, 1 - 1e-14));
    return b;
  }
  /// Integral of products of second derivatives, by Simpson's rule between knots (they are parabolas there).
  MatrixXd penalty() const {
    MatrixXd sum = MatrixXd::Zero(14, 14);
    for (std::size_t k = 3; k + 4 < knots_.size(); ++k) {
      const double a = knots_[k], h = knots_[k + 1] - a;
      const double e = 0.2;  // of the step: second differences of a cubic are exact but for rounding
      VectorXd at[3];
      for (int s = 0; s < 3; ++s) {
        const double x = a + h * (e + (0.5 - e) * s);
        at[s].resize(14);
        for (Index j = 0; j < 14; ++j)
          at[s][j] = (spline(j, 3, x - e * h * 0.99) - 2 * spline(j, 3, x) + spline(j, 3, x + e * h * 0.99)) /
                     (e * h * 0.99 * e * h * 0.99);
      }
      // The second derivative is a line through the three points: its ends.
      const VectorXd slope = (at[2] - at[0]) / (1 - 2 * e);
      const VectorXd left = at[1] - slope / 2, right = at[1] + slope / 2;
      sum += h / 6 * (left * left.transpose() + 4 * at[1] * at[1].transpose() + right * right.transpose());
    }
    return sum;
  }

 private:
  double spline(Index j, int degree, double x) const {
    const auto t = [&](Index i) { return knots_[static_cast<std::size_t>(i)]; };
    if (degree == 0) return t(j) <= x && x < t(j + 1) ? 1 : 0;
    double value = 0;
    if (t(j + degree) > t(j)) value += (x - t(j)) / (t(j + degree) - t(j)) * spline(j, degree - 1, x);
    if (t(j + degree + 1) > t(j + 1))
      value += (t(j + degree + 1) - x) / (t(j + degree + 1) - t(j + 1)) * spline(j + 1, degree - 1, x);
    return value;
  }
  double low_, width_;
  std::vector<double> knots_;
};

/// Coefficients of the least of |y - B b|^2 + smoothing b'Pb.
VectorXd naive_coefficients(const MatrixXd& b, const MatrixXd& penalty, double smoothing, const VectorXd& y) {
  return test::solution(b.transpose() * b + smoothing * penalty, b.transpose() * y);
}

/// What restricted maximum likelihood multiplies the penalty by for (x, y).
double naive_smoothing(const NaiveSpline& splines, const VectorXd& x, const VectorXd& y) {
  const MatrixXd b = splines.columns(x), penalty = splines.penalty();
  const SymmetricEigen parts = eigen_of_symmetric(penalty);
  // f = line + random bends of variance 1/l along the penalty's eigenvectors.
  MatrixXd bends(x.size(), 12), line(x.size(), 2);
  line << VectorXd::Ones(x.size()), x;
  for (Index k = 0; k < 12; ++k) bends.col(k) = b * parts.vectors.col(k + 2) / std::sqrt(parts.values[k + 2]);
  const auto minus_log = [&](double log_smoothing) {
    const MatrixXd v = MatrixXd::Identity(x.size(), x.size()) + bends * bends.transpose() / std::exp(log_smoothing);
    const Cholesky factor(v);
    const MatrixXd inner = line.transpose() * factor.solve(line);
    const VectorXd rest = y - line * test::solution(inner, line.transpose() * factor.solve(y));
    const double quadratic = y.dot(factor.solve(rest));
    return factor.log_determinant() + std::log(test::determinant(inner)) +
           static_cast<double>(x.size() - 2) * std::log(quadratic);
  };
  double low = -14, high = 14, best = low;
  for (double at = low; at <= high; at += 0.5)
    if (minus_log(at) < minus_log(best)) best = at;
  for (double step = 0.25; step > 1e-6; step /= 2)
    for (const double at : {best - step, best + step})
      if (minus_log(at) < minus_log(best)) best = at;
  return std::exp(best);
}

/// Fit at `to` of the spline so chosen, knots from `all`.
VectorXd naive_surface(const VectorXd& all, const VectorXd& x, const VectorXd& y, const VectorXd& to) {
  const NaiveSpline splines(all);
  return splines.columns(to) *
         naive_coefficients(splines.columns(x), splines.penalty(), naive_smoothing(splines, x, y), y);
}

TEST(MeanSurface, Is_the_dense_restricted_likelihood_fit) {
  Uniforms u(5);
  const Index n = 120;
  VectorXd x(n), y(n);
  for (Index i = 0; i < n; ++i) {
    x[i] = -std::log(u());
    y[i] = std::sin(3 * x[i]) + 0.3 * u.normal();
  }
  const MeanSurface surface = mean_surface(y, x);
  EXPECT_GT(surface.degrees[0], 4);
  EXPECT_LT((surface.in_sample.col(0) - naive_surface(x, x, y, x)).cwiseAbs().maxCoeff(), 2e-5);
  const NaiveSpline splines(x);
  const double smoothing = naive_smoothing(splines, x, y);
  for (const Index fold : {0, 7}) {
    VectorXd other_x(n - n / 10), other_y(n - n / 10), to(n / 10), ours(n / 10), own(n / 10), drawn(n / 10);
    Index others = 0, left = 0;
    for (Index i = 0; i < n; ++i) {
      if (i % 10 == fold) {
        to[left] = x[i];
        own[left] = surface.own_fold(i, 0);
        drawn[left] = y[i];
        ours[left++] = surface.out_of_fold(i, 0);
      } else {
        other_x[others] = x[i];
        other_y[others++] = y[i];
      }
    }
    EXPECT_LT((ours - naive_surface(x, other_x, other_y, to)).cwiseAbs().maxCoeff(), 2e-5) << fold;
    // The tenth itself: what is left of it, as smooth as all draws are, of which it has a tenth.
    const MatrixXd b = splines.columns(to);
    const VectorXd added = b * naive_coefficients(b, splines.penalty(), smoothing / 10, drawn - ours);
    EXPECT_LT((own - ours - added).cwiseAbs().maxCoeff(), 2e-5) << fold;
  }
}

/// A constant costs nothing, so that a fold's own fit has the mean of what was drawn of it.
TEST(MeanSurface, The_own_fold_alone_judges_what_was_learnt_elsewhere) {
  Uniforms u(15);
  VectorXd x(400), y(400);
  for (Index i = 0; i < x.size(); ++i) {
    x[i] = u.normal();
    y[i] = x[i] * x[i] + 2 * u.normal();
  }
  const MeanSurface surface = mean_surface(y, x);
  for (Index fold = 0; fold < surface_folds; ++fold) {
    double own = 0, drawn = 0;
    for (Index i = fold; i < x.size(); i += surface_folds) {
      own += surface.own_fold(i, 0) / 40;
      drawn += y[i] / 40;
    }
    EXPECT_NEAR(own, drawn, 1e-7) << fold;
  }
}

TEST(MeanSurface, Straight_lines_and_groups_of_values_are_exact) {
  for (const Index parameters : {1, 3, 6}) {
    const MatrixXd x = normals(400, parameters, 3);
    const VectorXd y = 1e6 + (x * VectorXd::LinSpaced(parameters, 1, 2)).array();
    const MeanSurface surface = mean_surface(y, x);
    EXPECT_LT((surface.in_sample - y).cwiseAbs().maxCoeff(), 1e-5) << parameters;
    EXPECT_LT((surface.out_of_fold - y).cwiseAbs().maxCoeff(), 1e-5) << parameters;
  }
  // Two values: their means. Nothing that varies: the mean.
  Uniforms u(4);
  VectorXd two(200), y(200);
  double sums[2] = {0, 0};
  for (Index i = 0; i < 200; ++i) {
    two[i] = i % 2 == 0 ? 5 : 7;
    y[i] = u.normal();
    sums[i % 2] += y[i];
  }
  const MeanSurface by_value = mean_surface(y, two);
  EXPECT_NEAR(by_value.in_sample(0, 0), sums[0] / 100, 1e-7);
  EXPECT_NEAR(by_value.in_sample(1, 0), sums[1] / 100, 1e-7);
  const MeanSurface none = mean_surface(y, VectorXd::Constant(200, 3.5));
  EXPECT_NEAR(none.in_sample(17, 0), y.mean(), 1e-12);
  EXPECT_NEAR(none.degrees[0], 1, 1e-9);
}

TEST(MeanSurface, Pairs_see_what_parameters_do_together) {
  const MatrixXd x = normals(4000, 2, 8);
  const VectorXd truth = x.col(0).cwiseProduct(x.col(1));
  const VectorXd y = truth + normals(4000, 1, 9);
  const MeanSurface both = mean_surface(y, x);
  // Noise of variance 1 leaves chi-square(25)/n at most in a fit of 25 columns: above 73/4000 with chance 1e-6.
  EXPECT_LT((both.in_sample.col(0) - truth).squaredNorm() / 4000, 73.0 / 4000);
  // One of the two alone tells nothing of it.
  const MeanSurface one = mean_surface(y, x.col(0));
  EXPECT_GT((one.in_sample.col(0) - truth).squaredNorm() / 4000, 0.8);
}

TEST(MeanSurface, Scales_with_the_response_and_follows_shifts) {
  for (const Index parameters : {1, 2, 5}) {
    const MatrixXd x = normals(500, parameters, 21);
    VectorXd y = normals(500, 1, 22) + x.col(0).array().exp().matrix();
    const MeanSurface plain = mean_surface(y, x);
    const MeanSurface other = mean_surface((100 + 7 * y.array()).matrix(), x);
    EXPECT_LT(((other.in_sample.array() - 100) / 7 - plain.in_sample.array()).abs().maxCoeff(), 1e-5);
    const MeanSurface pounds = mean_surface(y, (x.array() * 1000 + 5).matrix());  // in another unit
    EXPECT_LT((pounds.in_sample - plain.in_sample).cwiseAbs().maxCoeff(), 1e-5);
    // A response beside another changes nothing, except a Gaussian process's common range.
    MatrixXd two(500, 2);
    two << y, x.col(0);
    if (parameters < 5) {
      EXPECT_EQ(mean_surface(two, x).in_sample.col(0), plain.in_sample.col(0));
    }
  }
}

/// mu ~ N(.3, 1) seen with noise of sd 2 (R = 1): P(mu > 0) = .618 and EVPI = .267; noisy means give .554 and .750.
/// With 40,000 draws the first is within 4.9 x .0024 with chance 1 - 1e-6, so that a bias of a fifth of the plug-in's
/// would be seen; the plug-in itself fails the check.
TEST(MeanSurface, Takes_the_luck_out_of_noisy_means) {
  const Index draws = 40000;
  const double truth = normal_cdf(0.3),
               evpi = std::exp(-0.045) / std::sqrt(2 * std::acos(-1.0)) - 0.3 * normal_cdf(-0.3);
  EXPECT_NEAR(truth, 0.618, 5e-4);
  EXPECT_NEAR(evpi, 0.267, 5e-4);
  for (const Index parameters : {1, 3, 6}) {
    const MatrixXd theta = normals(draws, parameters, 31);
    const VectorXd mu = 0.3 + theta.rowwise().sum().array() / std::sqrt(static_cast<double>(parameters));
    const VectorXd noisy = mu + 2 * normals(draws, 1, 32);
    const VectorXd fitted = mean_surface(noisy, theta).in_sample.col(0);
    const auto chance = [](const VectorXd& x) {
      return chance_of_paying({x.data(), static_cast<std::size_t>(x.size())});
    };
    const double allowed = 4.9 * std::sqrt(truth * (1 - truth) / static_cast<double>(draws));
    EXPECT_NEAR(chance(fitted).value, truth, allowed) << parameters;
    EXPECT_GT(std::abs(chance(noisy).value - truth), allowed);
    EXPECT_NEAR(chance(noisy).value, normal_cdf(0.3 / std::sqrt(5.0)), allowed);

    MatrixXd net(draws, 2);
    net << VectorXd::Zero(draws), noisy;
    EXPECT_NEAR(perfect_information(net).value, 0.750, 4.9 * perfect_information(net).error + 5e-4);
    const PartialInformation all = partial_information(net, theta);
    EXPECT_NEAR(all.value, evpi, 4.9 * all.error) << parameters;
    EXPECT_LT(all.error, 0.02);
  }
}

/// A stored posterior of few rows, drawn again and again, so that knots of the Gaussian process repeat: no more is
/// learnt than there are rows, and the fit is near each row's mean, which noise of sd .5 leaves chi-square(rows)/600 x
/// .25 off in mean square (above .055 of 60 rows, .018 of 7, with chance 1e-6).
TEST(MeanSurface, Fits_rows_that_repeat) {
  struct Case {
    Index parameters, rows;
    double allowed;
  };
  for (const auto& [parameters, distinct, allowed] :
       {Case{5, 60, 0.055}, Case{6, 60, 0.055}, Case{12, 60, 0.055}, Case{6, 7, 0.018}}) {
    const MatrixXd rows = normals(distinct, parameters, 41);
    MatrixXd x(600, parameters);
    VectorXd truth(600);
    for (Index d = 0; d < 600; ++d) {
      x.row(d) = rows.row((d * 7 + d / distinct) % distinct);
      truth[d] = (x.row(d) / 2).array().sin().sum();
    }
    const VectorXd y = truth + 0.5 * normals(600, 1, 42);
    const MeanSurface surface = mean_surface(y, x);
    ASSERT_TRUE(surface.in_sample.allFinite() && surface.out_of_fold.allFinite()) << parameters;
    EXPECT_GT(surface.degrees[0], 1);
    EXPECT_LT(surface.degrees[0], static_cast<double>(distinct) + 0.01);
    EXPECT_LT((surface.in_sample.col(0) - truth).squaredNorm() / 600, allowed) << parameters << ' ' << distinct;
  }
}

/// A column that doesn't vary is none: what it stands beside is fitted as if it were alone.
TEST(MeanSurface, Leaves_out_parameters_that_are_the_same_in_all_draws) {
  MatrixXd x = MatrixXd::Constant(300, 6, 2.5);
  x.col(3) = normals(300, 1, 51);
  const VectorXd y = x.col(3).array().sin().matrix() + 0.1 * normals(300, 1, 52);
  EXPECT_EQ(mean_surface(y, x).in_sample, mean_surface(y, x.col(3)).in_sample);
}

TEST(MeanSurface, Refuses_what_it_can_not_fit) {
  const MatrixXd x = normals(100, 1, 1);
  EXPECT_EQ(refusal_of_surface(normals(99, 1, 2), x), "responses and parameters have one row a draw");
  EXPECT_EQ(refusal_of_surface(normals(99, 1, 2), x.topRows(99)), "a regression on parameters needs 100 draws");
  MatrixXd broken = x;
  broken(5, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal_of_surface(broken, x), "responses and parameters are finite");
  EXPECT_EQ(refusal_of_surface(x, broken), "responses and parameters are finite");
}

}  // namespace
}  // namespace desist::statistics
