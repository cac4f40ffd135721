// Attempts of a calibration: proposed parameters, each simulated under a key of its own and held against the targets.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/search/calibrate.hpp"

namespace desist {

/// What one attempt gives.
struct Attempt {
  std::vector<double> scores;    // normal scores of the informed parameters
  std::vector<double> outcomes;  // targets, replicate by replicate
};

/// Runs attempts; shared by threads.
class Attempts {
 public:
  /// `seed`: of this calibration's luck alone, so that a run on its posterior has other luck.
  Attempts(const Calibration& calibration, const ModelRecord& model, const std::vector<Arm>& arms,
           const ParameterDraws& draws, const Window& window, std::uint64_t seed, std::uint64_t replicates);

  std::size_t dimension() const { return calibration_.informed.size(); }
  std::size_t width() const { return calibration_.targets.size(); }
  std::uint64_t seed() const { return seed_; }

  /// Marginal probabilities of the informed parameters at normal scores: the copula of correlated ones applied.
  void probabilities(std::span<const double> scores, std::span<double> u) const;
  /// The values of the informed parameters at normal scores.
  void values(std::span<const double> scores, std::span<double> values) const;
  /// Whether an attempt whose fitted targets are simulated is worth the runs of arms that have held-out targets only;
  /// of one that is not they have no value.
  using Worth = std::function<bool(const Attempt&)>;
  /// Simulates attempt number `index` with these scores; what is not informed is drawn afresh.
  void simulate(std::uint64_t index, Attempt& attempt, const Worth& worth) const;

  /// Proposes attempt `index` into scores.
  using Propose = std::function<void(std::uint64_t index, Stream& luck, std::vector<double>& scores)>;
  /// Told of attempts in order of index; false: no more.
  using Take = std::function<bool(std::uint64_t index, const Attempt& attempt)>;
  /// Attempts [first, last) on the control's threads. Returns false where it was asked to stop from outside.
  bool run(std::uint64_t first, std::uint64_t last, const Propose& propose, const Worth& worth, const Take& take,
           const RunControl& control) const;

 private:
  struct Group {
    std::vector<std::size_t> members;  // indices of informed parameters
    std::vector<double> factor;        // Cholesky factor of their correlations, row-major
  };
  void simulate_arm(std::size_t arm, std::uint64_t index, const std::vector<double>& row, Attempt& attempt) const;
  [[noreturn]] void fail(const ReplicateFailure& failure, const Arm& arm, std::uint64_t index,
                         const std::vector<double>& row) const;

  const Calibration& calibration_;
  const ModelRecord& model_;
  const std::vector<Arm>& arms_;
  const ParameterDraws& laws_;
  ParameterDraws others_;  // the informed ones fixed: they are set by the scores
  const Window& window_;
  std::uint64_t seed_, replicates_;
  std::vector<Group> groups_;
  std::vector<std::size_t> fitted_arms_, held_out_arms_;  // the latter have no fitted target
  std::size_t slots_ = 0, series_ = 0;
};

/// How far an attempt's replicate is from the fitted targets, in their scales (infinite where one has no value).
double distance_of(const std::vector<Target>& targets, std::span<const double> scales,
                   std::span<const double> outcomes);

}  // namespace desist
