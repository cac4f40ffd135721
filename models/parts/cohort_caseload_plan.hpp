// A cohort joined to a caseload: who offends is referred, waits while offending, and starts when the service has room.
//
// What it computes and what it leaves out: docs/models/cohort_caseload.md (mathematics.md 4.11).
#pragma once

#include "engine/simulation/profile.hpp"
#include "models/parts/caseload.hpp"
#include "models/parts/caseload_plan.hpp"
#include "models/parts/cohort_plan.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

/// Both parts, each with its own names: the programme says how long support lasts and who leaves it, the service
/// how many it has room for.
struct CohortCaseloadParameters : CohortParameters, CaseloadServiceParameters {
  double arrive_over = 0;

  static void describe(auto& v) {
    using P = CohortCaseloadParameters;
    v.number(
        "arrive_over", &P::arrive_over,
        {.unit = "week",
         .range = {0, 1040},
         .off = 0,
         .help = "Time over which people come into view, evenly; each one's own clock (before, entry, after) starts "
                 "then. At 0 everybody's starts with the window."});
    CohortParameters::describe_people(v);  // everyone is followed to the end
    WaitingParameters::describe(v);
    StaffParameters::describe(v, false);
    describe_slots(v);
    describe_line(v);
    describe_start_and_cost(v);
  }
};

/// Both with the numbers of one draw and arm.
struct CohortCaseloadPlan {
  /// Throws std::invalid_argument for parameters that contradict one another.
  CohortCaseloadPlan(const CohortCaseloadParameters& parameters, const Window& window);

  CohortPlan cohort;
  ProgrammePlan in_line;  // the programme of those who wait for it: nobody starts
  CaseloadServicePlan service;
  double arrive_over = 0;
};

}  // namespace desist
