// One replicate of a cohort joined to a caseload: careers in the line, the service, careers with their starts known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/trace.hpp"
#include "models/parts/career_line.hpp"
#include "models/parts/career_walk.hpp"
#include "models/parts/caseload_cases.hpp"
#include "models/parts/caseload_run.hpp"
#include "models/parts/caseload_tally.hpp"
#include "models/parts/cohort_caseload_plan.hpp"
#include "models/parts/cohort_caseload_tally.hpp"
#include "models/parts/given_cases.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// A person of the cohort as the service meets them; times are on the calendar.
struct CareerCase {
  /// How the wait ended by the end of the window.
  enum class Wait { not_referred, started, gave_up, to_custody, desisted, died, waits };

  CohortMember member;
  double arrival = 0;       // when the person's own clock starts
  double own_referral = 0;  // on that clock
  double referred = never;
  double leaves = never;  // the line, whatever the service does
  LineEnd why = LineEnd::none;
  double start = never;
  double wait_ends = never;
  Wait wait = Wait::not_referred;
};
inline constexpr std::size_t kinds_of_wait = 7;

/// Work space of a replicate, kept for its memory.
struct CohortCaseloadSpace {
  std::vector<CareerCase> people;
  std::vector<GivenCase> given;
  std::vector<std::size_t> whose;  // of `given`: number in `people`
  CareerSpace career;
  CaseloadSpace service;
};

/// Runs a replicate in three steps (mathematics.md 4.11).
///
/// A career depends on the person and on when they start, nothing else. So (1) careers without the programme tell when
/// everyone is referred, and when custody, desistance or death takes them from the line; (2) the service decides who
/// starts and when, and asks the career of whoever starts how long they stay; (3) careers with these starts are
/// counted, in the order of the people. Equal starts are then equal to the bit, whatever brought them about.
/// Verified by: cohort_caseload_test, cohort_caseload_law_test.
class CohortCaseloadRun {
 public:
  CohortCaseloadRun(const CohortCaseloadPlan& plan, const Streams& streams, CohortCaseloadSpace& space)
      : plan_(plan), streams_(streams), space_(space) {}

  /// Tells `service` of waits and supports, `cohort` of careers.
  void run(CaseloadTally& service, CohortCaseloadTally& cohort);
  /// Writes down the first `people` of them instead of counting any.
  std::vector<Trace> traces(CaseloadTally& service, std::size_t people);

 private:
  /// The walk of a person whose wait is settled, by who listens while waiting and who once the start is known.
  template <class Tally>
  void walk(const CareerCase& person, CareerWalk<Tally>& waiting, CareerWalk<Tally>& helped) const;
  void meet(CaseloadTally& service);
  void refer();
  void serve(CaseloadTally& tally);
  void settle(CareerCase& person) const;
  void live(CohortCaseloadTally& tally);
  CaseloadSupport support(const Referral& referral, double start);
  /// The entry of a person who starts at a known moment of their own time.
  CareerEntry known_start(const CareerCase& person, double own_start) const;
  SupportListener in_programme(const CareerCase& person, double own_start, double until);

  const CohortCaseloadPlan& plan_;
  const Streams& streams_;
  CohortCaseloadSpace& space_;
};

}  // namespace desist
