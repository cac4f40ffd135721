#include "models/parts/conference_tally.hpp"

#include <algorithm>

#include "engine/core/limits.hpp"
#include "models/parts/conference_cases.hpp"

namespace desist {

double WaitSum::mean() const { return cases > 0 ? weeks / cases : missing; }

void ConferenceTally::begin(const ConferencePlan& plan) {
  const auto weeks = static_cast<std::size_t>(plan.weeks);
  left.assign(static_cast<std::size_t>(plan.backlog_weeks) + 1, 0.0);
  by_referral.assign(weeks, {});
  by_hearing.assign(weeks, {});
  waits.clear();
  of_referred = of_heard = {};
  referred = turned_away = heard = settled = gone = waiting_at_end = person_weeks = 0;
}

void ConferenceTally::add_left(const ConferencePlan& plan, std::span<const std::int32_t> left_by_meeting) {
  for (std::size_t k = 0; k < left.size(); ++k)
    left[k] += left_by_meeting[static_cast<std::size_t>(plan.latest_meeting[k])];
}

bool ConferenceTally::is_clear(const ConferencePlan& plan, int week) const {
  const auto from = left.begin() + week;
  return std::all_of(from, from + weeks_of_staying_clear + 1, [&](double cases) { return cases <= plan.clear_limit; });
}

namespace {

/// The sum of the week that the last case belonged to, out of its array: the next mostly belongs to it as well, and an
/// addition to memory would wait for the one before.
class WeekAtHand {
 public:
  explicit WeekAtHand(std::vector<WaitSum>& weeks) : weeks_(weeks) {}
  ~WeekAtHand() { put_back(); }
  WeekAtHand(const WeekAtHand&) = delete;
  WeekAtHand& operator=(const WeekAtHand&) = delete;

  void add(std::size_t week, double wait, double is_long) {
    if (week != week_) {
      put_back();
      week_ = week;
      sum_ = weeks_[week];
    }
    sum_ += {1, wait, is_long};
  }

 private:
  void put_back() {
    if (week_ < weeks_.size()) weeks_[week_] = sum_;
  }
  std::vector<WaitSum>& weeks_;
  std::size_t week_ = ~std::size_t{0};
  WaitSum sum_;
};

/// One pass over the cases that came before the end of the window; those that come after it are heard after it.
template <bool each, bool settles, bool given>
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
  const auto ended = [&](std::size_t i) {
    const std::int32_t m = meeting[i];
    if constexpr (settles)
      if (m == ConferenceCases::settled_outside || (given && m == ConferenceCases::gone)) return cases.settled[i];
    return m == ConferenceCases::not_heard ? followed_until : interval * (m + 1);
  };
  std::int64_t heard = 0;
  std::int64_t settled = 0;
  std::int64_t gone = 0;         // referred in the window,
  std::int64_t gone_by_end = 0;  // and by its end
  double waits = 0;
  double waits_heard = 0;
  double waits_starting = 0;
  double person_weeks = 0;
  double waited_long = 0;
  WeekAtHand by_referral(tally.by_referral);
  WeekAtHand by_hearing(tally.by_hearing);
  for (std::size_t i = 0; i < came; ++i) {
    const double from = referred[i];
    const std::int32_t m = meeting[i];
    const double until = ended(i);
    const double wait = until - from;
    if constexpr (given) {
      if (m == ConferenceCases::gone) {  // waited, but for nothing
        ++gone;
        gone_by_end += until <= end;
        person_weeks += std::min(until, end) - std::max(from, 0.0);
        continue;
      }
    }
    const bool is_heard = static_cast<std::uint32_t>(m) < static_cast<std::uint32_t>(meetings_in_window);
    waits += wait;
    waits_heard += is_heard ? wait : 0;
    person_weeks += std::min(until, end) - std::max(from, 0.0);
    heard += is_heard;
    if constexpr (settles) settled += m == ConferenceCases::settled_outside && until <= end;
    if constexpr (each) {
      if (is_heard) by_hearing.add(static_cast<std::size_t>(plan.meetings[static_cast<std::size_t>(m)].week), wait, 0);
      if (i < starting) continue;
      const double is_long = wait > plan.long_wait ? 1 : 0;
      by_referral.add(static_cast<std::size_t>(from), wait, is_long);
      waited_long += is_long;
      tally.waits.push_back(wait);
    }
  }
  tally.of_referred.waited_long += waited_long;
  for (std::size_t i = 0; i < starting; ++i) waits_starting += ended(i) - referred[i];
  const WaitSum of_heard{static_cast<double>(heard), waits_heard, 0};
  const WaitSum of_referred{static_cast<double>(came - starting) - static_cast<double>(gone), waits - waits_starting,
                            0};
  tally.of_heard += of_heard;
  tally.of_referred += of_referred;
  tally.person_weeks += person_weeks;
  tally.heard += of_heard.cases;
  tally.settled += static_cast<double>(settled);
  tally.gone += static_cast<double>(gone_by_end);
  tally.waiting_at_end += static_cast<double>(came) - of_heard.cases - static_cast<double>(settled + gone_by_end);
  tally.turned_away += static_cast<double>(cases.turned_away_in_window);
  tally.referred += static_cast<double>(came - starting) + static_cast<double>(cases.turned_away_in_window);
}

}  // namespace

void tally_cases(const ConferencePlan& plan, const ConferenceCases& cases, ConferenceTally& tally) {
  tally.add_left(plan, cases.left);
  if (!cases.given.empty())
    add_cases<true, true, true>(plan, cases, tally);
  else if (plan.settles)
    add_cases<true, true, false>(plan, cases, tally);
  else if (tally.waits_by_week)
    add_cases<true, false, false>(plan, cases, tally);
  else
    add_cases<false, false, false>(plan, cases, tally);
}

}  // namespace desist
