// Events whose rate an arm may change: a Poisson random measure in strips, thinned.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/random/stream.hpp"

namespace desist {

/// A point of the random measure: an event in every arm whose rate at `time` exceeds `height`.
struct Candidate {
  double time = 0;
  double height = 0;
  Words marks{};            // what the event is like, the same in all arms that keep it
  std::uint64_t strip = 0;  // with `index` the name of the event, which no arm can change
  std::uint64_t index = 0;
};

/// The events of one entity at a rate that depends on time and arm (mathematics.md 0.6; Lewis & Shedler 1979).
///
/// Strip 0 has heights [0, base), strip l >= 1 has [2^(l-1) base, 2^l base). A strip is one stream, of ordinal l, that
/// gives four words a candidate: gap, height, two marks. Nothing of it depends on an arm or a horizon, so equal rates
/// give equal events to the bit, a longer horizon moves nothing, and a candidate kept by two arms is the same event. A
/// strip is opened when the bound first reaches it. Exact for a rate that stays below `bound` until `until`.
///
///   ThinnedProcess arrivals(streams, Purpose("referrals of an area"), area, 1.0);
///   while (auto event = arrivals.next(end_of_year, highest_rate, [&](double t) { return rate(t); })) ...
///
/// Verified by: thinned_process_test.
class ThinnedProcess {
 public:
  /// `base` is a declared constant of the model (1 a week and area, say), never a parameter: it is part of the luck.
  ThinnedProcess(const Streams& streams, Purpose purpose, std::uint64_t entity, double base);

  /// The next event before `until`, or nothing; either way the process has moved on to there.
  /// The rate is asked only at candidates; one that is negative, NaN or above the bound is refused (std::domain_error).
  template <class Rate>
  std::optional<Candidate> next(double until, double bound, const Rate& rate) {
    while (std::optional<Candidate> candidate = next_candidate(until, bound)) {
      if (candidate->height < checked(rate(candidate->time), bound)) return candidate;
    }
    return std::nullopt;
  }

  /// Where the process has got to: the last event returned, or the last `until` reached.
  double now() const { return now_; }

 private:
  struct Strip {
    Stream stream;
    double low;
    double width;
    double mean_gap;
    Candidate head;
  };

  std::optional<Candidate> next_candidate(double until, double bound);
  void open_strips(double bound);
  static void advance(Strip& strip);
  static double checked(double rate, double bound);

  Streams streams_;
  Purpose purpose_;
  std::uint64_t entity_;
  double base_;
  double now_ = 0;
  std::vector<Strip> strips_;
};

}  // namespace desist
