// What the evaluation of a virtual trial has to work with: a row a person, with what was known by the reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/simulation/history.hpp"
#include "engine/trial/assignment.hpp"
#include "engine/trial/trial.hpp"

namespace desist {

/// Which offences count, and when one is known.
struct TrialMeasure {
  std::vector<std::size_t> types;  // empty: all
  SeenAs seen = SeenAs::recorded;
  friend bool operator==(const TrialMeasure&, const TrialMeasure&) = default;
};

/// A person's row. Times are weeks after entry.
struct TrialRow {
  std::int32_t person = 0;
  std::int32_t cluster = 0;
  std::int32_t block = 0;
  std::int16_t period = 0;
  bool treated = false;  // the group; of before_and_after: the time after
  bool started = false;
  bool completed = false;
  bool lost = false;
  bool died = false;  // while followed
  double weeks = 0;   // followed for, alive
  double age = 0;
  double before = 0;  // offences recorded before entry
};

/// A person's outcome by one measure.
struct TrialOutcome {
  std::int32_t count = 0;
  double first = 0;  // when; of who had none: the end of their time
};

/// Rows in the order of entry, with an outcome a measure each. Kept for its memory.
struct TrialRows {
  std::vector<TrialRow> rows;
  std::vector<std::vector<TrialOutcome>> outcomes;  // by measure

  void clear(std::size_t measures) {
    rows.clear();
    outcomes.resize(measures);
    for (auto& each : outcomes) each.clear();
  }
};

/// Adds a member: the history in the arm that was lived, when the member is lost (a share of the follow-up; 1: never),
/// and what counts. `whole`: nobody is lost and all there is has been recorded, as for the truth.
enum class TrialReading { as_planned, whole };
void add_row(const TrialDesign& design, const std::vector<TrialMeasure>& measures, const TrialMember& member,
             const PersonHistory& person, std::span<const HistoryEvent> events, double lost, TrialReading reading,
             TrialRows& rows);

/// Adds two rows: the time before entry, as long as the follow-up, and the time after.
void add_before_and_after(const TrialDesign& design, const std::vector<TrialMeasure>& measures,
                          const TrialMember& member, const PersonHistory& person, std::span<const HistoryEvent> events,
                          double lost, TrialReading reading, TrialRows& rows);

/// What is seen of a person by one measure while they are followed, alive and never lost, once all there is has been
/// recorded; and whether they are followed for less.
struct WholeOutcome {
  int count = 0;
  bool is_short = false;
};
WholeOutcome whole_outcome(const TrialDesign& design, const TrialMeasure& measure, const PersonHistory& person,
                           std::span<const HistoryEvent> events);

/// Whether an offence of any type that a person commits while followed is recorded, whenever that is.
bool is_recorded_later(const TrialDesign& design, const PersonHistory& person, std::span<const HistoryEvent> events);

/// Offences recorded before entry.
double recorded_before(const PersonHistory& person, std::span<const HistoryEvent> events);

}  // namespace desist
