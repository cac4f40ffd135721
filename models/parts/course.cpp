#include "models/parts/course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/parts/closed_weeks.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

/// Somebody on a list.
struct Listed {
  double referred = 0;
  std::uint64_t id = 0;
  std::uint64_t word = 0;  // whether they complete the course
  std::uint32_t booked = 0;
};

/// The list of one area, in order of referral; those from `first` on wait.
struct List {
  std::vector<Listed> cases;
  std::size_t first = 0;
  std::size_t waiting() const { return cases.size() - first; }
};

/// The state of one replicate. Kept from replicate to replicate for its memory.
class Run {
 public:
  void operator()(const CoursePlan& plan, const Streams& streams, CourseTally& tally);

 private:
  void begin(const CoursePlan& plan, const Streams& streams, CourseTally& tally);
  void hold(List& list, double time, const Streams& streams);
  void meet(List& list, double time, std::size_t booked, const Streams& streams);
  void lapse(List& list, double now);
  void refer(Demand& demand);
  bool runs_short(std::size_t sessions) const;

  const CoursePlan* plan_ = nullptr;
  CourseTally* tally_ = nullptr;
  std::vector<List> lists_;
  std::vector<Referral> referrals_;  // of the present week
};

void Run::begin(const CoursePlan& plan, const Streams& streams, CourseTally& tally) {
  plan_ = &plan;
  tally_ = &tally;
  tally.waiting.begin(plan.waiting);
  tally.referred = tally.lapsed = tally.held = tally.cancelled = tally.full = tally.came = tally.completed = 0;
  tally.all_came = tally.all_lapsed = tally.all_lost = tally.all_waiting = 0;
  lists_.resize(plan.areas);
  for (List& list : lists_) {
    list.cases.clear();
    list.first = 0;
  }
  for (std::size_t r = 0; r < plan.waiting.starting.size(); ++r)  // ids of cases referred later are above 2^24
    lists_[r % plan.areas].cases.push_back(
        {plan.waiting.starting[r], r, streams.words(Purpose("completion of cases at the start"), r)[0], 0});
  tally.all = static_cast<double>(plan.waiting.starting.size());
}

/// Those whose time is over leave the list. All have as long, so they stand first.
void Run::lapse(List& list, double now) {
  for (; list.waiting() > 0; ++list.first) {
    const double referred = list.cases[list.first].referred;
    const double until = referred + plan_->eligible_for;
    if (until >= now) return;
    tally_->waiting.gave_up(referred, until);
    tally_->all_lapsed += 1;
    if (referred >= 0 && referred < plan_->waiting.end) tally_->lapsed += 1;
  }
}

/// A session of the area of this list is held or cancelled.
void Run::hold(List& list, double time, const Streams& streams) {
  lapse(list, time);
  const double closes = time - plan_->notice + same_instant;
  std::size_t booked = 0;
  const std::size_t most = std::min(plan_->largest, list.waiting());
  while (booked < most && list.cases[list.first + booked].referred <= closes) ++booked;
  const bool in_window = time <= plan_->waiting.end + same_instant;
  if (booked < plan_->smallest) {
    if (in_window) tally_->cancelled += 1;
    return;
  }
  if (in_window) {
    tally_->held += 1;
    if (booked == plan_->largest) tally_->full += 1;
  }
  meet(list, time, booked, streams);
}

/// The first of the list are booked on a session: who doesn't come and is booked again keeps their place.
void Run::meet(List& list, double time, std::size_t booked, const Streams& streams) {
  const bool in_window = time <= plan_->waiting.end + same_instant;
  std::size_t kept = list.first + booked;  // those who stay on the list are moved up to those who were not booked
  for (std::size_t i = list.first + booked; i-- > list.first;) {
    Listed each = list.cases[i];
    if (plan_->no_show > 0) {
      const Words words = streams.words(Purpose("coming to a session"), each.id, each.booked);
      if (uniform(words[0]) < plan_->no_show) {
        ++each.booked;
        if (uniform(words[1]) < plan_->rebooked) {
          list.cases[--kept] = each;
        } else {
          tally_->waiting.gave_up(each.referred, time);
          tally_->all_lost += 1;
        }
        continue;
      }
    }
    tally_->waiting.seen(each.referred, time);
    tally_->all_came += 1;
    if (in_window) {
      tally_->came += 1;
      if (uniform(each.word) < plan_->completion) tally_->completed += 1;
    }
  }
  list.first = kept;
}

/// The cases of the next week join the lists of their areas.
void Run::refer(Demand& demand) {
  const int week = demand.next_week();
  demand.draw_week(referrals_, tally_->waiting.announced(week));
  for (const Referral& referral : referrals_) {
    const auto area = static_cast<std::size_t>(uniform(referral.risk) * static_cast<double>(plan_->areas));
    lists_[area].cases.push_back({referral.time, referral.id, referral.work, 0});
  }
  tally_->all += static_cast<double>(referrals_.size());
  if (week < plan_->waiting.weeks) tally_->referred += static_cast<double>(referrals_.size());
}

/// Whether so many sessions may need more than those who are listed: else who comes later changes nothing for them, and
/// in an overloaded course need not be drawn.
bool Run::runs_short(std::size_t sessions) const {
  if (plan_->eligible_for < never) return true;  // some may lapse first
  return std::any_of(lists_.begin(), lists_.end(),
                     [&](const List& list) { return list.waiting() < sessions * plan_->largest; });
}

void Run::operator()(const CoursePlan& plan, const Streams& streams, CourseTally& tally) {
  begin(plan, streams, tally);
  Demand demand(plan.demand, streams);
  auto session = plan.sessions.begin();
  double now = 0;
  for (int week = 0; week < plan.waiting.last_week; ++week) {
    now = week + 1;
    const auto last = std::upper_bound(session, plan.sessions.end(), now + same_instant);
    if (week < plan.waiting.backlog_weeks || runs_short(static_cast<std::size_t>(last - session)))
      while (demand.next_week() <= week) refer(demand);
    for (; session != last; ++session)
      for (List& list : lists_) hold(list, *session, streams);
    std::size_t asked_for = 0;
    for (List& list : lists_) {
      lapse(list, now);
      if (list.waiting() > 0 && list.cases[list.first].referred < plan.waiting.asked_until) ++asked_for;
    }
    if (tally.waiting.may_stop(now, asked_for)) break;
  }
  for (List& list : lists_) {
    for (; list.waiting() > 0; ++list.first) {
      tally.waiting.still_waits(list.cases[list.first].referred, now);
      tally.all_waiting += 1;
    }
  }
}

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

void run_course(const CoursePlan& plan, const Streams& streams, CourseTally& tally) {
  thread_local Run run;
  run(plan, streams, tally);
}

}  // namespace desist
