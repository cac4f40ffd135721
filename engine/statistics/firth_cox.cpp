#include "engine/statistics/firth_cox.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/cox_risk_sets.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/root.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct PenalisedAt {
  double value = 0;
  VectorXd score;
  MatrixXd information;
  bool usable = false;  // the information is positive definite
};

/// Sums over a set of rows: risk times 1, x, xx', h and h x, with h = x'Vx.
struct ThirdMoments {
  explicit ThirdMoments(Index p) : s1(VectorXd::Zero(p)), h1(VectorXd::Zero(p)), s2(MatrixXd::Zero(p, p)) {}
  void add(double risk, const VectorXd& x, double h) {
    s0 += risk;
    h0 += risk * h;
    s1 += risk * x;
    h1 += risk * h * x;
    s2 += risk * x * x.transpose();
  }
  double s0 = 0, h0 = 0;
  VectorXd s1, h1;
  MatrixXd s2;
};

/// tr(V dI/db_r) for each r: the third cumulants of x over each risk set, contracted with V. With h = x'Vx it is
/// cov(h, x_r) - 2 mean'V cov(x, x_r), so no array of three dimensions is needed.
VectorXd information_slopes(const CoxRiskSets& sets, const MatrixXd& v) {
  const auto p = static_cast<Index>(sets.covariates);
  VectorXd slopes = VectorXd::Zero(p);
  const auto row_of = [&](std::size_t k) {
    VectorXd x(p);
    for (Index j = 0; j < p; ++j) x[j] = sets.column(static_cast<std::size_t>(j))[k];
    return x;
  };
  for (std::size_t s = 0; s + 1 < sets.stratum_begin.size(); ++s) {
    ThirdMoments all(p);
    for (std::size_t t = sets.stratum_begin[s + 1]; t-- > sets.stratum_begin[s];) {
      ThirdMoments dying(p);
      for (std::size_t k = sets.block[t]; k < sets.block[t + 1]; ++k) {
        const VectorXd x = row_of(k);
        const double h = x.dot(v * x);
        all.add(sets.risk[k], x, h);
        if (k < sets.block[t] + sets.deaths[t]) dying.add(sets.risk[k], x, h);
      }
      if (t + 1 < sets.stratum_begin[s + 1]) {
        for (const std::uint32_t k : sets.beginning_at(t + 1)) {
          const VectorXd x = row_of(k);
          all.add(-sets.risk[k], x, x.dot(v * x));
        }
      }
      const std::uint32_t d = sets.deaths[t];
      for (std::uint32_t l = 0; l < d; ++l) {
        const double f = sets.ties == Ties::efron ? static_cast<double>(l) / d : 0;
        const double s0 = all.s0 - f * dying.s0;
        const VectorXd mean = (all.s1 - f * dying.s1) / s0;
        const MatrixXd covariance = (all.s2 - f * dying.s2) / s0 - mean * mean.transpose();
        const VectorXd with_h = (all.h1 - f * dying.h1) / s0 - (all.h0 - f * dying.h0) / s0 * mean;
        slopes += sets.death_weight[t] / d * (with_h - 2 * covariance * (v * mean));
      }
    }
  }
  return slopes;
}

PenalisedAt penalised(CoxRiskSets& sets, const VectorXd& b) {
  const PartialLikelihood at = sets.evaluate(b);
  PenalisedAt result{-std::numeric_limits<double>::infinity(), at.score, at.information, false};
  const Cholesky factor(at.information);
  if (!factor.positive() || !std::isfinite(at.log_likelihood)) return result;
  const VectorXd diagonal = factor.lower().diagonal();
  if (!(diagonal.array() > 0).all()) return result;
  result.usable = true;
  result.value = at.log_likelihood + diagonal.array().log().sum();
  result.score += information_slopes(sets, factor.inverse()) / 2;
  return result;
}

struct PenalisedMaximum {
  VectorXd b;
  PenalisedAt at;
  int steps = 0;
  bool converged = false;
};

