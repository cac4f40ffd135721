#include "models/parts/conference_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/random/counts.hpp"
#include "models/parts/conference_intake.hpp"

namespace desist {
namespace {

/// Columns kept between replicates for their memory.
struct Columns {
  std::vector<std::int32_t> unplaced;  // new cases of each week that no slice has taken yet
  std::vector<std::int32_t> came;      // by the beginning of slice s, those waiting at the start included
  std::vector<std::int32_t> heard;     // at each meeting
  std::vector<std::int32_t> left;      // at the start, then by each meeting
};

class CountForm {
 public:
  CountForm(const ConferencePlan& plan, const Streams& streams, int conference, Columns& columns,
            ConferenceTally& tally)
      : plan_(plan),
        streams_(streams),
        conference_(conference),
        entity_(static_cast<std::uint64_t>(conference)),
        starting_(plan.starting_cases[static_cast<std::size_t>(conference)]),
        columns_(columns),
        tally_(tally),
        returning_(plan.returns, streams, conference) {}

  void run() {
    draw_weeks();
    const std::size_t meetings = hear();
    tally_.add_left(plan_, columns_.left);
    add_waits(meetings);
    if (tally_.waits_by_week) add_waits_by_week(meetings);
  }

 private:
  void draw_weeks() {
    columns_.unplaced.resize(static_cast<std::size_t>(plan_.demand_weeks));
    Stream numbers = streams_.open(Purpose("referrals"), entity_);
    int week = 0;
    std::int64_t referred = 0;
    for (std::int32_t& count : columns_.unplaced) {
      count = static_cast<std::int32_t>(plan_.referrals(week, numbers()));
      if (week++ < plan_.weeks) referred += count;
    }
    tally_.referred += static_cast<double>(referred);
    if (!plan_.has_filter()) return;
    Stream coins = streams_.open(Purpose("filtered"), entity_);
    week = 0;
    for (std::int32_t& count : columns_.unplaced) {
      const auto out =
          static_cast<std::int32_t>(binomial_by_search(uniform(coins()), count, plan_.filter(conference_, week)));
      count -= out;
      if (week++ < plan_.weeks) tally_.turned_away += static_cast<double>(out);
    }
  }

  /// Holds the meetings one after the other; how many it took until all who came in the window were heard.
  std::size_t hear() {
    columns_.came.resize(plan_.slices.size() + 1);
    columns_.heard.resize(plan_.meetings.size());
    columns_.left.resize(plan_.meetings.size() + 1);
    std::int32_t* const came = columns_.came.data();
    std::int32_t* const heard_at = columns_.heard.data();
    std::int32_t* const unplaced = columns_.unplaced.data();
    std::int32_t* const left = columns_.left.data();
    const ReferralSlice* const slices = plan_.slices.data();
    const int* const slices_by_meeting = plan_.slices_by_meeting.data();
    const int* const slices_by_list = plan_.slices_by_list.data();
    const int* const capacity = plan_.capacity.data() + entity_ * plan_.meetings.size();
    const bool has_returns = returning_.any();
    const auto cases_of_slice = [&](int index) {
      const ReferralSlice& slice = slices[index];
      std::int32_t& rest = unplaced[slice.week];
      const std::int32_t count = slice.share_of_rest < 1 ? split(rest, slice, index) : rest;
      rest -= count;
      return has_returns ? count + returning(slice, index) : count;
    };
    std::int32_t sum = starting_;
    came[0] = left[0] = sum;
    std::int32_t heard = 0;
    int placed = 0;
    std::size_t m = 0;
    const auto to_keep = static_cast<std::size_t>(plan_.latest_meeting.back());  // meetings whose backlog is asked for
    for (const std::size_t meetings = plan_.meetings.size();
         m < meetings && (m < to_keep || placed < plan_.slices_in_window || heard < came[plan_.slices_in_window]);
         ++m) {
      for (const int present = slices_by_meeting[m]; placed < present;) {
        sum += cases_of_slice(placed);
        came[++placed] = sum;
      }
      const int closed = slices_by_list[m];
      const std::int32_t listed = closed > 0 ? came[closed] : starting_listed(plan_.meetings[m].list_closes);
      const std::int32_t places = plan_.meetings_vary ? places_by_chance(m) : capacity[m];
      const std::int32_t now = std::min(places, listed - heard);
      heard += now;
      heard_at[m] = now;
      if (interval_ == static_cast<int>(m)) returning_.add_heard(now);  // who comes back later is past all demand
      left[m + 1] = sum - heard;
    }
    while (placed < plan_.slices_in_window) {
      sum += cases_of_slice(placed);
      came[++placed] = sum;
    }
    return m;
  }

