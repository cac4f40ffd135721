// A maximum of a likelihood whose derivatives are known but which need not be concave.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include <Eigen/Core>

namespace desist::statistics {

/// A log-likelihood at one point.
struct Curvature {
  double value = 0;
  Eigen::VectorXd gradient;
  Eigen::MatrixXd information;  // minus the second derivatives
};

struct LocalMaximum {
  Eigen::VectorXd point;
  Curvature curvature;  // there
  std::size_t iterations = 0;
};

/// Newton's method; where the information is not positive definite a multiple of its diagonal is added (Levenberg 1944;
/// Marquardt 1963), and a step that lowers the value is halved. Ends when a full step is shorter than 1e-8; empty where
/// that does not happen in 200 steps. Verified by: counts_reference; negative_binomial_test
std::optional<LocalMaximum> damped_newton(const std::function<Curvature(const Eigen::VectorXd&)>& likelihood,
                                          Eigen::VectorXd start);

}  // namespace desist::statistics
