// Stays: how long a place is held, with a tail of delayed ones (mathematics.md 4.7).
//
// What it computes and what it leaves out: docs/models/places.md.
#pragma once

#include <cstdint>

#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

/// How long a place is held.
struct StayParameters {
  enum class Law { lognormal, gamma };

  double stay_mean = 0;
  double stay_spread = 1;
  Law stay_law = Law::lognormal;
  double delayed = 0;
  double delayed_stay = 0;
  Steps shorter_stays;

  static void describe(auto& v) {
    using P = StayParameters;
    v.number("stay_mean", &P::stay_mean,
             {.unit = "week", .range = {0, 520}, .help = "Mean stay of those that are not delayed."});
    v.number(
        "stay_spread", &P::stay_spread,
        {.unit = "1",
         .range = {0, 5},
         .help = "Standard deviation of stays over their mean: 0 where all are alike, 1 as with an exponential law."});
    v.one_of("stay_law", &P::stay_law, {"lognormal", "gamma"}, {.off = 0, .help = "The law of stays."});
    v.number("delayed", &P::delayed,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share of stays that are delayed, by a court for example, and follow a longer law."});
    v.number("delayed_stay", &P::delayed_stay,
             {.unit = "week", .range = {0, 1040}, .off = 0, .help = "Mean of the delayed stays."});
    v.number("shorter_stays", &P::shorter_stays,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share by which stays that begin from then on are shortened."});
  }
};

/// A stay, and whether it is a delayed one.
struct Stay {
  double weeks = 0;
  bool is_delayed = false;
};

/// The law of stays of one draw and arm: a mixture of two lognormal or two gamma laws with one coefficient of
/// variation c. Lognormal: log-variance s^2 = log(1 + c^2), log-mean log m - s^2/2. Gamma: shape 1/c^2, scale m c^2.
/// c = 0: every stay is the mean. By inversion, so that arms share luck. Verified by: places_law_test.
class StayLaw {
 public:
  /// Throws std::invalid_argument for delayed stays without a length.
  explicit StayLaw(const StayParameters& parameters);

  /// The stay of a case whose place begins at `time`: one word says how long, the other whether it is delayed.
  Stay stay(double time, std::uint64_t length, std::uint64_t delay) const;

  /// What is left of the stay of somebody who is there at the start, in the long run: a length-biased stay times a
  /// uniform share, density (1 - F(t)) / mean (Cox 1962, Renewal Theory, 5.4). The length-biased law of a lognormal has
  /// log-mean + s^2, that of a gamma its shape + 1; a delayed stay has the chance of its share of the mean.
  Stay left_at_start(const Words& length, std::uint64_t delay) const;

  /// Mean stay at the start, delayed ones included.
  double mean() const { return (1 - delayed_) * mean_ + delayed_ * delayed_mean_; }

 private:
  double length(double mean, double u, bool length_biased) const;

  StayParameters::Law law_;
  double mean_;
  double delayed_mean_;
  double delayed_;
  double spread_;
  double log_deviation_;  // s of the lognormal
  Steps shorter_;
};

}  // namespace desist
