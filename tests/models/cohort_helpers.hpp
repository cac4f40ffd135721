// Small cohorts for tests.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "models/cohort.hpp"
#include "models/parts/career_walk.hpp"
#include "models/parts/cohort_tally.hpp"

namespace desist::test {

using Entry = ProgrammeParameters::Entry;

inline Window weeks_from_january(int weeks) {
  const Date start = Date::from_ymd(2025, 1, 1);
  return {start, Date{start.days + 7 * weeks}};
}

/// One type of offences that all are recorded at once; everyone offends at the same rate a year.
inline CohortParameters plain_cohort(int people, double rate) {
  CohortParameters p;
  p.people = people;
  p.rate = rate;
  p.types = {"offence"};
  p.type_mix.values = {1};
  p.detected.values = {1};
  p.arrested.values = {0};
  p.charged.values = {0};
  p.convicted.values = {0};
  p.custody.values = {0};
  p.value_mean.values = {0};
  p.harm.values = {0};
  p.rate_effect.values = {1};
  p.second_effect.values = {1};
  p.second_interaction.values = {1};
  return p;
}

/// Another type beside those that are there.
inline void add_type(CohortParameters& p, double weight, double detected) {
  p.types.push_back("type " + std::to_string(p.types.size()));
  p.type_mix.values.push_back(weight);
  p.detected.values.push_back(detected);
  for (auto* values : {&p.arrested, &p.charged, &p.convicted, &p.custody, &p.value_mean, &p.harm})
    values->values.push_back(0);
  p.rate_effect.values.push_back(1);
  p.second_effect.values.push_back(1);
  p.second_interaction.values.push_back(1);
}

/// Every recorded offence leads to an arrest, a charge and a conviction at once.
inline void convict_all(CohortParameters& p) {
  p.arrested.values.assign(p.types.size(), 1);
  p.charged.values.assign(p.types.size(), 1);
  p.convicted.values.assign(p.types.size(), 1);
}

struct CohortResult {
  Cohort::Outcomes outcomes;
  Cohort::Series series;
};

/// Vectors get the lengths that a layout would give them.
inline void give_lengths(const CohortPlan& plan, Cohort::Outcomes& o, Cohort::Series& s) {
  const CohortBreakdown& by = plan.counted_by;
  for (auto* by_year : {&o.offences_by_year, &o.recorded_by_year, &o.stolen_by_year, &o.harm_by_year})
    by_year->resize(by.years);
  for (auto* by_type : {&o.offences_by_type, &o.recorded_by_type}) by_type->resize(by.types);
  for (auto* by_victim : {&o.offences_by_victim, &o.recorded_by_victim}) by_victim->resize(by.kinds);
  o.offences_by_year_and_victim.resize(by.years * by.kinds);
  o.offences_by_year_phase_and_type.resize(by.years * by.phases.size() * by.types);
  o.offences_by_year_phase_and_victim.resize(by.years * by.phases.size() * by.kinds);
  for (auto* series :
       {&s.offences, &s.recorded, &s.offending, &s.in_custody, &s.in_programme, &s.using_drugs, &s.desisted})
    series->resize(static_cast<std::size_t>(plan.career.weeks));
}

inline CohortResult run(const CohortPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  CohortResult result;
  give_lengths(plan, result.outcomes, result.series);
  Cohort::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

/// What one walk tells, written down.
struct Diary : CareerListener {
  CareerPerson person;
  std::vector<CareerPiece> pieces;
  std::vector<SeenOffence> offences;
  std::vector<UnseenOffence> others;
  std::vector<double> starts, exits, phases, in, out, referrals;
  std::vector<ProgrammeEnd> how;
  double desists = never;
  double dies = never;
  double ends = -1;
  void begin(const CareerPerson& who) { person = who; }
  void piece(const CareerPiece& what) { pieces.push_back(what); }
  void seen(const SeenOffence& what) { offences.push_back(what); }
  void unseen(const UnseenOffence& what) { others.push_back(what); }
  void phase_begins(double when, CareerPhase) { phases.push_back(when); }
  void referred(double when) { referrals.push_back(when); }
  void started(double when) { starts.push_back(when); }
  void left(double when, ProgrammeEnd why) { exits.push_back(when), how.push_back(why); }
  void sentenced(double when) { in.push_back(when); }
  void released(double when) { out.push_back(when); }
  void desisted(double when) { desists = when; }
  void died(double when) { dies = when; }
  void ended(double when) { ends = when; }

  std::vector<double> times() const {
    std::vector<double> times;
    for (const SeenOffence& offence : offences) times.push_back(offence.time);
    return times;
  }
};

/// The diary of the i-th member of a cohort.
inline Diary diary(const CohortPlan& plan, std::size_t i, std::uint64_t replicate = 0, std::uint64_t seed = 1) {
  const Streams streams(seed, 0, replicate);
  CareerSpace space;
  Diary told;
  const CohortMember member = CohortIntake(plan, streams).member(i);
  CareerWalk<Diary>(plan.career, plan.programme, streams, space, told)
      .run(member.person, member.entry, plan.career.end);
  return told;
}

/// One number of each member of a cohort, over `replicates` futures.
inline std::vector<double> each(const CohortPlan& plan, int replicates, const std::function<double(const Diary&)>& what,
                                std::uint64_t seed = 1) {
  std::vector<double> values;
  CareerSpace space;
  for (int r = 0; r < replicates; ++r) {
    const Streams streams(seed, 0, static_cast<std::uint64_t>(r));
    CohortIntake intake(plan, streams);
    for (std::size_t i = 0; i < plan.people; ++i) {
      Diary told;
      const CohortMember member = intake.member(i);
      CareerWalk<Diary>(plan.career, plan.programme, streams, space, told)
          .run(member.person, member.entry, plan.career.end);
      values.push_back(what(told));
    }
  }
  return values;
}

}  // namespace desist::test
