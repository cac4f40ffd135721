#include "engine/statistics/parametric_survival.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/newton_maximum.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double ParametricFit::survival(double time, const VectorXd& covariates) const {
  if (!(time > 0)) return 1;
  const double location = coefficients[0] + coefficients.tail(coefficients.size() - 1).dot(covariates);
  return std::exp(time_law(law, (std::log(time) - location) / std::exp(log_scale)).log_survival);
}

namespace {

struct TimeLawProblem {
  const FollowUp& follow_up;
  const MatrixXd& x;  // with the column of ones
  TimeLaw law;
  Index scales() const { return law == TimeLaw::exponential ? 0 : 1; }

  LikelihoodAt operator()(const VectorXd& place) const {
    const Index p = x.cols(), size = p + scales();
    const double log_scale = scales() == 0 ? 0 : place[p];
    const double inverse = std::exp(-log_scale);
    LikelihoodAt at{0, VectorXd::Zero(size), MatrixXd::Zero(size, size)};
    const VectorXd location = x * place.head(p);
    VectorXd first(x.rows()), second(x.rows()), mixed(x.rows());
    for (Index i = 0; i < x.rows(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      const double log_time = std::log(follow_up.stop[row]);
      const double w = (log_time - location[i]) * inverse;
      const TimeLawAt law_at = time_law(law, w);
      const bool event = follow_up.event[row] != 0;
      const double d1 = event ? law_at.slope : -law_at.hazard;
      const double d2 = event ? law_at.curvature : -law_at.hazard * (law_at.slope + law_at.hazard);
      at.value += event ? law_at.log_density - log_scale - log_time : law_at.log_survival;
      first[i] = -d1 * inverse;
      second[i] = d2 * inverse * inverse;
      mixed[i] = (w * d2 + d1) * inverse;
      if (scales() == 0) continue;
      at.gradient[p] += -w * d1 - (event ? 1 : 0);
      at.information(p, p) -= w * w * d2 + w * d1;
    }
    at.gradient.head(p) = x.transpose() * first;
    at.information.topLeftCorner(p, p) = -x.transpose() * second.asDiagonal() * x;
    if (scales() == 0) return at;
    at.information.col(p).head(p) = -x.transpose() * mixed;
    at.information.row(p).head(p) = at.information.col(p).head(p).transpose();
    return at;
  }

  /// Whether the likelihood rises for ever along `d`: no event is moved and censored rows only to later times.
  bool rises_without_bound(const VectorXd& d) const {
    const VectorXd along = x * d.head(x.cols());
    const double range = along.cwiseAbs().maxCoeff();
    bool rises = false;
    for (Index i = 0; i < x.rows(); ++i) {
      const bool event = follow_up.event[static_cast<std::size_t>(i)] != 0;
      if (event ? std::abs(along[i]) > 1e-6 * range : along[i] < -1e-6 * range) return false;
      rises = rises || along[i] > 1e-3 * range;
    }
    return rises;
  }
};

std::optional<SurvivalProblem> fault_of_times(const FollowUp& follow_up) {
  if (!follow_up.start.empty()) return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of(follow_up)) return fault;
  for (std::size_t i = 0; i < follow_up.size(); ++i) {
    if (follow_up.stop[i] == 0) return SurvivalProblem{SurvivalFault::zero_time, i};
  }
  if (std::none_of(follow_up.event.begin(), follow_up.event.end(), [](int e) { return e != 0; }))
    return SurvivalProblem{SurvivalFault::no_events};
  return std::nullopt;
}

Checked<NewtonMaximum> maximise(const TimeLawProblem& problem) {
  const Index p = problem.x.cols();
  double time = 0, events = 0;
  for (std::size_t i = 0; i < problem.follow_up.size(); ++i) {
    time += problem.follow_up.stop[i];
    events += problem.follow_up.event[i] != 0 ? 1 : 0;
  }
  VectorXd start = VectorXd::Zero(p + problem.scales());
  start[0] = std::log(time / events);
  std::optional<SurvivalProblem> fault;
  int steps = 0;
  const auto ended = [&](const VectorXd& place, const VectorXd& step) {
    constexpr double no_scale = -12;  // in log time: below the rounding of any record
    if (problem.scales() == 1 && place[p] < no_scale) fault = SurvivalProblem{SurvivalFault::no_spread};
    if (++steps > 8 && p > 1 && step.cwiseAbs().maxCoeff() > 1e-2 && problem.rises_without_bound(step)) {
      Index most = 0;
      step.segment(1, p - 1).cwiseAbs().maxCoeff(&most);
      fault = SurvivalProblem{SurvivalFault::infinite_coefficient, 0, static_cast<std::size_t>(most),
                              step[most + 1] > 0 ? 1 : -1};
    }
    return fault.has_value();
  };
  NewtonMaximum search = newton_maximum(problem, start, ended);
  if (fault) return *fault;
  if (!search.converged) return SurvivalProblem{SurvivalFault::no_convergence};
  return search;
}

}  // namespace

Checked<ParametricFit> parametric_survival(const FollowUp& follow_up, const MatrixXd& covariates, TimeLaw law) {
  if (const auto fault = fault_of_times(follow_up)) return *fault;
  if (const auto fault = fault_of_covariates(covariates, follow_up.size())) return *fault;
  const ScaledCovariates scaled(covariates);
  if (const auto fault = scaled.fault()) return *fault;
  const MatrixXd ones = scaled.x.leftCols(1);
  const auto null = maximise({follow_up, ones, law});
  if (!null) return null.problem();
  const auto search = maximise({follow_up, scaled.x, law});
  if (!search) return search.problem();
  ParametricFit fit;
  const Index p = scaled.x.cols(), size = search->place.size();
  MatrixXd back = MatrixXd::Identity(size, size);
  back.topLeftCorner(p, p) = scaled.back;
  fit.law = law;
  fit.coefficients = scaled.back * search->place.head(p);
  fit.log_scale = size > p ? search->place[p] : 0;
  fit.covariance = back * Cholesky(search->at.information).solve(Eigen::MatrixXd(back.transpose()));
  fit.log_likelihood = search->at.value;
  fit.log_likelihood_intercept = null->at.value;
  fit.aic = 2 * static_cast<double>(size) - 2 * fit.log_likelihood;
  fit.rows = static_cast<std::int64_t>(follow_up.size());
  fit.events = std::count_if(follow_up.event.begin(), follow_up.event.end(), [](int e) { return e != 0; });
  fit.steps = search->steps;
  return fit;
}

WeibullHazards weibull_hazards(const ParametricFit& fit) {
  const Index p = fit.coefficients.size() - 1;
  const bool scaled = fit.covariance.rows() > p + 1;
  WeibullHazards result;
  result.shape = std::exp(-fit.log_scale);
  result.shape_error = scaled ? result.shape * std::sqrt(fit.covariance(p + 1, p + 1)) : 0;
  result.log_hazard_ratio = -fit.coefficients.tail(p) * result.shape;
  result.log_hazard_ratio_error.resize(p);
  for (Index j = 0; j < p; ++j) {
    const double b = fit.coefficients[j + 1];
    double variance = fit.covariance(j + 1, j + 1);
    // d(-b e^-s) = e^-s (b ds - db)
    if (scaled) variance += b * b * fit.covariance(p + 1, p + 1) - 2 * b * fit.covariance(j + 1, p + 1);
    result.log_hazard_ratio_error[j] = result.shape * std::sqrt(variance);
  }
  return result;
}

}  // namespace desist::statistics
