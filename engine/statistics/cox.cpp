#include "engine/statistics/cox.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/cox_risk_sets.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/survival_covariates.hpp"

namespace desist::statistics {

ChiSquareTest chi_square_test(double statistic, double df) {
  const double at_least_0 = std::max(0.0, statistic);
  return {at_least_0, df, df > 0 ? chi_square_tail(at_least_0, df) : 1};
}

Eigen::VectorXd CoxFit::errors() const { return (robust ? *robust : covariance).diagonal().cwiseSqrt(); }

Interval CoxFit::log_hazard_ratio(Eigen::Index covariate, double confidence) const {
  const double half = two_sided_z(confidence) * errors()[covariate];
  return {coefficients[covariate] - half, coefficients[covariate] + half};
}

namespace {

struct CoxMaximum {
  Eigen::VectorXd coefficients;  // of the scaled covariates
  PartialLikelihood at;
  PartialLikelihood null;
  int steps = 0;
};

/// The coefficient that grows without bound, if the direction of the last step shows one.
std::optional<SurvivalProblem> infinite(const CoxRiskSets& sets, const Eigen::VectorXd& step) {
  const double most = step.cwiseAbs().maxCoeff();
  const Eigen::VectorXd main = (step.array().abs() < 1e-3 * most).select(0.0, step);
  for (const Eigen::VectorXd& direction : {main, step}) {
    if (!sets.rises_without_bound(direction)) continue;
    Eigen::Index covariate = 0;
    direction.cwiseAbs().maxCoeff(&covariate);
    return SurvivalProblem{SurvivalFault::infinite_coefficient, 0, static_cast<std::size_t>(covariate),
                           direction[covariate] > 0 ? 1 : -1};
  }
  return std::nullopt;
}

Checked<CoxMaximum> maximise(CoxRiskSets& sets) {
  const auto p = static_cast<Eigen::Index>(sets.covariates);
  for (std::size_t j = 0; j < sets.covariates; ++j) {
    if (sets.scale[j] == 0) return SurvivalProblem{SurvivalFault::constant_covariate, 0, j};
  }
  CoxMaximum found;
  found.coefficients = Eigen::VectorXd::Zero(p);
  found.at = found.null = sets.evaluate(found.coefficients);
  if (p == 0) return found;
  if (const auto fault = fault_of_information(found.null.information, found.null.scale_of_information)) return *fault;
  constexpr int most_steps = 60;
  constexpr int settled_by = 8;  // after so many steps a finite maximum is near
  while (found.steps < most_steps) {
    const Cholesky factor(found.at.information);
    if (!factor.positive()) break;
    Eigen::VectorXd step = factor.solve(found.at.score);
    if (!step.allFinite()) break;
    const double largest = step.cwiseAbs().maxCoeff();
    ++found.steps;
    if (largest <= 1e-10) {  // information at this distance is right to 1e-10
      found.coefficients += step;
      return found;
    }
    if (found.steps >= settled_by && largest > 1e-3) {
      if (const auto fault = infinite(sets, step)) return *fault;
    }
    const double slack = 1e-12 * std::abs(found.at.log_likelihood);
    PartialLikelihood next = sets.evaluate(found.coefficients + step);
    for (int halving = 0; halving < 30 && !(next.log_likelihood >= found.at.log_likelihood - slack); ++halving) {
      step /= 2;
      next = sets.evaluate(found.coefficients + step);
    }
    if (!(next.log_likelihood >= found.at.log_likelihood - slack)) break;
    // Rounding leaves steps that no longer shrink: done if they are far below any error that could be reported.
    const bool stalled = largest <= 1e-7 && next.log_likelihood <= found.at.log_likelihood + slack;
    found.coefficients += step;
    found.at = std::move(next);
    if (stalled && found.steps > settled_by) return found;
  }
  if (const auto fault = infinite(sets, found.coefficients)) return *fault;
  return SurvivalProblem{SurvivalFault::no_convergence};
}

Eigen::VectorXd scales(const CoxRiskSets& sets) {
  return Eigen::Map<const Eigen::VectorXd>(sets.scale.data(), static_cast<Eigen::Index>(sets.covariates));
}

/// Score residuals times inverse information, a row for each row of the data; weights not applied. In the units of the
/// data.
Eigen::MatrixXd dfbeta(const CoxRiskSets& sets, std::size_t data_rows, const Eigen::MatrixXd& scaled_covariance) {
  const std::size_t p = sets.covariates, times = sets.event_times;
  Eigen::MatrixXd residual = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(data_rows), static_cast<Eigen::Index>(p));
  for (std::size_t j = 0; j < p; ++j) {
    const double* s1 = sets.s1.data() + j * times;
    const double* d1 = sets.d1.data() + j * times;
    const double* x = sets.column(j);
    const auto col = static_cast<Eigen::Index>(j);
    for (std::size_t s = 0; s + 1 < sets.stratum_begin.size(); ++s) {
      const std::size_t begin = sets.stratum_begin[s], end = sets.stratum_begin[s + 1];
      std::vector<double> hazard(end - begin + 1, 0), mean(end - begin + 1, 0);
      for (std::size_t t = begin; t < end; ++t) {
        const EventTimeSums& at = sets.sums[t];
        hazard[t - begin + 1] = hazard[t - begin] + at.hazard;
        mean[t - begin + 1] = mean[t - begin] + s1[t] * at.square[0] - d1[t] * at.square[1];
      }
      for (std::size_t t = begin; t < end; ++t) {
        const EventTimeSums& at = sets.sums[t];
        // Over the ties l, a death is compared with the mean of the means, and bears 1 - l/d of the hazard.
        const double tied = s1[t] * (at.square[0] - at.square[1]) - d1[t] * (at.square[1] - at.square[2]);
        const double per_death = at.hazard / sets.death_weight[t];
        const double means = s1[t] * per_death - d1[t] * (at.hazard - at.hazard_tied) / sets.death_weight[t];
        for (std::size_t k = sets.block[t]; k < sets.block[t + 1]; ++k) {
          const bool dead = k < sets.block[t] + sets.deaths[t];
          const std::size_t from = sets.first.empty() ? 0 : sets.first[k] - begin;
          const double h = (dead ? hazard[t - begin] + at.hazard_tied : hazard[t - begin + 1]) - hazard[from];
          const double m = (dead ? mean[t - begin] + tied : mean[t - begin + 1]) - mean[from];
          const double risk = sets.risk[k] / sets.weight_of(k);
          residual(static_cast<Eigen::Index>(sets.source[k]), col) = (dead ? x[k] - means : 0) - risk * (x[k] * h - m);
        }
      }
    }
  }
  return residual * scaled_covariance * scales(sets).cwiseInverse().asDiagonal();
}

std::vector<CoxBaseline> baselines(const CoxRiskSets& sets) {
  std::vector<CoxBaseline> all;
  const std::size_t times = sets.event_times;
  for (std::size_t s = 0; s + 1 < sets.stratum_begin.size(); ++s) {
    const std::size_t begin = sets.stratum_begin[s], end = sets.stratum_begin[s + 1];
    CoxBaseline one;
    one.time.assign(sets.time.begin() + static_cast<std::ptrdiff_t>(begin),
                    sets.time.begin() + static_cast<std::ptrdiff_t>(end));
    one.mean_path.resize(static_cast<Eigen::Index>(end - begin), static_cast<Eigen::Index>(sets.covariates));
    const double back = std::exp(-sets.shift[s]);
    double hazard = 0, variance = 0;
    for (std::size_t t = begin; t < end; ++t) {
      one.hazard.push_back(hazard += sets.sums[t].hazard * back);
      one.variance.push_back(variance += sets.sums[t].square[0] * back * back);
    }
    for (std::size_t j = 0; j < sets.covariates; ++j) {
      const double* s1 = sets.s1.data() + j * times;
      const double* d1 = sets.d1.data() + j * times;
      double path = 0;
      for (std::size_t t = begin; t < end; ++t) {
        path += (s1[t] * sets.sums[t].square[0] - d1[t] * sets.sums[t].square[1]) * back;
        one.mean_path(static_cast<Eigen::Index>(t - begin), static_cast<Eigen::Index>(j)) = path * sets.scale[j];
      }
    }
    all.push_back(std::move(one));
  }
  return all;
}

Eigen::MatrixXd inverse(const Eigen::MatrixXd& information) { return Cholesky(information).inverse(); }

}  // namespace

