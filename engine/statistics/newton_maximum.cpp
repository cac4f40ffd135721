#include "engine/statistics/newton_maximum.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/statistics/factorisations.hpp"

namespace desist::statistics {

NewtonMaximum newton_maximum(const std::function<LikelihoodAt(const Eigen::VectorXd&)>& likelihood,
                             Eigen::VectorXd start,
                             const std::function<bool(const Eigen::VectorXd&, const Eigen::VectorXd&)>& ended,
                             double longest_step, int most_steps) {
  NewtonMaximum search;
  search.place = std::move(start);
  search.at = likelihood(search.place);
  for (; search.steps < most_steps; ++search.steps) {
    double ridge = 0;  // relative, so that a parameter whose curvature vanishes still moves
    const Eigen::VectorXd sizes = search.at.information.diagonal().cwiseAbs().cwiseMax(1e-3);
    Cholesky factor(search.at.information);
    while (!factor.positive() && ridge < 1e6) {
      ridge = ridge == 0 ? 1e-6 : 4 * ridge;
      factor = Cholesky(search.at.information + Eigen::MatrixXd((ridge * sizes).asDiagonal()));
    }
    if (!factor.positive()) return search;
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
