// The model "caseload": can a service of workers with clients cope, and how many workers or starts would it take?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/caseload.hpp"
#include "models/parts/caseload_plan.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

struct Caseload {
  static constexpr ModelInfo info{"caseload", "Cases wait for workers with a limited number of clients.",
                                  "docs/models/caseload.md"};
  using Parameters = CaseloadParameters;
  using Bound = CaseloadPlan;

  struct Outcomes : WaitingOutcomes {
    double clients_end = 0;
    double utilisation = 0;
    double workers_at_work = 0;
    double load = 0;
    double completions_a_year = 0;
    double effective_completions_a_year = 0;
    double dropped_out_a_year = 0;
    double cost_a_year = 0;
    double cost_per_completion = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum Better;
      WaitingOutcomes::describe(v);
      v.outcome("clients_end", &O::clients_end, {.unit = "case", .help = "Cases in support at the end of the window."});
      v.outcome("utilisation", &O::utilisation,
                {.unit = "share", .may_be_missing = true, .help = "Share of the slots in use over the window."});
      v.outcome("workers_at_work", &O::workers_at_work,
                {.unit = "worker", .help = "Workers at work, mean over the weeks of the window."});
      v.outcome("load", &O::load,
                {.unit = "case",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Cases in support for each worker at work over the window."});
      v.outcome("completions_a_year", &O::completions_a_year,
                {.unit = "case/year", .better = higher, .help = "Supports completed in the window."});
      v.outcome("effective_completions_a_year", &O::effective_completions_a_year,
                {.unit = "case/year",
                 .better = higher,
                 .help = "The same, each counted for as much as the load of its workers leaves of its effect."});
      v.outcome("dropped_out_a_year", &O::dropped_out_a_year,
                {.unit = "case/year", .better = lower, .help = "Cases that drop out of support in the window."});
      v.outcome("cost_a_year", &O::cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Cost of posts and starts in the window."});
      v.outcome("cost_per_completion", &O::cost_per_completion,
                {.unit = "£",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Cost in the window over supports completed in it."});
    }
  };

  struct Series : WaitingSeries {
    std::vector<double> clients;
    std::vector<double> started;
    std::vector<double> at_work;

    static void describe(auto& v) {
      using S = Series;
      WaitingSeries::describe(v);
      v.series("clients", &S::clients, {.unit = "case", .help = "Cases in support at the end of the week."});
      v.series("started", &S::started, {.unit = "case", .help = "Cases started in the week."});
      v.series("at_work", &S::at_work, {.unit = "worker", .help = "Workers at work in the week."});
    }
  };

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
