#include "models/parts/conference_cases.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <boost/random/exponential_distribution.hpp>

#include "engine/core/limits.hpp"
#include "models/parts/conference_given.hpp"
#include "models/parts/conference_intake.hpp"
#include "models/parts/conference_queues.hpp"
#include "models/parts/conference_settled.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

/// Fills `times` with the order statistics of as many uniform moments of a stretch of time: partial sums of one more
/// exponential than moments over their total (Devroye 1986, V.2). Calls `also(i)` for each, between two draws: what
/// else belongs to case i, of a stream of its own, is then drawn while the processor waits for these.
inline void draw_moments(Stream words, double from, double length, std::span<double> times, auto also) {
  // Boost's ziggurat as in ExponentialSampler, here in line: these gaps are most of the work of the case form.
  boost::random::exponential_distribution<double> sample_gap(1);
  double sum = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i] = sum += sample_gap(words);
    also(i);
  }
  const double scale = length / (sum + sample_gap(words));
  for (double& time : times) time = from + time * scale;
}

/// The same with a risk for each where they count: of another stream, appended to those of the cases before `first`.
inline void draw_moments_and_risks(Stream words, double from, double length, std::span<double> times, bool draws_risk,
                                   std::vector<double>& priority, std::size_t first, auto open_risks) {
  if (!draws_risk) {
    draw_moments(words, from, length, times, [](std::size_t) {});
    return;
  }
  priority.resize(first + times.size());
  double* const risk = priority.data() + first;
  Stream risks = open_risks();
  draw_moments(words, from, length, times, [&](std::size_t i) { risk[i] = uniform(risks()); });
}

/// New cases of one conference, drawn week by week as the meetings need them.
class NewCases {
 public:
  NewCases(const ConferencePlan& plan, const Streams& streams, int conference)
      : plan_(plan),
        streams_(streams),
        conference_(conference),
        entity_(static_cast<std::uint64_t>(conference)),
        numbers_(streams.open(Purpose("referrals"), entity_)) {}

  /// Appends the next week's cases to the columns, in order of time.
  void draw_week(ConferenceCases& cases) {
    const int week = week_++;
    const auto ordinal = static_cast<std::uint64_t>(week);
    const std::int64_t count = plan_.referrals(week, numbers_());
    if (count == 0) return;
    const std::size_t first = cases.referred.size();
    cases.referred.resize(first + static_cast<std::size_t>(count));
    draw_moments_and_risks(streams_.open(Purpose("referral times"), entity_, ordinal), week, 1,
                           std::span(cases.referred).subspan(first), plan_.draws_risk, cases.priority, first,
                           [&] { return streams_.open(Purpose("risk"), entity_, ordinal); });
    const double filter = plan_.filter(conference_, week);
    if (filter > 0) keep_out(filter, first, week, cases);
  }
  int next_week() const { return week_; }

 private:
  /// Removes the cases that the filter keeps out; the others keep their moments and risks.
  void keep_out(double filter, std::size_t first, int week, ConferenceCases& cases) {
    Stream coins = streams_.open(Purpose("filter"), entity_, static_cast<std::uint64_t>(week));
    std::size_t kept = first;
    for (std::size_t i = first; i < cases.referred.size(); ++i) {
      if (uniform(coins()) < filter) continue;
      cases.referred[kept] = cases.referred[i];
      if (!cases.priority.empty()) cases.priority[kept] = cases.priority[i];
      ++kept;
    }
    if (week < plan_.weeks) cases.turned_away_in_window += static_cast<std::int64_t>(cases.referred.size() - kept);
    cases.referred.resize(kept);
    if (!cases.priority.empty()) cases.priority.resize(kept);
  }

  const ConferencePlan& plan_;
  const Streams& streams_;
  int conference_;
  std::uint64_t entity_;
  Stream numbers_;
  int week_ = 0;
};

/// Cases waiting at the start: ages spread evenly over the last weeks, the oldest first.
void add_starting_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases) {
  const int count = plan.starting_cases[static_cast<std::size_t>(conference)];
  for (int r = 1; r <= count; ++r)
    cases.referred.push_back(plan.starting_age * (static_cast<double>(r) / (count + 1) - 1));
  if (!plan.draws_risk) return;
  Stream risks = streams.open(Purpose("risk at the start"), static_cast<std::uint64_t>(conference));
  for (int r = 0; r < count; ++r) cases.priority.push_back(uniform(risks()));
}

/// Cases that come back before a meeting: their moments and risks in order of time, those kept out left out.
struct ComingBack {
  std::vector<double> moments;
  std::vector<double> priority;
  std::vector<double> copied_moments;  // space for merging
  std::vector<double> copied_priority;
};

