#include "engine/statistics/piecewise_exponential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/newton_maximum.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Time at risk of one row in one interval.
struct Piece {
  Index row;
  double exposure;
  bool event;
};
using Pieces = std::vector<std::vector<Piece>>;  // by interval

Pieces split(const FollowUp& follow_up, std::span<const double> cuts) {
  Pieces pieces(cuts.size() + 1);
  for (std::size_t i = 0; i < follow_up.size(); ++i) {
    const double start = follow_up.start.empty() ? 0 : follow_up.start[i], stop = follow_up.stop[i];
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      const double from = std::max(start, k == 0 ? 0.0 : cuts[k - 1]);
      const double to = k < cuts.size() ? std::min(stop, cuts[k]) : stop;
      if (to > from) pieces[k].push_back({static_cast<Index>(i), to - from, follow_up.event[i] != 0 && to == stop});
    }
  }
  return pieces;
}

/// exp of the predictors and the sums of one interval.
struct IntervalSums {
  double s0 = 0;
  VectorXd s1;
  MatrixXd s2;
  double events = 0;
};

IntervalSums sums_of(const std::vector<Piece>& pieces, const MatrixXd& x, const VectorXd& linear) {
  IntervalSums sums{0, VectorXd::Zero(x.cols()), MatrixXd::Zero(x.cols(), x.cols()), 0};
  for (const Piece& piece : pieces) {
    const double risk = piece.exposure * std::exp(linear[piece.row]);
    const VectorXd row = x.row(piece.row).transpose();
    sums.s0 += risk;
    sums.s1 += risk * row;
    sums.s2 += risk * row * row.transpose();
    sums.events += piece.event ? 1 : 0;
  }
  return sums;
}

LikelihoodAt profile_likelihood(const Pieces& pieces, const MatrixXd& x, const VectorXd& b) {
  LikelihoodAt at{0, VectorXd::Zero(b.size()), MatrixXd::Zero(b.size(), b.size())};
  const VectorXd linear = x * b;
  for (const auto& interval : pieces) {
    const IntervalSums sums = sums_of(interval, x, linear);
    if (sums.events == 0) continue;
    const VectorXd mean = sums.s1 / sums.s0;
    at.value += sums.events * (std::log(sums.events / sums.s0) - 1);
    at.gradient -= sums.events * mean;
    at.information += sums.events * (sums.s2 / sums.s0 - mean * mean.transpose());
    for (const Piece& piece : interval) {
      if (!piece.event) continue;
      at.value += linear[piece.row];
      at.gradient += x.row(piece.row).transpose();
    }
  }
  return at;
}

/// Every event has the greatest predictor of those with time at risk in its interval, along `d`.
bool rises_without_bound(const Pieces& pieces, const MatrixXd& x, const VectorXd& d) {
  const VectorXd along = x * d;
  const double slack = 1e-6 * (along.maxCoeff() - along.minCoeff());
  bool rises = false;
  for (const auto& interval : pieces) {
    double most = -std::numeric_limits<double>::infinity(), least = -most;
    for (const Piece& piece : interval) {
      most = std::max(most, along[piece.row]);
      least = std::min(least, along[piece.row]);
    }
    for (const Piece& piece : interval) {
      if (!piece.event) continue;
      if (along[piece.row] < most - slack) return false;
      rises = rises || along[piece.row] > least + 1e3 * slack;
    }
  }
  return rises;
}

}  // namespace