Checked<CoxFit> cox(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan) {
  if (const auto fault = CoxRiskSets::fault(follow_up, covariates, plan)) return *fault;
  CoxRiskSets sets(follow_up, covariates, plan);
  const auto maximum = maximise(sets);
  if (!maximum) return maximum.problem();
  const Eigen::VectorXd unit = scales(sets).cwiseInverse();
  const Eigen::MatrixXd scaled_covariance = inverse(maximum->at.information);
  CoxFit fit;
  const Eigen::Index p = covariates.cols();
  fit.coefficients = maximum->coefficients.cwiseProduct(unit);
  fit.covariance = unit.asDiagonal() * scaled_covariance * unit.asDiagonal();
  fit.log_likelihood_null = maximum->null.log_likelihood;
  fit.log_likelihood = maximum->at.log_likelihood;
  fit.likelihood_ratio = chi_square_test(2 * (fit.log_likelihood - fit.log_likelihood_null), static_cast<double>(p));
  fit.score = chi_square_test(maximum->null.score.dot(inverse(maximum->null.information) * maximum->null.score),
                              static_cast<double>(p));
  fit.rows = static_cast<std::int64_t>(follow_up.size());
  fit.events = sets.events;
  fit.steps = maximum->steps;
  fit.centre = Eigen::Map<const Eigen::VectorXd>(sets.centre.data(), p);
  fit.baseline = baselines(sets);
  if (plan.errors == CoxErrors::robust) {
    Eigen::MatrixXd changes = dfbeta(sets, follow_up.size(), scaled_covariance);
    for (Eigen::Index i = 0; i < changes.rows() && !plan.weight.empty(); ++i)
      changes.row(i) *= plan.weight[static_cast<std::size_t>(i)];
    if (!plan.cluster.empty()) {
      Eigen::MatrixXd together = Eigen::MatrixXd::Zero(label_count(plan.cluster), p);
      for (Eigen::Index i = 0; i < changes.rows(); ++i)
        together.row(plan.cluster[static_cast<std::size_t>(i)]) += changes.row(i);
      changes = std::move(together);
    }
    fit.robust = changes.transpose() * changes;
  }
  if (p == 0) return fit;
  const Eigen::MatrixXd& covariance = fit.robust ? *fit.robust : fit.covariance;
  fit.wald = chi_square_test(inverse_form(covariance, fit.coefficients), static_cast<double>(p));
  return fit;
}

