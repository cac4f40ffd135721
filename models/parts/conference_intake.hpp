// What both forms of the conference draw alike: meetings that fall through.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"

namespace desist {

/// Hearings of a meeting: its capacity, or none where it falls through.
inline int hearings_at(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t meeting) {
  if (plan.cancelled > 0) {
    const Words words = streams.words(Purpose("quorum"), static_cast<std::uint64_t>(conference), meeting);
    if (uniform(words[0]) < plan.cancelled) return 0;
  }
  return plan.capacity_of(conference, meeting);
}

}  // namespace desist
