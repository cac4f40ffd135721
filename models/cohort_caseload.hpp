// The model "cohort_caseload": what do people do while they wait for a service, and what would more room avert?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/cohort.hpp"
#include "models/parts/cohort_caseload_plan.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

struct CohortCaseload {
  static constexpr ModelInfo info{"cohort_caseload",
                                  "People offend, wait for a service with limited room, and are helped or not.",
                                  "docs/models/cohort_caseload.md"};
  using Parameters = CohortCaseloadParameters;
  using Bound = CohortCaseloadPlan;
  static std::vector<IdleParameter> idle(const Parameters& parameters) { return idle_parameters(parameters); }

  struct Outcomes : Cohort::Outcomes, WaitingOutcomes {
    double offences_waiting = 0;
    double recorded_waiting = 0;
    double years_waiting = 0;
    double gave_up_waiting = 0;
    double custody_waiting = 0;
    double desisted_waiting = 0;
    double died_waiting = 0;
    double waiting_end = 0;
    double clients_end = 0;
    double utilisation = 0;
    double workers_at_work = 0;
    double cost_a_year = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum Better;
      const auto people = [&](const char* name, double O::*member, const char* help) {
        v.outcome(name, member, {.unit = "person", .better = lower, .help = help});
      };
      Cohort::Outcomes::describe(v);
      WaitingOutcomes::describe(v);
      v.outcome(
          "offences_waiting", &O::offences_waiting,
          {.unit = "offence",
           .better = lower,
           .help = "Offences, seen or not, between referral and the start, or until the person leaves the line."});
      v.outcome("recorded_waiting", &O::recorded_waiting,
                {.unit = "offence", .better = lower, .help = "Of these, those recorded by the end of the window."});
      v.outcome("years_waiting", &O::years_waiting,
                {.unit = "year", .better = lower, .help = "Years that people spend waiting in the window, together."});
      people("gave_up_waiting", &O::gave_up_waiting, "People referred whose patience ends before they start.");
      people("custody_waiting", &O::custody_waiting, "People whom custody takes from the line.");
      people("desisted_waiting", &O::desisted_waiting, "People who give up crime while they wait, and leave the line.");
      people("died_waiting", &O::died_waiting, "People who die while they wait.");
      people("waiting_end", &O::waiting_end, "People of the cohort who wait at the end of the window.");
      v.outcome("clients_end", &O::clients_end,
                {.unit = "person", .help = "People in support at the end of the window."});
      v.outcome("utilisation", &O::utilisation,
                {.unit = "share", .may_be_missing = true, .help = "Share of the slots in use over the window."});
      v.outcome("workers_at_work", &O::workers_at_work,
                {.unit = "worker", .help = "Workers at work, mean over the weeks of the window."});
      v.outcome("cost_a_year", &O::cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Cost of posts and starts in the window."});
    }
  };

  struct Series : Cohort::Series, WaitingSeries {
    std::vector<double> clients;
    std::vector<double> started;
    std::vector<double> at_work;

    static void describe(auto& v) {
      using S = Series;
      Cohort::Series::describe(v);
      WaitingSeries::describe(v);
      v.series("clients", &S::clients, {.unit = "person", .help = "People in support at the end of the week."});
      v.series("started", &S::started, {.unit = "person", .help = "People started in the week."});
      v.series("at_work", &S::at_work, {.unit = "worker", .help = "Workers at work in the week."});
    }
  };

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
  static std::vector<TraceLane> trace_lanes();
  static std::vector<Trace> traces(const Bound& plan, const Streams& streams, std::size_t people);
};

}  // namespace desist
