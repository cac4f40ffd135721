#include "engine/data/outcomes.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/data/custody.hpp"
#include "engine/data/interner.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

WindowOutcome window_of(const Histories& histories, const FollowedPerson& person, int months, int conviction_months,
                        const std::vector<Reoffence>& reoffences, const std::vector<CustodyDays>& custody) {
  const Date window_end = months_after(person.index, months);
  const Date proof_end = months_after(person.index, months + conviction_months);
  const int last = std::min(last_day(person), window_end.days - person.index.days);
  WindowOutcome outcome;
  outcome.calendar_days = last;
  outcome.free_days = free_days_until(last, custody);
  for (const Reoffence& reoffence : reoffences) {
    if (reoffence.day > last) break;
    const Offence& offence = histories.offences[reoffence.row];
    ++outcome.reoffences;
    outcome.free_reoffences += in_custody(reoffence.day, custody) ? 0 : 1;
    outcome.harm += offence.harm.value_or(0);
    const bool proven = offence.convicted && *offence.convicted >= offence.committed && *offence.convicted <= proof_end;
    outcome.proven_reoffences += proven ? 1 : 0;
  }
  outcome.reoffended = person.end < window_end ? Seen::not_followed : outcome.reoffences > 0 ? Seen::yes : Seen::no;
  outcome.proven = person.end < proof_end ? Seen::not_followed : outcome.proven_reoffences > 0 ? Seen::yes : Seen::no;
  return outcome;
}

FollowUpOutcome follow_up_of(const Histories& histories, const FollowedPerson& person,
                             const std::vector<Reoffence>& reoffences, const std::vector<CustodyDays>& custody) {
  FollowUpOutcome outcome;
  outcome.calendar_days = outcome.days_to_first = last_day(person);
  outcome.free_days = outcome.free_days_to_first = free_days_until(outcome.calendar_days, custody);
  for (const Reoffence& reoffence : reoffences) {
    if (outcome.reoffences++ == 0) {
      outcome.reoffended = true;
      outcome.days_to_first = reoffence.day;
    }
    outcome.harm += histories.offences[reoffence.row].harm.value_or(0);
    if (in_custody(reoffence.day, custody)) continue;
    if (outcome.free_reoffences++ == 0) {
      outcome.reoffended_free = true;
      outcome.free_days_to_first = free_days_until(reoffence.day, custody);
    }
  }
  return outcome;
}

void note_people(const Histories& histories, DataProblems& notes) {
  for (std::size_t row = 0; row < histories.people.size(); ++row) {
    const FollowedPerson& person = histories.people[row];
    if (person.end < person.index) notes.add(Kind::follow_up_before_index, "", [&] { return row_place(row); });
    if (person.completed && (*person.completed < person.index || *person.completed > person.end))
      notes.add(Kind::completed_outside_follow_up, "", [&] { return row_place(row); });
  }
}

}  // namespace

std::vector<std::optional<std::uint32_t>> people_of(const DataColumn& ids, const DataColumn& people) {
  for (const DataColumn* column : {&ids, &people})
    if (column->codes.size() != column->missing.size()) throw std::invalid_argument("names are texts or categories");
  Interner known;  // every name of a person, and the row in which it first stands
  std::vector<std::uint32_t> row_of_name;
  for (std::size_t row = 0; row < people.codes.size(); ++row) {
    if (people.missing[row]) continue;
    const auto name =
        static_cast<std::size_t>(known.number(people.levels[static_cast<std::size_t>(people.codes[row])]));
    if (name == row_of_name.size()) row_of_name.push_back(static_cast<std::uint32_t>(row));
  }
  std::vector<std::int32_t> name_of_level;
  for (std::size_t level = 0; level < ids.levels.size(); ++level)
    name_of_level.push_back(known.find(ids.levels[level]));
  std::vector<std::optional<std::uint32_t>> rows(ids.codes.size());
  for (std::size_t row = 0; row < ids.codes.size(); ++row) {
    if (ids.missing[row]) continue;
    const std::int32_t name = name_of_level[static_cast<std::size_t>(ids.codes[row])];
    if (name >= 0) rows[row] = row_of_name[static_cast<std::size_t>(name)];
  }
  return rows;
}

