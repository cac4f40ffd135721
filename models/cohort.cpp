#include "models/cohort.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/give_up.hpp"
#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"
#include "models/parts/career_history.hpp"
#include "models/parts/career_trace.hpp"
#include "models/parts/career_walk.hpp"
#include "models/parts/cohort_tally.hpp"

namespace desist {
namespace {

constexpr double weeks_per_month = weeks_per_year / 12;

double ratio(double above, double below) { return below > 0 ? above / below : missing; }

double median(std::vector<double>& values) {
  if (values.empty()) return missing;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

template <CareerPhase phase>
void report(CohortTally& tally, double scale, PhaseOutcomes<phase>& outcomes) {
  PhaseSums& sums = tally.phases[static_cast<std::size_t>(phase)];
  outcomes.people = scale * sums.people;
  outcomes.offences = sums.seen + sums.unseen;
  outcomes.recorded = scale * sums.recorded;
  outcomes.proven = scale * sums.proven;
  const auto people = static_cast<double>(sums.recorded_each.people());
  const auto without = static_cast<double>(sums.recorded_each.people_with(0));
  outcomes.any_recorded = ratio(people - without, people);
  outcomes.any_proven = ratio(sums.with_proven, people);
  outcomes.median_recorded = sums.recorded_each.median();
  outcomes.recorded_a_month = ratio(sums.recorded, sums.weeks / weeks_per_month);
  outcomes.recorded_a_free_month = ratio(sums.recorded, sums.free_weeks / weeks_per_month);
  outcomes.expected_a_month = ratio(sums.expected, sums.weeks / weeks_per_month);
  outcomes.expected_a_free_month = ratio(sums.expected, sums.free_weeks / weeks_per_month);
  outcomes.offences_a_free_month = ratio(outcomes.offences / scale, sums.free_weeks / weeks_per_month);
  outcomes.stolen_a_week = median(sums.stolen_a_week);
  outcomes.spend_a_week = ratio(sums.spend, sums.weeks);
}

template <CareerPhase phase>
void report_falls(Cohort::Outcomes& outcomes) {
  const PhaseOutcomes<CareerPhase::before>& before = outcomes;
  const PhaseOutcomes<phase>& later = outcomes;
  PhaseFalls<phase>& falls = outcomes;
  // Equal rates over phases of other lengths are sums of other terms: without this a fall of nothing was one of 1e-15.
  const auto fall = [](double from, double to) { return difference_of_sums(1, ratio(to, from)); };
  const bool anybody = later.people > 0;
  falls.recorded = anybody ? fall(before.recorded, later.recorded) : missing;
  falls.recorded_a_month = fall(before.recorded_a_month, later.recorded_a_month);
  falls.recorded_a_free_month = fall(before.recorded_a_free_month, later.recorded_a_free_month);
  falls.expected_a_free_month = fall(before.expected_a_free_month, later.expected_a_free_month);
}

/// The last list varies first.
void report_joint(const CohortBreakdown& by, const JointCounts& joint, Cohort::Outcomes& outcomes) {
  if (!by.is_joint()) return;
  auto of_victim = outcomes.offences_by_year_and_victim.begin();
  auto of_phase_and_type = outcomes.offences_by_year_phase_and_type.begin();
  auto of_phase_and_victim = outcomes.offences_by_year_phase_and_victim.begin();
  for (std::size_t year = 0; year < by.years; ++year) {
    for (std::size_t kind = 0; kind < by.kinds; ++kind) *of_victim++ = joint.of_kind(year, {}, kind);
    for (const CareerPhase phase : by.phases) {
      for (std::size_t type = 0; type < by.types; ++type) *of_phase_and_type++ = joint.of_type(year, phase, type);
      for (std::size_t kind = 0; kind < by.kinds; ++kind) *of_phase_and_victim++ = joint.of_kind(year, phase, kind);
    }
  }
}

void report(const CohortPlan& plan, CohortTally& tally, Cohort::Outcomes& outcomes) {
  report(tally, plan.scale, static_cast<PhaseOutcomes<CareerPhase::before>&>(outcomes));
  report(tally, plan.scale, static_cast<PhaseOutcomes<CareerPhase::during>&>(outcomes));
  report(tally, plan.scale, static_cast<PhaseOutcomes<CareerPhase::after>&>(outcomes));
  report_falls<CareerPhase::during>(outcomes);
  report_falls<CareerPhase::after>(outcomes);
  for (std::size_t week = 0; week < tally.offences_by_week.size(); ++week) {
    const std::size_t year = plan.counted_by.year_of_week[week];
    outcomes.offences += tally.offences_by_week[week];
    outcomes.recorded += tally.recorded_by_week[week];
    if (year == plan.counted_by.years) continue;
    outcomes.offences_by_year[year] += tally.offences_by_week[week];
    outcomes.recorded_by_year[year] += tally.recorded_by_week[week];
  }
  const auto ends = [&](ProgrammeEnd how) { return plan.scale * tally.ends[static_cast<std::size_t>(how)]; };
  outcomes.arrests = plan.scale * tally.arrests;
  outcomes.charges = plan.scale * tally.charges;
  outcomes.convictions = plan.scale * tally.convictions;
  outcomes.sentences = plan.scale * tally.sentences;
  outcomes.stolen = tally.stolen;
  outcomes.harm = tally.harm;
  std::copy(tally.offences_by_type.begin(), tally.offences_by_type.end(), outcomes.offences_by_type.begin());
  std::transform(tally.recorded_by_type.begin(), tally.recorded_by_type.end(), outcomes.recorded_by_type.begin(),
                 [&](double recorded) { return plan.scale * recorded; });
  std::copy(tally.offences_by_victim.begin(), tally.offences_by_victim.end(), outcomes.offences_by_victim.begin());
  std::transform(tally.recorded_by_victim.begin(), tally.recorded_by_victim.end(), outcomes.recorded_by_victim.begin(),
                 [&](double recorded) { return plan.scale * recorded; });
  std::copy(tally.stolen_by_year.begin(), tally.stolen_by_year.end(), outcomes.stolen_by_year.begin());
  std::copy(tally.harm_by_year.begin(), tally.harm_by_year.end(), outcomes.harm_by_year.begin());
  report_joint(plan.counted_by, tally.joint, outcomes);
  outcomes.referred = plan.scale * tally.referrals;
  outcomes.people_referred = plan.scale * (tally.referrals - tally.repeats);
  outcomes.share_again = ratio(tally.repeats, tally.referrals);
  outcomes.started = plan.scale * tally.starts;
  outcomes.completed = ends(ProgrammeEnd::completed);
  outcomes.dropped_out = ends(ProgrammeEnd::dropped_out);
  outcomes.breached = ends(ProgrammeEnd::breached);
  double left = 0;
  for (const double how : tally.ends) left += plan.scale * how;
  outcomes.share_completed = ratio(outcomes.completed, left);
  outcomes.desisted = plan.scale * tally.desistances;
  outcomes.died = plan.scale * tally.deaths;
  const auto years_in = [&](CareerPlace place) {
    return plan.scale * tally.place_weeks[static_cast<std::size_t>(place)] / weeks_per_year;
  };
  outcomes.custody_years = years_in(CareerPlace::custody);
  outcomes.free_years = years_in(CareerPlace::free);
  outcomes.custody_end =
      plan.scale * tally.people.people(CountedState::in_custody, static_cast<std::size_t>(plan.career.weeks) - 1);
}

}  // namespace

void report(const CohortPlan& plan, CohortTally& tally, Cohort::Outcomes& outcomes, Cohort::Series& series) {
  report(plan, tally, outcomes);
  std::copy(tally.offences_by_week.begin(), tally.offences_by_week.end(), series.offences.begin());
  std::copy(tally.recorded_by_week.begin(), tally.recorded_by_week.end(), series.recorded.begin());
  const auto people = [&](CountedState state, std::size_t week) {
    return plan.scale * tally.people.people(state, week);
  };
  for (std::size_t week = 0; week < series.offending.size(); ++week) {
    series.offending[week] = people(CountedState::offending, week);
    series.in_custody[week] = people(CountedState::in_custody, week);
    series.in_programme[week] = people(CountedState::in_programme, week);
    series.using_drugs[week] = people(CountedState::using_drugs, week);
    series.desisted[week] = people(CountedState::desisted, week);
  }
}

void Cohort::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local CohortTally tally;
  thread_local CareerSpace space;
  tally.start(plan.career, plan.counted_by);
  CohortIntake intake(plan, streams);
  CareerWalk<CohortTally> walk(plan.career, plan.programme, streams, space, tally);
  for (std::size_t i = 0; i < plan.people; ++i) {
    if (i % people_between_looks == 0) give_up_if_asked();
    const CohortMember member = intake.member(i);
    walk.run(member.person, member.entry, plan.career.end);
  }
  tally.finish(streams, plan.scale);
  report(plan, tally, outcomes, series);
}

std::vector<TraceLane> Cohort::trace_lanes() { return CareerTrace::lanes(); }

std::vector<Trace> Cohort::traces(const Bound& plan, const Streams& streams, std::size_t people) {
  CareerSpace space;
  CareerTrace trace(plan.career);
  CohortIntake intake(plan, streams);
  CareerWalk<CareerTrace> walk(plan.career, plan.programme, streams, space, trace);
  std::vector<Trace> told;
  for (std::size_t i = 0; i < std::min(people, plan.people); ++i) {
    const CohortMember member = intake.member(i);
    walk.run(member.person, member.entry, plan.career.end);
    told.push_back(trace.take());
  }
  return told;
}

void Cohort::histories(const Bound& plan, const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                       PersonHistories& histories) {
  thread_local CareerSpace space;
  CareerHistory listener(histories);
  CohortIntake intake(plan, streams);
  CareerWalk<CareerHistory> walk(plan.career, plan.programme, streams, space, listener);
  for (const HistoryRequest& asked : people) {
    CohortMember member = intake.member(asked.number);
    member.person.rate *= asked.rate_factor;
    member.person.relative *= asked.rate_factor;
    listener.expect(member.entry);
    walk.run(member.person, member.entry, std::min(plan.career.end, member.entry.enters + weeks));
  }
}

}  // namespace desist
