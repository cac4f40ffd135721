#include "engine/statistics/firth_logistic.hpp"

#include <cmath>
#include <limits>

#include "engine/statistics/factorisations.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/orthonormal_design.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double firth_settled_below = 1e-10;
constexpr double longest_step = 5;  // of a linear predictor, as logistf's maxstep
constexpr int firth_give_up_after = 1000;

struct State {
  VectorXd g;
  double value = -std::numeric_limits<double>::infinity();  // penalised log-likelihood
  VectorXd score;
  MatrixXd information;
  /// Of the data with each row added again at its leverage h as half a case and half a control, whose score is the
  /// penalised one (Heinze & Schemper 2002, section 2): W (1 + h). A step by the plain information is up to twice as
  /// long as it should be: where a row has a leverage of 1, it goes to and fro for ever.
  MatrixXd augmented;
};

State state_at(const RowMatrix& q, const VectorXd& y, const VectorXd& g) {
  const Index n = q.rows(), p = q.cols();
  const VectorXd eta = linear_predictor(q, g);
  VectorXd mean(n), weight(n);
  State state{g, 0, {}, {}, {}};
  for (Index i = 0; i < n; ++i) {
    const double e = std::exp(-std::abs(eta[i]));
    mean[i] = eta[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
    weight[i] = e / ((1 + e) * (1 + e));
    state.value += y[i] * eta[i] - (eta[i] > 0 ? eta[i] : 0.0) - std::log1p(e);
  }
  state.information = weighted_gram(q, weight);
  const Cholesky factor(state.information);
  if (!factor.positive()) {
    state.value = -std::numeric_limits<double>::infinity();
    return state;
  }
  state.value += factor.lower().diagonal().array().log().sum();  // half the log determinant
  const MatrixXd root = factor.lower_inverse();                  // root' root is the inverse
  VectorXd residual(n), heavier(n);
  for (Index i = 0; i < n; ++i) {
    const double* row = q.data() + i * p;
    double leverage = 0;
    for (Index a = 0; a < p; ++a) {
      double part = 0;
      for (Index b = 0; b <= a; ++b) part += root(a, b) * row[b];
      leverage += part * part;
    }
    const double h = weight[i] * leverage;
    residual[i] = y[i] - mean[i] + h * (0.5 - mean[i]);
    heavier[i] = weight[i] * (1 + h);
  }
  state.augmented = weighted_gram(q, heavier);
  state.score = weighted_sum(q, residual);
  return state;
}

struct FirthMaximum {
  State state;
  std::size_t iterations = 0;
};

/// The maximum over the first `free` coordinates, the others staying as they are in `start`.
std::optional<FirthMaximum> maximise(const RowMatrix& q, const VectorXd& y, const VectorXd& start, Index free) {
  State state = state_at(q, y, start);
  if (!std::isfinite(state.value)) return std::nullopt;
  for (int iteration = 1; iteration <= firth_give_up_after; ++iteration) {
    VectorXd step = VectorXd::Zero(start.size());
    if (free > 0) {
      step.head(free) = Cholesky(state.augmented.topLeftCorner(free, free)).solve(VectorXd(state.score.head(free)));
    }
    const double longest = linear_predictor(q, step).cwiseAbs().maxCoeff();
    if (longest > longest_step) step *= longest_step / longest;
    State next = state_at(q, y, state.g + step);
    const double slack = 1e-12 * (1 + std::abs(state.value));
    for (int halving = 0; halving < 40 && !(next.value >= state.value - slack); ++halving) {
      step /= 2;
      next = state_at(q, y, state.g + step);
    }
    state = std::move(next);
    if (longest < firth_settled_below) return FirthMaximum{std::move(state), static_cast<std::size_t>(iteration)};
  }
  return std::nullopt;
}

/// The profile of one coefficient: its column comes last, so that its coordinate is its multiple.
class PenalisedProfile {
 public:
  PenalisedProfile(const MatrixXd& x, const VectorXd& y, Index column) : y_(y) {
    MatrixXd ordered(x.rows(), x.cols());
    Index at = 0;
    for (Index j = 0; j < x.cols(); ++j) {
      if (j != column) ordered.col(at++) = x.col(j);
    }
    ordered.col(at) = x.col(column);
    design_ = std::get<OrthonormalDesign>(orthonormal_design(ordered));
    scale_ = design_.r_inverse(at, at);
    g_ = VectorXd::Zero(x.cols());
  }

  /// Greatest penalised log-likelihood with the coefficient at `value`; minus infinity where none was found.
  double at(double value) {
    VectorXd start = g_;
    start[start.size() - 1] = value / scale_;
    auto maximum = maximise(design_.q, y_, start, start.size() - 1);
    if (!maximum) {
      start.head(start.size() - 1).setZero();
      maximum = maximise(design_.q, y_, start, start.size() - 1);
    }
    if (!maximum) return -std::numeric_limits<double>::infinity();
    g_ = maximum->state.g;
    return maximum->state.value;
  }

 private:
  const VectorXd& y_;
  OrthonormalDesign design_;
  double scale_ = 1;
  VectorXd g_;  // the last maximum
};

Inference profile_inference(PenalisedProfile profile, double estimate, double error, double greatest,
                            double confidence) {
  const double z = two_sided_z(confidence);
  const auto drop = [&](double value) { return 2 * (greatest - profile.at(value)) - z * z; };
  const auto limit = [&](double side) {
    double reach = z * error;
    for (int doubling = 0; doubling < 60; ++doubling, reach *= 2) {
      const double far = estimate + side * reach;
      if (!(drop(far) > 0)) continue;
      return side > 0 ? root_between(drop, estimate, far, -1) : root_between(drop, far, estimate, 1);
    }
    return side * std::numeric_limits<double>::infinity();
  };
  Inference result{estimate, error, {}, 1, std::nullopt};
  result.interval = {limit(-1), limit(1)};
  result.p = chi_square_tail(std::max(0.0, 2 * (greatest - profile.at(0))));
  return result;
}

}  // namespace

