#include "models/parts/conference_given.hpp"

#include <algorithm>

#include "engine/core/limits.hpp"
#include "engine/random/stream.hpp"

namespace desist {

void GivenNewCases::draw_week(ConferenceCases& cases) {
  const int week = week_++;
  for (; next_ < given_.size() && given_[next_].time < week_; ++next_) {
    const Referral& one = given_[next_];
    const double filter = plan_.filter(static_cast<int>(one.route), week);
    if (filter > 0 && uniform(one.work) < filter) {
      if (week < plan_.weeks) ++cases.turned_away_in_window;
      cases.kept_out.push_back(static_cast<std::uint32_t>(next_));
      continue;
    }
    cases.referred.push_back(one.time);
    if (plan_.draws_risk) cases.priority.push_back(uniform(one.risk));
    cases.given.push_back(static_cast<std::uint32_t>(next_));
  }
}

SettledOutside::Numbers SettledOrGone::settle(double now, std::size_t present) {
  SettledOutside::Numbers numbers;
  if (plan_.settles) numbers = outside_.settle(now, present);
  cases_.settled.resize(cases_.referred.size());
  const auto later = [](const Leaves& a, const Leaves& b) { return a.time > b.time; };
  for (; seen_ < present; ++seen_) {
    const double leaves = cases_.leaves(seen_, given_);
    if (leaves == infinity) continue;
    leaving_.push_back({leaves, seen_});
    std::push_heap(leaving_.begin(), leaving_.end(), later);
  }
  while (!leaving_.empty() && leaving_.front().time < now) {
    const Leaves gone = leaving_.front();
    std::pop_heap(leaving_.begin(), leaving_.end(), later);
    leaving_.pop_back();
    if (cases_.meeting[gone.index] != ConferenceCases::not_heard) continue;
    cases_.meeting[gone.index] = ConferenceCases::gone;
    cases_.settled[gone.index] = gone.time;
    ++numbers.all;
    numbers.of_window += cases_.referred[gone.index] < plan_.end;
  }
  return numbers;
}

}  // namespace desist
