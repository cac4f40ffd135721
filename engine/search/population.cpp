#include "engine/search/population.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// The weighted covariance, narrowed by Scott's factor.
MatrixXd kernel_covariance(const Population& particles) {
  const auto d = static_cast<Index>(particles.dimension());
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(d);
  for (std::size_t i = 0; i < particles.size(); ++i)
    for (Index k = 0; k < d; ++k) mean(k) += particles.weights[i] * particles.scores[i][static_cast<std::size_t>(k)];
  const double h = std::pow(effective_size(particles.weights), -1 / (static_cast<double>(particles.dimension()) + 4));
  MatrixXd covariance = MatrixXd::Zero(d, d);
  for (std::size_t i = 0; i < particles.size(); ++i)
    for (Index k = 0; k < d; ++k)
      for (Index l = 0; l <= k; ++l)
        covariance(k, l) += h * h * particles.weights[i] *
                            (particles.scores[i][static_cast<std::size_t>(k)] - mean(k)) *
                            (particles.scores[i][static_cast<std::size_t>(l)] - mean(l));
  for (Index k = 0; k < d; ++k)
    for (Index l = k + 1; l < d; ++l) covariance(k, l) = covariance(l, k);
  return covariance;
}

}  // namespace

Kernel::Kernel(const Population& particles) : dimension_(particles.dimension()) {
  MatrixXd covariance = kernel_covariance(particles);
  const auto d = static_cast<Index>(dimension_);
  double added = 1e-10;  // of the prior's variance, where the covariance has no inverse
  statistics::Cholesky cholesky(covariance);
  while (!cholesky.positive()) {
    cholesky = statistics::Cholesky(covariance + added * MatrixXd::Identity(d, d));
    added *= 100;
  }
  const MatrixXd inverse = cholesky.lower_inverse();
  for (Index i = 0; i < d; ++i) log_determinant_ += std::log(cholesky.lower()(i, i));
  for (Index i = 0; i < d; ++i)
    for (Index j = 0; j < d; ++j) {
      factor_.push_back(j <= i ? cholesky.lower()(i, j) : 0.0);
      inverse_factor_.push_back(j <= i ? inverse(i, j) : 0.0);
    }
  double sum = 0;
  for (std::size_t i = 0; i < particles.size(); ++i) {
    centres_.insert(centres_.end(), particles.scores[i].begin(), particles.scores[i].end());
    for (std::size_t k = 0; k < dimension_; ++k) {
      double y = 0;
      for (std::size_t l = 0; l <= k; ++l) y += inverse_factor_[k * dimension_ + l] * particles.scores[i][l];
      whitened_.push_back(y);
    }
    cumulative_.push_back(sum += particles.weights[i]);
    log_weights_.push_back(std::log(particles.weights[i]));
  }
}

void Kernel::propose(Stream& luck, std::span<double> scores) const {
  const double u = uniform(luck()) * cumulative_.back();
  const auto at = std::upper_bound(cumulative_.begin(), std::prev(cumulative_.end()), u) - cumulative_.begin();
  const std::span<const double> centre(centres_.data() + static_cast<std::size_t>(at) * dimension_, dimension_);
  step(luck, centre, 1, scores);
}

void Kernel::step(Stream& luck, std::span<const double> from, double shrunk, std::span<double> scores) const {
  std::vector<double> normal(dimension_);
  for (double& each : normal) each = inverse_normal(uniform(luck()));
  for (std::size_t k = 0; k < dimension_; ++k) {
    double x = from[k];
    for (std::size_t l = 0; l <= k; ++l) x += shrunk * factor_[k * dimension_ + l] * normal[l];
    scores[k] = x;
  }
}

