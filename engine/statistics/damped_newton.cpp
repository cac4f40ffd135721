#include "engine/statistics/damped_newton.hpp"

#include <cmath>

#include <Eigen/Cholesky>

namespace desist::statistics {

namespace {
constexpr double settled_below = 1e-8;
constexpr std::size_t give_up_after = 200;
}  // namespace

std::optional<LocalMaximum> damped_newton(const std::function<Curvature(const Eigen::VectorXd&)>& likelihood,
                                          Eigen::VectorXd start) {
  LocalMaximum at{std::move(start), {}, 0};
  at.curvature = likelihood(at.point);
  if (!std::isfinite(at.curvature.value)) return std::nullopt;
  while (at.iterations < give_up_after) {
    ++at.iterations;
    const Eigen::VectorXd diagonal = at.curvature.information.diagonal().cwiseAbs();
    const double floor = 1e-10 * diagonal.maxCoeff();
    Eigen::VectorXd step;
    double damping = 0;
    for (int attempt = 0; attempt < 60; ++attempt) {
      Eigen::MatrixXd information = at.curvature.information;
      information.diagonal() += damping * (diagonal.array() + floor).matrix();
      const Eigen::LLT<Eigen::MatrixXd> factor(information);
      if (factor.info() == Eigen::Success) {
        step = factor.solve(at.curvature.gradient);
        if (step.allFinite()) break;
      }
      step.resize(0);
      damping = damping == 0 ? 1e-3 : 4 * damping;
    }
    if (step.size() == 0) return std::nullopt;
    const bool settled = damping == 0 && step.norm() < settled_below;
    const double slack = 1e-12 * (1 + std::abs(at.curvature.value));
    Curvature next = likelihood(at.point + step);
    for (int halving = 0; halving < 50 && !(next.value >= at.curvature.value - slack); ++halving) {
      step /= 2;
      next = likelihood(at.point + step);
    }
    if (!(next.value >= at.curvature.value - slack)) return std::nullopt;
    at.point += step;
    at.curvature = std::move(next);
    if (settled) return at;
  }
  return std::nullopt;
}

}  // namespace desist::statistics
