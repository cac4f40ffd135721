#include <algorithm>
#include <cmath>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/search/sampling.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

using Eigen::Index;
using Stopped = CalibrationResult::Stopped;

/// A target is put on the log scale where it leans more than this at half of all places.
constexpr double leans = 0.5;

struct Shape {
  double skewness = 0, excess_kurtosis = 0;
};

/// Of the values of one target over the replicates of an attempt, by moments.
Shape shape_of(const std::vector<double>& outcomes, std::size_t target, std::size_t width, bool logs) {
  std::vector<double> x;
  for (std::size_t i = target; i < outcomes.size(); i += width) x.push_back(logs ? std::log(outcomes[i]) : outcomes[i]);
  double mean = 0;
  for (const double each : x) mean += each / static_cast<double>(x.size());
  double m2 = 0, m3 = 0, m4 = 0;
  for (const double each : x) {
    const double d = each - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  const auto n = static_cast<double>(x.size());
  m2 /= n;
  if (!(m2 > 0)) return {};
  return {m3 / n / std::pow(m2, 1.5), m4 / n / (m2 * m2) - 3};
}

bool is_positive(const std::vector<double>& outcomes, std::size_t target, std::size_t width) {
  for (std::size_t i = target; i < outcomes.size(); i += width)
    if (!(outcomes[i] > 0)) return false;
  return true;
}

/// The greatest power from `now` to 1 at which particles of weight exp(base + power log-likelihood) are worth half of
/// what they are worth at `now`.
double next_power(const std::vector<double>& base, const std::vector<double>& minus_logs, double now) {
  const auto worth = [&](double power) {
    std::vector<double> logs;
    for (std::size_t i = 0; i < base.size(); ++i) logs.push_back(base[i] - power * minus_logs[i]);
    return effective_size(weights_of(logs));
  };
  const double half = worth(now) / 2;
  if (worth(1) >= half) return 1;
  double low = now, high = 1;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    (worth(middle) >= half ? low : high) = middle;
  }
  return low;
}

}  // namespace

double synthetic_log_likelihood(const Calibration& calibration, const std::vector<char>& on_log_scale,
                                const std::vector<double>& outcomes) {
  const std::size_t width = calibration.targets.size();
  std::vector<std::size_t> fitted;
  for (std::size_t t = 0; t < width; ++t)
    if (calibration.targets[t].fitted) fitted.push_back(t);
  const auto d = static_cast<Index>(fitted.size());
  const auto n = static_cast<Index>(outcomes.size() / width);
  Eigen::MatrixXd values(n, d);
  Eigen::VectorXd printed(d);
  for (Index k = 0; k < d; ++k) {
    const std::size_t t = fitted[static_cast<std::size_t>(k)];
    const bool logs = !on_log_scale.empty() && on_log_scale[t];
    printed(k) = logs ? std::log(calibration.targets[t].low) : calibration.targets[t].low;
    for (Index r = 0; r < n; ++r) {
      const double x = outcomes[static_cast<std::size_t>(r) * width + t];
      values(r, k) = logs ? std::log(x) : x;
      if (!std::isfinite(values(r, k))) return -infinity;
    }
  }
  const Eigen::VectorXd mean = values.colwise().mean();
  const Eigen::MatrixXd centred = values.rowwise() - mean.transpose();
  const Eigen::MatrixXd m = centred.transpose() * centred;
  const statistics::Cholesky factor(m);
  if (!factor.positive()) return -infinity;  // a target that luck does not move has no density
  const Eigen::VectorXd gap = printed - mean;
  const auto count = static_cast<double>(n);
  const double x = gap.dot(factor.solve(gap)) / (1 - 1 / count);
  constexpr double far = 0.9;
  const double log_rest = x <= far ? std::log(1 - x) : std::log(1 - far) - (x - far) / (1 - far);
  return -factor.log_determinant() / 2 + (count - static_cast<double>(d) - 3) / 2 * log_rest;
}

