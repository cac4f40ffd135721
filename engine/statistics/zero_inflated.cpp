#include "engine/statistics/zero_inflated.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/count_law.hpp"
#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/logistic.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/newton_maximum.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// log(1 + e^z).
double log_one_plus_exp(double z) { return (z > 0 ? z : 0.0) + std::log1p(std::exp(-std::abs(z))); }

/// The log-likelihood of a row in eta, zeta = z'g and tau, with first and second derivatives.
struct RowTerm {
  double value, eta, zeta, tau, eta_eta, eta_zeta, eta_tau, zeta_zeta, zeta_tau, tau_tau;
};

/// A zero has log(e^zeta + e^a) - log(1 + e^zeta) with a = log f(0); another count log f(y) - log(1 + e^zeta).
RowTerm row_term(const CountTerm& f, double zeta, bool zero) {
  const double q = logistic(zeta);
  const double own = q * (1 - q);
  const double a = f.log_probability;
  if (!zero) {
    return {a - log_one_plus_exp(zeta), f.eta, -q, f.tau, f.eta_eta, 0, f.eta_tau, -own, 0, f.tau_tau};
  }
  const double from_count = logistic(a - zeta);  // chance that the zero is a count's
  const double mixed = from_count * (1 - from_count);
  return {std::max(a, zeta) + std::log1p(std::exp(-std::abs(a - zeta))) - log_one_plus_exp(zeta),
          from_count * f.eta,
          1 - from_count - q,
          from_count * f.tau,
          from_count * f.eta_eta + mixed * f.eta * f.eta,
          -mixed * f.eta,
          from_count * f.eta_tau + mixed * f.eta * f.tau,
          mixed - own,
          -mixed * f.tau,
          from_count * f.tau_tau + mixed * f.tau * f.tau};
}

class MixtureLikelihood {
 public:
  MixtureLikelihood(CountFamily family, const RowMatrix& x, const RowMatrix& z, const VectorXd& y,
                    const VectorXd& offset)
      : family_(family), x_(x), z_(z), y_(y), offset_(offset), greatest_(static_cast<std::size_t>(y.maxCoeff())) {}

  VectorXd eta(const VectorXd& point) const { return offset_ + linear_predictor(x_, point.head(x_.cols())); }
  VectorXd zeta(const VectorXd& point) const { return linear_predictor(z_, point.segment(x_.cols(), z_.cols())); }

  LikelihoodAt at(const VectorXd& point) const {
    const Index kx = x_.cols(), kz = z_.cols();
    const bool has_theta = family_ == CountFamily::negative_binomial;
    const Index k = kx + kz + (has_theta ? 1 : 0);
    const CountLaw law(greatest_, has_theta ? std::optional<double>(std::exp(point[k - 1])) : std::nullopt);
    const VectorXd count_predictor = eta(point), zero_predictor = zeta(point);
    LikelihoodAt c{0, VectorXd::Zero(k), MatrixXd::Zero(k, k)};
    for (Index i = 0; i < y_.size(); ++i) {
      const RowTerm t =
          row_term(law.at(static_cast<std::size_t>(y_[i]), count_predictor[i]), zero_predictor[i], y_[i] == 0);
      c.value += t.value;
      for (Index a = 0; a < kx; ++a) {
        const double xa = x_(i, a);
        c.gradient[a] += t.eta * xa;
        for (Index b = 0; b <= a; ++b) c.information(a, b) -= t.eta_eta * xa * x_(i, b);
        for (Index b = 0; b < kz; ++b) c.information(kx + b, a) -= t.eta_zeta * xa * z_(i, b);
        if (has_theta) c.information(k - 1, a) -= t.eta_tau * xa;
      }
      for (Index a = 0; a < kz; ++a) {
        const double za = z_(i, a);
        c.gradient[kx + a] += t.zeta * za;
        for (Index b = 0; b <= a; ++b) c.information(kx + a, kx + b) -= t.zeta_zeta * za * z_(i, b);
        if (has_theta) c.information(k - 1, kx + a) -= t.zeta_tau * za;
      }
      if (has_theta) {
        c.gradient[k - 1] += t.tau;
        c.information(k - 1, k - 1) -= t.tau_tau;
      }
    }
    c.information.triangularView<Eigen::StrictlyUpper>() = c.information.transpose();
    return c;
  }

 private:
  CountFamily family_;
  const RowMatrix& x_;
  const RowMatrix& z_;
  const VectorXd& y_;
  const VectorXd& offset_;
  std::size_t greatest_;
};

