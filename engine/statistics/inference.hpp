// An estimate with its error, interval and test: what every regression hands on.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

struct Inference {
  double estimate = 0;
  double error = 0;
  Interval interval;                         // estimate -/+ quantile times error
  double p = 1;                              // two-sided, of the estimate being 0
  std::optional<double> degrees_of_freedom;  // of Student's t; empty for the normal law
};

/// By the normal law, or by Student's t where degrees of freedom are given.
/// Verified by: inference_test
Inference inference(double estimate, double error, std::optional<double> degrees_of_freedom = std::nullopt,
                    double confidence = usual_confidence);

/// One for each coefficient from the diagonal of the covariance.
std::vector<Inference> inferences(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance,
                                  std::optional<double> degrees_of_freedom = std::nullopt,
                                  double confidence = usual_confidence);

/// The same with degrees of freedom of its own for each coefficient.
std::vector<Inference> inferences(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance,
                                  const std::vector<double>& degrees_of_freedom, double confidence = usual_confidence);

}  // namespace desist::statistics
