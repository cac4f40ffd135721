#include "models/parts/conference_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/random/counts.hpp"
#include "models/parts/conference_intake.hpp"

namespace desist {
namespace {

/// Cases that came in one stretch of time, or all at once (length 0).
struct Group {
  double from = 0;
  double length = 0;
  std::int64_t count = 0;
  int week = 0;  // of referral; below 0: waiting at the start
};

/// Columns kept between replicates for their memory.
struct Columns {
  std::vector<std::int64_t> unplaced;  // of each week's cases
  std::vector<Group> groups;           // in order of time
  std::vector<std::int64_t> by_slice;  // cases that have come by the end of a slice
  std::vector<std::int32_t> hearings;  // at each meeting
  std::vector<int> left;
};

class CountForm {
 public:
  CountForm(const ConferencePlan& plan, const Streams& streams, int conference, Columns& columns,
            ConferenceTally& tally)
      : plan_(plan),
        streams_(streams),
        conference_(conference),
        entity_(static_cast<std::uint64_t>(conference)),
        columns_(columns),
        tally_(tally) {}

  void run() {
    draw_weeks();
    start();
    std::size_t m = 0;
    while (m < plan_.meetings.size()) {
      const ConferenceMeeting& meeting = plan_.meetings[m];
      place(plan_.slices_by_meeting[m]);
      const std::int64_t waiting = listed(m) - heard_;
      const std::int64_t hear = std::min<std::int64_t>(hearings_at(plan_, streams_, conference_, m), waiting);
      heard_ += hear;
      columns_.hearings[m] = static_cast<std::int32_t>(hear);
      columns_.left[m] = static_cast<int>(came_ - heard_);
      ++m;
      if (meeting.time > plan_.backlog_weeks && heard_ >= came_by_end_) break;
    }
    place(static_cast<int>(plan_.slices.size()), plan_.weeks);
    tally_.add_left(plan_, plan_.starting_cases[static_cast<std::size_t>(conference_)],
                    std::span(columns_.left).first(m));
    add_waits(m);
    if (tally_.waits_by_week) add_waits_by_week(m);
  }

 private:
  void draw_weeks() {
    columns_.unplaced.resize(static_cast<std::size_t>(plan_.demand_weeks));
    Stream numbers = streams_.open(Purpose("referrals"), entity_);
    for (int w = 0; w < plan_.demand_weeks; ++w)
      columns_.unplaced[static_cast<std::size_t>(w)] = plan_.referrals(w, numbers());
    for (int w = 0; w < plan_.weeks; ++w)
      tally_.referred += static_cast<double>(columns_.unplaced[static_cast<std::size_t>(w)]);
    if (!plan_.has_filter()) return;
    Stream coins = streams_.open(Purpose("filtered"), entity_);
    for (int w = 0; w < plan_.demand_weeks; ++w) {
      std::int64_t& count = columns_.unplaced[static_cast<std::size_t>(w)];
      const std::int64_t out = binomial_by_search(uniform(coins()), count, plan_.filter(conference_, w));
      count -= out;
      if (w < plan_.weeks) tally_.turned_away += static_cast<double>(out);
    }
  }

  void start() {
    columns_.groups.resize(plan_.slices.size() + plan_.batches.size() + 1);
    columns_.by_slice.resize(plan_.slices.size());
    columns_.hearings.resize(plan_.meetings.size());
    columns_.left.resize(plan_.meetings.size());
    const std::int64_t starting = plan_.starting_cases[static_cast<std::size_t>(conference_)];
    columns_.groups[groups_++] = {-plan_.starting_age, plan_.starting_age, starting, -1};
    came_ = came_by_end_ = starting;
  }

  /// Lets the cases of all slices before `last` arrive, but not those of week `week_limit` or later.
  [[gnu::always_inline]] void place(int last, int week_limit = std::numeric_limits<int>::max()) {
    while (slice_ < last && plan_.slices[static_cast<std::size_t>(slice_)].week < week_limit) {
      const ReferralSlice& slice = plan_.slices[static_cast<std::size_t>(slice_++)];
      std::int64_t& rest = columns_.unplaced[static_cast<std::size_t>(slice.week)];
      std::int64_t count = rest;
      if (slice.share_of_rest < 1) {
        const Words words = streams_.words(Purpose("splits"), entity_, static_cast<std::uint64_t>(slice_));
        count = binomial_by_search(uniform(words[0]), rest, slice.share_of_rest);
      }
      rest -= count;
      arrive({slice.from, slice.length, count, slice.week});
      if (slice.batch >= 0) arrive_again(static_cast<std::size_t>(slice.batch));
      columns_.by_slice[static_cast<std::size_t>(slice_ - 1)] = came_;
    }
  }

  void arrive(const Group& group) {
    columns_.groups[groups_++] = group;
    came_ += group.count;
    if (group.week >= plan_.weeks) return;
    came_by_end_ += group.count;
  }

  void arrive_again(std::size_t batch) {
    const auto before = static_cast<std::size_t>(plan_.batches_before_start);
    const ReturnBatch& returns_at = plan_.batches[batch];
    const Returns returns = draw_returns(plan_, streams_, conference_, batch,
                                         batch < before ? returns_at.before_start : columns_.hearings[batch - before]);
    const int week = static_cast<int>(returns_at.time);
    arrive({returns_at.time, 0, returns.referred - returns.turned_away, week});
    if (week >= plan_.weeks) return;
    tally_.referred += static_cast<double>(returns.referred);
    tally_.turned_away += static_cast<double>(returns.turned_away);
  }