/// The count model alone: linear predictor without the offset, and theta.
struct CountModel {
  VectorXd predictor;
  double theta = 1;
};

Fitted<CountModel> count_model_alone(CountFamily family, const ZeroInflatedData& data, const VectorXd& offset) {
  const auto poisson = generalised_linear_model(Family::poisson, data.x, data.y, {offset, {}});
  if (const auto* problem = std::get_if<Diagnosis>(&poisson)) return *problem;
  CountModel model{std::get<GeneralisedLinearModel>(poisson).linear_predictor - offset, 1};
  if (family == CountFamily::poisson) return model;
  const auto wider = negative_binomial(data.x, data.y, offset);
  if (const auto* problem = std::get_if<Diagnosis>(&wider)) return *problem;
  const auto& fit = std::get<NegativeBinomial>(wider);
  return CountModel{fit.fitted.array().log().matrix() - offset, fit.theta};
}

}  // namespace

Fitted<ZeroInflated> zero_inflated(CountFamily family, const ZeroInflatedData& data) {
  const Index n = data.y.size();
  const VectorXd offset = data.offset.size() > 0 ? data.offset : VectorXd::Zero(n);
  const auto alone = count_model_alone(family, data, offset);
  if (const auto* problem = std::get_if<Diagnosis>(&alone)) return *problem;
  auto zero_checked = orthonormal_design(data.z);
  if (const auto* problem = std::get_if<Diagnosis>(&zero_checked)) return *problem;
  Diagnosis broken{RegressionProblem::outcome_out_of_range, {}, {}};
  double zeros = 0;
  for (Index i = 0; i < n; ++i) {
    const double y = data.y[i];
    if (y != std::floor(y) || y > greatest_count) broken.rows.push_back(static_cast<std::size_t>(i));
    if (y == 0) zeros += 1;
  }
  if (!broken.rows.empty()) return broken;
  if (zeros == 0) return Diagnosis{RegressionProblem::no_excess_zeros, {}, {}};

  const auto x = std::get<OrthonormalDesign>(orthonormal_design(data.x));
  const auto& z = std::get<OrthonormalDesign>(zero_checked);
  const Index kx = data.x.cols(), kz = data.z.cols();
  const bool has_theta = family == CountFamily::negative_binomial;
  const MixtureLikelihood likelihood(family, x.q, z.q, data.y, offset);
  const auto& start = std::get<CountModel>(alone);
  VectorXd point(kx + kz + (has_theta ? 1 : 0));
  // Half of the zeros as excess, and the mean raised to keep the total.
  const double share = zeros / (2 * static_cast<double>(n));
  point.head(kx) = weighted_sum(x.q, (start.predictor.array() - std::log1p(-share)).matrix());
  point.segment(kx, kz) = weighted_sum(z.q, VectorXd::Constant(n, std::log(share / (1 - share))));
  if (has_theta) point[kx + kz] = std::log(start.theta);

  const NewtonMaximum maximum =
      newton_maximum([&](const VectorXd& at) { return likelihood.at(at); }, point, never_ended, any_step);
  const auto covariance = maximum.converged ? inverse_of_positive(maximum.at.information) : std::optional<MatrixXd>();
  if (!covariance) {
    if (has_theta && maximum.place[kx + kz] > std::log(1e6))
      return Diagnosis{RegressionProblem::no_overdispersion, {}, {}};
    const double most = logistic(likelihood.zeta(maximum.place).maxCoeff());
    return Diagnosis{most < 1e-4 ? RegressionProblem::no_excess_zeros : RegressionProblem::not_converged, {}, {}};
  }
  MatrixXd back = MatrixXd::Identity(point.size(), point.size());
  back.topLeftCorner(kx, kx) = x.r_inverse;
  back.block(kx, kx, kz, kz) = z.r_inverse;
  ZeroInflated model;
  model.count_coefficients = x.r_inverse * maximum.place.head(kx);
  model.zero_coefficients = z.r_inverse * maximum.place.segment(kx, kz);
  if (has_theta) model.theta = std::exp(maximum.place[kx + kz]);
  model.log_likelihood = maximum.at.value;
  model.aic = 2 * (static_cast<double>(point.size()) - model.log_likelihood);
  model.covariance = back * *covariance * back.transpose();
  model.excess_zeros = likelihood.zeta(maximum.place).unaryExpr(&logistic);
  model.fitted = ((1 - model.excess_zeros.array()) * likelihood.eta(maximum.place).array().exp()).matrix();
  model.iterations = static_cast<std::size_t>(maximum.steps);
  return model;
}

}  // namespace desist::statistics
