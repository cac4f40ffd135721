// The model "course": how long until the first session, how many lapse, how many sessions are needed?
#pragma once

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/course.hpp"

namespace desist {

struct Course {
  static constexpr ModelInfo info{"course", "Cases wait for group sessions at intervals, which need enough of them.",
                                  "docs/models/course.md"};
  using Parameters = CourseParameters;
  using Bound = CoursePlan;

  struct Outcomes : WaitingOutcomes {
    double lapsed = 0;
    double sessions_a_year = 0;
    double cancelled = 0;
    double full = 0;
    double group_size = 0;
    double completions_a_year = 0;
    double cost_a_year = 0;
    double cost_a_completion = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum Better;
      WaitingOutcomes::describe(v);
      v.outcome("lapsed", &O::lapsed,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Share of the cases referred in the window whose time runs out before they come."});
      v.outcome("sessions_a_year", &O::sessions_a_year, {.unit = "session/year", .help = "Sessions held."});
      v.outcome("cancelled", &O::cancelled,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Share of the sessions cancelled because too few cases were booked."});
      v.outcome("full", &O::full,
                {.unit = "share",
                 .may_be_missing = true,
                 .help = "Share of the sessions held for which the largest group was booked."});
      v.outcome("group_size", &O::group_size,
                {.unit = "case", .may_be_missing = true, .help = "Cases that come to a session held, mean."});
      v.outcome("completions_a_year", &O::completions_a_year,
                {.unit = "case/year", .better = higher, .help = "Cases that come to a session and complete."});
      v.outcome("cost_a_year", &O::cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Cost of the sessions held and cancelled."});
      v.outcome("cost_a_completion", &O::cost_a_completion,
                {.unit = "£", .better = lower, .may_be_missing = true, .help = "Cost for each case that completes."});
    }
  };

  using Series = WaitingSeries;

  /// What a run came to, whoever came.
  static void report(const Bound& plan, const CourseTally& tally, Outcomes& outcomes, Series& series);
  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
