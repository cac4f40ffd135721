// What an evaluation could come to know of people, one by one: who entered, what they were given, what followed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace desist {

/// A thing that befell a person and that a study might count. Times are weeks of the window.
struct HistoryEvent {
  static constexpr double never = std::numeric_limits<double>::infinity();
  double time = 0;
  std::size_t type = 0;     // index into the model's list `history_types`
  double recorded = never;  // when whoever keeps records learns of it
  double arrested = never;
  double proven = never;
};

/// One person of a model. Times are weeks of the window.
struct PersonHistory {
  static constexpr double never = HistoryEvent::never;
  enum class End { none, completed, dropped_out, breached, to_custody, died };
  std::uint64_t person = 0;  // the name in streams: who it is, in every arm
  double entered = never;    // when the person could be assigned; never where not within the window
  double started = never;    // the programme
  double left = never;
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
