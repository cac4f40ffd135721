#include "engine/estimation/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <Eigen/Dense>

#include "engine/core/limits.hpp"
#include "engine/statistics/mean_surface.hpp"
#include "engine/statistics/natural_spline.hpp"

namespace desist {
namespace {

constexpr std::size_t folds = 10;
constexpr std::size_t fewest_draws = statistics::fewest_draws_of_surface;

/// The columns of one parameter's natural cubic spline, without the constant; none where it is one value.
std::vector<std::vector<double>> spline_columns(const std::vector<double>& values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  if (!(sorted.back() - sorted.front() > 0)) return {};
  const statistics::NaturalSpline spline(sorted);
  std::vector<std::vector<double>> columns(spline.columns(), std::vector<double>(values.size()));
  statistics::NaturalSpline::Row row{};
  for (std::size_t d = 0; d < values.size(); ++d) {
    spline.fill(values[d], row);
    for (std::size_t c = 0; c < columns.size(); ++c) columns[c][d] = row[c + 1];
  }
  return columns;
}

}  // namespace

VarianceShare explained_variance(std::span<const double> x, const std::vector<std::vector<double>>& values) {
  const std::size_t draws = x.size();
  if (draws < fewest_draws) return {0.0, infinity};

  std::vector<std::vector<double>> columns{std::vector<double>(draws, 1.0)};
  for (const auto& parameter : values) {
    for (auto& column : spline_columns(parameter)) columns.push_back(std::move(column));
  }
  const auto width = static_cast<Eigen::Index>(columns.size());

  double sum = 0;
  double sum_of_squares = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    // Normal equations of a few well-scaled columns: solved by a rank-revealing factorisation.
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(width, width);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(width);
    double mean = 0;
    std::size_t used = 0;
    for (std::size_t d = 0; d < draws; ++d) {
      if (d % folds == fold) continue;
      mean += x[d];
      ++used;
      for (Eigen::Index i = 0; i < width; ++i) {
        const double left = columns[static_cast<std::size_t>(i)][d];
        right(i) += left * x[d];
        for (Eigen::Index j = 0; j <= i; ++j) gram(i, j) += left * columns[static_cast<std::size_t>(j)][d];
      }
    }
    mean /= static_cast<double>(used);
    gram.triangularView<Eigen::StrictlyUpper>() = gram.transpose();
    const Eigen::VectorXd fit = gram.completeOrthogonalDecomposition().solve(right);
    for (std::size_t d = fold; d < draws; d += folds) {
      double fitted = 0;
      for (Eigen::Index i = 0; i < width; ++i) fitted += fit(i) * columns[static_cast<std::size_t>(i)][d];
      const double gain = (x[d] - mean) * (x[d] - mean) - (x[d] - fitted) * (x[d] - fitted);
      sum += gain;
      sum_of_squares += gain * gain;
    }
  }
  const auto n = static_cast<double>(draws);
  const double explained = sum / n;
  return {explained, std::sqrt(std::max(0.0, sum_of_squares / n - explained * explained) / (n - 1))};
}

}  // namespace desist
