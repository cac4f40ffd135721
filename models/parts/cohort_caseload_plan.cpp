#include "models/parts/cohort_caseload_plan.hpp"

#include <stdexcept>

#include "engine/core/limits.hpp"
#include "models/parts/refusal.hpp"

namespace desist {
namespace {

/// The service as the programme fills it: those who start stay as long as planned, unless their careers say otherwise.
CaseloadServicePlan service_plan(const CohortCaseloadParameters& parameters, const Window& window) {
  CaseloadServiceParameters service = parameters;
  service.support_mean = parameters.length;
  service.support_cv = parameters.length_cv;
  return {service, window};
}

}  // namespace

CohortCaseloadPlan::CohortCaseloadPlan(const CohortCaseloadParameters& parameters, const Window& window)
    : cohort(parameters, window),
      in_line(cohort.programme),
      service(service_plan(parameters, window)),
      arrive_over(parameters.arrive_over) {
  refuse_unless(parameters.wait == 0, "how long people wait is what the service decides: leave `wait` out");
  refuse_unless(cohort.programme.again == ProgrammeParameters::Again::not_again,
                "people come to this service once: leave `again` out");
  refuse_unless(parameters.stands_for == 1, "a service has room for people, one by one: leave stands_for out");
  refuse_unless(arrive_over <= cohort.career.end, "arrive_over has to end before the window does");
  refuse_unless(arrive_over == 0 || cohort.career.season.is_flat(),
                "people who come at moments of their own have no season: leave `season` or arrive_over out");
  in_line.wait = infinity;
}

}  // namespace desist