Fitted<FirthLogistic> firth_logistic(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                                     const std::vector<std::size_t>& profile, double confidence) {
  const auto checked = orthonormal_design(x);
  if (const auto* problem = std::get_if<Diagnosis>(&checked)) return *problem;
  if (const auto problem = not_finite({&y})) return *problem;
  Diagnosis outside{RegressionProblem::outcome_out_of_range, {}, {}};
  for (Index i = 0; i < y.size(); ++i) {
    if (y[i] != 0 && y[i] != 1) outside.rows.push_back(static_cast<std::size_t>(i));
  }
  if (!outside.rows.empty()) return outside;
  const auto& design = std::get<OrthonormalDesign>(checked);
  const auto maximum = maximise(design.q, y, VectorXd::Zero(x.cols()), x.cols());
  if (!maximum) return Diagnosis{RegressionProblem::not_converged, {}, {}};
  const auto bread = inverse_of_positive(maximum->state.information);
  if (!bread) return Diagnosis{RegressionProblem::not_converged, {}, {}};

  FirthLogistic model;
  model.coefficients = design.r_inverse * maximum->state.g;
  model.covariance = design.r_inverse * *bread * design.r_inverse.transpose();
  // The determinant in terms of X, not of its orthonormal columns.
  model.penalised_log_likelihood = maximum->state.value - design.r_inverse.diagonal().array().log().sum();
  model.iterations = maximum->iterations;
  for (const std::size_t column : profile) {
    const auto j = static_cast<Index>(column);
    PenalisedProfile along(x, y, j);
    model.profiled.push_back(profile_inference(std::move(along), model.coefficients[j],
                                               std::sqrt(model.covariance(j, j)), maximum->state.value, confidence));
  }
  return model;
}

}  // namespace desist::statistics
