#include "engine/statistics/mixture_cure.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/logistic.hpp"
#include "engine/statistics/newton_maximum.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Derivatives of one row's log-likelihood by a (logit of the share), m (location) and s (log scale).
struct RowAt {
  double value = 0;
  double d[3] = {0, 0, 0};
  double dd[3][3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
};

RowAt event_row(TimeLaw law, double log_time, double a, double m, double s) {
  const double inverse = std::exp(-s), w = (log_time - m) * inverse;
  const TimeLawAt at = time_law(law, w);
  const double share = logistic(a);
  RowAt row;
  row.value = (a > 0 ? -std::log1p(std::exp(-a)) : a - std::log1p(std::exp(a))) + at.log_density - s - log_time;
  row.d[0] = 1 - share;
  row.d[1] = -at.slope * inverse;
  row.d[2] = -w * at.slope - 1;
  row.dd[0][0] = -share * (1 - share);
  row.dd[1][1] = at.curvature * inverse * inverse;
  row.dd[1][2] = row.dd[2][1] = (w * at.curvature + at.slope) * inverse;
  row.dd[2][2] = w * w * at.curvature + w * at.slope;
  return row;
}

/// log Q with Q = 1 - share + share S(w).
RowAt censored_row(TimeLaw law, double log_time, double a, double m, double s) {
  const double inverse = std::exp(-s), w = (log_time - m) * inverse;
  const TimeLawAt at = time_law(law, w);
  const double share = logistic(a), spread = share * logistic(-a);
  const double survival = std::exp(at.log_survival), density = std::exp(at.log_density);
  const double slope = density * at.slope;  // of the density
  const double q = logistic(-a) + share * survival;
  // By a, by m and by s; S falls at rate `density` in w, and w at rate 1/scale in m, w in s.
  const double s_m = density * inverse, s_s = density * w;
  const double d[3] = {spread * (survival - 1), share * s_m, share * s_s};
  const double dd[3][3] = {
      {spread * (logistic(-a) - share) * (survival - 1), spread * s_m, spread * s_s},
      {spread * s_m, -share * slope * inverse * inverse, -share * (slope * w + density) * inverse},
      {spread * s_s, -share * (slope * w + density) * inverse, -share * w * (slope * w + density)}};
  RowAt row;
  row.value = std::log(q);
  for (int i = 0; i < 3; ++i) {
    row.d[i] = d[i] / q;
    for (int j = 0; j < 3; ++j) row.dd[i][j] = dd[i][j] / q - d[i] * d[j] / (q * q);
  }
  return row;
}

struct CureProblem {
  const FollowUp& follow_up;
  const MatrixXd& z;  // incidence and latency, each with its column of ones
  const MatrixXd& x;
  TimeLaw law;
  Index scales() const { return law == TimeLaw::exponential ? 0 : 1; }
  Index size() const { return z.cols() + x.cols() + scales(); }

