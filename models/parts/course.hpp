// A course: group sessions at intervals, with a smallest and a largest group (mathematics.md 4.9).
//
// What it computes and what it leaves out: docs/models/course.md.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// What a course needs to know. Simulated time is in weeks.
struct CourseParameters : DemandParameters, WaitingParameters {
  Steps courses;
  double session_interval = 1;
  double areas = 1;
  std::vector<Date> no_sessions;
  double smallest_group = 1;
  double largest_group = 0;
  double notice = 0;
  double eligible_for = 0;
  double no_show = 0;
  double rebooked = 0;
  double completion = 0;
  double session_cost = 0;
  double cancelled_cost = 0;

  static void describe(auto& v) {
    using P = CourseParameters;
    DemandParameters::describe(v);
    v.number("courses", &P::courses,
             {.unit = "course",
              .range = {0, 1e4},
              .help = "Courses that run side by side, all areas together; their sessions are spread evenly."});
    v.number("session_interval", &P::session_interval,
             {.unit = "week", .range = {1.0 / 7, 104}, .help = "Time from one session of a course to its next."});
    v.number("areas", &P::areas,
             {.unit = "area",
              .range = {1, 1000},
              .off = 1,
              .help = "Areas with a list of their own, alike; a session serves one area."});
    v.dates("no_sessions", &P::no_sessions,
            {.may_be_absent = true, .help = "Weeks without sessions, by the date on which each begins."});
    v.number("smallest_group", &P::smallest_group,
             {.unit = "case",
              .range = {1, 1e4},
              .off = 1,
              .help = "A session with fewer cases booked is cancelled, and they wait for the next."});
    v.number("largest_group", &P::largest_group,
             {.unit = "case", .range = {1, 1e4}, .help = "Cases that can be booked on a session."});
    v.number("notice", &P::notice,
             {.unit = "week",
              .range = {0, 52},
              .off = 0,
              .help = "Time before a session at which its list closes: who is referred later waits for the next."});
    v.number("eligible_for", &P::eligible_for,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Time from referral within which a case must come to a session, or it lapses; 0 for no limit."});
    v.number("no_show", &P::no_show,
             {.unit = "share", .range = {0, 1}, .off = 0, .help = "Share of booked cases that do not come."});
    v.number("rebooked", &P::rebooked,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Of those that do not come, the share that is booked on the next session; the others are lost."});
    v.number("completion", &P::completion,
             {.unit = "share",
              .range = {0, 1},
              .help = "Of the cases that come to their first session, the share that completes the course."});
    v.number("session_cost", &P::session_cost,
             {.unit = "£",
              .range = {0, 1e7},
              .off = 0,
              .help = "Cost of a session that is held, with all that its group gets after it."});
    v.number("cancelled_cost", &P::cancelled_cost,
             {.unit = "share",
              .range = {0, 1},
              .off = 0,
              .help = "Share of that cost which a cancelled session has all the same."});
    WaitingParameters::describe(v);
  }
};

/// The sessions of one draw and arm, bound.
class CoursePlan {
 public:
  /// Throws std::invalid_argument for a smallest group above the largest, or a starting wait beyond eligible_for.
  CoursePlan(const CourseParameters& parameters, const Window& window);

  WaitingPlan waiting;
  DemandPlan demand;
  std::vector<double> sessions;  // of each area: moments, closed weeks left out
  std::size_t areas;
  std::size_t smallest;
  std::size_t largest;
  double notice;
  double eligible_for;  // infinity where there is no limit
  double no_show;
  double rebooked;
  double completion;
  double session_cost;
  double cancelled_cost;
};

/// Moments at which the integral of courses(t) / (interval x areas) reaches 1, 2, ...; none in a closed week [c, c +
/// 1). With a constant number of courses these are the products of 1, 2, ... and one interval. Verified by:
/// course_test.
std::vector<double> session_times(const Steps& courses, double interval, double until,
                                  const std::vector<double>& closed);

/// One replicate of a course, counted. Kept from replicate to replicate for its memory.
///
/// Identity (verified by: course_test): those who waited at the start and were referred have come, lapsed, were lost
/// after not coming, are gone on their own, or wait.
struct CourseTally {
  void begin(const CoursePlan& plan);

  WaitingTally waiting;
  double referred = 0;   // in the window
  double lapsed = 0;     // of these
  double held = 0;       // sessions in the window
  double cancelled = 0;  // likewise
  double full = 0;       // of those held: the largest group was booked
  double came = 0;       // to sessions in the window
  double completed = 0;  // of these
  // Everybody, whenever:
  double all = 0;
  double all_came = 0;
  double all_lapsed = 0;
  double all_lost = 0;
  double all_gone = 0;
  double all_waiting = 0;
};

/// Runs one replicate of a course to which cases come by routes: at each session X -> X - min(X, b) 1{X >= a} (Neuts
/// 1967) of those on the list by its closing. Cases from elsewhere: course_run.hpp.
void run_course(const CoursePlan& plan, const Streams& streams, CourseTally& tally);

}  // namespace desist