Checked<Eigen::MatrixXd> cox_dfbeta(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan) {
  if (const auto fault = CoxRiskSets::fault(follow_up, covariates, plan)) return *fault;
  CoxRiskSets sets(follow_up, covariates, plan);
  const auto maximum = maximise(sets);
  if (!maximum) return maximum.problem();
  return dfbeta(sets, follow_up.size(), inverse(maximum->at.information));
}

double baseline_hazard(const CoxFit& fit, double time, std::size_t stratum) {
  const CoxBaseline& base = fit.baseline.at(stratum);
  const auto after = std::upper_bound(base.time.begin(), base.time.end(), time);
  if (after == base.time.begin()) return 0;
  const double hazard = base.hazard[static_cast<std::size_t>(after - base.time.begin()) - 1];
  return hazard * std::exp(-fit.centre.dot(fit.coefficients));
}

std::vector<PredictedSurvival> predicted_survival(const CoxFit& fit, const Eigen::VectorXd& covariates,
                                                  std::size_t stratum, double confidence) {
  const CoxBaseline& base = fit.baseline.at(stratum);
  const Eigen::VectorXd distance = covariates - fit.centre;
  const double risk = std::exp(distance.dot(fit.coefficients));
  const double z = two_sided_z(confidence);
  std::vector<PredictedSurvival> curve;
  for (std::size_t t = 0; t < base.time.size(); ++t) {
    PredictedSurvival at;
    at.time = base.time[t];
    const double hazard = base.hazard[t] * risk;
    const Eigen::VectorXd q = distance * base.hazard[t] - base.mean_path.row(static_cast<Eigen::Index>(t)).transpose();
    at.survival = std::exp(-hazard);
    at.hazard_error = risk * std::sqrt(base.variance[t] + q.dot(fit.covariance * q));
    at.interval = {std::exp(-hazard - z * at.hazard_error), std::min(1.0, std::exp(-hazard + z * at.hazard_error))};
    curve.push_back(at);
  }
  return curve;
}

}  // namespace desist::statistics