/// The greatest penalised likelihood over the coefficients in `free`, from `b`.
PenalisedMaximum maximise(CoxRiskSets& sets, const VectorXd& b, const std::vector<Index>& free) {
  PenalisedMaximum found{b, penalised(sets, b)};
  found.converged = free.empty();
  while (!found.converged && found.at.usable && found.steps < 500) {
    ++found.steps;
    const MatrixXd information = found.at.information(free, free);
    const VectorXd score = found.at.score(free);
    VectorXd step = Cholesky(information).solve(score);
    const double largest = step.cwiseAbs().maxCoeff();
    const double most = 1 + found.b.cwiseAbs().maxCoeff();  // a perfect order has its maximum far out
    if (largest > most) step *= most / largest;
    const double slack = 1e-13 * std::abs(found.at.value);
    VectorXd next = found.b;
    next(free) += step;
    PenalisedAt at = penalised(sets, next);
    for (int halving = 0; halving < 30 && !(at.value >= found.at.value - slack); ++halving) {
      step /= 2;
      next = found.b;
      next(free) += step;
      at = penalised(sets, next);
    }
    if (!(at.value >= found.at.value - slack)) {
      found.converged = largest <= 1e-6 * most;  // rounding hides what is left to gain
      break;
    }
    found.b = next;
    found.at = std::move(at);
    found.converged = largest <= 1e-9 * most;
  }
  return found;
}

}  // namespace

Checked<FirthCoxFit> firth_cox(const FollowUp& follow_up, const MatrixXd& covariates, const CoxPlan& plan,
                               double confidence) {
  if (const auto fault = CoxRiskSets::fault(follow_up, covariates, plan)) return *fault;
  CoxRiskSets sets(follow_up, covariates, plan);
  const Index p = covariates.cols();
  for (std::size_t j = 0; j < sets.covariates; ++j) {
    if (sets.scale[j] == 0) return SurvivalProblem{SurvivalFault::constant_covariate, 0, j};
  }
  const VectorXd zero = VectorXd::Zero(p);
  const PartialLikelihood null = sets.evaluate(zero);
  if (const auto fault = fault_of_information(null.information, null.scale_of_information)) return *fault;
  const PenalisedAt at_zero = penalised(sets, zero);
  std::vector<Index> free;
  for (Index j = 0; j < p; ++j) free.push_back(j);
  const PenalisedMaximum best = maximise(sets, zero, free);
  if (!best.converged) return SurvivalProblem{SurvivalFault::no_convergence};

  const VectorXd unit = Eigen::Map<const VectorXd>(sets.scale.data(), p).cwiseInverse();
  const MatrixXd scaled_covariance = Cholesky(best.at.information).inverse();
  FirthCoxFit fit;
  fit.coefficients = best.b.cwiseProduct(unit);
  fit.covariance = unit.asDiagonal() * scaled_covariance * unit.asDiagonal();
  // The determinant is of the information about the coefficients in the units of the data.
  const double in_units = -unit.array().log().sum();
  fit.penalised_log_likelihood = best.at.value + in_units;
  fit.penalised_null = at_zero.value + in_units;
  fit.likelihood_ratio = chi_square_test(2 * (best.at.value - at_zero.value), static_cast<double>(p));
  fit.rows = static_cast<std::int64_t>(follow_up.size());
  fit.events = sets.events;
  fit.steps = best.steps;
  const double fall = chi_square_quantile(confidence, 1) / 2;
  for (Index j = 0; j < p; ++j) {
    std::vector<Index> others;
    for (const Index each : free) {
      if (each != j) others.push_back(each);
    }
    VectorXd from = best.b;  // warm start: the last profile
    const auto profile = [&](double value) {
      from[j] = value;
      const PenalisedMaximum rest = maximise(sets, from, others);
      if (rest.converged) from = rest.b;
      return rest.at.value;
    };
    fit.tests.push_back(chi_square_test(2 * (best.at.value - profile(0)), 1));
    const double error = std::sqrt(scaled_covariance(j, j));
    const auto end = [&](double side) {
      from = best.b;
      double near = best.b[j], far = near;
      for (double width = 1; width < 50; width *= 1.5) {
        far = best.b[j] + side * width * error;
        if (profile(far) < best.at.value - fall) break;
        near = far;
      }
      if (near == far) return side * std::numeric_limits<double>::infinity();
      const auto above = [&](double value) { return profile(value) - best.at.value + fall; };
      return side > 0 ? root_between(above, near, far, 1.0) : root_between(above, far, near, -1.0);
    };
    const double low = end(-1), high = end(1);
    fit.profile.push_back({low * unit[j], high * unit[j]});
  }
  return fit;
}

}  // namespace desist::statistics
