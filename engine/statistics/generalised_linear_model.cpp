#include "engine/statistics/generalised_linear_model.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/separation.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double settled_below = 1e-9;
constexpr int suspicious_after = 30;
constexpr int give_up_after = 100;

/// x log(x/m), 0 at x = 0.
double x_log_ratio(double x, double m) { return x > 0 ? x * std::log(x / m) : 0.0; }

/// The pieces of a family at one row.
struct Row {
  double mean;
  double residual;  // y - mean, exact where the mean is near 1: else a separated row would seem to settle
  double variance;
  double deviance;
};

Row row_at(Family family, double eta, double y) {
  if (family == Family::poisson) {
    const double mean = std::exp(eta);
    return {mean, y - mean, mean, 2 * (x_log_ratio(y, mean) - (y - mean))};
  }
  const double e = std::exp(-std::abs(eta));
  const double mean = eta >= 0 ? 1 / (1 + e) : e / (1 + e);
  const double complement = eta >= 0 ? e / (1 + e) : 1 / (1 + e);
  const double log_yes = (eta < 0 ? eta : 0.0) - std::log1p(e);
  const double log_no = (eta > 0 ? -eta : 0.0) - std::log1p(e);
  double deviance = -2 * (y * log_yes + (1 - y) * log_no);
  if (y > 0 && y < 1) deviance += 2 * (y * std::log(y) + (1 - y) * std::log1p(-y));
  return {mean, y * complement - (1 - y) * mean, e / ((1 + e) * (1 + e)), deviance};
}

struct Likelihood {
  Family family;
  const RowMatrix& q;
  const VectorXd& y;
  const VectorXd& offset;
  const VectorXd& weight;

  VectorXd eta(const VectorXd& g) const { return offset + linear_predictor(q, g); }
  double deviance(const VectorXd& eta) const {
    double sum = 0;
    for (Index i = 0; i < y.size(); ++i) sum += weight[i] * row_at(family, eta[i], y[i]).deviance;
    return sum;
  }
};

struct LinkMaximum {
  VectorXd g;
  MatrixXd bread;
  std::size_t iterations = 0;
};

VectorXd starting_point(const Likelihood& l) {
  const bool counts = l.family == Family::poisson;
  VectorXd w(l.y.size()), wz(l.y.size());
  for (Index i = 0; i < l.y.size(); ++i) {  // R's glm: y + 0.1 and (w y + 0.5)/(w + 1)
    const double mean = counts ? l.y[i] + 0.1 : (l.weight[i] * l.y[i] + 0.5) / (l.weight[i] + 1);
    const double variance = counts ? mean : mean * (1 - mean);
    const double eta = counts ? std::log(mean) : std::log(mean / (1 - mean));
    w[i] = l.weight[i] * variance;
    wz[i] = w[i] * (eta - l.offset[i]) + l.weight[i] * (l.y[i] - mean);
  }
  const Cholesky information(weighted_gram(l.q, w));
  return information.solve(weighted_sum(l.q, wz));
}

/// Empty where the steps did not settle within `limit`.
std::optional<LinkMaximum> newton(const Likelihood& l, VectorXd g, int limit) {
  VectorXd eta = l.eta(g);
  double deviance = l.deviance(eta);
  if (!std::isfinite(deviance)) {
    g.setZero();
    eta = l.eta(g);
    deviance = l.deviance(eta);
  }
  VectorXd w(l.y.size()), u(l.y.size());
  for (int iteration = 1; iteration <= limit; ++iteration) {
    for (Index i = 0; i < l.y.size(); ++i) {
      const Row row = row_at(l.family, eta[i], l.y[i]);
      w[i] = l.weight[i] * row.variance;
      u[i] = l.weight[i] * row.residual;
    }
    const MatrixXd gram = weighted_gram(l.q, w);
    const Cholesky information(gram);
    if (!information.positive()) return std::nullopt;
    VectorXd step = information.solve(weighted_sum(l.q, u));
    if (!step.allFinite()) return std::nullopt;
    VectorXd change = linear_predictor(l.q, step);
    const bool settled = change.cwiseAbs().maxCoeff() < settled_below;
    double next = l.deviance(eta + change);
    for (int halving = 0; halving < 40 && !(next <= deviance * (1 + 1e-9) + 1e-12); ++halving) {
      step /= 2;
      change /= 2;
      next = l.deviance(eta + change);
    }
    g += step;
    eta += change;
    deviance = next;
    if (settled) {
      return LinkMaximum{g, information.inverse(), static_cast<std::size_t>(iteration)};
    }
  }
  return std::nullopt;
}

std::optional<Diagnosis> separated(const Likelihood& l, const OrthonormalDesign& design) {
  std::vector<RowSide> sides;
  for (Index i = 0; i < l.y.size(); ++i) {
    if (l.y[i] == 0) {
      sides.push_back(RowSide::falls);
    } else {
      sides.push_back(l.family == Family::logistic && l.y[i] == 1 ? RowSide::rises : RowSide::fixed);
    }
  }
  const auto found = separation(design, sides);
  if (!found) return std::nullopt;
  return Diagnosis{
      found->complete ? RegressionProblem::complete_separation : RegressionProblem::quasi_complete_separation,
      found->columns, found->rows};
}

