#include "models/parts/conference_cases.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include <boost/random/exponential_distribution.hpp>

#include "models/parts/conference_intake.hpp"

namespace desist {
namespace {

constexpr double same_instant = 1e-9;  // weeks

/// Fills `times` with the order statistics of as many uniform moments of a stretch of time: partial sums of one more
/// exponential than moments over their total (Devroye 1986, V.2).
inline void draw_moments(Stream words, double from, double length, std::span<double> times) {
  // Boost's ziggurat as in ExponentialSampler, here in line: these gaps are most of the work of the case form.
  boost::random::exponential_distribution<double> sample_gap(1);
  double sum = 0;
  for (double& time : times) time = sum += sample_gap(words);
  const double scale = length / (sum + sample_gap(words));
  for (double& time : times) time = from + time * scale;
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
    draw_moments(streams_.open(Purpose("referral times"), entity_, ordinal), week, 1,
                 std::span(cases.referred).subspan(first));
    if (plan_.order == ConferenceParameters::Order::by_risk) {
      Stream risks = streams_.open(Purpose("risk"), entity_, ordinal);
      for (std::int64_t i = 0; i < count; ++i) cases.priority.push_back(uniform(risks()));
    }
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

/// First come: cases are heard in the order of the columns.
class FirstCome {
 public:
  void list(std::size_t last) { listed_ = last; }
  std::size_t waiting() const { return listed_ - next_; }
  std::size_t next() { return next_++; }

 private:
  std::size_t next_ = 0;
  std::size_t listed_ = 0;
};

/// By risk level: first come within a level, the highest level first.
class ByLevel {
 public:
  ByLevel(const std::vector<double>& cumulative, const std::vector<double>& priority)
      : cumulative_(cumulative), priority_(priority) {
    if (levels_.size() < cumulative.size()) levels_.resize(cumulative.size());
    for (Level& level : levels_) {
      level.cases.clear();
      level.next = 0;
    }
  }
  void list(std::size_t last) {
    for (; listed_ < last; ++listed_, ++waiting_) {
      std::size_t level = 0;
      while (level + 1 < cumulative_.size() && priority_[listed_] >= cumulative_[level]) ++level;
      levels_[level].cases.push_back(static_cast<std::uint32_t>(listed_));
    }
  }
  std::size_t waiting() const { return waiting_; }
  std::size_t next() {
    std::size_t level = 0;
    while (levels_[level].next == levels_[level].cases.size()) ++level;
    --waiting_;
    return levels_[level].cases[levels_[level].next++];
  }

 private:
  struct Level {
    std::vector<std::uint32_t> cases;
    std::size_t next = 0;
  };
  static thread_local std::vector<Level> levels_;  // kept between replicates for its memory
  const std::vector<double>& cumulative_;
  const std::vector<double>& priority_;
  std::size_t listed_ = 0;
  std::size_t waiting_ = 0;
};
thread_local std::vector<ByLevel::Level> ByLevel::levels_;

/// By each case's own risk; cases whose risks agree in 32 bits by time of referral.
class ByRisk {
 public:
  explicit ByRisk(const std::vector<double>& priority) : priority_(priority) { heap_.clear(); }
  void list(std::size_t last) {
    for (; listed_ < last; ++listed_) {
      const auto rank = static_cast<std::uint64_t>(priority_[listed_] * 0x1p32);
      heap_.push_back(rank << 32 | listed_);  // one number: a comparison of two is most of the work
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
  }
  std::size_t waiting() const { return heap_.size(); }
  std::size_t next() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const std::size_t heard = heap_.back() & 0xffffffff;
    heap_.pop_back();
    return heard;
  }

 private:
  static thread_local std::vector<std::uint64_t> heap_;
  const std::vector<double>& priority_;
  std::size_t listed_ = 0;
};
thread_local std::vector<std::uint64_t> ByRisk::heap_;

/// Cases waiting at the start: ages spread evenly over the last weeks, the oldest first.
void add_starting_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases) {
  const int count = plan.starting_cases[static_cast<std::size_t>(conference)];
  for (int r = 1; r <= count; ++r)
    cases.referred.push_back(plan.starting_age * (static_cast<double>(r) / (count + 1) - 1));
  if (plan.order == ConferenceParameters::Order::first_come) return;
  Stream risks = streams.open(Purpose("risk at the start"), static_cast<std::uint64_t>(conference));
  for (int r = 0; r < count; ++r) cases.priority.push_back(uniform(risks()));
}

/// Cases that come back before a meeting: their moments and risks in order of time, those kept out left out.
struct ComingBack {
  std::vector<double> moments;
  std::vector<double> priority;
};

void draw_coming_back(const ConferencePlan& plan, const Streams& streams, int conference, std::size_t meeting,
                      std::int64_t count, ConferenceCases& cases, ComingBack& back) {
  const auto entity = static_cast<std::uint64_t>(conference);
  back.moments.resize(static_cast<std::size_t>(count));
  draw_moments(streams.open(Purpose("times of returns"), entity, meeting), plan.meetings[meeting].time - plan.interval,
               plan.interval, back.moments);
  if (plan.order == ConferenceParameters::Order::by_risk) {
    Stream risks = streams.open(Purpose("risk of returns"), entity, meeting);
    back.priority.resize(back.moments.size());
    for (double& risk : back.priority) risk = uniform(risks());
  }
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

/// Merges cases that come back into the columns, from behind; columns before `first` stay as they are.
/// Which of two comes later is a coin toss that no branch predictor foresees: chosen without a branch.
void merge(const ComingBack& back, std::size_t first, ConferenceCases& cases) {
  std::size_t from = cases.referred.size();
  std::size_t to = from + back.moments.size();
  const bool by_risk = !back.priority.empty();
  cases.referred.resize(to);
  if (by_risk) cases.priority.resize(to);
  double* const referred = cases.referred.data();
  double* const priority = cases.priority.data();
  for (std::size_t rest = back.moments.size(); rest > 0;) {
    const std::size_t new_case = from - (from > first ? 1 : 0);
    const double moment = back.moments[rest - 1];
    const bool is_later = (from > first) & (referred[new_case] > moment);
    --to;
    if (by_risk) priority[to] = is_later ? priority[new_case] : back.priority[rest - 1];
    referred[to] = is_later ? referred[new_case] : moment;
    from -= is_later ? 1 : 0;
    rest -= is_later ? 0 : 1;
  }
}

template <class Queue>
void follow(const ConferencePlan& plan, const Streams& streams, int conference, Queue queue, ConferenceCases& cases) {
  NewCases new_cases(plan, streams, conference);
  ReturningCases returning(plan.returns, streams, conference);
  thread_local ComingBack back;
  back.priority.clear();
  std::size_t present = 0;  // columns before this have been referred by now
  std::size_t listed = 0;   // and these are on a closed list
  std::size_t heard = 0;
  std::size_t heard_of_window = 0;
  std::size_t referred_by_end = 0;

  for (std::size_t m = 0; m < plan.meetings.size(); ++m) {
    const ConferenceMeeting& meeting = plan.meetings[m];
    while (new_cases.next_week() < plan.demand_weeks && new_cases.next_week() < meeting.time)
      new_cases.draw_week(cases);
    const bool has_returns = returning.any() && meeting.time - plan.interval < plan.demand_weeks;
    if (has_returns) {
      draw_coming_back(plan, streams, conference, m, returning.take_before(m), cases, back);
      merge(back, present, cases);
    }
    cases.meeting.resize(cases.referred.size(), ConferenceCases::not_heard);
    while (present < cases.referred.size() && cases.referred[present] <= meeting.time + same_instant) ++present;
    if (plan.papers == 0)
      listed = present;
    else
      while (listed < present && cases.referred[listed] <= meeting.list_closes + same_instant) ++listed;
    queue.list(listed);
    const auto places = static_cast<std::size_t>(hearings_at(plan, streams, conference, m));
    const std::size_t hear = std::min(places, queue.waiting());
    std::int32_t* const heard_at = cases.meeting.data();
    if (meeting.time <= plan.end) {
      for (std::size_t i = 0; i < hear; ++i) heard_at[queue.next()] = static_cast<std::int32_t>(m);
      heard_of_window += hear;
    } else {
      for (std::size_t i = 0; i < hear; ++i) {
        const std::size_t index = queue.next();
        heard_at[index] = static_cast<std::int32_t>(m);
        heard_of_window += cases.referred[index] < plan.end;
      }
    }
    heard += hear;
    if (has_returns) returning.add_heard(static_cast<std::int64_t>(hear));
    cases.left.push_back(static_cast<std::int32_t>(present - heard));
    while (referred_by_end < present && cases.referred[referred_by_end] < plan.end) ++referred_by_end;
    if (meeting.time > plan.backlog_weeks && heard_of_window == referred_by_end) break;
  }
}

}  // namespace

void follow_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases) {
  cases.referred.clear();
  cases.priority.clear();
  cases.meeting.clear();
  cases.left.assign(1, plan.starting_cases[static_cast<std::size_t>(conference)]);
  cases.turned_away_in_window = 0;
  add_starting_cases(plan, streams, conference, cases);
  if (plan.order == ConferenceParameters::Order::first_come)
    follow(plan, streams, conference, FirstCome{}, cases);
  else if (plan.risk_levels.empty())
    follow(plan, streams, conference, ByRisk(cases.priority), cases);
  else
    follow(plan, streams, conference, ByLevel(plan.risk_levels, cases.priority), cases);
}

namespace {

/// One pass over the cases that came before the end of the window; those that come after it are heard after it.
template <bool each>
void add_cases(const ConferencePlan& plan, const ConferenceCases& cases, ConferenceTally& tally) {
  const auto came = static_cast<std::size_t>(std::lower_bound(cases.referred.begin(), cases.referred.end(), plan.end) -
                                             cases.referred.begin());
  const double followed_until = plan.meetings.empty() ? plan.end : plan.meetings.back().time;
  const auto meetings_in_window = static_cast<std::int32_t>(plan.meetings_in_window);
  const double* const referred = cases.referred.data();
  const std::int32_t* const meeting = cases.meeting.data();
  const double interval = plan.interval;
  const double end = plan.end;
  const auto starting = static_cast<std::size_t>(cases.left.front());
  std::int64_t heard = 0;
  double waits = 0;
  double waits_heard = 0;
  double waits_starting = 0;
  double person_weeks = 0;
  for (std::size_t i = 0; i < came; ++i) {
    const double from = referred[i];
    const std::int32_t m = meeting[i];
    const double until = m == ConferenceCases::not_heard ? followed_until : interval * (m + 1);
    const double wait = until - from;
    const bool is_heard = static_cast<std::uint32_t>(m) < static_cast<std::uint32_t>(meetings_in_window);
    waits += wait;
    waits_heard += is_heard ? wait : 0;
    person_weeks += std::min(until, end) - std::max(from, 0.0);
    heard += is_heard;
    if constexpr (each) {
      if (is_heard) {
        WaitSum& week = tally.by_hearing[static_cast<std::size_t>(plan.meetings[static_cast<std::size_t>(m)].week)];
        week += {1, wait, 0};
      }
      if (i < starting) continue;
      const double is_long = wait > plan.long_wait ? 1 : 0;
      tally.by_referral[static_cast<std::size_t>(from)] += {1, wait, is_long};
      tally.of_referred.waited_long += is_long;
      tally.waits.push_back(wait);
    }
  }
  for (std::size_t i = 0; i < starting; ++i)
    waits_starting +=
        (meeting[i] == ConferenceCases::not_heard ? followed_until : interval * (meeting[i] + 1)) - referred[i];
  const WaitSum of_heard{static_cast<double>(heard), waits_heard, 0};
  const WaitSum of_referred{static_cast<double>(came - starting), waits - waits_starting, 0};
  tally.of_heard += of_heard;
  tally.of_referred += of_referred;
  tally.person_weeks += person_weeks;
  tally.heard += of_heard.cases;
  tally.waiting_at_end += static_cast<double>(came) - of_heard.cases;
  tally.turned_away += static_cast<double>(cases.turned_away_in_window);
  tally.referred += of_referred.cases + static_cast<double>(cases.turned_away_in_window);
}

}  // namespace

void tally_cases(const ConferencePlan& plan, const ConferenceCases& cases, ConferenceTally& tally) {
  tally.add_left(plan, cases.left);
  if (tally.waits_by_week)
    add_cases<true>(plan, cases, tally);
  else
    add_cases<false>(plan, cases, tally);
}

}  // namespace desist
