#include "engine/statistics/cox_zph.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/QR>

#include "engine/statistics/cox_risk_sets.hpp"
#include "engine/statistics/kaplan_meier.hpp"

namespace desist::statistics {

namespace {

/// g at each event time, less its mean over deaths (which changes no test and keeps digits).
std::vector<double> transformed(const CoxRiskSets& sets, const FollowUp& follow_up, TimeTransform transform) {
  std::vector<double> g(sets.time);
  if (transform == TimeTransform::log) {
    for (double& value : g) value = std::log(value);
  } else if (transform == TimeTransform::kaplan_meier) {
    const auto curves = kaplan_meier(follow_up);
    const std::vector<SurvivalStep>& steps = curves->front().steps;
    for (double& value : g) {
      const auto at = std::lower_bound(steps.begin(), steps.end(), value,
                                       [](const SurvivalStep& step, double t) { return step.time < t; });
      value = at == steps.begin() ? 0 : 1 - (at - 1)->survival;
    }
  }
  double mean = 0;
  for (std::size_t t = 0; t < g.size(); ++t) mean += g[t] * sets.deaths[t] / static_cast<double>(sets.events);
  for (double& value : g) value -= mean;
  return g;
}

ChiSquareTest test_of(const Eigen::VectorXd& score, const Eigen::MatrixXd& information, Eigen::Index df) {
  return chi_square_test(score.dot(information.colPivHouseholderQr().solve(score)), static_cast<double>(df));
}

}  // namespace

Checked<ProportionalHazardsTest> cox_zph(const FollowUp& follow_up, const Eigen::MatrixXd& covariates,
                                         const CoxPlan& plan, TimeTransform transform, std::span<const int> term) {
  const auto fit = cox(follow_up, covariates, plan);
  if (!fit) return fit.problem();
  const Eigen::Index p = covariates.cols();
  if (p == 0) return ProportionalHazardsTest{};
  if (const auto fault = fault_of_labels(term, static_cast<std::size_t>(p))) return *fault;
  CoxRiskSets sets(follow_up, covariates, plan);
  if (transform == TimeTransform::log && *std::min_element(sets.time.begin(), sets.time.end()) <= 0)
    return SurvivalProblem{SurvivalFault::zero_time};
  const Eigen::VectorXd scale = Eigen::Map<const Eigen::VectorXd>(sets.scale.data(), p);
  sets.evaluate(fit->coefficients.cwiseProduct(scale));
  const std::vector<double> g = transformed(sets, follow_up, transform);

  // Second moments of the risk sets, backwards in time: rows that begin later are taken off.
  const auto row_of = [&](std::size_t k) {
    Eigen::VectorXd x(p);
    for (Eigen::Index j = 0; j < p; ++j) x[j] = sets.column(static_cast<std::size_t>(j))[k];
    return x;
  };
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(2 * p, 2 * p);
  Eigen::VectorXd score = Eigen::VectorXd::Zero(2 * p);
  for (std::size_t s = 0; s + 1 < sets.stratum_begin.size(); ++s) {
    Eigen::MatrixXd s2 = Eigen::MatrixXd::Zero(p, p);
    for (std::size_t t = sets.stratum_begin[s + 1]; t-- > sets.stratum_begin[s];) {
      Eigen::MatrixXd d2 = Eigen::MatrixXd::Zero(p, p);
      Eigen::VectorXd s1(p), d1(p), dead = Eigen::VectorXd::Zero(p);
      for (std::size_t k = sets.block[t]; k < sets.block[t + 1]; ++k) {
        const Eigen::VectorXd x = row_of(k);
        const Eigen::MatrixXd square = sets.risk[k] * x * x.transpose();
        s2 += square;
        if (k >= sets.block[t] + sets.deaths[t]) continue;
        d2 += square;
        dead += sets.weight_of(k) * x;
      }
      if (t + 1 < sets.stratum_begin[s + 1]) {
        for (const std::uint32_t k : sets.beginning_at(t + 1)) s2 -= sets.risk[k] * row_of(k) * row_of(k).transpose();
      }
      for (Eigen::Index j = 0; j < p; ++j) {
        s1[j] = sets.s1[static_cast<std::size_t>(j) * sets.event_times + t];
        d1[j] = sets.d1[static_cast<std::size_t>(j) * sets.event_times + t];
      }
      const EventTimeSums& at = sets.sums[t];
      const double* q = at.square;
      const Eigen::MatrixXd variance = s2 * at.hazard - d2 * (at.hazard - at.hazard_tied) - q[0] * s1 * s1.transpose() +
                                       q[1] * (s1 * d1.transpose() + d1 * s1.transpose()) - q[2] * d1 * d1.transpose();
      information.topLeftCorner(p, p) += variance;
      information.topRightCorner(p, p) += g[t] * variance;
      information.bottomRightCorner(p, p) += g[t] * g[t] * variance;
      score.tail(p) += g[t] * (dead - s1 * at.hazard + d1 * (at.hazard - at.hazard_tied));
    }
  }
  information.bottomLeftCorner(p, p) = information.topRightCorner(p, p).transpose();

  ProportionalHazardsTest result;
  const int terms = term.empty() ? static_cast<int>(p) : label_count(term);
  for (int one = 0; one < terms; ++one) {
    std::vector<Eigen::Index> kept;
    for (Eigen::Index j = 0; j < p; ++j) kept.push_back(j);
    for (Eigen::Index j = 0; j < p; ++j) {
      if ((term.empty() ? static_cast<int>(j) : term[static_cast<std::size_t>(j)]) == one) kept.push_back(p + j);
    }
    result.terms.push_back(test_of(score(kept), information(kept, kept), static_cast<Eigen::Index>(kept.size()) - p));
  }
  result.all = test_of(score, information, p);
  return result;
}

}  // namespace desist::statistics
