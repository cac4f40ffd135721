// What both forms of the conference draw alike: returning cases and meetings that fall through.
#pragma once

#include <cstdint>

#include "engine/random/counts.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"

namespace desist {

/// Cases that return together, and those of them that a filter keeps out.
struct Returns {
  std::int64_t referred = 0;
  std::int64_t turned_away = 0;
};

/// Number of a batch in stream keys: its meeting's number, those before the start below zero.
inline std::uint64_t batch_ordinal(const ConferencePlan& plan, std::size_t batch) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(batch) - plan.batches_before_start);
}

/// Draws how many of the cases heard at a batch's meeting return: binomial, then binomial again for the filter.
inline Returns draw_returns(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t batch,
                            std::int64_t heard) {
  const Words words =
      streams.words(Purpose("returns"), static_cast<std::uint64_t>(conference), batch_ordinal(plan, batch));
  Returns returns;
  returns.referred = binomial_by_search(uniform(words[0]), heard, plan.repeat_share);
  if (plan.has_filter()) {
    const int week = static_cast<int>(plan.batches[batch].time);
    const double share = week < plan.demand_weeks ? plan.filter(conference, week) : 0;
    returns.turned_away = binomial_by_search(uniform(words[1]), returns.referred, share);
  }
  return returns;
}

/// Hearings of a meeting: its capacity, or none where it falls through.
inline int hearings_at(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t meeting) {
  if (plan.cancelled > 0) {
    const Words words = streams.words(Purpose("quorum"), static_cast<std::uint64_t>(conference), meeting);
    if (uniform(words[0]) < plan.cancelled) return 0;
  }
  return plan.capacity_of(conference, meeting);
}

}  // namespace desist
