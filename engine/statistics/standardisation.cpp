#include "engine/statistics/standardisation.hpp"

#include <cmath>

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Expected outcomes of rows and the gradient of their mean.
struct Mean {
  VectorXd each;
  double mean = 0;
  VectorXd gradient;
};

Mean mean_under(const GeneralisedLinearModel& model, const MatrixXd& x, const VectorXd& offset) {
  const Index n = x.rows();
  VectorXd eta = x * model.coefficients;
  if (offset.size() > 0) eta += offset;
  Mean result{VectorXd(n), 0, VectorXd::Zero(x.cols())};
  for (Index i = 0; i < n; ++i) {
    double mean = 0, slope = 0;
    if (model.family == Family::poisson) {
      mean = slope = std::exp(eta[i]);
    } else {
      const double e = std::exp(-std::abs(eta[i]));
      mean = eta[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
      slope = e / ((1 + e) * (1 + e));
    }
    result.each[i] = mean;
    result.mean += mean;
    for (Index j = 0; j < x.cols(); ++j) result.gradient[j] += slope * x(i, j);
  }
  result.mean /= static_cast<double>(n);
  result.gradient /= static_cast<double>(n);
  return result;
}

StandardisedMeans result_of(const Mean& m1, const Mean& m0, double difference_variance, double log_ratio_variance,
                            double confidence) {
  const auto error = [](double variance) { return std::sqrt(variance > 0 ? variance : 0.0); };
  StandardisedMeans result;
  result.mean1 = m1.mean;
  result.mean0 = m0.mean;
  result.difference = inference(m1.mean - m0.mean, error(difference_variance), std::nullopt, confidence);
  result.ratio = m1.mean / m0.mean;
  result.log_ratio = inference(std::log(result.ratio), error(log_ratio_variance), std::nullopt, confidence);
  result.ratio_interval = {std::exp(result.log_ratio.interval.low), std::exp(result.log_ratio.interval.high)};
  return result;
}

}  // namespace

Counterfactuals counterfactuals(const Eigen::MatrixXd& x, std::size_t treatment) {
  Counterfactuals rows{x, x, {}};
  rows.treated.col(static_cast<Index>(treatment)).setOnes();
  rows.compared.col(static_cast<Index>(treatment)).setZero();
  return rows;
}

StandardisedMeans standardise(const GeneralisedLinearModel& model, const Counterfactuals& rows,
                              const Eigen::MatrixXd& covariance, double confidence) {
  const Mean m1 = mean_under(model, rows.treated, rows.offset);
  const Mean m0 = mean_under(model, rows.compared, rows.offset);
  const VectorXd difference = m1.gradient - m0.gradient;
  const VectorXd log_ratio = m1.gradient / m1.mean - m0.gradient / m0.mean;
  return result_of(m1, m0, difference.dot(covariance * difference), log_ratio.dot(covariance * log_ratio), confidence);
}

StandardisedMeans standardise_for_population(const GeneralisedLinearModel& model, const Counterfactuals& rows,
                                             double confidence) {
  const Mean m1 = mean_under(model, rows.treated, rows.offset);
  const Mean m0 = mean_under(model, rows.compared, rows.offset);
  const MatrixXd side = model.working.bread * model.working.back.transpose();
  const VectorXd along1 = side * m1.gradient, along0 = side * m0.gradient;
  const Index n = m1.each.size();
  double difference = 0, log_ratio = 0;
  for (Index i = 0; i < n; ++i) {
    const double scale = static_cast<double>(n) * model.working.residual[i];
    const double influence1 = m1.each[i] - m1.mean + scale * model.working.design.row(i).dot(along1);
    const double influence0 = m0.each[i] - m0.mean + scale * model.working.design.row(i).dot(along0);
    difference += std::pow(influence1 - influence0, 2);
    log_ratio += std::pow(influence1 / m1.mean - influence0 / m0.mean, 2);
  }
  const double squared = static_cast<double>(n) * static_cast<double>(n);
  return result_of(m1, m0, difference / squared, log_ratio / squared, confidence);
}

Fitted<ModifiedPoisson> modified_poisson(const Eigen::MatrixXd& x, const Eigen::VectorXd& y, RobustKind kind) {
  Diagnosis outside{RegressionProblem::outcome_out_of_range, {}, {}};
  for (Index i = 0; i < y.size(); ++i) {
    if (y[i] < 0 || y[i] > 1) outside.rows.push_back(static_cast<std::size_t>(i));
  }
  if (!outside.rows.empty()) return outside;
  auto fit = generalised_linear_model(Family::poisson, x, y);
  if (const auto* problem = std::get_if<Diagnosis>(&fit)) return *problem;
  ModifiedPoisson result{std::move(std::get<GeneralisedLinearModel>(fit)), {}, 0};
  auto covariance = robust_covariance(result.model.working, kind);
  if (const auto* problem = std::get_if<Diagnosis>(&covariance)) return *problem;
  result.covariance = std::move(std::get<MatrixXd>(covariance));
  result.fitted_above_one = static_cast<std::size_t>((result.model.fitted.array() > 1).count());
  return result;
}

}  // namespace desist::statistics
