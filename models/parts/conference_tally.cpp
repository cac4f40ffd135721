#include "models/parts/conference_tally.hpp"

#include <algorithm>
#include <limits>

namespace desist {

double WaitSum::mean() const { return cases > 0 ? weeks / cases : std::numeric_limits<double>::quiet_NaN(); }

void ConferenceTally::begin(const ConferencePlan& plan) {
  const auto weeks = static_cast<std::size_t>(plan.weeks);
  left.assign(static_cast<std::size_t>(plan.backlog_weeks) + 1, 0.0);
  by_referral.assign(weeks, {});
  by_hearing.assign(weeks, {});
  waits.clear();
  of_referred = of_heard = {};
  referred = turned_away = heard = settled = waiting_at_end = person_weeks = 0;
}

void ConferenceTally::add_left(const ConferencePlan& plan, std::span<const std::int32_t> left_by_meeting) {
  for (std::size_t k = 0; k < left.size(); ++k)
    left[k] += left_by_meeting[static_cast<std::size_t>(plan.latest_meeting[k])];
}

bool ConferenceTally::is_clear(const ConferencePlan& plan, int week) const {
  const auto from = left.begin() + week;
  return std::all_of(from, from + weeks_of_staying_clear + 1, [&](double cases) { return cases <= plan.clear_limit; });
}

}  // namespace desist