double Kernel::log_density(std::span<const double> scores, std::size_t without) const {
  std::vector<double> y(dimension_);
  for (std::size_t k = 0; k < dimension_; ++k)
    for (std::size_t l = 0; l <= k; ++l) y[k] += inverse_factor_[k * dimension_ + l] * scores[l];
  const std::size_t n = log_weights_.size();
  std::vector<double> logs(n);
  double greatest = -infinity;
  for (std::size_t j = 0; j < n; ++j) {
    logs[j] = -infinity;
    if (j == without) continue;
    double squares = 0;
    const double* centre = whitened_.data() + j * dimension_;
    for (std::size_t k = 0; k < dimension_; ++k) squares += (y[k] - centre[k]) * (y[k] - centre[k]);
    logs[j] = log_weights_[j] - squares / 2;
    greatest = std::max(greatest, logs[j]);
  }
  if (!std::isfinite(greatest)) return greatest;
  constexpr double too_small = -40;  // below the last digit of the sum of a thousand
  double sum = 0;
  for (const double each : logs)
    if (each - greatest > too_small) sum += std::exp(each - greatest);
  const double rest = without == none ? 0 : std::log1p(-std::exp(log_weights_[without]));  // the others' weight
  return greatest + std::log(sum) - rest - log_determinant_;
}

double log_of_sum(double a, double b) {
  const double greater = std::max(a, b);
  return std::isfinite(greater) ? greater + std::log1p(std::exp(std::min(a, b) - greater)) : greater;
}

double log_prior(std::span<const double> scores) {
  double squares = 0;
  for (const double z : scores) squares += z * z;
  return -squares / 2;
}

std::vector<double> weights_of(std::span<const double> logs) {
  const double greatest = *std::max_element(logs.begin(), logs.end());
  std::vector<double> weights;
  double sum = 0;
  for (const double each : logs) sum += weights.emplace_back(std::exp(each - greatest));
  for (double& each : weights) each /= sum;
  return weights;
}

double effective_size(std::span<const double> weights) {
  double squares = 0;
  for (const double w : weights) squares += w * w;
  return squares > 0 ? 1 / squares : 0;
}

SpreadOf spread_of(std::span<const double> values, std::span<const double> weights, double left) {
  std::vector<std::size_t> order;
  double finite = 0, all = 0, mean = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i]) || !(weights[i] > 0)) continue;
    order.push_back(i);
    all += weights[i];
    if (!std::isfinite(values[i])) continue;
    finite += weights[i];
    mean += weights[i] * values[i];
  }
  SpreadOf spread;
  if (order.empty()) return {missing, missing, missing, missing, missing, missing, missing, missing, missing};
  mean = finite > 0 ? mean / finite : missing;
  double squares = 0;
  for (const std::size_t i : order)
    if (std::isfinite(values[i])) squares += weights[i] * (values[i] - mean) * (values[i] - mean);
  spread.mean = mean;
  spread.sd = finite > 0 ? std::sqrt(squares / finite) : missing;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const auto quantile = [&](double q) {
    double below = 0;
    for (const std::size_t i : order)
      if ((below += weights[i]) >= q * all * (1 - 1e-12)) return values[i];
    return values[order.back()];
  };
  spread.low = quantile(0.025);
  spread.middle = quantile(0.5);
  spread.high = quantile(0.975);
  spread.inner_low = quantile(0.1);
  spread.inner_high = quantile(0.9);
  double squared_weights = 0;
  for (const std::size_t i : order) squared_weights += weights[i] * weights[i];
  const double worth = left * all * all / squared_weights;
  const auto error = [&](double q) {
    const double step = std::sqrt(q * (1 - q) / worth);
    const double from = quantile(std::max(0.0, q - step)), to = quantile(std::min(1.0, q + step));
    return from == to ? 0 : (to - from) / 2;  // both infinite: no more is known
  };
  spread.low_error = error(0.025);
  spread.high_error = error(0.975);
  return spread;
}

std::vector<std::size_t> resampled(std::span<const double> weights, std::size_t rows, double u) {
  std::vector<std::size_t> chosen;
  double below = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    below += weights[i];
    while (chosen.size() < rows && (static_cast<double>(chosen.size()) + u) / static_cast<double>(rows) < below)
      chosen.push_back(i);
  }
  while (chosen.size() < rows) chosen.push_back(weights.size() - 1);  // what rounding left of the last
  return chosen;
}

}  // namespace desist
