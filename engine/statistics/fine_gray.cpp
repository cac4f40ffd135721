#include "engine/statistics/fine_gray.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

Interval FineGrayFit::log_hazard_ratio(Eigen::Index covariate, double confidence) const {
  const double half = two_sided_z(confidence) * errors()[covariate];
  return {coefficients[covariate] - half, coefficients[covariate] + half};
}

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

enum class End { censored, own, other };

/// Sums of risk, risk x and risk x x' over a set of rows.
struct RiskMoments {
  explicit RiskMoments(Index p) : s1(VectorXd::Zero(p)), s2(MatrixXd::Zero(p, p)) {}
  void add(double risk, const VectorXd& x) {
    s0 += risk;
    s1 += risk * x;
    s2 += risk * x * x.transpose();
  }
  double s0 = 0;
  VectorXd s1;
  MatrixXd s2;
};

/// Rows in order of time, with what each distinct time needs.
struct Subdistribution {
  std::vector<std::size_t> begin;  // rows of distinct time k: begin[k] to begin[k + 1] - 1
  std::vector<double> time;
  std::vector<double> censoring;  // G just before each distinct time
  std::vector<double> own;        // events of the cause
  std::vector<double> censored;
  std::vector<End> end;               // of each row
  std::vector<std::uint32_t> source;  // row of the data
  MatrixXd x;                         // columns are rows: centred and scaled
  VectorXd centre, scale;
  std::size_t times() const { return time.size(); }
  double at_risk(std::size_t k) const { return static_cast<double>(source.size() - begin[k]); }
  VectorXd row(std::size_t i) const { return x.col(static_cast<Index>(i)); }
};

Subdistribution arrange(const FollowUp& follow_up, int cause, const MatrixXd& covariates) {
  Subdistribution s;
  s.source = order_by_time(follow_up.stop);
  const std::size_t n = s.source.size();
  double censoring = 1;
  for (std::size_t i = 0; i < n; ++i) {
    const double now = follow_up.stop[s.source[i]];
    if (i == 0 || now != s.time.back()) {
      if (i > 0) censoring *= 1 - s.censored.back() / s.at_risk(s.times() - 1);
      s.begin.push_back(i);
      s.time.push_back(now);
      s.censoring.push_back(censoring);
      s.own.push_back(0);
      s.censored.push_back(0);
    }
    const int code = follow_up.event[s.source[i]];
    s.end.push_back(code == 0 ? End::censored : code == cause ? End::own : End::other);
    if (code == 0) s.censored.back() += 1;
    if (code == cause) s.own.back() += 1;
  }
  s.begin.push_back(n);
  s.centre = covariates.colwise().mean();
  s.x.resize(covariates.cols(), covariates.rows());
  for (std::size_t i = 0; i < n; ++i)
    s.x.col(static_cast<Index>(i)) = covariates.row(static_cast<Index>(s.source[i])).transpose() - s.centre;
  s.scale = (s.x.rowwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt();
  for (Index j = 0; j < covariates.cols(); ++j) {
    if (covariates.col(j).minCoeff() == covariates.col(j).maxCoeff()) s.scale[j] = 0;
    s.x.row(j) = s.scale[j] > 0 ? VectorXd(s.x.row(j) / s.scale[j]) : VectorXd::Zero(static_cast<Index>(n));
  }
  return s;
}

/// The weighted likelihood at one vector of coefficients, and the hazards that residuals need.
struct WeightedLikelihood {
  double log_likelihood = 0;
  VectorXd score;
  MatrixXd information;
  VectorXd risk;               // of each row
  std::vector<double> hazard;  // increment at each distinct time
  std::vector<VectorXd> mean;  // of the risk set, where there is an event
};

WeightedLikelihood evaluate(const Subdistribution& s, const VectorXd& b) {
  const Index p = s.x.rows();
  WeightedLikelihood at;
  at.score = VectorXd::Zero(p);
  at.information = MatrixXd::Zero(p, p);
  const VectorXd linear = s.x.transpose() * b;
  const double most = linear.maxCoeff();
  const double shift = most > 200 ? most : 0;
  at.risk = linear.unaryExpr([&](double value) { return std::exp(value - shift); });
  at.hazard.assign(s.times(), 0);
  at.mean.assign(s.times(), VectorXd());
  // Those still at risk, from the last time back; those who had another cause, from the first time on: kept by time.
  std::vector<RiskMoments> later(s.times(), RiskMoments(p));
  RiskMoments sum(p);
  for (std::size_t k = s.times(); k-- > 0;) {
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) sum.add(at.risk[static_cast<Index>(i)], s.row(i));
    later[k] = sum;
  }
  RiskMoments gone(p);
  for (std::size_t k = 0; k < s.times(); ++k) {
    if (s.own[k] > 0) {
      const double g = s.censoring[k];
      const double s0 = later[k].s0 + g * gone.s0;
      at.mean[k] = (later[k].s1 + g * gone.s1) / s0;
      at.hazard[k] = s.own[k] / s0;
      at.log_likelihood -= s.own[k] * (std::log(s0) + shift);
      at.score -= s.own[k] * at.mean[k];
      at.information += s.own[k] * ((later[k].s2 + g * gone.s2) / s0 - at.mean[k] * at.mean[k].transpose());
    }
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      if (s.end[i] == End::own) {
        at.log_likelihood += linear[static_cast<Index>(i)];
        at.score += s.row(i);
      } else if (s.end[i] == End::other) {
        gone.add(at.risk[static_cast<Index>(i)] / s.censoring[k], s.row(i));
      }
    }
  }
  return at;
}

