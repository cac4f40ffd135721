#include "models/parts/course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/parts/closed_weeks.hpp"
#include "models/parts/course_run.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

/// Cases by routes; whether they complete the course is in a word of theirs.
class CourseReferred {
 public:
  static constexpr std::uint64_t starting_ids = 0;  // those of cases referred later are above 2^24

  CourseReferred(const CoursePlan& plan, const Streams& streams)
      : demand_(plan.demand, streams), completion_(plan.completion) {}
  int next_week() const { return demand_.next_week(); }
  void draw_week(std::vector<Referral>& referrals, double announced_wait) {
    demand_.draw_week(referrals, announced_wait);
  }
  bool start(const Referral& referral, double) const { return uniform(referral.work) < completion_; }
  void leave(const Referral&, double) const {}

 private:
  Demand demand_;
  double completion_;
};

}  // namespace

std::vector<double> session_times(const Steps& courses, double interval, double until,
                                  const std::vector<double>& closed) {
  std::vector<double> times;
  const auto pieces = courses.steps();
  double part = 0;  // of the way to the next session
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool is_last = i + 1 == pieces.size();
    const double from = i == 0 ? 0 : std::max(0.0, pieces[i].from);
    const double to = is_last ? until : std::min(until, pieces[i + 1].from);
    if (to <= from || pieces[i].value == 0) continue;
    const double gap = interval / pieces[i].value;
    for (int n = 1;; ++n) {
      const double time = from + (n - part) * gap;
      if (is_last ? time > to + same_instant : time >= to - same_instant) break;
      const bool is_closed =
          std::any_of(closed.begin(), closed.end(), [&](double week) { return time >= week && time < week + 1; });
      if (!is_closed) times.push_back(time);
    }
    const double gone = part + (to - from) / gap;
    part = gone - std::floor(gone);
    if (part * gap <= same_instant && gone > 0.5)
      part = 1;  // a session at the change itself is the next stretch's first
  }
  return times;
}

CoursePlan::CoursePlan(const CourseParameters& parameters, const Window& window)
    : waiting(parameters, window),
      // Who comes later may fill up a session: cases come as long as anybody asked for waits.
      demand(parameters, window, waiting.last_week),
      areas(static_cast<std::size_t>(std::llround(parameters.areas))),
      smallest(static_cast<std::size_t>(std::llround(parameters.smallest_group))),
      largest(static_cast<std::size_t>(std::llround(parameters.largest_group))),
      notice(parameters.notice),
      eligible_for(parameters.eligible_for > 0 ? parameters.eligible_for : never),
      no_show(parameters.no_show),
      rebooked(parameters.rebooked),
      completion(parameters.completion),
      session_cost(parameters.session_cost),
      cancelled_cost(parameters.cancelled_cost) {
  if (smallest > largest)
    throw std::invalid_argument("smallest_group is above largest_group: every session would be cancelled");
  if (parameters.starting_backlog > 0 && parameters.starting_wait > eligible_for)
    throw std::invalid_argument("starting_wait is above eligible_for: nobody waits that long");
  sessions = session_times(parameters.courses, parameters.session_interval * static_cast<double>(areas),
                           waiting.last_week, closed_weeks(parameters.no_sessions, window, waiting.last_week));
}

void CourseTally::begin(const CoursePlan& plan) {
  waiting.begin(plan.waiting);
  referred = lapsed = held = cancelled = full = came = completed = 0;
  all = all_came = all_lapsed = all_lost = all_gone = all_waiting = 0;
}

void run_course(const CoursePlan& plan, const Streams& streams, CourseTally& tally) {
  thread_local CourseSpace space;
  CourseReferred cases(plan, streams);
  CourseRun(plan, streams, cases, space, tally).run();
}

}  // namespace desist
