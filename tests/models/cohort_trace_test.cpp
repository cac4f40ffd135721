// What is written down of a person is what the ordinary run counts of them, and draws nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <gmock/gmock.h>

#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;
using Kind = TraceRow::Kind;

constexpr double rounding = 1e-9;  // of sums of some hundred stretches of some hundred weeks

/// Moments by name, and weeks by state.
std::map<std::string, double> counted(const Trace& trace) {
  std::map<std::string, double> sums;
  for (const TraceRow& row : trace.rows) {
    if (row.kind == Kind::moment) ++sums[row.what];
    if (row.kind == Kind::state) sums[row.what] += row.until - row.from;
    if (row.kind == Kind::amount) sums[row.what] += row.value;
  }
  return sums;
}

/// A rich cohort whose offences are recorded at once, so that those recorded in the window are those seen in it.
CohortParameters traced_cohort(int people, CareerParameters::Record record) {
  CohortParameters p = rich_cohort(people);
  p.record_lag = 0;
  p.record = record;
  set_effects(p, 0.6);
  return p;
}

CohortPlan traced_plan(const CohortParameters& parameters) { return CohortPlan(parameters, weeks_from_january(130)); }

/// What the ordinary run counts of the last person of a cohort: the cohort with them, less the one without.
struct RecountOfLast {
  CohortResult with, without;
  double of(double Cohort::Outcomes::*what) const { return with.outcomes.*what - without.outcomes.*what; }
  double of(std::vector<double> Cohort::Series::*what, std::size_t week) const {
    return (with.series.*what)[week] - (without.series.*what)[week];
  }
};

TEST(CohortTrace, Is_what_the_ordinary_run_counts_of_that_person) {
  using O = Cohort::Outcomes;
  double completions = 0, sentences = 0, deaths = 0;
  for (const auto record : {CareerParameters::Record::totals, CareerParameters::Record::every_offence}) {
    for (int people = 2; people <= 40; ++people) {
      const CohortPlan plan = traced_plan(traced_cohort(people, record));
      const RecountOfLast recount{run(plan, 7), run(traced_plan(traced_cohort(people - 1, record)), 7)};
      const Trace trace = Cohort::traces(plan, Streams(1, 0, 7), static_cast<std::size_t>(people)).back();
      std::map<std::string, double> sums = counted(trace);
      const auto weeks = [&](double years) { return years * weeks_per_year; };
      EXPECT_EQ(sums["offence that is seen"], recount.of(&O::recorded));
      EXPECT_EQ(sums["arrest"], recount.of(&O::arrests));
      EXPECT_EQ(sums["charge"], recount.of(&O::charges));
      EXPECT_EQ(sums["conviction"], recount.of(&O::convictions));
      EXPECT_EQ(sums["referred"], recount.of(&O::referred));
      EXPECT_EQ(sums["completes"], recount.of(&O::completed));
      EXPECT_EQ(sums["drops out"], recount.of(&O::dropped_out));
      EXPECT_EQ(sums["breach"], recount.of(&O::breached));
      EXPECT_EQ(sums["dies"], recount.of(&O::died));
      EXPECT_EQ(sums["in the programme"] > 0, recount.of(&O::started) == 1);
      EXPECT_NEAR(sums["in custody"], weeks(recount.of(&O::custody_years)), rounding * 130);
      EXPECT_NEAR(sums["at liberty"], weeks(recount.of(&O::free_years)), rounding * 130);
      if (plan.career.every_offence) {
        EXPECT_EQ(sums["offence that nobody sees"], recount.of(&O::offences) - recount.of(&O::recorded));
      }
      completions += sums["completes"];
      sentences += sums["in custody"] > 0 ? 1 : 0;
      deaths += sums["dies"];
    }
  }
  // What would hold of nothing at all says nothing.
  EXPECT_GT(completions, 0);
  EXPECT_GT(sentences, 0);
  EXPECT_GT(deaths, 0);
}

TEST(CohortTrace, Has_the_states_in_which_the_ordinary_run_counts_people_by_week) {
  using S = Cohort::Series;
  const std::vector<std::pair<std::string, std::vector<double> S::*>> states = {{"in custody", &S::in_custody},
                                                                                {"using", &S::using_drugs},
                                                                                {"has given up", &S::desisted},
                                                                                {"in the programme", &S::in_programme}};
  for (int people = 2; people <= 30; ++people) {
    const auto record = CareerParameters::Record::totals;
    const CohortPlan plan = traced_plan(traced_cohort(people, record));
    const RecountOfLast recount{run(plan, 3), run(traced_plan(traced_cohort(people - 1, record)), 3)};
    const Trace trace = Cohort::traces(plan, Streams(1, 0, 3), static_cast<std::size_t>(people)).back();
    for (std::size_t week = 0; week < 130; ++week) {
      const auto end = static_cast<double>(week + 1);
      for (const auto& each : states) {
        const bool is_in = std::any_of(trace.rows.begin(), trace.rows.end(), [&](const TraceRow& row) {
          return row.kind == Kind::state && row.what == each.first && row.from < end && end <= row.until;
        });
        EXPECT_EQ(is_in ? 1 : 0, recount.of(each.second, week)) << each.first << ", week " << week;
      }
    }
  }
}

/// The expected number of offences that nobody sees, added up day by day.
struct UnseenDayByDay : CareerListener {
  const CareerPlan* plan = nullptr;
  std::array<double, 3> by_year{};
  void piece(const CareerPiece& piece) {
    double unseen = 0;
    for (std::size_t j = 0; j < plan->types; ++j) unseen += piece.mix[j] * (1 - plan->detected[j]) * piece.effect[j];
    for (int day = 0; day < 130 * 7; ++day) {
      const double from = std::max(piece.from, day / days_per_week);
      const double until = std::min(piece.until, (day + 1) / days_per_week);
      if (from >= until) continue;
      const double season = plan->season.at((day + 0.5) / days_per_week);
      by_year.at(static_cast<std::size_t>(day / 365)) += piece.rate * unseen * season * (until - from);
    }
  }
};

