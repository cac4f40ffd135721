// Rows made by a fixed rule, for regressions to be tried on.
#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include <Eigen/Core>

#include "tests/statistics/csv_columns.hpp"

namespace desist::statistics {

struct RegressionSample {
  Eigen::MatrixXd x;  // constant, arm, age, year
  Eigen::VectorXd yes;
  Eigen::VectorXd counts;
  Eigen::VectorXd log_years;
  std::vector<std::size_t> cluster;
};

/// Overdispersed counts with extra zeros, and an outcome that depends on arm and age.
inline RegressionSample regression_sample(Eigen::Index n) {
  std::mt19937_64 bits(31);
  const auto uniform = [&bits] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  std::vector<Eigen::VectorXd> columns(3, Eigen::VectorXd(n));
  RegressionSample s{{}, Eigen::VectorXd(n), Eigen::VectorXd(n), Eigen::VectorXd(n), {}};
  for (Eigen::Index i = 0; i < n; ++i) {
    columns[0][i] = uniform() < 0.4 ? 1 : 0;
    columns[1][i] = 18 + std::floor(40 * uniform());
    columns[2][i] = 2019 + std::floor(5 * uniform());
    s.cluster.push_back(static_cast<std::size_t>(uniform() * 13));
    const double shared = 0.1 * static_cast<double>(s.cluster.back());
    const double eta = 0.4 - 0.6 * columns[0][i] - 0.03 * (columns[1][i] - 30) + shared - 0.5;
    s.yes[i] = uniform() < 1 / (1 + std::exp(-eta)) ? 1 : 0;
    s.log_years[i] = std::log(0.25 + 2 * uniform());
    double mean = std::exp(0.5 + eta / 2 + s.log_years[i]) * -2 * std::log(uniform());  // gamma mixture, shape 1
    double events = 0;
    if (uniform() < 0.8) {
      for (mean += std::log(uniform()); mean > 0; mean += std::log(uniform())) events += 1;
    }
    s.counts[i] = events;
  }
  s.x = with_constant(columns);
  return s;
}

}  // namespace desist::statistics