  LikelihoodAt operator()(const VectorXd& place) const {
    const Index k = z.cols(), l = x.cols();
    const double s = scales() == 0 ? 0 : place[k + l];
    LikelihoodAt at{0, VectorXd::Zero(size()), MatrixXd::Zero(size(), size())};
    const VectorXd a = z * place.head(k), m = x * place.segment(k, l);
    MatrixXd d(z.rows(), 3), dd(z.rows(), 6);
    for (Index i = 0; i < z.rows(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      const double log_time = std::log(follow_up.stop[row]);
      const RowAt one = follow_up.event[row] != 0 ? event_row(law, log_time, a[i], m[i], s)
                                                  : censored_row(law, log_time, a[i], m[i], s);
      at.value += one.value;
      d.row(i) << one.d[0], one.d[1], one.d[2];
      dd.row(i) << one.dd[0][0], one.dd[0][1], one.dd[1][1], one.dd[0][2], one.dd[1][2], one.dd[2][2];
    }
    at.gradient.head(k) = z.transpose() * d.col(0);
    at.gradient.segment(k, l) = x.transpose() * d.col(1);
    MatrixXd& h = at.information;
    h.topLeftCorner(k, k) = z.transpose() * dd.col(0).asDiagonal() * z;
    h.block(0, k, k, l) = z.transpose() * dd.col(1).asDiagonal() * x;
    h.block(k, k, l, l) = x.transpose() * dd.col(2).asDiagonal() * x;
    if (scales() == 1) {
      at.gradient[k + l] = d.col(2).sum();
      h.col(k + l).head(k) = z.transpose() * dd.col(3);
      h.col(k + l).segment(k, l) = x.transpose() * dd.col(4);
      h(k + l, k + l) = dd.col(5).sum();
    }
    h.triangularView<Eigen::StrictlyLower>() = h.transpose();
    h = -h;
    return at;
  }
};

/// A search that ended at something other than a maximum inside: what it is.
std::optional<SurvivalProblem> fault_of_place(const CureProblem& problem, const NewtonMaximum& search) {
  const Index k = problem.z.cols(), l = problem.x.cols();
  if (problem.scales() == 1 && search.place[k + l] < -12) return SurvivalProblem{SurvivalFault::no_spread};
  const VectorXd a = problem.z * search.place.head(k);
  constexpr double far = 15;  // a share of 3e-7
  if (a.minCoeff() > far || a.maxCoeff() < -far) return SurvivalProblem{SurvivalFault::share_at_boundary};
  if (a.cwiseAbs().maxCoeff() > far && k > 1) {
    Index most = 0;
    search.step.segment(1, k - 1).cwiseAbs().maxCoeff(&most);
    return SurvivalProblem{SurvivalFault::infinite_coefficient, 0, static_cast<std::size_t>(most),
                           search.step[most + 1] > 0 ? 1 : -1};
  }
  if (!search.converged) return SurvivalProblem{SurvivalFault::no_convergence};
  return std::nullopt;
}

std::optional<SurvivalProblem> shifted(std::optional<SurvivalProblem> fault, std::size_t by) {
  if (fault) fault->covariate += by;
  return fault;
}

}  // namespace

Checked<MixtureCureFit> mixture_cure(const FollowUp& follow_up, const MatrixXd& incidence, const MatrixXd& latency,
                                     TimeLaw law) {
  if (!follow_up.start.empty()) return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of(follow_up)) return *fault;
  const std::size_t n = follow_up.size();
  double events = 0, log_times = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (follow_up.stop[i] == 0) return SurvivalProblem{SurvivalFault::zero_time, i};
    if (follow_up.event[i] == 0) continue;
    events += 1;
    log_times += std::log(follow_up.stop[i]);
  }
  if (events == 0) return SurvivalProblem{SurvivalFault::no_events};
  const auto before = static_cast<std::size_t>(incidence.cols());
  if (const auto fault = fault_of_covariates(incidence, n)) return *fault;
  if (const auto fault = shifted(fault_of_covariates(latency, n), before)) return *fault;
  const ScaledCovariates z(incidence), x(latency);
  if (const auto fault = z.fault()) return *fault;
  if (const auto fault = shifted(x.fault(), before)) return *fault;

  const CureProblem problem{follow_up, z.x, x.x, law};
  const Index k = z.x.cols(), l = x.x.cols();
  std::optional<NewtonMaximum> best;
  for (const double share : {std::min(0.9, 1.1 * events / static_cast<double>(n)), 0.5, 0.98}) {
    VectorXd start = VectorXd::Zero(problem.size());
    start[0] = std::log(share / (1 - share));
    start[k] = log_times / events;
    if (problem.scales() == 1) start[k + l] = std::log(0.8);
    NewtonMaximum search = newton_maximum(problem, start, [&](const VectorXd& place, const VectorXd&) {
      const bool no_scale = problem.scales() == 1 && place[k + l] < -12;
      return no_scale || (z.x * place.head(k)).cwiseAbs().maxCoeff() > 30;
    });
    if (!best || search.at.value > best->at.value + 1e-8 ||
        (search.converged && !best->converged && search.at.value > best->at.value - 1e-8))
      best = std::move(search);
  }
  if (const auto fault = fault_of_place(problem, *best)) return *fault;
  MixtureCureFit fit;
  MatrixXd back = MatrixXd::Identity(problem.size(), problem.size());
  back.topLeftCorner(k, k) = z.back;
  back.block(k, k, l, l) = x.back;
  const VectorXd place = back * best->place;
  fit.law = law;
  fit.incidence = place.head(k);
  fit.latency = place.segment(k, l);
  fit.log_scale = problem.scales() == 1 ? place[k + l] : 0;
  fit.covariance = back * Cholesky(best->at.information).solve(MatrixXd(back.transpose()));
  fit.log_likelihood = best->at.value;
  fit.rows = static_cast<std::int64_t>(n);
  fit.events = static_cast<std::int64_t>(events);
  fit.steps = best->steps;
  return fit;
}

CureShare cure_share(const MixtureCureFit& fit, const VectorXd& covariates, double confidence) {
  const Index k = fit.incidence.size();
  VectorXd row(k);
  row << 1, covariates;
  const double a = row.dot(fit.incidence);
  const double error = std::sqrt(row.dot(fit.covariance.topLeftCorner(k, k) * row));
  const double half = two_sided_z(confidence) * error;
  const double share = logistic(-a);
  return {share, error * share * (1 - share), {logistic(-a - half), logistic(-a + half)}};
}

}  // namespace desist::statistics
