// What a cohort tells a virtual trial of its people, against what it counts itself.
#include <gmock/gmock.h>

#include "engine/core/limits.hpp"
#include "tests/models/cohort_helpers.hpp"

namespace desist {
namespace {

using test::Entry;

std::vector<HistoryRequest> first_people(std::size_t n) {
  std::vector<HistoryRequest> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back({i, 1});
  return all;
}

/// A year before, half a year in a programme from which people drop out and are breached, and a year after.
CohortParameters course_cohort(int people) {
  CohortParameters p = test::plain_cohort(people, 2);
  test::add_type(p, 0.5, 1);
  test::convict_all(p);
  p.record_lag = 3;
  p.arrest_lag = 2;
  p.conviction_lag = 8;
  p.entry = Entry::everyone;
  p.before = 52;
  p.length = 26;
  p.rate_shape = 1;
  p.drop_out = 0.8;
  p.breach = 0.1;
  p.rate_effect.values = {0.5, 0.8};
  p.followed = CohortParameters::Followed::to_the_end;
  return p;
}

// Everyone is the same person as in the replicate: what is told adds up to what is counted.
TEST(CohortHistory, Adds_up_to_what_the_cohort_counts) {
  const CohortParameters p = course_cohort(300);
  const CohortPlan plan(p, test::weeks_from_january(200));
  const test::CohortResult counted = test::run(plan, 4);
  PersonHistories told;
  Cohort::histories(plan, Streams(1, 0, 4), first_people(300), 1000, told);
  ASSERT_EQ(told.people.size(), 300U);
  double started = 0, completed = 0, dropped_out = 0, breached = 0, recorded = 0, proven_or_not = 0;
  for (const PersonHistory& person : told.people) {
    EXPECT_EQ(person.entered, 52);
    EXPECT_EQ(person.until, plan.career.end);
    started += person.started < infinity ? 1 : 0;
    completed += person.how == PersonHistory::End::completed ? 1 : 0;
    dropped_out += person.how == PersonHistory::End::dropped_out ? 1 : 0;
    breached += person.how == PersonHistory::End::breached ? 1 : 0;
    double last = 0;
    for (const HistoryEvent& event : told.of(person)) {
      EXPECT_GE(event.time, last);
      last = event.time;
      EXPECT_GE(event.recorded, event.time);
      EXPECT_GE(event.arrested, event.recorded);
      EXPECT_GE(event.proven, event.arrested);
      recorded += event.recorded < plan.career.end ? 1 : 0;
      proven_or_not += event.proven < plan.career.end ? 1 : 0;
    }
  }
  EXPECT_EQ(started, counted.outcomes.started);
  EXPECT_EQ(completed, counted.outcomes.completed);
  EXPECT_EQ(dropped_out, counted.outcomes.dropped_out);
  EXPECT_EQ(breached, counted.outcomes.breached);
  EXPECT_GT(breached, 5);
  EXPECT_GT(dropped_out, 5);
  EXPECT_EQ(recorded, counted.outcomes.recorded);
  EXPECT_EQ(proven_or_not, counted.outcomes.convictions);
}

// Recorded at once, the offence by which people are met is told at the very moment of entry.
TEST(CohortHistory, Tells_the_offence_that_brings_a_person_in) {
  CohortParameters p = test::plain_cohort(50, 2);
  p.entry = Entry::index_offence;
  p.intake_window = 26;
  p.length = 26;
  p.rate_effect.values = {0};
  const CohortPlan plan(p, test::weeks_from_january(60));
  PersonHistories told;
  Cohort::histories(plan, Streams(1, 0, 4), first_people(50), 60, told);
  for (const PersonHistory& person : told.people) {
    ASSERT_FALSE(told.of(person).empty());
    EXPECT_EQ(told.of(person).front().time, person.entered);
    EXPECT_EQ(person.started, person.entered);
  }
}

// Who is asked for, in what order, and how long they are followed, changes nobody's life.
TEST(CohortHistory, A_person_is_the_same_whoever_else_is_asked_for) {
  const CohortPlan plan(course_cohort(300), test::weeks_from_january(200));
  const Streams streams(1, 0, 4);
  PersonHistories all, some;
  Cohort::histories(plan, streams, first_people(40), 1000, all);
  const std::vector<HistoryRequest> asked{{31, 1}, {7, 1}, {500, 1}, {12, 1}};
  Cohort::histories(plan, streams, asked, 60, some);
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    const PersonHistory &here = some.people[k], &there = all.people[asked[k].number];
    EXPECT_EQ(here.person, there.person);
    EXPECT_EQ(here.until, 112);
    EXPECT_EQ(here.started, there.started);
    const auto events = some.of(here), same = all.of(there);
    ASSERT_LE(events.size(), same.size());
    for (std::size_t e = 0; e < events.size(); ++e) {
      EXPECT_EQ(events[e].time, same[e].time);
      EXPECT_EQ(events[e].recorded, same[e].recorded);
    }
    EXPECT_TRUE(events.size() == same.size() || same[events.size()].time >= 112);
  }
}

TEST(CohortHistory, A_factor_multiplies_the_own_rate) {
  CohortParameters p = test::plain_cohort(2000, 2);
  const CohortPlan plan(p, test::weeks_from_january(60));
  PersonHistories one, three;
  auto asked = first_people(2000);
  Cohort::histories(plan, Streams(1, 0, 1), asked, 52, one);
  for (HistoryRequest& each : asked) each.rate_factor = 3;
  Cohort::histories(plan, Streams(1, 0, 1), asked, 52, three);
  EXPECT_EQ(one.people[5].relative * 3, three.people[5].relative);
  // 2000 people with 2 a year each: sd of the ratio 3 is 3 sqrt(1/4000 + 1/12000) = 0.055.
  EXPECT_NEAR(static_cast<double>(three.events.size()) / static_cast<double>(one.events.size()), 3, 4.9 * 0.055);
}

TEST(CohortHistory, A_list_that_chooses_fewer_is_refused) {
  CohortParameters p = test::plain_cohort(5, 2);
  p.entry = Entry::list;
  p.before = 26;
  p.list_of = 50;
  const CohortPlan plan(p, test::weeks_from_january(60));
  PersonHistories told;
  const std::vector<HistoryRequest> asked{{5, 1}};
  try {
    Cohort::histories(plan, Streams(1, 0, 1), asked, 20, told);
    FAIL();
  } catch (const std::runtime_error& thrown) {
    EXPECT_STREQ(thrown.what(), "more people are asked for than the list chooses: `people` has to be raised");
  }
}

// Lags of a year, a death a year: what would follow after death never does, in counts, histories and traces alike.
TEST(CohortHistory, NothingFollowsADeath) {
  CohortParameters p = course_cohort(400);
  p.death = 1;
  p.arrest_lag = p.conviction_lag = 52;
  const CohortPlan plan(p, test::weeks_from_january(200));
  PersonHistories told;
  Cohort::histories(plan, Streams(1, 0, 4), first_people(400), 1000, told);
  double arrests = 0, convictions = 0, cut = 0;
  for (const PersonHistory& person : told.people) {
    const double upto = person.died ? person.until : plan.career.end;
    for (const HistoryEvent& event : told.of(person)) {
      arrests += event.arrested < upto ? 1 : 0;
      convictions += event.proven < upto ? 1 : 0;
      if (!person.died) continue;
      EXPECT_TRUE(event.arrested < person.until || event.arrested == infinity);
      EXPECT_TRUE(event.proven < person.until || event.proven == infinity);
      cut += event.proven == infinity ? 1 : 0;
    }
  }
  EXPECT_GT(cut, 100);
  const auto counted = test::run(plan, 4).outcomes;
  EXPECT_EQ(counted.arrests, arrests);
  EXPECT_EQ(counted.convictions, convictions);
  int dead = 0, followed = 0;
  for (const Trace& trace : Cohort::traces(plan, Streams(1, 0, 4), 400)) {
    double dies = infinity, last = 0;
    for (const TraceRow& row : trace.rows) {
      if (row.what == "dies") dies = row.from;
      if (row.what == "arrest" || row.what == "conviction") last = std::max(last, row.from);
    }
    EXPECT_LT(last, dies);
    dead += dies < infinity ? 1 : 0;
    followed += last > 0 ? 1 : 0;
  }
  EXPECT_GT(dead, 100);
  EXPECT_GT(followed, 100);
}

}  // namespace
}  // namespace desist
