#include "models/parts/closed_weeks.hpp"

#include <algorithm>

#include "engine/core/date.hpp"

namespace desist {

std::vector<double> closed_weeks(const std::vector<Date>& dates, const Window& window, double until) {
  const double period = std::max(weeks_per_year, window.weeks());
  std::vector<double> closed;
  for (const Date date : dates) {
    const double week = window.week_of(date);
    closed.push_back(week);
    if (week < 0 || week >= window.weeks()) continue;
    for (double again = week + period; again < until; again += period) closed.push_back(again);
  }
  return closed;
}

}  // namespace desist
