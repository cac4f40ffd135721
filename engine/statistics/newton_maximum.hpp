// Newton's method for a likelihood with derivatives.
#pragma once

#include <functional>
#include <limits>

#include <Eigen/Core>

namespace desist::statistics {

/// A log-likelihood with its gradient and minus its second derivatives.
struct LikelihoodAt {
  double value = 0;
  Eigen::VectorXd gradient;
  Eigen::MatrixXd information;
};

/// Where the search ended.
struct NewtonMaximum {
  Eigen::VectorXd place;
  LikelihoodAt at;
  Eigen::VectorXd step;    // the last that was asked for
  bool converged = false;  // a full step below 1e-9 from information that is positive definite
  int steps = 0;
};

/// For a search that has no reason to end early, and for parameters on a scale on which 1 is no large step.
inline bool never_ended(const Eigen::VectorXd&, const Eigen::VectorXd&) { return false; }
constexpr double any_step = std::numeric_limits<double>::infinity();

/// Newton's steps, halved while the likelihood falls, with a ridge where the information is not positive definite
/// (Marquardt 1963). `ended(place, step)` may end the search early: a likelihood that grows without bound is the
/// caller's to recognise. No parameter moves by more than `longest_step` at once: 3 is far on a scale on which 1 is a
/// large step. Verified by: counts_reference; parametric_reference; regression_problems_test
NewtonMaximum newton_maximum(const std::function<LikelihoodAt(const Eigen::VectorXd&)>& likelihood,
                             Eigen::VectorXd start,
                             const std::function<bool(const Eigen::VectorXd&, const Eigen::VectorXd&)>& ended,
                             double longest_step = 3, int most_steps = 200);

}  // namespace desist::statistics