/// As CoxRiskSets::rises_without_bound: every event has the greatest predictor of its risk set along `d`.
bool rises_without_bound(const Subdistribution& s, const VectorXd& d) {
  const VectorXd along = s.x.transpose() * d;
  const double slack = 1e-7 * (along.maxCoeff() - along.minCoeff());
  if (!(slack > 0)) return false;
  std::vector<double> most(s.times()), least(s.times());
  double high = -infinity, low = infinity;
  for (std::size_t k = s.times(); k-- > 0;) {
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      high = std::max(high, along[static_cast<Index>(i)]);
      low = std::min(low, along[static_cast<Index>(i)]);
    }
    most[k] = high;
    least[k] = low;
  }
  double gone_high = -infinity, gone_low = infinity;
  bool rises = false;
  for (std::size_t k = 0; k < s.times(); ++k) {
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      if (s.end[i] != End::own) continue;
      const double value = along[static_cast<Index>(i)];
      if (value < std::max(most[k], gone_high) - slack) return false;
      if (value > std::min(least[k], gone_low) + 1e3 * slack) rises = true;
    }
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      if (s.end[i] != End::other) continue;
      gone_high = std::max(gone_high, along[static_cast<Index>(i)]);
      gone_low = std::min(gone_low, along[static_cast<Index>(i)]);
    }
  }
  return rises;
}

/// Rows of the sandwich's middle: the score residual of each row plus its part in the estimated censoring (Fine & Gray
/// 1999, p. 500).
MatrixXd residuals(const Subdistribution& s, const WeightedLikelihood& at) {
  const Index p = s.x.rows();
  const std::size_t times = s.times();
  // Hazard, hazard times mean; the same weighted by G: cumulative up to and with each time.
  std::vector<double> h(times + 1, 0), hg(times + 1, 0);
  std::vector<VectorXd> m(times + 1, VectorXd::Zero(p)), mg(m);
  for (std::size_t k = 0; k < times; ++k) {
    const bool event = s.own[k] > 0;
    h[k + 1] = h[k] + at.hazard[k];
    hg[k + 1] = hg[k] + at.hazard[k] * s.censoring[k];
    m[k + 1] = m[k];
    mg[k + 1] = mg[k];
    if (event) {
      m[k + 1] += at.hazard[k] * at.mean[k];
      mg[k + 1] += at.hazard[k] * s.censoring[k] * at.mean[k];
    }
  }
  MatrixXd result(p, s.x.cols());
  double gone0 = 0;
  VectorXd gone1 = VectorXd::Zero(p);
  VectorXd compensator = VectorXd::Zero(p);
  for (std::size_t k = 0; k < times; ++k) {
    // q(u) is over events of other causes before u and hazard from u on: I(s >= u > T) in the paper.
    const VectorXd q = gone1 * (hg[times] - hg[k]) - gone0 * (mg[times] - mg[k]);
    const double people = s.at_risk(k);
    compensator += q * s.censored[k] / (people * people);
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      const VectorXd x = s.row(i);
      const double risk = at.risk[static_cast<Index>(i)];
      VectorXd own = -risk * (x * h[k + 1] - m[k + 1]);
      if (s.end[i] == End::own) own += x - at.mean[k];
      if (s.end[i] == End::other)
        own -= risk / s.censoring[k] * (x * (hg[times] - hg[k + 1]) - (mg[times] - mg[k + 1]));
      if (s.end[i] == End::censored) own += q / people;
      result.col(static_cast<Index>(i)) = own - compensator;
    }
    for (std::size_t i = s.begin[k]; i < s.begin[k + 1]; ++i) {
      if (s.end[i] != End::other) continue;
      const double scaled = at.risk[static_cast<Index>(i)] / s.censoring[k];
      gone0 += scaled;
      gone1 += scaled * s.row(i);
    }
  }
  return result;
}

}  // namespace

