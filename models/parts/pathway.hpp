// The pathway: stages that a case goes through in order, each with servers of its own and a queue.
//
// What it computes and what it leaves out: docs/models/pathway.md.
#pragma once

#include <string>
#include <vector>

#include "engine/simulation/profile.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// What the pathway needs to know. Simulated time is in weeks.
struct PathwayParameters : DemandParameters, StandardParameters {
  enum class TimeLaw { lognormal, exponential };

  std::vector<std::string> stages;
  ByItem<Steps> servers;
  ByItem<Steps> time;
  ByItem<double> time_cv;
  TimeLaw time_law = TimeLaw::lognormal;
  ByItem<Steps> continues;
  ByItem<double> patience;
  ByItem<double> cost;
  double return_share = 0;
  double return_delay = 0;
  ByItem<double> starting_backlog;
  ByItem<double> starting_wait;
  ByItem<double> starting_served;
  std::vector<std::string> wait_until;

  static void describe(auto& v) {
    using P = PathwayParameters;
    DemandParameters::describe(v);
    v.items("stages", &P::stages, {.unit = "stage", .help = "What a case goes through, in this order."});
    v.number("servers", &P::servers,
             {.unit = "server",
              .range = {0, 1e5},
              .over = "stages",
              .help = "Workers or slots of a stage, each for one case at a time; whole ones."});
    v.number("time", &P::time,
             {.unit = "week",
              .range = {0, 520},
              .over = "stages",
              .help = "Mean time for which a case takes up a server of the stage, from when it begins."});
    v.number("time_cv", &P::time_cv,
             {.unit = "1",
              .range = {0, 10},
              .off = 0,
              .over = "stages",
              .help = "Standard deviation of that time over its mean; 0: the same for every case."});
    v.one_of("time_law", &P::time_law, {"lognormal", "exponential"},
             {.off = 0, .help = "How those times vary; exponential ones need no time_cv."});
    v.number("continues", &P::continues,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .over = "stages",
              .help = "Of the cases that a stage has seen, the share that goes on to the next; the others leave."});
    v.number("patience", &P::patience,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .over = "stages",
              .help = "Mean time after which a case that still waits at the stage gives up; 0: never."});
    v.number("cost", &P::cost,
             {.unit = "£", .range = {0, 1e9}, .off = 0, .over = "stages", .help = "Cost of each case seen there."});
    v.number("return_share", &P::return_share,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Of the cases that leave the last stage, the share that comes back to the first."});
    v.number("return_delay", &P::return_delay,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Mean time from leaving the last stage to coming back, exponential; 0: at once."});
    v.number("starting_backlog", &P::starting_backlog,
             {.unit = "case",
              .range = {0, 1e6},
              .off = 0,
              .over = "stages",
              .help = "Cases that wait at the stage at the start."});
    v.number("starting_wait", &P::starting_wait,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .over = "stages",
              .help = "How long the first of them has waited there; the others came evenly since."});
    v.number("starting_served", &P::starting_served,
             {.unit = "case",
              .range = {0, 1e5},
              .off = 0,
              .over = "stages",
              .help = "Cases that a server of the stage is with at the start, met at a random moment of their time."});
    v.items("wait_until", &P::wait_until,
            {.unit = "stage",
             .may_be_absent = true,
             .help = "The stage at which a case counts as seen, in a list of one; the last where it is left out."});
    StandardParameters::describe(v);
  }
};

}  // namespace desist