  /// Cases whose list has closed by meeting m.
  std::int64_t listed(std::size_t m) const {
    const int slices = plan_.slices_by_list[m];
    if (slices > 0) return columns_.by_slice[static_cast<std::size_t>(slices - 1)];
    const Group& start = columns_.groups.front();
    const double closes = plan_.meetings[m].list_closes;
    if (closes >= 0 || start.count == 0) return start.count;
    const double rank = (closes - start.from) / start.length * static_cast<double>(start.count + 1);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(rank)), 0, start.count);
  }

  /// Sum of the expected moments at which cases first + 1 .. last of a group came.
  static double moments(const Group& group, std::int64_t first, std::int64_t last) {
    const auto cases = static_cast<double>(last - first);
    const auto ranks = static_cast<double>(last * (last + 1) - first * (first + 1)) / 2;
    return cases * group.from + group.length * ranks / static_cast<double>(group.count + 1);
  }
  /// The same of the first `cases` of the queue.
  double moments_of_first(std::int64_t cases) const {
    double sum = 0;
    const Group* group = columns_.groups.data();
    for (; cases >= group->count && cases > 0; cases -= group++->count)  // of a whole group: its middle
      sum += static_cast<double>(group->count) * (group->from + group->length / 2);
    return cases > 0 ? sum + moments(*group, 0, cases) : sum;
  }

  /// Waits of all cases heard and of all referred in the window: the first come were the first heard, so that sums of
  /// hearing times less sums of moments do.
  void add_waits(std::size_t meetings) {
    const std::int64_t starting = columns_.groups.front().count;
    std::int64_t before = 0;
    std::int64_t heard = 0;
    double heard_at = 0;     // sums of hearing times
    double referred_at = 0;  // of those referred in the window
    for (std::size_t m = 0; m < meetings; ++m) {
      const ConferenceMeeting& meeting = plan_.meetings[m];
      const std::int64_t after = before + columns_.hearings[m];
      const std::int64_t in_window =
          std::clamp(after, starting, came_by_end_) - std::clamp(before, starting, came_by_end_);
      referred_at += meeting.time * static_cast<double>(in_window);
      if (meeting.week < plan_.weeks) {
        heard_at += meeting.time * static_cast<double>(after - before);
        heard = after;
      }
      before = after;
    }
    const std::int64_t never =
        came_by_end_ - std::clamp(before, starting, came_by_end_);  // have waited until then at least
    const double followed_until = plan_.meetings.empty() ? plan_.end : plan_.meetings.back().time;
    referred_at += followed_until * static_cast<double>(never);
    const double came = moments_of_first(came_by_end_) - moments_of_first(starting);
    const auto waiting = static_cast<double>(came_by_end_ - heard);
    tally_.of_referred.cases += static_cast<double>(came_by_end_ - starting);
    tally_.of_referred.weeks += referred_at - came;
    tally_.of_heard.cases += static_cast<double>(heard);
    tally_.of_heard.weeks += heard_at - moments_of_first(heard);
    tally_.heard += static_cast<double>(heard);
    tally_.waiting_at_end += waiting;
    tally_.person_weeks += heard_at + waiting * plan_.end - came;
  }

  /// The same by week, meeting by meeting.
  void add_waits_by_week(std::size_t meetings) {
    std::int64_t heard = 0;
    for (std::size_t m = 0; m < meetings; ++m) {
      hear_first(columns_.hearings[m], plan_.meetings[m].time, plan_.meetings[m].week);
      heard += columns_.hearings[m];
    }
    if (!plan_.meetings.empty())
      hear_first(std::max<std::int64_t>(0, came_by_end_ - heard), plan_.meetings.back().time, plan_.weeks);
  }

  /// The first `count` cases that are still in the queue leave it.
  void hear_first(std::int64_t count, double time, int week) {
    while (count > 0) {
      const Group& group = columns_.groups[group_];
      const std::int64_t take = std::min(count, group.count - rank_);
      if (take > 0) {
        const auto cases = static_cast<double>(take);
        const double wait = cases * time - moments(group, rank_, rank_ + take);
        if (week < plan_.weeks) add(tally_.by_hearing[static_cast<std::size_t>(week)], cases, wait);
        if (group.week >= 0 && group.week < plan_.weeks)
          add(tally_.by_referral[static_cast<std::size_t>(group.week)], cases, wait);
      }
      rank_ += take;
      count -= take;
      if (rank_ < group.count) break;
      ++group_;
      rank_ = 0;
    }
  }
  static void add(WaitSum& sum, double cases, double wait) {
    sum.cases += cases;
    sum.weeks += wait;
  }

  const ConferencePlan& plan_;
  const Streams& streams_;
  int conference_;
  std::uint64_t entity_;
  Columns& columns_;
  ConferenceTally& tally_;
  int slice_ = 0;
  std::size_t groups_ = 0;
  std::int64_t came_ = 0;
  std::int64_t came_by_end_ = 0;  // of the window
  std::int64_t heard_ = 0;
  std::size_t group_ = 0;  // the queue's head: this group's case rank_ + 1
  std::int64_t rank_ = 0;
};

}  // namespace

void count_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceTally& tally) {
  thread_local Columns columns;
  CountForm(plan, streams, conference, columns, tally).run();
}

}  // namespace desist