void draw_coming_back(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t meeting,
                      std::int64_t count, ConferenceCases& cases, ComingBack& back) {
  const auto entity = static_cast<std::uint64_t>(conference);
  back.moments.resize(static_cast<std::size_t>(count));
  draw_moments_and_risks(streams.open(Purpose("times of returns"), entity, meeting),
                         plan.meetings[meeting].time - plan.interval, plan.interval, back.moments, plan.draws_risk,
                         back.priority, 0, [&] { return streams.open(Purpose("risk of returns"), entity, meeting); });
  if (!plan.has_filter()) return;
  Stream coins = streams.open(Purpose("filter of returns"), entity, meeting);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < back.moments.size(); ++i) {
    const double time = back.moments[i];
    const int week = static_cast<int>(time);
    if (week < plan.demand_weeks && uniform(coins()) < plan.filter(conference, week)) {
      cases.turned_away_in_window += time < plan.end;
      continue;
    }
    back.moments[kept] = time;
    if (!back.priority.empty()) back.priority[kept] = back.priority[i];
    ++kept;
  }
  back.moments.resize(kept);
  if (!back.priority.empty()) back.priority.resize(kept);
}

/// `first` if the condition holds, else `second`; by a mask, for which no compiler makes a branch.
constexpr std::size_t one_of(bool condition, std::size_t first, std::size_t second) {
  return second ^ ((first ^ second) & -std::size_t{condition});
}

/// Merges cases that come back into the columns, new cases first where moments agree; columns before `first` stay as
/// they are. Which of two comes first is a coin toss that no branch predictor foresees: so it is made without a branch,
/// and from both ends at once, since each step waits for the one before.
template <bool with_risk>
void merge(ComingBack& back, std::size_t first, ConferenceCases& cases) {
  const std::size_t new_cases = cases.referred.size() - first;
  const std::size_t all = new_cases + back.moments.size();
  // Copies of both, one behind the other, each with an infinity at either end: no step needs to look for an end.
  std::vector<double>& moments = back.copied_moments;
  std::vector<double>& risks = back.copied_priority;
  moments.resize(all + 4);
  const std::size_t of_new = 1;
  const std::size_t of_back = new_cases + 3;
  const auto copy = [&](const std::vector<double>& from, std::size_t begin, std::vector<double>& to,
                        std::size_t place) {
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(begin), from.end(),
              to.begin() + static_cast<std::ptrdiff_t>(place));
  };
  moments[0] = moments[of_back - 1] = -infinity;
  moments[new_cases + 1] = moments[all + 3] = infinity;
  copy(cases.referred, first, moments, of_new);
  copy(back.moments, 0, moments, of_back);
  cases.referred.resize(first + all);
  if constexpr (with_risk) {
    risks.resize(all + 4);
    copy(cases.priority, first, risks, of_new);
    copy(back.priority, 0, risks, of_back);
    cases.priority.resize(first + all);
  }
  const double* const moment = moments.data();
  const double* const risk = risks.data();
  double* const referred = cases.referred.data() + first;
  double* const priority = with_risk ? cases.priority.data() + first : nullptr;
  std::size_t low = of_new;  // the first new case not yet placed, and the first that came back
  std::size_t low_back = of_back;
  std::size_t high = of_new + new_cases - 1;  // the last of both
  std::size_t high_back = of_back + back.moments.size() - 1;
  const auto place_last = [&](std::size_t to) {
    const bool is_new = moment[high] > moment[high_back];
    const std::size_t chosen = one_of(is_new, high, high_back);
    referred[to] = moment[chosen];
    if constexpr (with_risk) priority[to] = risk[chosen];
    high -= is_new;
    high_back -= !is_new;
  };
  for (std::size_t i = 0; i < all / 2; ++i) {
    const bool is_new = moment[low] <= moment[low_back];
    const std::size_t chosen = one_of(is_new, low, low_back);
    referred[i] = moment[chosen];
    if constexpr (with_risk) priority[i] = risk[chosen];
    low += is_new;
    low_back += !is_new;
    place_last(all - 1 - i);
  }
  if (all % 2 == 1) place_last(all / 2);
}

/// For conferences whose cases wait until they are heard.
struct NobodyLeaves {};