  // Out of line: they are rare where meetings fall on week ends, and the loop above keeps its registers.
  [[gnu::noinline]] std::int32_t places_by_chance(std::size_t m) const {
    return hearings_at(plan_, streams_, conference_, m);
  }
  [[gnu::noinline]] std::int32_t split(std::int32_t rest, const ReferralSlice& slice, int index) const {
    const Words words = streams_.words(Purpose("splits"), entity_, static_cast<std::uint64_t>(index));
    return static_cast<std::int32_t>(binomial_by_search(uniform(words[0]), rest, slice.share_of_rest));
  }
  /// Cases that come back in a slice and are let in.
  [[gnu::noinline]] std::int32_t returning(const ReferralSlice& slice, int index) {
    if (slice.meeting != interval_) {
      interval_ = slice.meeting;
      still_to_place_ = returning_.take_before(static_cast<std::size_t>(interval_));
    }
    const Words words = streams_.words(Purpose("splits of returns"), entity_, static_cast<std::uint64_t>(index));
    const std::int64_t come = slice.share_of_returns < 1
                                  ? binomial_by_search(uniform(words[0]), still_to_place_, slice.share_of_returns)
                                  : still_to_place_;
    still_to_place_ -= come;
    const std::int64_t out =
        plan_.has_filter() ? binomial_by_search(uniform(words[1]), come, plan_.filter(conference_, slice.week)) : 0;
    if (slice.week < plan_.weeks) {
      tally_.referred += static_cast<double>(come);
      tally_.turned_away += static_cast<double>(out);
    }
    return static_cast<std::int32_t>(come - out);
  }

  /// Cases of the start that came before a list which closed before the start.
  [[gnu::noinline]] std::int32_t starting_listed(double closes) const {
    if (closes >= 0 || starting_ == 0) return starting_;
    const double rank = (closes / plan_.starting_age + 1) * (starting_ + 1);
    return std::clamp(static_cast<std::int32_t>(std::floor(rank)), 0, starting_);
  }

  /// Sum of the expected moments at which cases first + 1 .. last came, of `count` in a stretch of time.
  static double moments(double from, double length, std::int64_t count, std::int64_t first, std::int64_t last) {
    const auto ranks = static_cast<double>(last * (last + 1) - first * (first + 1)) / 2;
    return static_cast<double>(last - first) * from + length * ranks / static_cast<double>(count + 1);
  }
  double moments_of_start(std::int64_t first, std::int64_t last) const {
    return moments(-plan_.starting_age, plan_.starting_age, starting_, first, last);
  }
  double moments_of_slice(std::size_t s, std::int64_t first, std::int64_t last) const {
    const ReferralSlice& slice = plan_.slices[s];
    return moments(slice.from, slice.length, columns_.came[s + 1] - columns_.came[s], first, last);
  }
  /// Sum of the moments of all cases of slices [first, last): of a whole slice its middle.
  double moments_of_slices(std::size_t first, std::size_t last) const {
    const std::int32_t* const came = columns_.came.data();
    const double* const middle = plan_.slice_middles.data();
    double sums[2] = {0, 0};  // two additions at a time
    std::size_t s = first;
    for (; s + 1 < last; s += 2) {
      sums[0] += static_cast<double>(came[s + 1] - came[s]) * middle[s];
      sums[1] += static_cast<double>(came[s + 2] - came[s + 1]) * middle[s + 1];
    }
    if (s < last) sums[0] += static_cast<double>(came[s + 1] - came[s]) * middle[s];
    return sums[0] + sums[1];
  }

