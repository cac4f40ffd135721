// Cases that come back to the conference: who was heard is referred again after a time of its own, or never.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random/counts.hpp"
#include "engine/random/stream.hpp"

namespace desist {

/// When cases come back: with chance `share`, after an exponential time, given out evenly between two meetings.
///
/// The time T from a hearing has P(T > k intervals) = exp(-rate k interval) and an even law between two meetings: in
/// the mean it is longer than the exponential by interval^2 rate / 12 weeks at most. `repeat_share` is what comes back
/// within a year, so share = repeat_share / (1 - exp(-rate year)); rate = 1 / mean delay, or, where no share up to one
/// could give that much within a year, the rate at which all come back: -log(1 - repeat_share) / year.
/// Valid for repeat_share in [0, 1], mean_delay >= 0 and every interval > 0.
/// Verified by: conference_returns_test.
struct ReturnLaw {
  double share = 0;            // of heard cases that come back sooner or later
  double by_next_meeting = 0;  // chance that a case still to come back does so before the next meeting
  std::int64_t earlier_cases = 0;
  double earlier_chance = 0;

  ReturnLaw() = default;
  /// `hearings`: of one conference at each meeting before the start. Of them sum over n >= 0 of Binomial(hearings,
  /// share r^n), r = exp(-rate interval), are still to come back at the start. That number is drawn as one binomial of
  /// the same mean and variance, of hearings (1 + r) / (1 - r) cases, rounded up. With repeat_share <= 0.4 the
  /// cumulative laws differ by less than 0.0004 (22 hearings, mean delay from 8 meetings), 0.002 (5 hearings, from 4
  /// meetings).
  ReturnLaw(double repeat_share, double mean_delay, double interval, double hearings);
};

/// The cases of one conference that are still to come back. All are alike, so that their number says everything.
///
/// Streams: "returns at the start" (conference); "returns" (conference; meeting): one word for those who come before
/// the meeting, one for those heard at it. Each count is monotone in its word and in the number it is drawn from.
class ReturningCases {
 public:
  ReturningCases(const ReturnLaw& law, const Streams& streams, int conference);

  bool any() const { return any_; }
  /// Takes out those who come back between the meeting before this one and this one.
  std::int64_t take_before(std::size_t meeting);
  /// Adds those who will come back of the cases heard at the meeting last asked about.
  void add_heard(std::int64_t heard);
  std::int64_t pending() const { return pending_; }

 private:
  const Streams& streams_;
  std::uint64_t entity_;
  bool any_;
  BinomialSearch come_back_;        // of cases heard
  BinomialSearch by_next_meeting_;  // of cases still to come back
  std::int64_t pending_ = 0;
  Words words_{};
};

}  // namespace desist
