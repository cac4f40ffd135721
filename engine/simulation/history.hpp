// What an evaluation could come to know of people, one by one: who entered, what they were given, what followed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/limits.hpp"

namespace desist {

/// A thing that befell a person and that a study might count. Times are weeks of the window; infinity: never.
struct HistoryEvent {
  double time = 0;
  std::size_t type = 0;        // index into the model's list `history_types`
  double recorded = infinity;  // when whoever keeps records learns of it
  double arrested = infinity;
  double proven = infinity;
};

/// One person of a model. Times are weeks of the window; infinity: never.
struct PersonHistory {
  enum class End { none, completed, dropped_out, breached, to_custody, died };
  std::uint64_t person = 0;   // the name in streams: who it is, in every arm
  double entered = infinity;  // when the person could be assigned; infinity where not within the window
  double started = infinity;  // the programme
  double left = infinity;
  End how = End::none;
  double until = 0;  // death, or the end of what was asked for
  bool died = false;
  double age = 0;       // at the start of the window; 0 where the model has no ages
  double relative = 1;  // own rate over the mean: what no study knows
  std::size_t first_event = 0;
  std::size_t events = 0;
};

/// People in the order in which they were asked for. Kept for its memory.
struct PersonHistories {
  std::vector<PersonHistory> people;
  std::vector<HistoryEvent> events;

  void clear() {
    people.clear();
    events.clear();
  }
  std::span<const HistoryEvent> of(const PersonHistory& person) const {
    return std::span(events).subspan(person.first_event, person.events);
  }
};

/// Whose history is wanted.
struct HistoryRequest {
  std::size_t number = 0;  // which person, from 0: the same in every arm
  double rate_factor = 1;  // multiplies the person's own rate once the person has been chosen: what a place adds
};

}  // namespace desist