std::optional<Diagnosis> outcome_problem(const Likelihood& l, bool has_constant) {
  if (const auto problem = not_finite({&l.y, &l.offset, &l.weight})) return problem;
  Diagnosis outside{RegressionProblem::outcome_out_of_range, {}, {}};
  for (Index i = 0; i < l.y.size(); ++i) {
    const bool fits = l.y[i] >= 0 && (l.family == Family::poisson || l.y[i] <= 1) && l.weight[i] > 0;
    if (!fits) outside.rows.push_back(static_cast<std::size_t>(i));
  }
  if (!outside.rows.empty()) return outside;
  const bool none = l.y.maxCoeff() == 0;
  const bool all = l.family == Family::logistic && l.y.minCoeff() == 1;
  if (has_constant && (none || all)) return Diagnosis{RegressionProblem::constant_outcome, {}, {}};
  return std::nullopt;
}

double null_deviance(const Likelihood& l, bool has_constant) {
  if (!has_constant) return l.deviance(l.offset);
  double level = 0;
  if (l.family == Family::poisson) {
    double events = 0, exposure = 0;
    for (Index i = 0; i < l.y.size(); ++i) {
      events += l.weight[i] * l.y[i];
      exposure += l.weight[i] * std::exp(l.offset[i]);
    }
    level = std::log(events / exposure);
  } else {
    const double length = std::sqrt(static_cast<double>(l.y.size()));
    const RowMatrix constant = RowMatrix::Constant(l.y.size(), 1, 1 / length);
    const Likelihood alone{l.family, constant, l.y, l.offset, l.weight};
    const auto maximum = newton(alone, starting_point(alone), give_up_after);
    if (!maximum) return std::nan("");
    level = maximum->g[0] / length;
  }
  return l.deviance((l.offset.array() + level).matrix());
}

}  // namespace

Fitted<GeneralisedLinearModel> generalised_linear_model(Family family, const Eigen::MatrixXd& x,
                                                        const Eigen::VectorXd& y, const RowTerms& terms) {
  auto checked = orthonormal_design(x);
  if (const auto* problem = std::get_if<Diagnosis>(&checked)) return *problem;
  auto& design = std::get<OrthonormalDesign>(checked);
  const Index n = y.size();
  const VectorXd offset = terms.offset.size() > 0 ? terms.offset : VectorXd::Zero(n);
  const VectorXd weight = terms.weight.size() > 0 ? terms.weight : VectorXd::Ones(n);
  const Likelihood likelihood{family, design.q, y, offset, weight};
  if (const auto problem = outcome_problem(likelihood, design.has_constant)) return *problem;

  auto maximum = newton(likelihood, starting_point(likelihood), suspicious_after);
  if (!maximum) {
    if (const auto problem = separated(likelihood, design)) return *problem;
    maximum = newton(likelihood, VectorXd::Zero(x.cols()), give_up_after);
    if (!maximum) return Diagnosis{RegressionProblem::not_converged, {}, {}};
  }

  GeneralisedLinearModel model;
  model.family = family;
  model.coefficients = design.r_inverse * maximum->g;
  model.linear_predictor = likelihood.eta(maximum->g);
  model.fitted.resize(n);
  model.residual_df = static_cast<std::size_t>(n - x.cols());
  model.iterations = maximum->iterations;
  WorkingModel& working = model.working;
  working = {
      std::move(design.q),        VectorXd(n), VectorXd(n), std::move(maximum->bread), std::move(design.r_inverse),
      static_cast<std::size_t>(n)};
  for (Index i = 0; i < n; ++i) {
    const Row row = row_at(family, model.linear_predictor[i], y[i]);
    model.fitted[i] = row.mean;
    model.deviance += weight[i] * row.deviance;
    const double root = std::sqrt(weight[i] * row.variance);
    working.residual[i] = row.variance > 0 ? weight[i] * row.residual / root : 0.0;
    working.variance[i] = row.variance / weight[i];
    model.pearson_chi_square += working.residual[i] * working.residual[i];
    if (family == Family::poisson) {
      model.log_likelihood +=
          weight[i] * (y[i] * model.linear_predictor[i] - row.mean - boost::math::lgamma(y[i] + 1, BoostPolicy()));
    } else {
      double saturated = 0;
      if (y[i] > 0 && y[i] < 1) saturated = y[i] * std::log(y[i]) + (1 - y[i]) * std::log1p(-y[i]);
      model.log_likelihood += weight[i] * (saturated - row.deviance / 2);
    }
  }
  model.aic = 2 * (static_cast<double>(x.cols()) - model.log_likelihood);
  const Likelihood with_basis{family, working.design, y, offset, weight};
  model.null_deviance = null_deviance(with_basis, design.has_constant);
  for (Index i = 0; i < n; ++i) {
    working.design.row(i) *= std::sqrt(weight[i] * row_at(family, model.linear_predictor[i], y[i]).variance);
  }
  model.covariance = unscaled_covariance(working);
  return model;
}

Eigen::MatrixXd quasi_covariance(const GeneralisedLinearModel& model) { return model.dispersion() * model.covariance; }

}  // namespace desist::statistics
