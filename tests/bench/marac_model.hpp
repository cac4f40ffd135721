// Task T2 (a conference backlog) as models: the conference part, and the two figures that the task asks for.
//
// Eight conferences, 22.0024 cases a week each, 140 waiting at the start, a meeting at the end of each of weeks 1 ..
// 260 with 20 hearings. Figures: the mean over the meetings of the number left, all conferences together; the mean wait
// of all cases heard, where those of the start came at 0. A benchmark only: 20 hearings are no estimate of the real
// service.
#pragma once

#include "engine/simulation/contract.hpp"
#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_counts.hpp"
#include "models/parts/conference_plan.hpp"

namespace desist::bench {

struct MaracOutcomes {
  double mean_backlog = 0;
  double mean_wait = 0;
  static void describe(auto& v) {
    v.outcome("mean_backlog", &MaracOutcomes::mean_backlog, {.unit = "case", .help = "Mean number left by meetings."});
    v.outcome("mean_wait", &MaracOutcomes::mean_wait, {.unit = "week", .help = "Mean wait of the cases heard."});
  }
};

struct NoSeries {};
struct BacklogSeries {
  std::vector<double> backlog;
  static void describe(auto& v) {
    v.series("backlog", &BacklogSeries::backlog, {.unit = "case", .help = "Cases left by the week's meetings."});
  }
};

/// The task with or without the distribution of the backlog of every week.
template <class SeriesOfModel>
struct Marac {
  static constexpr ModelInfo info{"marac", "Task T2.", "docs/performance.md"};
  using Parameters = ConferenceParameters;
  struct Bound : ConferencePlan {  // the task ends with the window
    Bound(const ConferenceParameters& parameters, const Window& window)
        : ConferencePlan(parameters, window, FollowUp::none) {}
  };
  using Outcomes = MaracOutcomes;
  using Series = SeriesOfModel;

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
    thread_local ConferenceTally tally;
    thread_local ConferenceCases cases;
    tally.waits_by_week = false;
    tally.begin(plan);
    for (int conference = 0; conference < plan.conferences; ++conference) {
      if (plan.counts_only) {
        count_cases(plan, streams, conference, tally);
      } else {
        follow_cases(plan, streams, conference, cases);
        tally_cases(plan, cases, tally);
      }
    }
    for (int week = 1; week <= plan.weeks; ++week) outcomes.mean_backlog += tally.left[static_cast<std::size_t>(week)];
    outcomes.mean_backlog /= plan.weeks;
    WaitSum heard = tally.of_heard;
    for (const int starting : plan.starting_cases)
      heard.weeks -= starting * plan.starting_age / 2;  // ages at the start
    outcomes.mean_wait = heard.mean();
    if constexpr (requires { series.backlog; }) std::copy_n(tally.left.begin() + 1, plan.weeks, series.backlog.begin());
  }
};

}  // namespace desist::bench
