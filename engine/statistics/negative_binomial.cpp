#include "engine/statistics/negative_binomial.hpp"

#include <cmath>

#include "engine/statistics/count_law.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/newton_maximum.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::size_t count(double y) { return static_cast<std::size_t>(y); }

/// Likelihood of (coefficients on q, log theta).
LikelihoodAt curvature(const RowMatrix& q, const VectorXd& y, const VectorXd& offset, const VectorXd& point) {
  const Index p = q.cols();
  const CountLaw law(count(y.maxCoeff()), std::exp(point[p]));
  const VectorXd eta = offset + linear_predictor(q, point.head(p));
  VectorXd first(y.size()), second(y.size()), mixed(y.size());
  LikelihoodAt c{0, VectorXd(p + 1), MatrixXd(p + 1, p + 1)};
  double tau = 0, tau_tau = 0;
  for (Index i = 0; i < y.size(); ++i) {
    const CountTerm term = law.at(count(y[i]), eta[i]);
    c.value += term.log_probability;
    first[i] = term.eta;
    second[i] = -term.eta_eta;
    mixed[i] = -term.eta_tau;
    tau += term.tau;
    tau_tau -= term.tau_tau;
  }
  c.gradient.head(p) = weighted_sum(q, first);
  c.gradient[p] = tau;
  c.information.topLeftCorner(p, p) = weighted_gram(q, second);
  c.information.col(p).head(p) = weighted_sum(q, mixed);
  c.information.row(p).head(p) = c.information.col(p).head(p).transpose();
  c.information(p, p) = tau_tau;
  return c;
}

}  // namespace

Fitted<NegativeBinomial> negative_binomial(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                                           const Eigen::VectorXd& given_offset) {
  auto start = generalised_linear_model(Family::poisson, x, y, {given_offset, {}});
  if (const auto* problem = std::get_if<Diagnosis>(&start)) return *problem;
  const auto& poisson = std::get<GeneralisedLinearModel>(start);
  Diagnosis broken{RegressionProblem::outcome_out_of_range, {}, {}};
  double excess = 0, squares = 0;
  for (Index i = 0; i < y.size(); ++i) {
    if (y[i] != std::floor(y[i]) || y[i] > greatest_count) broken.rows.push_back(static_cast<std::size_t>(i));
    excess += std::pow(y[i] - poisson.fitted[i], 2) - y[i];
    squares += poisson.fitted[i] * poisson.fitted[i];
  }
  if (!broken.rows.empty()) return broken;
  if (excess <= 0) return Diagnosis{RegressionProblem::no_overdispersion, {}, {}};

  auto design = std::get<OrthonormalDesign>(orthonormal_design(x));
  const Index n = y.size();
  const Index p = x.cols();
  const VectorXd offset = given_offset.size() > 0 ? given_offset : VectorXd::Zero(n);
  VectorXd point(p + 1);
  point.head(p) = weighted_sum(design.q, poisson.linear_predictor - offset);
  point[p] = std::log(squares / excess);  // moments: the variance exceeds the mean by mean^2/theta
  const NewtonMaximum maximum = newton_maximum([&](const VectorXd& at) { return curvature(design.q, y, offset, at); },
                                               std::move(point), never_ended, any_step);
  if (!maximum.converged) return Diagnosis{RegressionProblem::not_converged, {}, {}};
  const auto joint = inverse_of_positive(maximum.at.information);
  if (!joint) return Diagnosis{RegressionProblem::not_converged, {}, {}};

  NegativeBinomial model;
  model.coefficients = design.r_inverse * maximum.place.head(p);
  model.theta = std::exp(maximum.place[p]);
  model.alpha = 1 / model.theta;
  model.log_likelihood = maximum.at.value;
  model.aic = 2 * (static_cast<double>(p) + 1 - model.log_likelihood);
  model.likelihood_ratio = 2 * (model.log_likelihood - poisson.log_likelihood);
  model.likelihood_ratio_p = model.likelihood_ratio > 0 ? chi_square_tail(model.likelihood_ratio) / 2 : 1.0;
  model.residual_df = static_cast<std::size_t>(n - p);
  model.iterations = static_cast<std::size_t>(maximum.steps);
  const double theta_information =  // in theta: d^2/dtau^2 = theta^2 d^2/dtheta^2 at the maximum
      maximum.at.information(p, p) / (model.theta * model.theta);
  model.theta_error = 1 / std::sqrt(theta_information);
  MatrixXd back = MatrixXd::Identity(p + 1, p + 1);
  back.topLeftCorner(p, p) = design.r_inverse;
  model.joint_covariance = back * *joint * back.transpose();

  model.fitted = (offset + linear_predictor(design.q, maximum.place.head(p))).array().exp();
  WorkingModel& working = model.working;
  working = {std::move(design.q),        VectorXd(n), VectorXd(n), {}, std::move(design.r_inverse),
             static_cast<std::size_t>(n)};
  for (Index i = 0; i < n; ++i) {
    const double mean = model.fitted[i];
    const double variance = mean + mean * mean * model.alpha;
    working.residual[i] = (y[i] - mean) / std::sqrt(variance);
    working.variance[i] = variance;
    working.design.row(i) *= mean / std::sqrt(variance);
    const double own = y[i] > 0 ? y[i] * std::log(y[i] / mean) : 0.0;
    model.deviance += 2 * (own - (y[i] + model.theta) * std::log((y[i] + model.theta) / (mean + model.theta)));
  }
  const auto bread = inverse_of_positive(weighted_gram(working.design, VectorXd::Ones(n)));
  if (!bread) return Diagnosis{RegressionProblem::not_converged, {}, {}};
  working.bread = *bread;
  model.covariance = unscaled_covariance(working);
  return model;
}

}  // namespace desist::statistics
