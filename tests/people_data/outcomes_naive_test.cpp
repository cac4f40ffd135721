// The rules of outcomes again, day by day, on random histories: the two must agree in every number.
#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/data/outcomes.hpp"

namespace desist {
namespace {

Histories random_histories(std::mt19937_64& luck) {
  const auto below = [&](int n) { return static_cast<int>(luck() % static_cast<unsigned>(n)); };
  Histories histories;
  const int people = 1 + below(6);
  for (int i = 0; i < people; ++i) {
    FollowedPerson person;
    person.index = Date{18000 + below(800)};
    person.end = Date{person.index.days - 5 + below(900)};
    if (below(2) == 0) person.completed = Date{person.index.days - 3 + below(200)};
    histories.people.push_back(person);
  }
  const auto someone = [&]() -> std::optional<std::uint32_t> {
    const int k = below(people + 1);
    return k == people ? std::nullopt : std::optional(static_cast<std::uint32_t>(k));
  };
  for (int i = below(12); i > 0; --i) {
    CustodySpell spell{someone(), Date{17950 + below(1500)}, std::nullopt};
    if (below(4) > 0) spell.to = Date{spell.from.days - 2 + below(200)};
    histories.custody.push_back(spell);
  }
  for (int i = below(25); i > 0; --i) {
    Offence offence;
    offence.person = someone();
    offence.committed = Date{17950 + below(1700)};
    // One in two on a day at an edge: of a spell, a follow-up, a completion or a window.
    const CustodySpell* spell =
        histories.custody.empty() ? nullptr : &histories.custody[luck() % histories.custody.size()];
    const FollowedPerson& edge = histories.people[luck() % histories.people.size()];
    switch (below(12)) {
      case 0:
        if (spell != nullptr) std::tie(offence.person, offence.committed) = std::tie(spell->person, spell->from);
        break;
      case 1:
        if (spell != nullptr && spell->to)
          std::tie(offence.person, offence.committed) = std::tie(spell->person, *spell->to);
        break;
      case 2:
        offence.committed = edge.index;
        break;
      case 3:
        offence.committed = edge.end;
        break;
      case 4:
        if (edge.completed) offence.committed = *edge.completed;
        break;
      case 5:
        offence.committed = months_after(edge.index, 12);
        break;
      default:
        break;
    }
    if (below(3) > 0) offence.convicted = Date{offence.committed.days - 5 + below(400)};
    if (below(2) == 0) offence.harm = below(100);
    histories.offences.push_back(offence);
  }
  return histories;
}

struct Day {
  bool custody = false;
  int offences = 0, proven = 0;
  double harm = 0;
};

/// Every day of a person's life after the index date, up to and including `last`.
std::vector<Day> diary(const Histories& histories, std::uint32_t person, Date last, Date proof_end) {
  const FollowedPerson& who = histories.people[person];
  std::vector<Day> days;
  for (int today = who.index.days + 1; today <= std::min(last, who.end).days; ++today) {
    Day day;
    for (const CustodySpell& spell : histories.custody)
      if (spell.person == person && spell.from.days < today && (!spell.to || today <= spell.to->days))
        day.custody = true;
    for (const Offence& offence : histories.offences) {
      if (offence.person != person || offence.committed.days != today) continue;
      ++day.offences;
      day.harm += offence.harm ? *offence.harm : 0;
      if (offence.convicted && offence.convicted->days >= today && offence.convicted->days <= proof_end.days)
        ++day.proven;
    }
    days.push_back(day);
  }
  return days;
}

/// The corresponding date by walking forward a day at a time.
Date walked(Date date, int months) {
  int year = date.year(), month = date.month();
  for (int k = 0; k < months; ++k) {
    if (++month == 13) {
      month = 1;
      ++year;
    }
  }
  Date best = Date::from_ymd(year, month, 1);
  for (Date next = best; next.month() == month && next.day() <= date.day(); ++next.days) best = next;
  return best;
}

TEST(OutcomesNaiveTest, WindowsAndFollowUpAgree) {
  std::mt19937_64 luck(11);
  int yes = 0, unknown = 0, in_custody = 0;
  for (int run = 0; run < 600; ++run) {
    const Histories histories = random_histories(luck);
    const PeopleOutcomes outcomes = outcomes_from_events(histories, {});
    ASSERT_EQ(outcomes.windows.size(), 2u);
    for (std::uint32_t i = 0; i < histories.people.size(); ++i) {
      const FollowedPerson& person = histories.people[i];
      for (const WindowOutcomes& window : outcomes.windows) {
        const Date end = walked(person.index, window.months), proof = walked(person.index, window.months + 6);
        WindowOutcome naive;
        for (const Day& day : diary(histories, i, end, proof)) {
          ++naive.calendar_days;
          naive.free_days += day.custody ? 0 : 1;
          naive.reoffences += day.offences;
          naive.free_reoffences += day.custody ? 0 : day.offences;
          naive.proven_reoffences += day.proven;
          naive.harm += day.harm;
          in_custody += day.custody ? day.offences : 0;
        }
        naive.reoffended = person.end < end ? Seen::not_followed : naive.reoffences ? Seen::yes : Seen::no;
        naive.proven = person.end < proof ? Seen::not_followed : naive.proven_reoffences ? Seen::yes : Seen::no;
        const WindowOutcome& got = window.people[i];
        ASSERT_EQ(got.reoffended, naive.reoffended);
        ASSERT_EQ(got.proven, naive.proven);
        ASSERT_EQ(got.reoffences, naive.reoffences);
        ASSERT_EQ(got.free_reoffences, naive.free_reoffences);
        ASSERT_EQ(got.proven_reoffences, naive.proven_reoffences);
        ASSERT_EQ(got.harm, naive.harm);
        ASSERT_EQ(got.calendar_days, naive.calendar_days);
        ASSERT_EQ(got.free_days, naive.free_days);
        yes += naive.reoffended == Seen::yes;
        unknown += naive.reoffended == Seen::not_followed;
      }
      FollowUpOutcome naive;
      for (const Day& day : diary(histories, i, person.end, person.end)) {
        ++naive.calendar_days;
        naive.free_days += day.custody ? 0 : 1;
        if (!naive.reoffended) naive.days_to_first = naive.calendar_days;
        if (!naive.reoffended_free) naive.free_days_to_first = naive.free_days;
        naive.reoffences += day.offences;
        naive.reoffended = naive.reoffences > 0;
        naive.free_reoffences += day.custody ? 0 : day.offences;
        naive.reoffended_free = naive.free_reoffences > 0;
        naive.harm += day.harm;
      }
      const FollowUpOutcome& got = outcomes.follow_up[i];
      ASSERT_EQ(got.calendar_days, naive.calendar_days);
      ASSERT_EQ(got.free_days, naive.free_days);
      ASSERT_EQ(got.reoffences, naive.reoffences);
      ASSERT_EQ(got.free_reoffences, naive.free_reoffences);
      ASSERT_EQ(got.reoffended, naive.reoffended);
      ASSERT_EQ(got.days_to_first, naive.days_to_first);
      ASSERT_EQ(got.reoffended_free, naive.reoffended_free);
      ASSERT_EQ(got.free_days_to_first, naive.free_days_to_first);
      ASSERT_EQ(got.harm, naive.harm);
    }
  }
  EXPECT_GT(yes, 100);  // the histories try what they should
  EXPECT_GT(unknown, 100);
  EXPECT_GT(in_custody, 100);
}

TEST(OutcomesNaiveTest, RiskIntervalsHoldEveryDayOnce) {
  std::mt19937_64 luck(12);
  int treated_days = 0, events = 0;
  for (int run = 0; run < 600; ++run) {
    const Histories histories = random_histories(luck);
    for (const ExposureClock clock : {ExposureClock::calendar, ExposureClock::free}) {
      const std::vector<RiskInterval> rows = risk_intervals(histories, clock);
      std::size_t at = 0;
      for (std::uint32_t i = 0; i < histories.people.size(); ++i) {
        const FollowedPerson& person = histories.people[i];
        int day_on_clock = 0, before = 0, today = person.index.days;
        for (const Day& day : diary(histories, i, person.end, person.end)) {
          ++today;
          if (clock == ExposureClock::free && day.custody) continue;
          ++day_on_clock;
          // The row that holds this day: the present one, or the next.
          if (at < rows.size() && rows[at].person == i && rows[at].stop < day_on_clock) {
            before += rows[at].offences;
            ++at;
          }
          ASSERT_LT(at, rows.size());
          ASSERT_EQ(rows[at].person, i);
          ASSERT_LT(rows[at].start, day_on_clock);
          ASSERT_LE(day_on_clock, rows[at].stop);
          ASSERT_EQ(rows[at].before, before);
          const bool treated = person.completed && person.completed->days < today;
          ASSERT_EQ(rows[at].treated, treated) << "run " << run << " person " << i << " day " << day_on_clock;
          if (day.offences > 0) {
            ASSERT_EQ(rows[at].stop, day_on_clock);
            ASSERT_EQ(rows[at].offences, day.offences);
            ++events;
          } else if (rows[at].stop == day_on_clock) {
            ASSERT_EQ(rows[at].offences, 0);
          }
          treated_days += treated ? 1 : 0;
        }
        if (day_on_clock > 0) {
          ASSERT_EQ(rows[at].stop, day_on_clock);
          ++at;
        }
      }
      ASSERT_EQ(at, rows.size());
    }
  }
  EXPECT_GT(treated_days, 1000);
  EXPECT_GT(events, 1000);
}

}  // namespace
}  // namespace desist
