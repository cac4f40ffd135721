// The model "pathway": where along its stages does a service hold cases up, and what would it take to see them in time?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/pathway.hpp"
#include "models/parts/pathway_plan.hpp"

namespace desist {

struct Pathway {
  static constexpr ModelInfo info{"pathway",
                                  "Cases go through stages in turn, each with servers and a queue of its own; some "
                                  "leave, give up or come back.",
                                  "docs/models/pathway.md"};
  using Parameters = PathwayParameters;
  using Bound = PathwayPlan;

  struct Outcomes : WaitingOutcomes {
    std::vector<double> stage_wait;
    std::vector<double> stage_wait_from_referral;
    std::vector<double> stage_gave_up;
    std::vector<double> stage_backlog_end;
    std::vector<double> stage_backlog_mean;
    std::vector<double> stage_seen_a_week;
    std::vector<double> stage_busy;
    std::vector<double> stage_served_mean;
    double completed_a_week = 0;
    double returned_a_week = 0;
    double cost_a_year = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum Better;
      WaitingOutcomes::describe(v);
      v.outcome("stage_wait", &O::stage_wait,
                {.unit = "week",
                 .better = lower,
                 .over = "stages",
                 .may_be_missing = true,
                 .help = "Mean wait at the stage itself, of the cases referred in the window that come to it and do "
                         "not give up there."});
      v.outcome("stage_wait_from_referral", &O::stage_wait_from_referral,
                {.unit = "week",
                 .better = lower,
                 .over = "stages",
                 .may_be_missing = true,
                 .help = "Mean wait from referral until seen at the stage, of the cases referred in the window that "
                         "go so far and do not give up."});
      v.outcome("stage_gave_up", &O::stage_gave_up,
                {.unit = "share",
                 .better = lower,
                 .over = "stages",
                 .may_be_missing = true,
                 .help = "Of the cases referred in the window that come to the stage, the share that gives up there."});
      v.outcome("stage_backlog_end", &O::stage_backlog_end,
                {.unit = "case",
                 .better = lower,
                 .over = "stages",
                 .help = "Cases waiting at the stage at the end of the window."});
      v.outcome("stage_backlog_mean", &O::stage_backlog_mean,
                {.unit = "case",
                 .better = lower,
                 .over = "stages",
                 .help = "Cases waiting at the stage, on average over the window."});
      v.outcome("stage_seen_a_week", &O::stage_seen_a_week,
                {.unit = "case/week", .over = "stages", .help = "Cases seen at the stage in the window."});
      v.outcome("stage_busy", &O::stage_busy,
                {.unit = "share",
                 .over = "stages",
                 .may_be_missing = true,
                 .help = "Share of the stage's server time in the window that is taken up by cases; above 1 where "
                         "servers that go still end what they began."});
      v.outcome("stage_served_mean", &O::stage_served_mean,
                {.unit = "case",
                 .over = "stages",
                 .help = "Cases that a server of the stage is with, on average over the window."});
      v.outcome("completed_a_week", &O::completed_a_week,
                {.unit = "case/week", .better = higher, .help = "Cases that leave the last stage in the window."});
      v.outcome("returned_a_week", &O::returned_a_week,
                {.unit = "case/week", .help = "Cases that come back to the first stage in the window."});
      v.outcome("cost_a_year", &O::cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Cost of the cases seen in the window, at all stages."});
    }
  };
  using Series = WaitingSeries;

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
