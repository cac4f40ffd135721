// The two samplers of a calibration, and the best place met in each tenth of each parameter's range.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/search/attempts.hpp"
#include "engine/search/population.hpp"

namespace desist {

/// The nearest attempt in each tenth of the prior probability of each informed parameter.
class Nearest {
 public:
  static constexpr std::size_t tenths = 10;
  struct Place {
    double distance = infinity;
    std::vector<double> scores;
  };

  explicit Nearest(const Attempts& attempts) : attempts_(&attempts), places_(attempts.dimension() * tenths) {}
  void note(const std::vector<double>& scores, double distance);
  const Place& at(std::size_t parameter, std::size_t tenth) const { return places_[parameter * tenths + tenth]; }
  /// The tenth that scores lie in.
  std::size_t tenth_of(const std::vector<double>& scores, std::size_t parameter) const;

 private:
  const Attempts* attempts_;
  std::vector<Place> places_;
};

/// What a sampler leaves.
struct Sampled {
  Population prior, kept;
  std::vector<double> scales;  // of targets
  std::vector<char> on_log_scale;
  std::vector<double> skewness, excess_kurtosis;
  std::vector<Generation> generations;
  CalibrationResult::Stopped stopped = CalibrationResult::Stopped::reached;
  double tolerance = infinity;
  std::uint64_t attempts = 0;  // made so far: the next one's number
  Nearest nearest;
  explicit Sampled(const Attempts& made_by) : nearest(made_by) {}
};

/// Particles whose outcomes are near the targets, from populations of attempts that come nearer and nearer.
///
/// What was kept of earlier populations stays where it is near enough for the next one, so each attempt is used as long
/// as it serves. Weights are the prior over the density of all attempts together, sum_g n_g q_g, n_g attempts drawn
/// from q_g (Veach & Guibas 1995; Cornuet, Marin, Mira & Robert 2012): a place that one kernel seldom proposes does not
/// outweigh all others where an earlier one proposes it. The part of q_(g + 1) that is due to a particle itself is left
/// out of its own density: it is there because the particle is, which would make every particle that was kept look as
/// if it had been proposed more often than others.
Sampled sample_abc(const Calibration& calibration, const Attempts& attempts, const RunControl& control);
/// Targets are taken as jointly normal given the parameters (mathematics.md 9.2). The likelihood's power rises from 0
/// to 1 so that half of the particles stay worth something at each step (Del Moral, Doucet & Jasra 2006).
Sampled sample_synthetic(const Calibration& calibration, const Attempts& attempts, const RunControl& control);

/// Logarithm of the normal density of the fitted targets, up to a constant, from replicates at one place: Ghurye &
/// Olkin (1969) as in Price, Drovandi, Lee & Nott (2018), eq. 4, whose mean is the density itself for any number of
/// replicates above the number of targets and 3. Where it would be 0 its tangent goes on, so that far places are told
/// apart.
double synthetic_log_likelihood(const Calibration& calibration, const std::vector<char>& on_log_scale,
                                const std::vector<double>& outcomes);

/// The standard deviation of each target over particles of equal weight, those without a value left out.
std::vector<double> scales_of(const Population& prior);

Attempts::Worth always();

/// log prior - log density of the kernel at each place: logarithms of importance weights.
std::vector<double> log_weights(const Kernel& kernel, const std::vector<std::vector<double>>& scores,
                                const RunControl& control);

/// Normal scores drawn from the prior.
void propose_from_prior(Stream& luck, std::vector<double>& scores);

}  // namespace desist
