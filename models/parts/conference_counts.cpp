#include "models/parts/conference_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
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
    for (std::size_t m = 0; m < plan_.meetings.size(); ++m) {
      const ConferenceMeeting& meeting = plan_.meetings[m];
      place(plan_.slices_by_meeting[m]);
      const std::int64_t waiting = listed(m) - heard_;
      const std::int64_t hear = std::min<std::int64_t>(hearings_at(plan_, streams_, conference_, m), waiting);
      hear_first(hear, meeting);
      columns_.hearings.push_back(static_cast<std::int32_t>(hear));
      columns_.left.push_back(static_cast<int>(came_ - heard_));
      if (meeting.time > plan_.backlog_weeks && heard_ >= came_by_end_) break;
    }
    hear_first(std::max<std::int64_t>(0, came_by_end_ - heard_), {plan_.meetings.back().time, 0, plan_.weeks, false});
    tally_.add_left(plan_, plan_.starting_cases[static_cast<std::size_t>(conference_)], columns_.left);
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
    columns_.groups.clear();
    columns_.by_slice.clear();
    columns_.hearings.clear();
    columns_.left.clear();
    const std::int64_t starting = plan_.starting_cases[static_cast<std::size_t>(conference_)];
    columns_.groups.push_back({-plan_.starting_age, plan_.starting_age, starting, -1});
    came_ = came_by_end_ = starting;
  }

  /// Lets the cases of all slices before `last` arrive.
  void place(int last) {
    while (slice_ < last) {
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
      columns_.by_slice.push_back(came_);
    }
  }

  void arrive(const Group& group) {
    columns_.groups.push_back(group);
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

  /// The first `count` cases of the queue are heard at a meeting; not `held` ones only count as waiting until then.
  void hear_first(std::int64_t count, const ConferenceMeeting& meeting) {
    heard_ += count;
    while (count > 0) {
      const Group& group = columns_.groups[group_];
      const std::int64_t take = std::min(count, group.count - rank_);
      if (take > 0) add_waits(group, rank_, rank_ + take, meeting);
      rank_ += take;
      count -= take;
      if (rank_ < group.count) break;
      ++group_;
      rank_ = 0;
    }
  }

  void add_waits(const Group& group, std::int64_t first, std::int64_t last, const ConferenceMeeting& meeting) {
    const auto cases = static_cast<double>(last - first);
    const auto ranks = static_cast<double>(last * (last + 1) - first * (first + 1)) / 2;
    const double came = cases * group.from + group.length * ranks / static_cast<double>(group.count + 1);
    const double wait = cases * meeting.time - came;
    if (meeting.week < plan_.weeks) {
      WaitSum& week = tally_.by_hearing[static_cast<std::size_t>(meeting.week)];
      week.cases += cases;
      week.weeks += wait;
      tally_.heard += cases;
    } else if (group.week < plan_.weeks) {
      tally_.waiting_at_end += cases;
    }
    if (group.week < plan_.weeks)
      tally_.person_weeks += cases * std::min(meeting.time, plan_.end) - (group.week < 0 ? 0 : came);
    if (group.week < 0 || group.week >= plan_.weeks) return;
    WaitSum& week = tally_.by_referral[static_cast<std::size_t>(group.week)];
    week.cases += cases;
    week.weeks += wait;
  }

  const ConferencePlan& plan_;
  const Streams& streams_;
  int conference_;
  std::uint64_t entity_;
  Columns& columns_;
  ConferenceTally& tally_;
  int slice_ = 0;
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