Date months_after(Date date, int months) {
  const int month = date.year() * 12 + date.month() - 1 + months;
  const Date first = Date::from_ymd(month / 12, month % 12 + 1, 1);
  const Date next = Date::from_ymd((month + 1) / 12, (month + 1) % 12 + 1, 1);
  return Date{std::min(first.days + date.day() - 1, next.days - 1)};
}

PeopleOutcomes outcomes_from_events(const Histories& histories, const OutcomeRules& rules) {
  DataProblems notes;
  note_people(histories, notes);
  const auto reoffences = reoffences_of(histories, notes);
  const auto custody = custody_of(histories, notes);
  const bool weighted = std::any_of(histories.offences.begin(), histories.offences.end(),
                                    [](const Offence& offence) { return offence.harm.has_value(); });
  PeopleOutcomes outcomes;
  for (std::size_t i = 0; i < histories.people.size(); ++i) {
    outcomes.follow_up.push_back(follow_up_of(histories, histories.people[i], reoffences[i], custody[i]));
    for (const Reoffence& reoffence : reoffences[i]) {
      const auto place = [&] { return row_place(reoffence.row); };
      if (in_custody(reoffence.day, custody[i])) notes.add(Kind::offence_in_custody, "", place);
      if (weighted && !histories.offences[reoffence.row].harm) notes.add(Kind::harm_unknown, "", place);
    }
  }
  for (const int months : rules.windows) {
    WindowOutcomes window{months, {}};
    for (std::size_t i = 0; i < histories.people.size(); ++i)
      window.people.push_back(
          window_of(histories, histories.people[i], months, rules.conviction_months, reoffences[i], custody[i]));
    outcomes.windows.push_back(std::move(window));
  }
  outcomes.notes = notes.take();
  return outcomes;
}

std::vector<RiskInterval> risk_intervals(const Histories& histories, ExposureClock clock) {
  DataProblems unused;
  const auto reoffences = reoffences_of(histories, unused);
  auto custody = custody_of(histories, unused);
  std::vector<RiskInterval> rows;
  for (std::size_t i = 0; i < histories.people.size(); ++i) {
    const FollowedPerson& person = histories.people[i];
    std::vector<CustodyDays> spells;
    if (clock == ExposureClock::free) spells = std::move(custody[i]);
    const auto risk_day = [&](int day) { return free_days_until(day, spells); };
    const int end = risk_day(last_day(person));
    // Completion on day 0 or before treats from the start; after the end, or never, not at all.
    const int switched = person.completed ? risk_day(std::max(0, person.completed->days - person.index.days)) : end;
    std::vector<int> days;
    for (const Reoffence& reoffence : reoffences[i])
      if (!in_custody(reoffence.day, spells)) days.push_back(risk_day(reoffence.day));
    std::vector<int> cuts = days;
    if (switched > 0 && switched < end) cuts.push_back(switched);
    cuts.push_back(end);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    int start = 0, before = 0;
    for (const int stop : cuts) {
      if (stop <= start) continue;
      const int here = static_cast<int>(std::count(days.begin(), days.end(), stop));
      rows.push_back({static_cast<std::uint32_t>(i), start, stop, here, before, person.completed && start >= switched});
      start = stop;
      before += here;
    }
  }
  return rows;
}

ImmortalTime immortal_time(const Histories& histories) {
  DataProblems unused;
  const auto reoffences = reoffences_of(histories, unused);
  ImmortalTime time;
  for (std::size_t i = 0; i < histories.people.size(); ++i) {
    const FollowedPerson& person = histories.people[i];
    if (!person.completed || *person.completed < person.index || *person.completed > person.end) continue;
    const int immortal = person.completed->days - person.index.days;
    ++time.completers;
    time.follow_up_days += last_day(person);
    time.immortal_days += immortal;
    time.reoffended_before += !reoffences[i].empty() && reoffences[i].front().day <= immortal ? 1 : 0;
  }
  return time;
}

}  // namespace desist
