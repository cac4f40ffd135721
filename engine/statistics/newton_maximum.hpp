// Newton's method for a likelihood with derivatives; for .cpp files only.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <Eigen/Cholesky>
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
template <class Likelihood, class Ended>
NewtonMaximum newton_maximum(Likelihood likelihood, Eigen::VectorXd start, Ended ended, double longest_step = 3,
                             int most_steps = 200) {
  NewtonMaximum search;
  search.place = std::move(start);
  search.at = likelihood(search.place);
  for (; search.steps < most_steps; ++search.steps) {
    double ridge = 0;  // relative, so that a parameter whose curvature vanishes still moves
    const Eigen::VectorXd sizes = search.at.information.diagonal().cwiseAbs().cwiseMax(1e-3);
    Eigen::LLT<Eigen::MatrixXd> factor(search.at.information);
    while (factor.info() != Eigen::Success && ridge < 1e6) {
      ridge = ridge == 0 ? 1e-6 : 4 * ridge;
      const Eigen::MatrixXd raised = search.at.information + Eigen::MatrixXd((ridge * sizes).asDiagonal());
      factor.compute(raised);
    }
    if (factor.info() != Eigen::Success) return search;
    search.step = factor.solve(search.at.gradient);
    if (!search.step.allFinite()) return search;
    const double largest = search.step.cwiseAbs().maxCoeff();
    if (largest > longest_step) search.step *= longest_step / largest;
    if (ended(search.place, search.step)) return search;
    // Where next to nothing is left to gain, the value's rounding would turn good steps down: it is no longer asked.
    const double gain = ridge == 0 ? search.step.dot(search.at.gradient) / 2 : 1;
    const double slack = 1e-13 * std::abs(search.at.value) + (gain < 1e-6 ? 1e-6 : 0);
    Eigen::VectorXd step = search.step;
    LikelihoodAt next = likelihood(search.place + step);
    for (int halving = 0; halving < 40 && !(next.value >= search.at.value - slack); ++halving) {
      step /= 2;
      next = likelihood(search.place + step);
    }
    if (!(next.value >= search.at.value - slack)) {
      search.converged = ridge == 0 && largest <= 1e-7;  // rounding hides what is left to gain
      return search;
    }
    search.place += step;
    search.at = std::move(next);
    if (ridge == 0 && largest <= 1e-9) {
      search.converged = true;
      return search;
    }
  }
  return search;
}

}  // namespace desist::statistics
