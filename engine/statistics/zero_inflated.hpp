// Counts with more zeros than their law gives: a mixture with people who never have the outcome.
#pragma once

#include <cstddef>
#include <optional>

#include <Eigen/Core>

#include "engine/statistics/regression_problem.hpp"

namespace desist::statistics {

enum class CountFamily { poisson, negative_binomial };

/// P(y) = q [y = 0] + (1 - q) f(y), q = 1/(1 + exp(-z'g)) the share of excess zeros, f with mean exp(x'b + offset).
struct ZeroInflated {
  Eigen::VectorXd count_coefficients;
  Eigen::VectorXd zero_coefficients;
  std::optional<double> theta;  // negative binomial only
  double log_likelihood = 0;
  double aic = 0;
  Eigen::MatrixXd covariance;    // of count, then zero coefficients, then log theta: inverse observed information
  Eigen::VectorXd fitted;        // (1 - q) times the mean of f
  Eigen::VectorXd excess_zeros;  // q
  std::size_t iterations = 0;
};

struct ZeroInflatedData {
  Eigen::MatrixXd x;       // of the count
  Eigen::MatrixXd z;       // of the excess zeros
  Eigen::VectorXd y;       // whole numbers
  Eigen::VectorXd offset;  // of the count; empty for 0
};

/// Maximum likelihood (Lambert 1992; Greene 1994) with exact second derivatives, from the count model alone. The
/// maximum is local: the likelihood need not be concave. The count part has the problems of its own model.
/// `no_excess_zeros` where no row is 0, or where the share of excess zeros falls below 1e-4 everywhere on the way to no
/// maximum; `no_overdispersion` where theta passes 1e6 there. Verified by: zero_inflated_test
Fitted<ZeroInflated> zero_inflated(CountFamily family, const ZeroInflatedData& data);

}  // namespace desist::statistics
