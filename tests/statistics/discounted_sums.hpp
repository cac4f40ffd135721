// Sums of discounted flows, for tests of schedules.
#pragma once

#include <span>

#include "engine/statistics/discounting.hpp"

namespace desist::statistics {

/// Sum of D_y times the flow of year y = 0, 1, ...
inline double present_value(std::span<const double> flows, const DiscountSchedule& schedule,
                            FlowTiming timing = FlowTiming::start) {
  double sum = 0;
  for (std::size_t year = 0; year < flows.size(); ++year)
    sum += flows[year] * schedule.factor(static_cast<int>(year), timing);
  return sum;
}

}  // namespace desist::statistics
