// Tasks T1 and T3 as models: the caseload part, and the figures that the tasks ask for.
//
// T1: M/M/10, first come first served, rate 9 and 1, from empty: mean wait of all customers, share who wait. A week
// holds 100 mean services, so that 1,000,000 customers take 1,112 weeks. T3: 668 / 52 referrals a week, 180 slots,
// lognormal support (mean 16 weeks, cv 0.8), exponential patience (mean 26), 260 weeks from empty: mean wait of those
// who started, share of them above 4 weeks, number who gave up.
#pragma once

#include "engine/simulation/contract.hpp"
#include "models/parts/caseload_cases.hpp"
#include "models/parts/caseload_plan.hpp"
#include "models/parts/caseload_run.hpp"

namespace desist::bench {

struct CaseloadFigures {
  double customers = 0;
  double mean_wait = 0;
  double share_late = 0;
  double gave_up = 0;
  static void describe(auto& v) {
    using F = CaseloadFigures;
    v.outcome("customers", &F::customers, {.unit = "case", .help = "Cases referred."});
    v.outcome("mean_wait", &F::mean_wait, {.unit = "week", .help = "Mean wait of the cases started."});
    v.outcome("share_late", &F::share_late,
              {.unit = "share", .help = "Share of them who wait longer than the yardstick."});
    v.outcome("gave_up", &F::gave_up, {.unit = "case", .help = "Cases that gave up."});
  }
};

/// What the tasks ask for, summed as it happens.
struct TaskTally {
  double yardstick = 0;
  double started = 0;
  double waited = 0;
  double late = 0;
  double gone = 0;
  double waiting = 0;
  void seen(double referred, double start) {
    const double wait = start - referred;
    started += 1;
    waited += wait;
    late += wait > yardstick ? 1 : 0;
  }
  void gave_up(double, double) { gone += 1; }
  void still_waits(double, double) { waiting += 1; }
  double announced(int) const { return 0; }
  bool may_stop(double, std::size_t) const { return false; }
  void left(double, double, bool, double) {}
  void week_ended(int, const CaseloadWeek&) {}
};

struct NoCaseloadSeries {};

struct CaseloadTask {
  static constexpr ModelInfo info{"caseload task", "Tasks T1 and T3.", "docs/performance.md"};
  using Parameters = CaseloadParameters;
  struct Bound : CaseloadPlan {
    Bound(const CaseloadParameters& parameters, const Window& window) : CaseloadPlan(parameters, window) {
      waiting.last_week = waiting.backlog_weeks = waiting.weeks;  // the task ends with the window
      waiting.asked_until = waiting.weeks;
    }
  };
  using Outcomes = CaseloadFigures;
  using Series = NoCaseloadSeries;

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series&) {
    thread_local CaseloadSpace space;
    TaskTally tally;
    tally.yardstick = plan.waiting.yardstick;
    CasesReferred cases(plan.demand, plan.support, streams);
    CaseloadRun(plan, streams, cases, space, tally).run();
    outcomes.customers = tally.started + tally.gone + tally.waiting;
    outcomes.mean_wait = tally.waited / tally.started;
    outcomes.share_late = tally.late / tally.started;
    outcomes.gave_up = tally.gone;
  }
};

}  // namespace desist::bench
