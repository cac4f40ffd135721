#include "models/parts/cohort_caseload_run.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "engine/core/give_up.hpp"
#include "models/parts/career_trace.hpp"

namespace desist {

void CohortCaseloadRun::run(CaseloadTally& service, CohortCaseloadTally& cohort) {
  meet(service);
  live(cohort);
}

void CohortCaseloadRun::meet(CaseloadTally& service) {
  refer();
  serve(service);
  for (CareerCase& person : space_.people) settle(person);
}

void CohortCaseloadRun::refer() {
  const CareerPlan& career = plan_.cohort.career;
  CohortIntake intake(plan_.cohort, streams_);
  LineListener line;
  CareerWalk<LineListener> walk(career, plan_.in_line, streams_, space_.career, line);
  space_.people.clear();
  for (std::size_t i = 0; i < plan_.cohort.people; ++i) {
    if (i % people_between_looks == 0) give_up_if_asked();
    CareerCase one;
    one.member = intake.member(i);
    const CareerPerson& person = one.member.person;
    if (plan_.arrive_over > 0)
      one.arrival = plan_.arrive_over * uniform(streams_.words(Purpose("arrival"), person.id)[0]);
    line.expect(one.member.entry);
    walk.run(person, one.member.entry, career.end - one.arrival);
    one.own_referral = line.referred_at();
    one.referred = one.arrival + one.own_referral;
    one.leaves = one.arrival + line.leaves_at();
    one.why = line.why();
    space_.people.push_back(one);
  }
}

void CohortCaseloadRun::serve(CaseloadTally& tally) {
  space_.whose.clear();
  for (std::size_t i = 0; i < space_.people.size(); ++i)
    if (space_.people[i].referred < plan_.service.waiting.end) space_.whose.push_back(i);
  std::sort(space_.whose.begin(), space_.whose.end(), [this](std::size_t a, std::size_t b) {
    const CareerCase& x = space_.people[a];
    const CareerCase& y = space_.people[b];
    return std::tie(x.referred, x.member.person.id) < std::tie(y.referred, y.member.person.id);
  });
  space_.given.clear();
  for (const std::size_t i : space_.whose) {
    const CareerCase& person = space_.people[i];
    space_.given.push_back({person.referred, person.leaves, person.member.person.id});
  }
  const auto ask = [this](const Referral& referral, double start) { return support(referral, start); };
  CasesGiven cases(space_.given, streams_, ask);
  CaseloadRun(plan_.service, streams_, cases, space_.service, tally).run();
}

CaseloadSupport CohortCaseloadRun::support(const Referral& referral, double start) {
  const auto is_before = [](const GivenCase& given, const Referral& asked) {
    return std::tie(given.time, given.id) < std::tie(asked.time, asked.id);
  };
  const auto found = std::lower_bound(space_.given.begin(), space_.given.end(), referral, is_before);
  if (found == space_.given.end() || found->id != referral.id)  // of the starting backlog: nobody of the cohort
    return support_by_law(plan_.service.support, streams_, referral);
  CareerCase& person = space_.people[space_.whose[static_cast<std::size_t>(found - space_.given.begin())]];
  person.start = start;
  const double own_start = start <= person.referred ? person.own_referral : start - person.arrival;
  const double last = plan_.service.waiting.last_week - person.arrival;
  SupportListener end = in_programme(person, own_start, plan_.cohort.career.end - person.arrival);
  if (end.left_at == never) end = in_programme(person, own_start, last);
  return {std::min(end.left_at, last) - own_start, !end.completed};
}

// Where rates drift they do so at referral, in this walk as in that of the line.
CareerEntry CohortCaseloadRun::known_start(const CareerCase& person, double own_start) const {
  CareerEntry entry;
  entry.starts = own_start;
  entry.starts_after_wait = false;
  if (plan_.cohort.career.rates_drift) entry.enters = person.own_referral;
  return entry;
}

SupportListener CohortCaseloadRun::in_programme(const CareerCase& person, double own_start, double until) {
  SupportListener end;
  if (own_start >= until) return end;
  const CareerEntry entry = known_start(person, own_start);
  CareerWalk<SupportListener>(plan_.cohort.career, plan_.cohort.programme, streams_, space_.career, end)
      .run(person.member.person, entry, until);
  return end;
}

void CohortCaseloadRun::settle(CareerCase& person) const {
  using Wait = CareerCase::Wait;
  const double end = plan_.service.waiting.end;
  person.wait = Wait::not_referred;
  if (!(person.referred < end)) return;
  const Referral referral = referral_of(GivenCase{person.referred, person.leaves, person.member.person.id}, streams_);
  const double gives_up = gives_up_at(referral, plan_.service.patience);
  person.wait_ends = std::min({end, person.start, person.leaves, gives_up});
  if (person.start <= end) {
    person.wait = Wait::started;
    person.wait_ends = person.start;
  } else if (person.wait_ends == end) {
    person.wait = Wait::waits;
  } else if (gives_up < person.leaves) {
    person.wait = Wait::gave_up;
  } else {
    person.wait = person.why == LineEnd::custody      ? Wait::to_custody
                  : person.why == LineEnd::desistance ? Wait::desisted
                                                      : Wait::died;
  }
}

template <class Tally>
void CohortCaseloadRun::walk(const CareerCase& person, CareerWalk<Tally>& waiting, CareerWalk<Tally>& helped) const {
  const double own_end = plan_.cohort.career.end - person.arrival;
  if (person.wait != CareerCase::Wait::started) {
    waiting.run(person.member.person, person.member.entry, own_end);
    return;
  }
  const double start = person.start <= person.referred ? person.own_referral : person.start - person.arrival;
  helped.run(person.member.person, known_start(person, start), own_end);
}

void CohortCaseloadRun::live(CohortCaseloadTally& tally) {
  const CareerPlan& career = plan_.cohort.career;
  tally.start(career, plan_.cohort.counted_by);
  CareerWalk<CohortCaseloadTally> waiting(career, plan_.in_line, streams_, space_.career, tally);
  CareerWalk<CohortCaseloadTally> helped(career, plan_.cohort.programme, streams_, space_.career, tally);
  std::size_t people = 0;
  for (const CareerCase& person : space_.people) {
    if (people++ % people_between_looks == 0) give_up_if_asked();
    const bool is_referred = person.wait != CareerCase::Wait::not_referred;
    tally.expect(person.arrival, career.end - person.arrival, is_referred ? person.referred : 0,
                 is_referred ? person.wait_ends : 0);
    walk(person, waiting, helped);
  }
  tally.finish(streams_, 1);
}

std::vector<Trace> CohortCaseloadRun::traces(CaseloadTally& service, std::size_t people) {
  meet(service);
  const CareerPlan& career = plan_.cohort.career;
  CareerTrace trace(career);
  CareerWalk<CareerTrace> waiting(career, plan_.in_line, streams_, space_.career, trace);
  CareerWalk<CareerTrace> helped(career, plan_.cohort.programme, streams_, space_.career, trace);
  std::vector<Trace> told;
  for (std::size_t i = 0; i < std::min(people, space_.people.size()); ++i) {
    const CareerCase& person = space_.people[i];
    std::optional<CareerTrace::Wait> wait;
    if (person.wait != CareerCase::Wait::not_referred) wait = {person.referred, person.wait_ends};
    trace.expect(person.arrival, wait);
    walk(person, waiting, helped);
    told.push_back(trace.take());
  }
  return told;
}

}  // namespace desist