TEST(CohortTrace, Expects_of_each_year_what_its_days_add_up_to) {
  const CohortPlan plan = traced_plan(traced_cohort(20, CareerParameters::Record::totals));
  const Streams streams(1, 0, 5);
  const std::vector<Trace> traces = Cohort::traces(plan, streams, 20);
  CareerSpace space;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    UnseenDayByDay naive;
    naive.plan = &plan.career;
    const CohortMember member = CohortIntake(plan, streams).member(i);
    CareerWalk<UnseenDayByDay>(plan.career, plan.programme, streams, space, naive)
        .run(member.person, member.entry, plan.career.end);
    for (const TraceRow& row : traces[i].rows) {
      if (row.kind != Kind::amount) continue;
      const double expected = naive.by_year.at(static_cast<std::size_t>(std::lround(row.from / weeks_per_year)));
      EXPECT_NEAR(row.value, expected, 1e-9 * (1 + expected));
    }
  }
}

TEST(CohortTrace, Is_the_same_in_an_arm_that_changes_nothing) {
  CohortParameters nothing = traced_cohort(60, CareerParameters::Record::every_offence);
  set_effects(nothing, 1);
  CohortParameters also_nothing = nothing;  // how long, how much, how many: of an effect that is none
  also_nothing.half_life = 0;
  also_nothing.sessions = 0;
  also_nothing.attendance = 1;
  also_nothing.second_share = 0;
  const Streams streams(1, 0, 2);
  EXPECT_EQ(Cohort::traces(traced_plan(nothing), streams, 60), Cohort::traces(traced_plan(also_nothing), streams, 60));

  CohortParameters something = nothing;
  something.rate_effect.values.assign(something.types.size(), 0.6);
  const std::vector<Trace> without = Cohort::traces(traced_plan(nothing), streams, 60);
  const std::vector<Trace> with = Cohort::traces(traced_plan(something), streams, 60);
  EXPECT_NE(without, with);
  for (std::size_t i = 0; i < with.size(); ++i) {
    double start = 130;
    for (const TraceRow& row : with[i].rows)
      if (row.what == "in the programme") start = std::min(start, row.from);
    const auto moments_before = [&](const Trace& trace) {
      std::vector<TraceRow> rows;
      for (const TraceRow& row : trace.rows)
        if (row.kind == Kind::moment && row.from < start) rows.push_back(row);
      return rows;
    };
    EXPECT_EQ(moments_before(with[i]), moments_before(without[i]));
    if (start == 130) {
      EXPECT_EQ(with[i], without[i]);
    }
  }
}

TEST(CohortTrace, Names_only_what_its_lanes_declare) {
  const std::vector<TraceLane> lanes = Cohort::trace_lanes();
  const CohortPlan plan = traced_plan(traced_cohort(60, CareerParameters::Record::totals));
  for (const Trace& trace : Cohort::traces(plan, Streams(1, 0, 0), 60)) {
    double last = 0;
    std::size_t lane = 0;
    for (const TraceRow& row : trace.rows) {
      const TraceLane& of = lanes.at(row.lane);
      const auto& names = row.kind == Kind::state ? of.states : of.moments;
      if (row.kind == Kind::amount) {
        EXPECT_EQ(row.what, of.amount);
      } else {
        EXPECT_THAT(names, testing::Contains(row.what));
      }
      EXPECT_LE(row.from, row.until);
      EXPECT_GE(row.lane, lane);
      if (row.lane == lane) {
        EXPECT_GE(row.from, last);
      }
      last = row.from;
      lane = row.lane;
    }
  }
}

TEST(CohortTrace, Is_of_so_many_people_as_there_are) {
  const CohortPlan plan = traced_plan(traced_cohort(3, CareerParameters::Record::totals));
  EXPECT_EQ(Cohort::traces(plan, Streams(1, 0, 0), 2).size(), 2U);
  EXPECT_EQ(Cohort::traces(plan, Streams(1, 0, 0), 9).size(), 3U);
}

TEST(CohortTrace, Adds_up_to_the_ordinary_run_where_a_service_decides) {
  double waited = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const CohortCaseloadPlan plan(any_joined(seed), weeks_from_january(80));
    const CohortCaseload::Outcomes outcomes = run(plan, seed).outcomes;
    std::map<std::string, double> sums;
    const std::vector<Trace> traces = CohortCaseload::traces(plan, Streams(1, 0, seed), plan.cohort.people);
    for (const Trace& trace : traces)
      for (const auto& each : counted(trace)) sums[each.first] += each.second;
    const double slack = rounding * 80 * static_cast<double>(traces.size());
    EXPECT_EQ(sums["offence that is seen"] + sums["offence that nobody sees"], outcomes.offences);
    EXPECT_EQ(sums["arrest"], outcomes.arrests);
    EXPECT_EQ(sums["conviction"], outcomes.convictions);
    EXPECT_EQ(sums["referred"], outcomes.CohortCaseload::Outcomes::referred);
    EXPECT_EQ(sums["completes"], outcomes.completed);
    EXPECT_EQ(sums["dies"], outcomes.died);
    EXPECT_NEAR(sums["in custody"], outcomes.custody_years * weeks_per_year, slack);
    EXPECT_NEAR(sums["waits for it"], outcomes.years_waiting * weeks_per_year, slack);
    waited += sums["waits for it"];
  }
  EXPECT_GT(waited, 0);
}

}  // namespace
}  // namespace desist
