#include "engine/search/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/random/inverse_normal.hpp"

namespace desist {
namespace {

using Stopped = CalibrationResult::Stopped;

/// The median of the kept distances; where it does not fall (counts lie on a lattice) the next smaller distance.
std::optional<double> next_tolerance(std::vector<double> distances, double now, double declared) {
  std::sort(distances.begin(), distances.end());
  const double middle = distances[(distances.size() - 1) / 2];
  if (middle < now) return std::max(middle, declared);
  const auto end = std::lower_bound(distances.begin(), distances.end(), now);
  if (end == distances.begin()) return std::nullopt;
  return std::max(*std::prev(end), declared);
}

}  // namespace

void Nearest::note(const std::vector<double>& scores, double distance) {
  if (std::isnan(distance)) return;
  std::vector<double> u(scores.size());
  attempts_->probabilities(scores, u);
  for (std::size_t p = 0; p < u.size(); ++p) {
    const auto tenth = std::min(tenths - 1, static_cast<std::size_t>(u[p] * static_cast<double>(tenths)));
    Place& place = places_[p * tenths + tenth];
    if (!place.scores.empty() && !(distance < place.distance)) continue;
    place.distance = distance;
    place.scores = scores;
  }
}

std::size_t Nearest::tenth_of(const std::vector<double>& scores, std::size_t parameter) const {
  std::vector<double> u(scores.size());
  attempts_->probabilities(scores, u);
  return std::min(tenths - 1, static_cast<std::size_t>(u[parameter] * static_cast<double>(tenths)));
}

std::vector<double> scales_of(const Population& prior) {
  std::vector<double> scales;
  const std::size_t width = prior.outcomes.front().size();
  for (std::size_t t = 0; t < width; ++t) {
    double count = 0, mean = 0, squares = 0;  // Welford 1962
    for (const auto& outcomes : prior.outcomes) {
      if (!std::isfinite(outcomes[t])) continue;
      const double step = outcomes[t] - mean;
      mean += step / ++count;
      squares += step * (outcomes[t] - mean);
    }
    scales.push_back(count > 1 ? std::sqrt(squares / (count - 1)) : 0);
  }
  return scales;
}

std::vector<double> log_weights(const Kernel& kernel, const std::vector<std::vector<double>>& scores,
                                const RunControl& control) {
  std::vector<double> logs(scores.size());
  constexpr std::size_t in_task = 32;
  const std::size_t tasks = (scores.size() + in_task - 1) / in_task;
  const StopFlag never{false};
  const unsigned threads = std::max(1U, control.threads);
  run_in_order(
      0, tasks, threads, 2 * std::size_t{threads},
      [&](std::size_t number, std::size_t) {
        for (std::size_t i = number * in_task; i < std::min(scores.size(), (number + 1) * in_task); ++i)
          logs[i] = log_prior(scores[i]) - kernel.log_density(scores[i]);
      },
      [](std::size_t, std::size_t) {}, never);
  return logs;
}

void propose_from_prior(Stream& luck, std::vector<double>& scores) {
  for (double& z : scores) z = inverse_normal(uniform(luck()));
}

Sampled sample_abc(const Calibration& calibration, const Attempts& attempts, const RunControl& control) {
  const std::uint64_t particles = calibration.particles;
  Sampled sampled(attempts);
  Population fresh;
  const auto keep = [&](const Attempt& attempt) {
    fresh.scores.push_back(attempt.scores);
    fresh.outcomes.push_back(attempt.outcomes);
    return fresh.size() < particles;
  };
  const auto from_prior = [](std::uint64_t, Stream& luck, std::vector<double>& scores) {
    propose_from_prior(luck, scores);
  };
  const auto taken = [&](std::uint64_t, const Attempt& attempt) { return keep(attempt); };
  if (!attempts.run(0, particles, from_prior, taken, control)) {
    sampled.stopped = Stopped::interrupted;
    return sampled;
  }
  sampled.attempts = particles;
  sampled.scales = scales_of(fresh);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    fresh.distances.push_back(distance_of(calibration.targets, sampled.scales, fresh.outcomes[i]));
    sampled.nearest.note(fresh.scores[i], fresh.distances[i]);
  }
  fresh.weights.assign(fresh.size(), 1 / static_cast<double>(fresh.size()));
  const auto whole = static_cast<double>(particles);
  sampled.generations.push_back({std::numeric_limits<double>::infinity(), particles, particles, whole});
  sampled.prior = sampled.kept = fresh;

  while (sampled.tolerance > calibration.tolerance) {
    const auto tolerance = next_tolerance(sampled.kept.distances, sampled.tolerance, calibration.tolerance);
    if (!tolerance) {
      sampled.stopped = Stopped::lattice;
      return sampled;
    }
    const std::uint64_t begun = sampled.attempts;
    const std::uint64_t most = std::max(begun, calibration.most_attempts);
    const auto by_acceptance = static_cast<std::uint64_t>(std::ceil(whole / calibration.least_acceptance));
    const std::uint64_t end = std::min(most, begun + by_acceptance);
    const Kernel kernel(sampled.kept);
    fresh = {};
    const auto from_kernel = [&](std::uint64_t, Stream& luck, std::vector<double>& scores) {
      kernel.propose(luck, scores);
    };
    const auto within = [&](std::uint64_t index, const Attempt& attempt) {
      sampled.attempts = index + 1;
      const double distance = distance_of(calibration.targets, sampled.scales, attempt.outcomes);
      sampled.nearest.note(attempt.scores, distance);
      if (!(distance <= *tolerance)) return true;
      fresh.distances.push_back(distance);
      return keep(attempt);
    };
    if (end > begun && !attempts.run(begun, end, from_kernel, within, control)) {
      sampled.stopped = Stopped::interrupted;
      return sampled;
    }
    if (fresh.size() < particles) {
      sampled.stopped = end == most ? Stopped::attempts : Stopped::few;
      return sampled;
    }
    fresh.weights = weights_of(log_weights(kernel, fresh.scores, control));
    sampled.kept = fresh;
    sampled.tolerance = *tolerance;
    sampled.generations.push_back({*tolerance, sampled.attempts - begun, fresh.size(), effective_size(fresh.weights)});
  }
  sampled.stopped = Stopped::reached;
  return sampled;
}

}  // namespace desist
