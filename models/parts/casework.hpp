// Casework: tasks of so many staff hours, done one at a time by staff who work certain days and hours.
//
// What it computes and what it leaves out: docs/models/casework.md (mathematics.md 4.1 to 4.3, 4.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/samplers.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/staff.hpp"
#include "models/parts/waiting.hpp"
#include "models/parts/working_time.hpp"

namespace desist {

/// What casework needs to know. Simulated time is in weeks; work is in working hours.
struct CaseworkParameters : DemandParameters, WaitingParameters, StaffParameters, WorkingTimeParameters {
  enum class Capacity { hours, surplus };

  std::vector<std::string> classes;
  std::vector<double> class_shares;
  ByItem<Steps> hours;
  ByItem<double> hours_cv;
  ByItem<double> due;
  ByItem<double> priority;
  double ageing = 0;
  ByItem<double> returned;
  double return_after = 0;
  double batch = 1;
  Capacity capacity = Capacity::hours;
  Steps surplus;

  static void describe(auto& v) {
    using P = CaseworkParameters;
    WorkingTimeParameters::describe(v);
    v.items("classes", &P::classes, {.unit = "class", .help = "Kinds of case, each with hours and a due time."});
    v.shares("class_shares", &P::class_shares,
             {.may_be_absent = true,
              .help = "Shares of cases by class; without them there is one class, or one for each route in order."});
    v.number("hours", &P::hours,
             {.unit = "working hour",
              .range = {0, 1e4},
              .over = "classes",
              .help = "Mean staff hours that a case of the class takes, by the date on which it is referred."});
    v.number("hours_cv", &P::hours_cv,
             {.unit = "1",
              .range = {0, 5},
              .off = 0,
              .over = "classes",
              .help = "How much these hours vary: standard deviation over mean, of a gamma law."});
    v.number("due", &P::due,
             {.unit = "week",
              .range = {0, 520},
              .over = "classes",
              .help = "Time from referral within which a case of the class should be finished."});
    v.number("priority", &P::priority,
             {.unit = "1",
              .range = {1, 99},
              .off = 1,
              .over = "classes",
              .help = "Rank of the class whenever the next case is chosen: 1 goes first; equals by due date."});
    v.number("ageing", &P::ageing,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Every so many weeks of waiting lift a case by one rank, at most to the first in use."});
    v.number("returned", &P::returned,
             {.unit = "share",
              .range = {0, 0.99},
              .off = 0,
              .over = "classes",
              .help = "Share of finished cases that come back, as cases of the same class with hours of their own."});
    v.number("return_after", &P::return_after,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Mean time from finishing a case until it comes back, if it does; exponential."});
    v.number("batch", &P::batch,
             {.unit = "case",
              .range = {1, 1e6},
              .off = 1,
              .help = "New cases are handed out when so many have gathered, and when the week's work begins."});
    DemandParameters::describe(v);
    WaitingParameters::describe(v);
    StaffParameters::describe(v);
    v.one_of("capacity", &P::capacity, {"hours", "surplus"},
             {.off = 0,
              .help = "Whether staff hours are given, or how much more is finished than is referred at the start."});
    v.number("surplus", &P::surplus,
             {.unit = "case/week",
              .range = {0, 1e5},
              .off = 0,
              .help = "With capacity = \"surplus\": cases a week that can be finished beyond those referred on the "
                      "first day."});
  }
};

/// The casework of one draw and arm, bound.
class CaseworkPlan {
 public:
  /// Throws std::invalid_argument for parameters that can't hold together.
  CaseworkPlan(const CaseworkParameters& parameters, const Window& window);

  WaitingPlan waiting;
  DemandPlan demand;
  StaffPlan staff;
  WorkingTime time;

  /// One kind of case.
  struct Class {
    Steps hours;
    std::optional<GammaSampler> factor;  // of mean 1, on the hours; none: all take the mean
    double due = 0;                      // weeks from referral
    double rank = 1;
    double returned = 0;
  };
  std::vector<Class> classes;
  double first_rank = 1;                // the smallest of all classes
  double ageing = 0;                    // weeks by rank; 0: none
  double return_after = 0;              // weeks
  std::size_t batch = 1;                // cases
  double team = 1;                      // workers who do a case together
  std::vector<double> shares;           // cumulative, by class; empty: the class of a case is that of its route
  std::vector<double> starting_shares;  // cumulative, by class, of those who wait at the start
  bool listens = false;                 // whether referrals depend on the announced wait
};

/// One case of a log, for checks and traces.
struct CaseworkRecord {
  std::uint64_t id = 0;
  std::uint32_t visit = 0;  // 0; 1 when it has come back once, ...
  std::uint32_t kind = 0;   // class
  double referred = 0;
  double hours = 0;
  double started = 0;        // infinity: not in the run
  double finished = 0;       // infinity: not in the run
  double leaves = infinity;  // gone on its own then, if it has not been begun
};

/// Counts one replicate: waits by WaitingTally, and what happens from referral to the finished case.
///
/// Identity, checked in tests for every kind of parameters: hours referred = hours worked + hours of cases that are
/// gone + hours outstanding.
/// Verified by: casework_test.
class CaseworkTally {
 public:
  void begin(const CaseworkPlan& plan);
  void referred(const CaseworkRecord& each);
  void started(const CaseworkRecord& each) { waits.seen(each.referred, each.started); }
  void finished(const CaseworkRecord& each);
  /// A case that has not been begun is gone on its own, at `leaves`.
  void gone(const CaseworkRecord& each);
  /// A case that is not finished when the run ends at `now`.
  void unfinished(const CaseworkRecord& each, double now);
  /// At the end of week `week` (0 is the first): staff hours there were and those worked in it.
  void week_ended(int week, double offered, double worked);

  /// Whether all that the results ask for is settled at time `now`.
  bool may_stop(double now) const { return waits.may_stop(now, asked_for_unfinished_); }

  struct OfClass {  // of the cases referred in the window
    double referred = 0;
    double on_time = 0;
  };
  WaitingTally waits;
  std::vector<OfClass> classes;
  std::vector<double> outstanding;        // cases referred and not finished, at the ends of weeks; [0] the start
  std::vector<double> overdue;            // those of them that are past their due date
  std::vector<double> hours_outstanding;  // at the ends of weeks 1, 2, ... of the window
  double turnaround = 0;                  // sum over the cases referred in the window that are not gone
  double gone_in_window = 0;              // of the cases referred in it
  double hours_referred = 0;              // in the window
  double hours_worked = 0;                // in the window
  double hours_offered = 0;               // in the window
  double finished_in_window = 0;
  double all_hours_referred = 0;  // in the run
  double all_hours_worked = 0;    // in the run
  double all_hours_gone = 0;      // in the run

  /// Turns the changes of `outstanding` and `overdue` into numbers; once, after the run.
  void end();

 private:
  void count(const CaseworkRecord& each, double until);
  const CaseworkPlan* plan_ = nullptr;
  std::size_t asked_for_unfinished_ = 0;
};

/// Runs one replicate of a desk to which cases come by routes; `log` takes every case in the order of its end, if
/// given. Cases from elsewhere: casework_run.hpp.
void run_casework(const CaseworkPlan& plan, const Streams& streams, CaseworkTally& tally,
                  std::vector<CaseworkRecord>* log = nullptr);

}  // namespace desist
