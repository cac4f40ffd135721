// What a walk through a career tells: pieces of time, offences, and what befalls the person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Of a person's own clock; `outside`: after the time that counts as after, or refused.
enum class CareerPhase { before, during, after, outside };
inline constexpr std::size_t career_phases = 4;

enum class CareerPlace { free, residence, custody };

enum class ProgrammeEnd { completed, dropped_out, breached, to_custody, died };

/// When a person enters a programme or starts it, so far as that is known beforehand.
struct CareerEntry {
  double enters = never;          // then: is asked, waits, starts
  double starts = never;          // starts then, nobody is asked
  bool by_referral = false;       // enters when referred
  bool starts_after_wait = true;  // else somebody else says when: in another walk, by `starts`
};

/// A stretch of time in which nothing changes but the season: within one step of the age grid, between two matters.
struct CareerPiece {
  double from = 0;
  double until = 0;
  CareerPhase phase = CareerPhase::before;
  CareerPlace place = CareerPlace::free;
  bool desisted = false;
  bool active = true;  // false in a quiet spell
  bool in_programme = false;
  DrugState drug = DrugState::using_drugs;
  double rate = 0;                   // offences a week, seen or not, before season, type and effect
  const double* mix = nullptr;       // q, by type
  const double* effect = nullptr;    // E, by type
  const double* detected = nullptr;  // d, by type
  double seen = 0;                   // sum of q E d: the part of the rate, with its effect, that is detected
  double severity = 1;
};

/// An offence that is detected, with what follows; what does not follow comes never (infinity).
struct SeenOffence {
  double time = 0;
  std::size_t type = 0;
  CareerPhase phase = CareerPhase::before;
  double severity = 1;
  std::uint64_t value_word = 0;
  std::optional<std::size_t> victim;  // place in the list of kinds
  double recorded = never;
  double arrested = never;
  double charged = never;
  double convicted = never;
  bool to_custody = false;
};

/// What the prosecution of a breach comes to; what does not follow comes never.
struct BreachProsecution {
  double charged = never;
  double convicted = never;
  bool to_custody = false;
};

/// An offence that is never detected; told only where every offence is asked for.
struct UnseenOffence {
  double time = 0;
  std::size_t type = 0;
  CareerPhase phase = CareerPhase::before;
  double severity = 1;
  std::uint64_t value_word = 0;
  std::optional<std::size_t> victim;
};

/// What a tally may listen to. A tally derives from it and hides what it wants to hear: calls are resolved when the
/// walk is compiled.
///
/// Offences that are seen are told before the piece they are in, and in their order; those that are not, after it.
struct CareerListener {
  void begin(const CareerPerson&) {}
  void piece(const CareerPiece&) {}
  void seen(const SeenOffence&) {}
  void unseen(const UnseenOffence&) {}
  void phase_begins(double, CareerPhase) {}
  void referred(double) {}
  void referred_again(double) {}  // beside `referred`, which is told each time
  void started(double) {}
  void left(double, ProgrammeEnd) {}
  void prosecuted(const BreachProsecution&) {}  // after a breach
  void sentenced(double) {}
  void released(double) {}
  void desisted(double) {}
  void died(double) {}
  void expected_before(double) {}  // offences seen in the time before, where things are held still
  void ended(double) {}            // at the end of the window or at death
};

}  // namespace desist
