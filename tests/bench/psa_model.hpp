// Task T6: twelve uncertain parameters, five arms, costs and effects of each draw, folded at 50 prices of an offence.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/executor.hpp"
#include "engine/random/samplers.hpp"
#include "engine/statistics/cost_effectiveness.hpp"

namespace desist::bench {

/// The base rate is Gamma(100, 0.04), completion Beta(60, 40), the chance of an episode Beta(20, 80), its cost
/// Gamma(16, 3500/16), rate ratios lognormal, programmes' costs Gamma(25). A block of draws is one task; each parameter
/// has a stream of its own in it, so that a changed parameter moves no other.
class PsaTask {
 public:
  static constexpr std::size_t arms = 5;
  static constexpr Eigen::Index block = 4096;

  explicit PsaTask(std::uint64_t seed) : seed_(seed) {
    for (int k = 0; k < 50; ++k) thresholds_.push_back(200.0 * k);
  }

  statistics::ThresholdTally run(std::size_t blocks, unsigned threads) const {
    const std::size_t slots = threads + 2;
    std::vector<statistics::ThresholdTally> tallies(slots, empty());
    std::vector<Draws> draws(slots);
    statistics::ThresholdTally all = empty();
    const StopFlag never = false;
    const auto task = [&](std::size_t i, std::size_t slot) {
      draw(i, draws[slot]);
      tallies[slot] = empty();
      tallies[slot].add(draws[slot].costs, draws[slot].effects);
    };
    const auto fold = [&](std::size_t, std::size_t slot) { all.merge(tallies[slot]); };
    run_in_order(0, blocks, threads, slots, task, fold, never);
    return all;
  }

  /// Only the draws: their sum, so that nothing is left out.
  double floor(std::size_t blocks) const {
    Draws made;
    double sum = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
      draw(i, made);
      sum += made.costs(0, 0);
    }
    return sum;
  }

 private:
  struct Draws {
    Eigen::MatrixXd costs{block, static_cast<Eigen::Index>(arms)};
    Eigen::MatrixXd effects{block, static_cast<Eigen::Index>(arms)};
  };

  statistics::ThresholdTally empty() const { return {thresholds_, arms}; }

  void draw(std::size_t index, Draws& made) const {
    const Streams streams(seed_, index, 0);
    Stream rates = streams.open(Purpose("base rate"), 0), completions = streams.open(Purpose("completion"), 0);
    Stream chances = streams.open(Purpose("chance of an episode"), 0), prices = streams.open(Purpose("episode"), 0);
    Eigen::VectorXd offences(block), completed(block), episode(block);
    for (Eigen::Index d = 0; d < block; ++d) {
      offences[d] = 2 * rate_(rates);
      completed[d] = completion_(completions);
      episode[d] = chance_(chances) * price_(prices);
      made.effects(d, 0) = -offences[d];
      made.costs(d, 0) = offences[d] * episode[d];
    }
    for (std::size_t s = 0; s < 4; ++s) {
      Stream ratios = streams.open(Purpose("rate ratio"), s), costs = streams.open(Purpose("programme cost"), s);
      const auto arm = static_cast<Eigen::Index>(s) + 1;
      for (Eigen::Index d = 0; d < block; ++d) {
        const double seen = offences[d] * (completed[d] * std::exp(log_ratio_[s](ratios)) + 1 - completed[d]);
        made.effects(d, arm) = -seen;
        made.costs(d, arm) = programme_[s](costs) + seen * episode[d];
      }
    }
  }

  std::uint64_t seed_;
  std::vector<double> thresholds_;
  GammaSampler rate_{100, 0.04};
  BetaSampler completion_{60, 40}, chance_{20, 80};
  GammaSampler price_{16, 3500.0 / 16};
  std::array<NormalSampler, 4> log_ratio_{NormalSampler{std::log(0.95), 0.10}, NormalSampler{std::log(0.88), 0.12},
                                          NormalSampler{std::log(0.80), 0.15}, NormalSampler{std::log(0.75), 0.20}};
  std::array<GammaSampler, 4> programme_{GammaSampler{25, 400.0 / 25}, GammaSampler{25, 900.0 / 25},
                                         GammaSampler{25, 1800.0 / 25}, GammaSampler{25, 3000.0 / 25}};
};

}  // namespace desist::bench
