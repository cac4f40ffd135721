// What both forms of the conference draw alike: meetings that fall through or overrun.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"

namespace desist {

/// Hearings of a meeting: its slots, more where it overruns, none where it falls through. One without slots is none.
inline int hearings_at(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t meeting) {
  const int slots = plan.capacity_of(conference, meeting);
  if (!plan.meetings_vary || slots == 0) return slots;
  const Words words = streams.words(Purpose("quorum"), static_cast<std::uint64_t>(conference), meeting);
  if (uniform(words[0]) < plan.falls_through[meeting]) return 0;
  return uniform(words[1]) < plan.overrun ? slots + plan.overrun_hearings : slots;
}

}  // namespace desist