  /// Waits of all cases heard, and of all referred, in the window: since the first come are the first heard, sums of
  /// hearing times less sums of moments do.
  void add_waits(std::size_t meetings) {
    const auto window = static_cast<std::size_t>(plan_.slices_in_window);
    const std::int32_t came = columns_.came[window];
    // Meeting m is at (m + 1) intervals: sums of hearing times are whole numbers of intervals.
    const std::int32_t* const heard_at = columns_.heard.data();
    const std::size_t in_window = std::min(meetings, plan_.meetings_in_window);
    std::int64_t heard_intervals = 0;
    std::int32_t heard = 0;
    for (std::size_t m = 0; m < in_window; ++m) {
      heard_intervals += static_cast<std::int64_t>(m + 1) * heard_at[m];
      heard += heard_at[m];
    }
    std::int64_t start_intervals = 0;  // of those who waited at the start: the first to be heard
    std::int32_t rest = starting_;
    for (std::size_t m = 0; m < meetings && rest > 0; ++m) {
      const std::int32_t now = std::min(rest, heard_at[m]);
      start_intervals += static_cast<std::int64_t>(m + 1) * now;
      rest -= now;
    }
    const std::int32_t start_unheard = rest;
    std::int64_t later_intervals = 0;  // of those who came in the window and were heard after it
    rest = came - heard;
    for (std::size_t m = in_window; m < meetings && rest > 0; ++m) {
      const std::int32_t now = std::min(rest, heard_at[m]);
      later_intervals += static_cast<std::int64_t>(m + 1) * now;
      rest -= now;
    }
    const double heard_sum = plan_.interval * static_cast<double>(heard_intervals);
    // Who is not heard has waited until then at least.
    const double referred_sum =
        plan_.interval * static_cast<double>(heard_intervals + later_intervals - start_intervals) +
        last_meeting() * static_cast<double>(rest - start_unheard);

    const auto& all = columns_.came;
    const auto slices_heard = static_cast<std::size_t>(  // wholly
        std::upper_bound(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(window) + 1, heard) - all.begin());
    double heard_came = 0;
    double referred_came = 0;
    if (slices_heard == 0) {
      heard_came = moments_of_start(0, heard);
      referred_came = moments_of_slices(0, window);
    } else {
      const std::size_t partly = slices_heard - 1;  // came[partly] <= heard < came[partly + 1]
      const double whole = moments_of_slices(0, partly);
      heard_came = moments_of_start(0, starting_) + whole +
                   (partly < window ? moments_of_slice(partly, 0, heard - all[partly]) : 0);
      referred_came = whole + moments_of_slices(partly, window);
    }
    const auto waiting = static_cast<double>(came - heard);
    tally_.of_referred.cases += static_cast<double>(came - starting_);
    tally_.of_referred.weeks += referred_sum - referred_came;
    tally_.of_heard.cases += static_cast<double>(heard);
    tally_.of_heard.weeks += heard_sum - heard_came;
    tally_.heard += static_cast<double>(heard);
    tally_.waiting_at_end += waiting;
    tally_.person_weeks += heard_sum + waiting * plan_.end - referred_came;
  }
  double last_meeting() const { return plan_.meetings.empty() ? plan_.end : plan_.meetings.back().time; }

  /// The same by week: every meeting takes the head of the queue, slice by slice.
  void add_waits_by_week(std::size_t meetings) {
    std::int64_t heard = 0;
    for (std::size_t m = 0; m < meetings; ++m) {
      take(columns_.heard[m], plan_.meetings[m].time, plan_.meetings[m].week);
      heard += columns_.heard[m];
    }
    const std::int64_t came = columns_.came[static_cast<std::size_t>(plan_.slices_in_window)];
    take(std::max<std::int64_t>(0, came - heard), last_meeting(), plan_.weeks);
  }
  void take(std::int64_t count, double time, int week) {
    const auto add = [&](WaitSum& sum, std::int64_t cases, double came) {
      sum.cases += static_cast<double>(cases);
      sum.weeks += static_cast<double>(cases) * time - came;
    };
    while (count > 0) {
      const bool from_start = head_ < starting_;
      const std::int64_t first = from_start ? 0 : columns_.came[slice_];  // ranks begin here
      const std::int64_t last = from_start ? starting_ : columns_.came[slice_ + 1];
      const std::int64_t next = std::min(head_ + count, last);
      if (next > head_) {
        const double came =
            from_start ? moments_of_start(head_, next) : moments_of_slice(slice_, head_ - first, next - first);
        if (week < plan_.weeks) add(tally_.by_hearing[static_cast<std::size_t>(week)], next - head_, came);
        const int referred = from_start ? -1 : plan_.slices[slice_].week;
        if (referred >= 0 && referred < plan_.weeks)
          add(tally_.by_referral[static_cast<std::size_t>(referred)], next - head_, came);
      }
      count -= next - head_;
      head_ = next;
      if (!from_start && head_ == last) ++slice_;
    }
  }

  const ConferencePlan& plan_;
  const Streams& streams_;
  int conference_;
  std::uint64_t entity_;
  std::int32_t starting_;
  Columns& columns_;
  ConferenceTally& tally_;
  ReturningCases returning_;
  int interval_ = -1;                // the meeting before which returning cases now come
  std::int64_t still_to_place_ = 0;  // of them, in later slices
  std::int64_t head_ = 0;            // of the queue: cases before it have left
  std::size_t slice_ = 0;            // in which the head is, once those of the start have left
};

}  // namespace

void count_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceTally& tally) {
  thread_local Columns columns;
  CountForm(plan, streams, conference, columns, tally).run();
}

}  // namespace desist
