#include "engine/estimation/event_outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/custody.hpp"

namespace desist {
namespace {

using What = FromEvents::What;

Date date_at(const DataColumn& column, std::size_t row) { return Date{static_cast<int>(column.values[row])}; }

std::optional<Date> date_if_known(const DataColumn& column, std::size_t row) {
  if (column.missing[row] != 0) return std::nullopt;
  return date_at(column, row);
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string_view clock_days(ExposureClock clock) {
  return clock == ExposureClock::free ? "days outside custody" : "days followed";
}

/// One column of values, missing where nothing is given.
class Made {
 public:
  Made(std::string name, ColumnType type, std::size_t rows) {
    column_.declared.name = std::move(name);
    column_.declared.type = type;
    column_.made = true;
    column_.values.resize(rows);
    column_.missing.resize(rows);
    std::fill(column_.values.begin(), column_.values.end(), 0.0);
    std::fill(column_.missing.begin(), column_.missing.end(), std::uint8_t{0});
  }
  void set(std::size_t row, std::optional<double> value) {
    column_.values[row] = value.value_or(0);
    column_.missing[row] = value ? 0 : 1;
    column_.missing_count += value ? 0 : 1;
  }
  DataColumn take() { return std::move(column_); }

 private:
  DataColumn column_;
};

class Maker {
 public:
  Maker(PersonStudy& study, const EventFiles& files)
      : study_(study), histories_(histories_of(study, files)), has_custody_(files.custody.has_value()) {}

  void make() {
    const PeopleOutcomes whole = outcomes_from_events(histories_, {{}, 6});
    for (PersonOutcome& outcome : study_.outcomes)
      if (outcome.from_events) add(outcome, whole);
    for (const std::string& words : remarks(whole.notes)) study_.event_places.push_back(words);
    for (const DataProblem& each : whole.notes) {
      DataProblem without = each;  // of rows: they would name people in a report
      without.first.clear();
      note(
          "left out", "", fmt::format("{}.", in_words(without)),
          "Some offences, spells or dates were left out or counted with care; how many is withheld, and `desist check` "
          "says it.",
          {each.count});
    }
    note_custody(whole);
    note_immortal_time();
  }

 private:
  void note(std::string kind, std::string outcome, std::string text, std::string without,
            std::vector<std::int64_t> people, bool of_missing = false) {
    study_.event_notes.push_back(
        {std::move(kind), std::move(outcome), std::move(text), std::move(without), std::move(people), of_missing});
  }

  std::string fresh(std::string name) const {
    const auto taken = [&](const DataColumn& column) { return column.declared.name == name; };
    while (std::any_of(study_.people.columns.begin(), study_.people.columns.end(), taken)) name += " (from events)";
    return name;
  }

  Made column(const std::string& name, ColumnType type) const { return {fresh(name), type, study_.people.rows}; }

  std::string keep(Made made) {
    study_.people.columns.push_back(made.take());
    return study_.people.columns.back().declared.name;
  }

  void add(PersonOutcome& outcome, const PeopleOutcomes& whole) {
    const FromEvents& made = *outcome.from_events;
    std::vector<WindowOutcome> window;
    if (made.months)
      window = outcomes_from_events(histories_, {{*made.months}, made.conviction_months}).windows.front().people;
    note("outcome", outcome.name, fmt::format("{}: {}.", outcome.label, in_words(made)), "", {});
    switch (made.what) {
      case What::reoffended:
      case What::proven:
        return add_seen(outcome, made, window);
      case What::harm:
        return add_harm(outcome, made, window);
      case What::number:
        return add_number(outcome, made, window, whole.follow_up);
      case What::time:
        return add_time(outcome, made, whole.follow_up);
    }
  }

  void add_seen(PersonOutcome& outcome, const FromEvents& made, const std::vector<WindowOutcome>& window) {
    Made seen = column(outcome.name, ColumnType::yes_no);
    std::int64_t unknown = 0;
    for (std::size_t row = 0; row < window.size(); ++row) {
      const Seen each = made.what == What::proven ? window[row].proven : window[row].reoffended;
      unknown += each == Seen::not_followed ? 1 : 0;
      if (each == Seen::not_followed)
        seen.set(row, std::nullopt);
      else
        seen.set(row, each == Seen::yes ? 1 : 0);
    }
    outcome.column = keep(std::move(seen));
    const int months = *made.months + (made.what == What::proven ? made.conviction_months : 0);
    note_unknown(outcome, unknown, fmt::format("followed for the whole {} months", months),
                 "neither yes nor no, also where an offence was seen: to keep those and drop the others would raise "
                 "the share");
  }

  void add_harm(PersonOutcome& outcome, const FromEvents& made, const std::vector<WindowOutcome>& window) {
    Made harm = column(outcome.name, ColumnType::number);
    std::int64_t unknown = 0;
    for (std::size_t row = 0; row < window.size(); ++row) {
      const bool known = window[row].reoffended != Seen::not_followed;
      unknown += known ? 0 : 1;
      harm.set(row, known ? std::optional(window[row].harm) : std::nullopt);
    }
    outcome.column = keep(std::move(harm));
    note_unknown(outcome, unknown, fmt::format("followed for the whole {} months", *made.months),
                 "without a sum: theirs would be of a shorter time");
  }

  void add_number(PersonOutcome& outcome, const FromEvents& made, const std::vector<WindowOutcome>& window,
                  const std::vector<FollowUpOutcome>& whole) {
    Made number = column(outcome.name, ColumnType::integer);
    Made days = column(outcome.name + ": time at risk", ColumnType::number);
    const bool free = made.clock == ExposureClock::free;
    std::int64_t unknown = 0, shorter = 0;
    for (std::size_t row = 0; row < whole.size(); ++row) {
      const auto [offences, at_risk] = made.months
                                           ? (free ? std::pair(window[row].free_reoffences, window[row].free_days)
                                                   : std::pair(window[row].reoffences, window[row].calendar_days))
                                           : (free ? std::pair(whole[row].free_reoffences, whole[row].free_days)
                                                   : std::pair(whole[row].reoffences, whole[row].calendar_days));
      const bool known = at_risk > 0;
      unknown += known ? 0 : 1;
      shorter += made.months && known && window[row].reoffended == Seen::not_followed ? 1 : 0;
      number.set(row, known ? std::optional<double>(offences) : std::nullopt);
      days.set(row, known ? std::optional(at_risk / made.days_a_unit) : std::nullopt);
    }
    outcome.column = keep(std::move(number));
    outcome.exposure = keep(std::move(days));
    note_unknown(outcome, unknown, free ? "outside custody for a day" : "followed for a day", "not in the rate");
    if (shorter > 0)
      note("unequal follow-up", outcome.name,
           fmt::format("{}: {} followed for less than the {} months; the rate counts the {} that they have.",
                       outcome.label, counted(shorter, "person was", "people were"), *made.months,
                       clock_days(made.clock)),
           fmt::format("{}: some people were followed for less than the {} months; the rate counts the {} that they "
                       "have.",
                       outcome.label, *made.months, clock_days(made.clock)),
           {shorter, rows() - unknown - shorter}, true);
  }

  void add_time(PersonOutcome& outcome, const FromEvents& made, const std::vector<FollowUpOutcome>& whole) {
    Made time = column(outcome.name, ColumnType::number);
    Made event = column(outcome.name + ": it happened", ColumnType::yes_no);
    const bool free = made.clock == ExposureClock::free;
    std::int64_t unknown = 0;
    for (std::size_t row = 0; row < whole.size(); ++row) {
      const FollowUpOutcome& each = whole[row];
      const bool known = (free ? each.free_days : each.calendar_days) > 0;
      unknown += known ? 0 : 1;
      const int days = free ? each.free_days_to_first : each.days_to_first;
      time.set(row, known ? std::optional(days / made.days_a_unit) : std::nullopt);
      event.set(row, known ? std::optional((free ? each.reoffended_free : each.reoffended) ? 1.0 : 0.0) : std::nullopt);
    }
    outcome.column = keep(std::move(time));
    outcome.event = keep(std::move(event));
    note_unknown(outcome, unknown, free ? "outside custody for a day" : "followed for a day", "never at risk");
  }

  void note_unknown(const PersonOutcome& outcome, std::int64_t unknown, const std::string& what,
                    const std::string& then) {
    if (unknown == 0)
      return note("not known", outcome.name, fmt::format("{}: everyone was {}.", outcome.label, what), "", {}, true);
    note("not known", outcome.name,
         fmt::format("{}: {} of {} people {} not {}; they are {}.", outcome.label, unknown, rows(),
                     unknown == 1 ? "was" : "were", what, then),
         fmt::format("{}: some people were not {}; they are {}.", outcome.label, what, then),
         {unknown, rows() - unknown}, true);
  }

  void note_custody(const PeopleOutcomes& whole) {
    if (!has_custody_) return;
    std::int64_t days = 0, free = 0, people = 0;
    for (const FollowUpOutcome& each : whole.follow_up) {
      days += each.calendar_days;
      free += each.free_days;
      people += each.free_days < each.calendar_days ? 1 : 0;
    }
    const std::string share =
        days == 0 ? "none" : fmt::format("{:.1f}%", 100 * (1 - static_cast<double>(free) / static_cast<double>(days)));
    note("custody", "",
         fmt::format("{} in custody for {} of the {} days that everyone together was followed ({}); the free clock "
                     "stands still in them.",
                     counted(people, "person was", "people were"), days - free, days, share),
         fmt::format("{} of the days followed were spent in custody; the free clock stands still in them.", share),
         {people, rows() - people});
  }

  void note_immortal_time() {
    const bool given =
        std::any_of(histories_.people.begin(), histories_.people.end(), [](const auto& p) { return p.completed; });
    if (!given) return;
    const ImmortalTime time = immortal_time(histories_);
    const auto completers = static_cast<std::int64_t>(time.completers);
    const auto before = static_cast<std::int64_t>(time.reoffended_before);
    if (time.immortal_days == 0)
      return note(
          "immortal time", "",
          "No immortal time: nobody completed after the index date, so all of completers' time lies after their "
          "completion.",
          "", {});
    const std::string why =
        "Only people whom nothing stopped from completing are completers, so counting these days as treated makes them "
        "look better than they are (Suissa 2008). Compare everyone by the group they were put into, or count "
        "completers "
        "as treated only from the day on which they completed.";
    const std::string share = fmt::format("{:.1f}%", 100 * time.share());
    note("immortal time", "",
         fmt::format("Immortal time: {} {} followed for {} days, of which {} ({}) lie before completion; {} in those "
                     "days. {}",
                     counted(completers, "completer", "completers"), completers == 1 ? "was" : "were",
                     time.follow_up_days, time.immortal_days, share,
                     before == 0   ? "nobody reoffended"
                     : before == 1 ? "1 of them reoffended"
                                   : fmt::format("{} of them reoffended", before),
                     why),
         fmt::format("Immortal time: {} of completers' days lie before their completion. {}", share, why),
         {completers, before, completers - before, rows() - completers});
  }

  std::int64_t rows() const { return static_cast<std::int64_t>(study_.people.rows); }

  PersonStudy& study_;
  const Histories histories_;
  const bool has_custody_;
};

}  // namespace

Histories histories_of(const PersonStudy& study, const EventFiles& files) {
  Histories histories;
  const DataFile& people = study.people;
  const DataColumn& index = people.column(files.index);
  for (std::size_t row = 0; row < people.rows; ++row) {
    FollowedPerson person;
    person.index = date_at(index, row);
    person.end = files.end.empty() ? files.ends.value() : date_at(people.column(files.end), row);
    if (!files.completed.empty()) person.completed = date_if_known(people.column(files.completed), row);
    histories.people.push_back(person);
  }
  const DataColumn& ids = people.column(study.id);
  const auto offender = people_of(files.offences.column(files.person), ids);
  for (std::size_t row = 0; row < files.offences.rows; ++row) {
    Offence offence{offender[row], date_at(files.offences.column(files.committed), row), {}, {}};
    if (!files.convicted.empty()) offence.convicted = date_if_known(files.offences.column(files.convicted), row);
    if (!files.harm.empty() && files.offences.column(files.harm).missing[row] == 0)
      offence.harm = files.offences.column(files.harm).values[row];
    histories.offences.push_back(offence);
  }
  if (!files.custody) return histories;
  const DataFile& custody = *files.custody;
  const auto held = people_of(custody.column(files.custody_person), ids);
  for (std::size_t row = 0; row < custody.rows; ++row)
    histories.custody.push_back(
        {held[row], date_at(custody.column(files.from), row), date_if_known(custody.column(files.to), row)});
  return histories;
}

void add_event_outcomes(PersonStudy& study, const EventFiles& files) { Maker(study, files).make(); }

std::string in_words(const FromEvents& made) {
  const std::string window =
      made.months ? fmt::format("within {} after the index date", counted(*made.months, "month", "months"))
                  : "from the index date to the end of follow-up";
  const bool free = made.clock == ExposureClock::free;
  switch (made.what) {
    case What::reoffended:
      return fmt::format("whether an offence was committed {}", window);
    case What::proven:
      return fmt::format("whether an offence was committed {} and led to a conviction not later than {} after that",
                         window, counted(made.conviction_months, "month", "months"));
    case What::number:
      return fmt::format("how many offences were committed {}{}, over the {}", window, free ? ", outside custody" : "",
                         clock_days(made.clock));
    case What::time:
      return fmt::format("the {} from the index date to the first offence{}, or to the end of follow-up",
                         free ? "time outside custody" : "time", free ? " outside custody" : "");
    case What::harm:
      break;
  }
  return fmt::format("the sum of the harm weights of offences committed {}", window);
}

}  // namespace desist
