#include "engine/search/given.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/search/population.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double least_inside = 0.05;

bool all_are_positive(const std::vector<std::vector<double>>& rows, std::size_t column) {
  return std::all_of(rows.begin(), rows.end(), [column](const auto& row) { return row[column] > 0; });
}

/// A parameter, or its logarithm, over the kept sets.
struct OnScale {
  bool logs = false;
  VectorXd values;
  double to(double value) const { return logs ? std::log(value) : value; }
  double from(double value) const { return logs ? std::exp(value) : value; }
};

OnScale on_scale(const std::vector<std::vector<double>>& rows, std::size_t column) {
  OnScale scaled;
  scaled.logs = all_are_positive(rows, column);
  scaled.values.resize(static_cast<Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) scaled.values(static_cast<Index>(i)) = scaled.to(rows[i][column]);
  return scaled;
}

/// Coefficients of y on the others, by weighted least squares about the means; empty where they have no inverse.
VectorXd slopes_of(const OnScale& y, const std::vector<OnScale>& x, std::span<const double> weights) {
  const auto n = static_cast<Index>(weights.size());
  const auto d = static_cast<Index>(x.size());
  double mean_y = 0;
  VectorXd mean_x = VectorXd::Zero(d);
  for (Index i = 0; i < n; ++i) {
    const double w = weights[static_cast<std::size_t>(i)];
    mean_y += w * y.values(i);
    for (Index k = 0; k < d; ++k) mean_x(k) += w * x[static_cast<std::size_t>(k)].values(i);
  }
  MatrixXd gram = MatrixXd::Zero(d, d);
  VectorXd cross = VectorXd::Zero(d);
  for (Index i = 0; i < n; ++i) {
    const double w = weights[static_cast<std::size_t>(i)];
    for (Index k = 0; k < d; ++k) {
      const double of_k = x[static_cast<std::size_t>(k)].values(i) - mean_x(k);
      cross(k) += w * of_k * (y.values(i) - mean_y);
      for (Index l = 0; l < d; ++l) gram(k, l) += w * of_k * (x[static_cast<std::size_t>(l)].values(i) - mean_x(l));
    }
  }
  const statistics::Cholesky factor(gram);
  return factor.positive() ? factor.solve(cross) : VectorXd();
}

/// The next set of levels, the last varying first; false after the last of them.
bool step(const std::vector<std::vector<double>>& levels, std::vector<std::size_t>& at) {
  for (std::size_t k = at.size(); k-- > 0;) {
    if (++at[k] < levels[k].size()) return true;
    at[k] = 0;
  }
  return false;
}

}  // namespace

ParameterGiven parameter_given(const GivenAsked& asked, ValueRange range, const std::vector<std::vector<double>>& rows,
                               std::span<const double> weights, double left) {
  ParameterGiven given;
  given.fit = asked.of;
  given.by = asked.by;
  const OnScale y = on_scale(rows, asked.of);
  std::vector<OnScale> x;
  for (const std::size_t other : asked.by) x.push_back(on_scale(rows, other));
  const VectorXd slopes = slopes_of(y, x, weights);
  std::vector<std::size_t> at(asked.by.size(), 0);
  do {
    ParameterGiven::Row row;
    for (std::size_t k = 0; k < at.size(); ++k) row.at.push_back(asked.levels[k][at[k]]);
    std::vector<double> values(rows.size(), missing);
    double all = 0, inside = 0;
    for (std::size_t i = 0; i < rows.size() && slopes.size() > 0; ++i) {
      double moved = y.values(static_cast<Index>(i));
      for (std::size_t k = 0; k < at.size(); ++k)
        moved += slopes(static_cast<Index>(k)) * (x[k].to(row.at[k]) - x[k].values(static_cast<Index>(i)));
      const double value = y.from(moved);
      all += weights[i];
      if (!(value >= range.low && value <= range.high)) continue;
      inside += weights[i];
      values[i] = value;
    }
    if (!(inside >= least_inside * all)) std::fill(values.begin(), values.end(), missing);
    row.left = spread_of(values, weights, left);
    given.rows.push_back(std::move(row));
  } while (step(asked.levels, at));
  return given;
}

}  // namespace desist
