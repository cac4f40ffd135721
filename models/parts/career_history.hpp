// A career as an evaluation could come to know it: the listener behind virtual trials.
#pragma once

#include <algorithm>

#include "engine/simulation/history.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Adds one person after the other to a list of histories. It draws nothing, so whoever is listened to lives as if not.
///
/// Only offences that are seen are told: nobody can count the others. Of those who come again the first time is told.
/// Verified by: cohort_history_test.
class CareerHistory : public CareerListener {
 public:
  explicit CareerHistory(PersonHistories& histories) : histories_(histories) {}

  /// The entry of the next person.
  void expect(const CareerEntry& entry) { enters_ = entry.by_referral ? never : entry.enters; }

  void begin(const CareerPerson& person) {
    PersonHistory& history = histories_.people.emplace_back();
    history.person = person.id;
    history.entered = enters_;
    history.age = person.age;
    history.relative = person.relative;
    history.first_event = histories_.events.size();
  }
  void seen(const SeenOffence& offence) {
    histories_.events.push_back({offence.time, offence.type, offence.recorded, offence.arrested, offence.convicted});
  }
  void referred(double time) { last().entered = std::min(last().entered, time); }
  void started(double time) { last().started = std::min(last().started, time); }
  void left(double time, ProgrammeEnd how) {
    if (last().left < never) return;  // of somebody who came again
    last().left = time;
    last().how = end_of(how);
  }
  void died(double) { last().died = true; }
  void ended(double time) {
    last().until = time;
    last().events = histories_.events.size() - last().first_event;
    if (!last().died) return;
    for (std::size_t e = last().first_event; e < histories_.events.size(); ++e)  // nothing follows after death
      for (double* later : {&histories_.events[e].arrested, &histories_.events[e].proven})
        if (*later >= time) *later = never;
  }

 private:
  static PersonHistory::End end_of(ProgrammeEnd how) {
    switch (how) {
      case ProgrammeEnd::completed:
        return PersonHistory::End::completed;
      case ProgrammeEnd::dropped_out:
        return PersonHistory::End::dropped_out;
      case ProgrammeEnd::breached:
        return PersonHistory::End::breached;
      case ProgrammeEnd::to_custody:
        return PersonHistory::End::to_custody;
      case ProgrammeEnd::died:
        break;
    }
    return PersonHistory::End::died;
  }
  PersonHistory& last() { return histories_.people.back(); }

  PersonHistories& histories_;
  double enters_ = never;
};

}  // namespace desist
