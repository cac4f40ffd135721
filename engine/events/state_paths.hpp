// Paths through states whose clocks start anew on entry: competing Weibull times (a semi-Markov process).
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/random/log_exponential.hpp"
#include "engine/random/stream.hpp"

namespace desist {

/// A way out of a state: the time from entering the state until it would be taken survives t with probability
/// exp(-(t / scale)^shape).
struct StateTransition {
  std::size_t to = 0;
  double shape = 1;
  double scale = 1;
};

/// States and the ways out of them; of a state's ways the earliest is taken, and a state without any is never left.
///
/// Times are drawn by inversion and compared as logarithms, log T = log scale + log(-log u) / shape, so that a stay
/// takes one exponential whatever the number of ways. The k-th stay has its own words, as many in every state: ways
/// that change move only what follows from them. Verified by: state_paths_test.
class StatePaths {
 public:
  /// `ways[s]` lead out of state s. Throws std::invalid_argument for a way to a state that is none, and for a shape or
  /// scale that is not above 0 and finite.
  explicit StatePaths(std::span<const std::vector<StateTransition>> ways);

  std::size_t states() const { return first_.size() - 1; }
  /// Ways are numbered state by state, in the order given.
  std::size_t ways() const { return ways_.size(); }

  /// One path from state `start` over [0, until): tells `stay(state, from, to)` of every stay, the last one cut at
  /// `until`; returns the state at `until`. `log_stretch` has, by way, the logarithm of what multiplies this path's
  /// scale.
  template <class Stay>
  std::size_t walk(std::size_t start, double until, std::span<const double> log_stretch, Stream words,
                   Stay&& stay) const {
    std::size_t state = start;
    double now = 0;
    while (first_[state] < first_[state + 1]) {
      double least = never;
      std::size_t to = state;
      for (std::size_t w = first_[state]; w < first_[state + 1]; ++w) {
        const Way& way = ways_[w];
        const double log_time = way.log_scale + log_stretch[w] + way.inverse_shape * (*log_exponential_)(words());
        to = log_time < least ? way.to : to;
        least = log_time < least ? log_time : least;
      }
      for (std::size_t w = first_[state + 1] - first_[state]; w < width_; ++w) words();
      const double next = now + std::exp(least);
      if (!(next < until)) break;
      stay(state, now, next);
      now = next;
      state = to;
    }
    stay(state, now, until);
    return state;
  }

 private:
  static constexpr double never = HUGE_VAL;
  struct Way {
    std::size_t to;
    double log_scale;
    double inverse_shape;
  };
  const LogExponential* log_exponential_;
  std::vector<std::size_t> first_;  // way out of each state, and one more
  std::vector<Way> ways_;
  std::size_t width_ = 0;  // words of a stay
};

}  // namespace desist
