// Task T8 through the engine's public functions: years offending and in custody, and desistance, by competing risks.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/events/state_paths.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/random/stream.hpp"

namespace desist::bench {

/// States offending, custody, desisted; Weibull times (shape, scale in years) that start anew on entry: offending to
/// custody (0.9, 2 exp(-0.2 x)), to desisted (1.3, 6); custody to offending (1.5, 0.8), to desisted (1, 8); x standard
/// normal, a person's own in all draws. In each draw logarithms of shapes are normal about these with standard
/// deviation 0.05, those of scales with 0.1. Ten years.
class StateTask {
 public:
  static constexpr double years = 10;
  enum State : std::size_t { offending, custody, desisted, states };

  /// Means over a draw's people.
  struct Result {
    std::array<double, states> years_in{};
    double desisted = 0;
    double stays = 0;  // before desistance
  };

  StateTask(std::uint64_t seed, std::uint64_t people) : seed_(seed) {
    const Streams streams(seed, 0, 0);
    for (std::uint64_t person = 0; person < people; ++person)
      x_.push_back(inverse_normal(uniform(streams.words(Purpose("covariate"), person)[0])));
  }

  Result run(std::uint64_t draw) const {
    const Streams streams(seed_, draw, 0);
    Stream words = streams.open(Purpose("laws of times"), 0);
    const auto about = [&](double value, double sd) { return value * std::exp(sd * inverse_normal(uniform(words()))); };
    const auto way = [&](State to, double shape, double scale) {
      const double drawn = about(shape, 0.05);
      return StateTransition{to, drawn, about(scale, 0.1)};
    };
    std::array<std::vector<StateTransition>, states> ways;
    ways[offending] = {way(custody, 0.9, 2), way(desisted, 1.3, 6)};
    ways[custody] = {way(offending, 1.5, 0.8), way(desisted, 1, 8)};
    const StatePaths paths(ways);
    Result result;
    std::array<double, 4> log_stretch{};
    for (std::uint64_t person = 0; person < x_.size(); ++person) {
      log_stretch[0] = -0.2 * x_[person];
      const auto stay = [&](std::size_t state, double from, double until) {
        result.years_in[state] += until - from;
        result.stays += state == desisted ? 0 : 1;
      };
      const std::size_t last = paths.walk(offending, years, log_stretch, streams.open(Purpose("path"), person), stay);
      result.desisted += last == desisted ? 1 : 0;
    }
    const auto people = static_cast<double>(x_.size());
    for (double& sum : result.years_in) sum /= people;
    result.desisted /= people;
    result.stays /= people;
    return result;
  }

 private:
  std::uint64_t seed_;
  std::vector<double> x_;
};

}  // namespace desist::bench