Checked<PiecewiseExponentialFit> piecewise_exponential(const FollowUp& follow_up, std::span<const double> cuts,
                                                       const MatrixXd& covariates, double confidence) {
  if (const auto fault = fault_of(follow_up)) return *fault;
  if (const auto fault = fault_of_covariates(covariates, follow_up.size())) return *fault;
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    if (!std::isfinite(cuts[k]) || !(cuts[k] > (k == 0 ? 0 : cuts[k - 1])))
      return SurvivalProblem{SurvivalFault::bad_argument, k};
  }
  PiecewiseExponentialFit fit;
  for (std::size_t i = 0; i < follow_up.size(); ++i) {
    if (follow_up.event[i] == 0) continue;
    if (follow_up.stop[i] == 0) return SurvivalProblem{SurvivalFault::zero_time, i};
    ++fit.events;
  }
  if (fit.events == 0 && covariates.cols() > 0) return SurvivalProblem{SurvivalFault::no_events};
  const ScaledCovariates scaled(covariates);
  const Index p = covariates.cols();
  const MatrixXd x = scaled.x.rightCols(p);
  const Pieces pieces = split(follow_up, cuts);
  NewtonMaximum search;
  search.place = VectorXd::Zero(p);
  search.at = profile_likelihood(pieces, x, search.place);
  if (p > 0) {
    if (const auto fault = scaled.fault()) return *fault;
    if (const auto fault =
            fault_of_information(search.at.information, VectorXd::Constant(p, static_cast<double>(fit.events))))
      return *fault;
    std::optional<SurvivalProblem> infinite;
    int steps = 0;
    search =
        newton_maximum([&](const VectorXd& b) { return profile_likelihood(pieces, x, b); }, search.place,
                       [&](const VectorXd&, const VectorXd& step) {
                         if (++steps <= 8 || step.cwiseAbs().maxCoeff() < 1e-2 || !rises_without_bound(pieces, x, step))
                           return false;
                         Index most = 0;
                         step.cwiseAbs().maxCoeff(&most);
                         infinite = SurvivalProblem{SurvivalFault::infinite_coefficient, 0,
                                                    static_cast<std::size_t>(most), step[most] > 0 ? 1 : -1};
                         return true;
                       });
    if (infinite) return *infinite;
    if (!search.converged) return SurvivalProblem{SurvivalFault::no_convergence};
  }
  const MatrixXd back = scaled.back.bottomRightCorner(p, p);
  const MatrixXd scaled_covariance = p == 0 ? MatrixXd(0, 0) : Cholesky(search.at.information).inverse();
  fit.coefficients = back * search.place;
  fit.covariance = back * scaled_covariance * back.transpose();
  fit.log_likelihood = search.at.value;
  fit.rows = static_cast<std::int64_t>(follow_up.size());
  fit.steps = search.steps;
  const double z = two_sided_z(confidence);
  const double tail = (1 - confidence) / 2;
  const double at_zero = p == 0 ? 0 : scaled.back.row(0).tail(p).dot(search.place);  // log rate at 0 less that at means
  const VectorXd linear = x * search.place;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const IntervalSums sums = sums_of(pieces[k], x, linear);
    RateInterval interval;
    interval.from = k == 0 ? 0 : cuts[k - 1];
    interval.to = k < cuts.size() ? cuts[k] : std::numeric_limits<double>::infinity();
    interval.events = static_cast<std::int64_t>(sums.events);
    for (const Piece& piece : pieces[k]) interval.exposure += piece.exposure;
    interval.limits = {0, std::numeric_limits<double>::infinity()};
    if (interval.exposure > 0) {
      const double exposure = sums.s0 * std::exp(-at_zero);
      const double rate = sums.events / exposure;
      interval.rate = rate;
      interval.limits.high = chi_square_quantile(1 - tail, 2 * sums.events + 2) / 2 / exposure;
      if (sums.events > 0) {
        // The mean covariates at risk, counted from 0: what the log rate changes by with the coefficients.
        const VectorXd mean = sums.s1 / sums.s0 - scaled.back.row(0).tail(p).transpose();
        const double error = std::sqrt(1 / sums.events + mean.dot(scaled_covariance * mean));
        interval.log_rate_error = error;
        interval.limits.low = chi_square_quantile(tail, 2 * sums.events) / 2 / exposure;
        if (p > 0) interval.limits = {rate * std::exp(-z * error), rate * std::exp(z * error)};
      }
    }
    fit.intervals.push_back(interval);
  }
  return fit;
}

std::optional<double> piecewise_survival(const PiecewiseExponentialFit& fit, double time, const VectorXd& covariates) {
  double hazard = 0;
  for (const RateInterval& interval : fit.intervals) {
    if (!(time > interval.from)) break;
    if (!interval.rate) return std::nullopt;
    hazard += *interval.rate * (std::min(time, interval.to) - interval.from);
  }
  return std::exp(-hazard * std::exp(covariates.dot(fit.coefficients)));
}

}  // namespace desist::statistics