/// `leaving` takes cases off the list that are settled outside the meetings or gone.
template <class Source, class Queue, class Leaving>
void follow(const ConferencePlan& plan, const Streams& streams, int conference, Source new_cases, Queue queue,
            Leaving leaving, ConferenceCases& cases) {
  constexpr bool some_leave = !std::is_same_v<Leaving, NobodyLeaves>;
  ReturningCases returning(plan.returns, streams, conference);
  thread_local ComingBack back;
  back.priority.clear();
  std::size_t present = 0;  // columns before this have been referred by now
  std::size_t listed = 0;   // and these are on a closed list
  std::size_t done = 0;     // heard, or off the list without it
  std::size_t done_of_window = 0;
  std::size_t referred_by_end = 0;

  for (std::size_t m = 0; m < plan.meetings.size(); ++m) {
    const ConferenceMeeting& meeting = plan.meetings[m];
    while (new_cases.next_week() < plan.demand_weeks && new_cases.next_week() < meeting.time)
      new_cases.draw_week(cases);
    const bool has_returns = returning.any() && meeting.time - plan.interval < plan.demand_weeks;
    if (has_returns) {
      draw_coming_back(plan, streams, conference, m, returning.take_before(m), cases, back);
      if (plan.draws_risk)
        merge<true>(back, present, cases);
      else
        merge<false>(back, present, cases);
    }
    cases.meeting.resize(cases.referred.size(), ConferenceCases::not_heard);
    while (present < cases.referred.size() && cases.referred[present] <= meeting.time + same_instant) ++present;
    if (plan.papers == 0)
      listed = present;
    else
      while (listed < present && cases.referred[listed] <= meeting.list_closes + same_instant) ++listed;
    queue.list(listed);
    const auto places = static_cast<std::size_t>(hearings_at(plan, streams, conference, m));
    std::int32_t* const heard_at = cases.meeting.data();
    const auto now = static_cast<std::int32_t>(m);
    std::size_t done_now = 0;
    if constexpr (some_leave) {
      const auto left = leaving.settle(meeting.time, present);
      const double* const referred = cases.referred.data();
      std::size_t hear = 0;
      while (hear < places && queue.waiting() > 0)  // the list still names those who left
        queue.hear(std::min(places - hear, queue.waiting()), [&](std::size_t index) {
          if (heard_at[index] != ConferenceCases::not_heard) return;
          heard_at[index] = now;
          ++hear;
          done_of_window += referred[index] < plan.end;
        });
      done_now = hear + left.all;
      done_of_window += left.of_window;
    } else {
      done_now = std::min(places, queue.waiting());
      if (meeting.time <= plan.end) {
        queue.hear(done_now, [=](std::size_t index) { heard_at[index] = now; });
        done_of_window += done_now;
      } else {
        const double* const referred = cases.referred.data();
        queue.hear(done_now, [&](std::size_t index) {
          heard_at[index] = now;
          done_of_window += referred[index] < plan.end;
        });
      }
    }
    done += done_now;
    if (has_returns) returning.add_heard(static_cast<std::int64_t>(done_now));
    cases.left.push_back(static_cast<std::int32_t>(present - done));
    while (referred_by_end < present && cases.referred[referred_by_end] < plan.end) ++referred_by_end;
    if (meeting.time > plan.backlog_weeks && done_of_window == referred_by_end) break;
  }
}

/// Hands the queue of the plan's order to `follow_with`.
void with_queue(const ConferencePlan& plan, ConferenceCases& cases, auto follow_with) {
  if (plan.order == ConferenceParameters::Order::first_come)
    follow_with(FirstComeQueue{});
  else if (plan.risk_levels.empty())
    follow_with(RiskQueue(cases.priority));
  else
    follow_with(LevelQueue(plan.risk_levels, cases.priority));
}

void begin_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases) {
  cases.referred.clear();
  cases.priority.clear();
  cases.meeting.clear();
  cases.settled.clear();
  cases.left.assign(1, plan.starting_cases[static_cast<std::size_t>(conference)]);
  cases.given.clear();
  cases.kept_out.clear();
  cases.turned_away_in_window = 0;
  add_starting_cases(plan, streams, conference, cases);
}

}  // namespace

void follow_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases) {
  begin_cases(plan, streams, conference, cases);
  const NewCases new_cases(plan, streams, conference);
  with_queue(plan, cases, [&](auto queue) {
    if (plan.settles)
      follow(plan, streams, conference, new_cases, queue, SettledOutside(plan, conference, cases), cases);
    else
      follow(plan, streams, conference, new_cases, queue, NobodyLeaves{}, cases);
  });
}

void follow_given_cases(const ConferencePlan& plan, const Streams& streams, int conference,
                        std::span<const Referral> given, ConferenceCases& cases) {
  begin_cases(plan, streams, conference, cases);
  const GivenNewCases new_cases(plan, given);
  with_queue(plan, cases, [&](auto queue) {
    follow(plan, streams, conference, new_cases, queue, SettledOrGone(plan, conference, given, cases), cases);
  });
}

}  // namespace desist