Checked<FineGrayFit> fine_gray(const FollowUp& follow_up, int causes, int cause, const MatrixXd& covariates) {
  if (causes < 1 || cause < 1 || cause > causes || !follow_up.start.empty())
    return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of(follow_up, causes)) return *fault;
  const std::size_t n = follow_up.size();
  if (const auto fault = fault_of_covariates(covariates, n)) return *fault;
  if (std::find(follow_up.event.begin(), follow_up.event.end(), cause) == follow_up.event.end())
    return SurvivalProblem{SurvivalFault::no_events};
  const Subdistribution s = arrange(follow_up, cause, covariates);
  const Index p = covariates.cols();
  VectorXd b = VectorXd::Zero(p);
  WeightedLikelihood at = evaluate(s, b);
  FineGrayFit fit;
  fit.log_likelihood_null = at.log_likelihood;
  for (Index j = 0; j < p; ++j) {
    if (s.scale[j] == 0) return SurvivalProblem{SurvivalFault::constant_covariate, 0, static_cast<std::size_t>(j)};
  }
  if (const auto fault = fault_of_information(at.information, VectorXd::Constant(p, static_cast<double>(n))))
    return *fault;
  bool converged = p == 0;
  VectorXd step;
  for (; fit.steps < 60 && !converged; ++fit.steps) {
    const Cholesky factor(at.information);
    if (!factor.positive()) break;
    step = factor.solve(at.score);
    if (!step.allFinite()) break;
    const double largest = step.cwiseAbs().maxCoeff();
    converged = largest <= 1e-9;
    if (fit.steps >= 8 && largest > 1e-3) {
      const VectorXd main = (step.array().abs() < 1e-3 * largest).select(0.0, step);
      Index most = 0;
      step.cwiseAbs().maxCoeff(&most);
      if (rises_without_bound(s, main) || rises_without_bound(s, step))
        return SurvivalProblem{SurvivalFault::infinite_coefficient, 0, static_cast<std::size_t>(most),
                               step[most] > 0 ? 1 : -1};
    }
    const double slack = 1e-12 * std::abs(at.log_likelihood);
    WeightedLikelihood next = evaluate(s, b + step);
    for (int halving = 0; halving < 30 && !(next.log_likelihood >= at.log_likelihood - slack); ++halving) {
      step /= 2;
      next = evaluate(s, b + step);
    }
    if (!(next.log_likelihood >= at.log_likelihood - slack)) break;
    b += step;
    at = std::move(next);
  }
  if (!converged) return SurvivalProblem{SurvivalFault::no_convergence};
  const VectorXd unit = s.scale.cwiseInverse();
  const MatrixXd inverse = Cholesky(at.information).inverse();
  const MatrixXd changes = unit.asDiagonal() * inverse * residuals(s, at);
  fit.coefficients = b.cwiseProduct(unit);
  fit.inverse_information = unit.asDiagonal() * inverse * unit.asDiagonal();
  fit.covariance = changes * changes.transpose();
  fit.log_likelihood = at.log_likelihood;
  fit.rows = static_cast<std::int64_t>(n);
  double hazard = 0;
  const double to_zero = std::exp(-s.centre.dot(fit.coefficients));
  for (std::size_t k = 0; k < s.times(); ++k) {
    if (s.own[k] == 0) continue;
    fit.events += static_cast<std::int64_t>(s.own[k]);
    fit.time.push_back(s.time[k]);
    fit.hazard.push_back(hazard += at.hazard[k] * to_zero);
  }
  return fit;
}

}  // namespace desist::statistics