Sampled sample_synthetic(const Calibration& calibration, const Attempts& attempts, const RunControl& control) {
  const std::uint64_t particles = calibration.particles;
  const std::size_t width = calibration.targets.size();
  Sampled sampled(attempts);
  sampled.tolerance = 0;
  sampled.on_log_scale.assign(width, 0);
  Population fresh;
  std::vector<std::vector<double>> outcomes;  // every replicate
  const auto take = [&](std::uint64_t index, const Attempt& attempt) {
    sampled.attempts = index + 1;
    fresh.scores.push_back(attempt.scores);
    fresh.outcomes.emplace_back(attempt.outcomes.begin(),
                                attempt.outcomes.begin() + static_cast<std::ptrdiff_t>(width));
    outcomes.push_back(attempt.outcomes);
    return true;
  };
  const auto interrupted = [&] {
    sampled.stopped = Stopped::interrupted;
    return sampled;
  };
  const auto from_prior = [](std::uint64_t, Stream& luck, std::vector<double>& scores) {
    propose_from_prior(luck, scores);
  };
  if (!attempts.run(0, particles, from_prior, always(), take, control)) return interrupted();
  sampled.scales = scales_of(fresh);
  for (std::size_t t = 0; t < width; ++t) {
    std::vector<double> skewnesses;
    bool positive = calibration.targets[t].low > 0;
    for (const auto& each : outcomes) {
      positive = positive && is_positive(each, t, width);
      skewnesses.push_back(shape_of(each, t, width, false).skewness);
    }
    std::sort(skewnesses.begin(), skewnesses.end());
    sampled.on_log_scale[t] = positive && skewnesses[skewnesses.size() / 2] > leans;
  }
  std::vector<double> base(particles, 0.0);
  double power = 0;
  bool renewed = false;  // once more at the whole likelihood, where few particles were left of value
  for (;;) {
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      fresh.distances.push_back(-synthetic_log_likelihood(calibration, sampled.on_log_scale, outcomes[i]));
      sampled.nearest.note(fresh.scores[i], fresh.distances[i]);
    }
    std::vector<double> logs;
    const bool none =
        std::none_of(fresh.distances.begin(), fresh.distances.end(), [](double each) { return std::isfinite(each); });
    if (none) {  // no place has a likelihood: nothing can be learnt
      fresh.weights.assign(fresh.size(), 1 / static_cast<double>(fresh.size()));
      sampled.prior = sampled.kept = fresh;
      sampled.skewness.assign(width, 0.0);
      sampled.excess_kurtosis = sampled.skewness;
      sampled.generations.push_back({0, fresh.size(), fresh.size(), static_cast<double>(fresh.size())});
      sampled.stopped = Stopped::lattice;
      return sampled;
    }
    if (sampled.generations.empty()) {
      sampled.prior = fresh;
      sampled.prior.weights.assign(fresh.size(), 1 / static_cast<double>(fresh.size()));
    }
    power = next_power(base, fresh.distances, power);
    for (std::size_t i = 0; i < fresh.size(); ++i) logs.push_back(base[i] - power * fresh.distances[i]);
    fresh.weights = weights_of(logs);
    sampled.kept = fresh;
    sampled.tolerance = power;
    sampled.generations.push_back({power, fresh.size(), fresh.size(), effective_size(fresh.weights)});
    const bool worn = effective_size(fresh.weights) < static_cast<double>(particles) / 2;
    if (power >= 1 && (renewed || !worn)) break;
    if (sampled.attempts + particles > calibration.most_attempts) break;
    renewed = power >= 1;
    const Kernel kernel(sampled.kept);
    fresh = {};
    outcomes.clear();
    const auto from_kernel = [&](std::uint64_t, Stream& luck, std::vector<double>& scores) {
      kernel.propose(luck, scores);
    };
    const std::uint64_t begun = sampled.attempts;
    if (!attempts.run(begun, begun + particles, from_kernel, always(), take, control)) return interrupted();
    base = log_weights(kernel, fresh.scores, control);
  }
  for (std::size_t t = 0; t < width; ++t) {
    Shape shape;
    for (std::size_t i = 0; i < sampled.kept.size(); ++i) {
      if (!(sampled.kept.weights[i] > 0)) continue;
      const Shape here = shape_of(outcomes[i], t, width, sampled.on_log_scale[t] != 0);
      shape.skewness += sampled.kept.weights[i] * here.skewness;
      shape.excess_kurtosis += sampled.kept.weights[i] * here.excess_kurtosis;
    }
    sampled.skewness.push_back(shape.skewness);
    sampled.excess_kurtosis.push_back(shape.excess_kurtosis);
  }
  sampled.stopped = power >= 1 ? Stopped::reached : Stopped::attempts;
  return sampled;
}

}  // namespace desist
