#include "engine/search/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/core/limits.hpp"
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

/// each(i) for i below count, on the control's threads.
template <class Each>
void for_each_place(std::size_t count, const RunControl& control, const Each& each) {
  constexpr std::size_t in_task = 32;
  const std::size_t tasks = (count + in_task - 1) / in_task;
  const StopFlag never{false};
  const unsigned threads = std::max(1U, control.threads);
  run_in_order(
      0, tasks, threads, 2 * std::size_t{threads},
      [&](std::size_t number, std::size_t) {
        for (std::size_t i = number * in_task; i < std::min(count, (number + 1) * in_task); ++i) each(i);
      },
      [](std::size_t, std::size_t) {}, never);
}

/// Attempts that were drawn from one density.
struct DrawnFrom {
  Kernel kernel;
  double log_attempts;
};

/// The particles of a population that are within a tolerance, and their places in it.
Population within(const Population& all, double tolerance, std::vector<std::size_t>& places) {
  Population near;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!(all.distances[i] <= tolerance)) continue;
    near.scores.push_back(all.scores[i]);
    near.outcomes.push_back(all.outcomes[i]);
    near.distances.push_back(all.distances[i]);
    near.drawn_from.push_back(all.drawn_from[i]);
    places.push_back(i);
  }
  return near;
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
  for_each_place(scores.size(), control,
                 [&](std::size_t i) { logs[i] = log_prior(scores[i]) - kernel.log_density(scores[i]); });
  return logs;
}

Attempts::Worth always() {
  return [](const Attempt&) { return true; };
}

void propose_from_prior(Stream& luck, std::vector<double>& scores) {
  for (double& z : scores) z = inverse_normal(uniform(luck()));
}

Sampled sample_abc(const Calibration& calibration, const Attempts& attempts, const RunControl& control) {
  const std::uint64_t particles = calibration.particles;
  const auto whole = static_cast<double>(particles);
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
  if (!attempts.run(0, particles, from_prior, always(), taken, control)) {
    sampled.stopped = Stopped::interrupted;
    return sampled;
  }
  sampled.attempts = particles;
  sampled.scales = scales_of(fresh);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    fresh.distances.push_back(distance_of(calibration.targets, sampled.scales, fresh.outcomes[i]));
    sampled.nearest.note(fresh.scores[i], fresh.distances[i]);
    fresh.drawn_from.push_back(std::log(whole) + log_prior(fresh.scores[i]));
  }
  fresh.weights.assign(fresh.size(), 1 / whole);
  sampled.generations.push_back({infinity, particles, particles, whole});
  sampled.prior = sampled.kept = fresh;

  std::vector<DrawnFrom> drawn;  // of each population but the prior's
  while (sampled.tolerance > calibration.tolerance) {
    const auto tolerance = next_tolerance(sampled.kept.distances, sampled.tolerance, calibration.tolerance);
    if (!tolerance) {
      sampled.stopped = Stopped::lattice;
      return sampled;
    }
    const Kernel kernel(sampled.kept);
    std::vector<std::size_t> stayed;
    fresh = within(sampled.kept, *tolerance, stayed);
    const std::uint64_t begun = sampled.attempts;
    const std::uint64_t most = std::max(begun, calibration.most_attempts);
    const double wanted = static_cast<double>(particles - stayed.size());
    const std::uint64_t end =
        std::min(most, begun + static_cast<std::uint64_t>(std::ceil(wanted / calibration.least_acceptance)));
    const auto from_kernel = [&](std::uint64_t, Stream& luck, std::vector<double>& scores) {
      kernel.propose(luck, scores);
    };
    const auto distance = [&](const Attempt& attempt) {
      return distance_of(calibration.targets, sampled.scales, attempt.outcomes);
    };
    const auto is_near = [&](const Attempt& attempt) { return distance(attempt) <= *tolerance; };
    const auto note = [&](std::uint64_t index, const Attempt& attempt) {
      sampled.attempts = index + 1;
      const double here = distance(attempt);
      sampled.nearest.note(attempt.scores, here);
      if (!(here <= *tolerance)) return true;
      fresh.distances.push_back(here);
      return keep(attempt);
    };
    if (end > begun && !attempts.run(begun, end, from_kernel, is_near, note, control)) {
      sampled.stopped = Stopped::interrupted;
      return sampled;
    }
    if (fresh.size() < particles) {
      sampled.stopped = end == most ? Stopped::attempts : Stopped::few;
      return sampled;
    }
    drawn.push_back({kernel, std::log(static_cast<double>(sampled.attempts - begun))});
    fresh.drawn_from.resize(particles);
    for_each_place(particles, control, [&](std::size_t i) {
      const std::vector<double>& place = fresh.scores[i];
      double& all = fresh.drawn_from[i];
      if (i < stayed.size()) {
        all = log_of_sum(all, drawn.back().log_attempts + kernel.log_density(place, stayed[i]));
        return;
      }
      all = std::log(whole) + log_prior(place);
      for (const DrawnFrom& from : drawn) all = log_of_sum(all, from.log_attempts + from.kernel.log_density(place));
    });
    std::vector<double> logs;
    for (std::size_t i = 0; i < particles; ++i) logs.push_back(log_prior(fresh.scores[i]) - fresh.drawn_from[i]);
    fresh.weights = weights_of(logs);
    sampled.kept = fresh;
    sampled.tolerance = *tolerance;
    sampled.generations.push_back(
        {*tolerance, sampled.attempts - begun, particles - stayed.size(), effective_size(fresh.weights)});
  }
  sampled.stopped = Stopped::reached;
  return sampled;
}

}  // namespace desist
