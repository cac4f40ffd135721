#include "engine/trial/trial_rows.hpp"

#include <algorithm>

#include "engine/core/limits.hpp"

namespace desist {
namespace {

double known_at(const HistoryEvent& event, SeenAs seen) {
  switch (seen) {
    case SeenAs::recorded:
      return event.recorded;
    case SeenAs::arrested:
      return event.arrested;
    case SeenAs::proven:
      break;
  }
  return event.proven;
}

/// Offences committed within `weeks` after `from` and known by `read`; of who had none the first is at the end of those
/// weeks, exactly: a time is compared with the follow-up. One at the moment of entry is the one that brought the person
/// in: of the time before.
inline TrialOutcome outcome_of(const TrialMeasure& measure, std::span<const HistoryEvent> events, double from,
                               double weeks, double read) {
  const double until = from + weeks;
  TrialOutcome outcome;
  outcome.first = weeks;
  for (const HistoryEvent& event : events) {
    if (event.time <= from || event.time > until) continue;
    if (!measure.types.empty() &&
        std::find(measure.types.begin(), measure.types.end(), event.type) == measure.types.end())
      continue;
    const double known = known_at(event, measure.seen);
    if (known == infinity || known > read) continue;
    ++outcome.count;
    outcome.first = std::min(outcome.first, event.time - from);
  }
  return outcome;
}

void add_outcomes(const std::vector<TrialMeasure>& measures, std::span<const HistoryEvent> events, double from,
                  double weeks, double read, TrialRows& rows) {
  for (std::size_t m = 0; m < measures.size(); ++m)
    rows.outcomes[m].push_back(outcome_of(measures[m], events, from, weeks, read));
}

/// Adds a row in its place: copied, it would be read before all of it has been written.
inline TrialRow& add_row_of(const TrialMember& member, const PersonHistory& person,
                            std::span<const HistoryEvent> events, std::vector<TrialRow>& rows) {
  TrialRow& row = rows.emplace_back();
  row.person = static_cast<std::int32_t>(member.number);
  row.cluster = member.cluster;
  row.block = member.block;
  row.period = static_cast<std::int16_t>(member.period);
  row.treated = member.treated;
  row.started = person.started < infinity;
  row.completed = person.how == PersonHistory::End::completed;
  row.age = person.age;
  row.before = recorded_before(person, events);
  return row;
}

/// How long after entry a person is followed, alive.
double weeks_followed(const TrialDesign& design, const PersonHistory& person, double lost, TrialReading reading) {
  const double whole = reading == TrialReading::whole || lost >= 1 ? design.follow_up : lost * design.follow_up;
  return person.died ? std::min(whole, person.until - person.entered) : whole;
}

double read_at(const TrialDesign& design, const PersonHistory& person, TrialReading reading) {
  if (reading == TrialReading::whole || !design.read_after) return infinity;
  return person.entered + design.follow_up + *design.read_after;
}

}  // namespace

WholeOutcome whole_outcome(const TrialDesign& design, const TrialMeasure& measure, const PersonHistory& person,
                           std::span<const HistoryEvent> events) {
  const double weeks = weeks_followed(design, person, 1, TrialReading::whole);
  return {outcome_of(measure, events, person.entered, weeks, infinity).count, weeks != design.follow_up};
}

bool is_recorded_later(const TrialDesign& design, const PersonHistory& person, std::span<const HistoryEvent> events) {
  return whole_outcome(design, TrialMeasure{}, person, events).count > 0;
}

double recorded_before(const PersonHistory& person, std::span<const HistoryEvent> events) {
  double count = 0;
  for (const HistoryEvent& event : events)
    if (event.time <= person.entered && event.recorded <= person.entered) ++count;
  return count;
}

void add_row(const TrialDesign& design, const std::vector<TrialMeasure>& measures, const TrialMember& member,
             const PersonHistory& person, std::span<const HistoryEvent> events, double lost, TrialReading reading,
             TrialRows& rows) {
  TrialRow& row = add_row_of(member, person, events, rows.rows);
  row.weeks = weeks_followed(design, person, lost, reading);
  row.lost = reading == TrialReading::as_planned && lost < 1 && row.weeks == lost * design.follow_up;
  row.died = person.died && !row.lost && row.weeks < design.follow_up;
  add_outcomes(measures, events, person.entered, row.weeks, read_at(design, person, reading), rows);
}

void add_before_and_after(const TrialDesign& design, const std::vector<TrialMeasure>& measures,
                          const TrialMember& member, const PersonHistory& person, std::span<const HistoryEvent> events,
                          double lost, TrialReading reading, TrialRows& rows) {
  TrialRow& before = add_row_of(member, person, events, rows.rows);
  before.treated = false;
  before.started = before.completed = false;  // not yet
  before.weeks = design.follow_up;
  const double from = person.entered - design.follow_up;
  add_outcomes(measures, events, from, design.follow_up, read_at(design, person, reading), rows);
  TrialMember after = member;
  after.treated = true;
  add_row(design, measures, after, person, events, lost, reading, rows);
}

}  // namespace desist
