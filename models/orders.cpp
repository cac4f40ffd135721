#include "models/orders.hpp"

#include <limits>

#include "engine/core/date.hpp"
#include "engine/core/limits.hpp"

namespace desist {

void Orders::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local OrderTally tally;
  tally.run(plan, streams);
  const double years = plan.weeks / weeks_per_year;
  double orders = 0;
  double breached = 0;
  double weeks_live = 0;
  for (std::size_t t = 0; t < plan.types.size(); ++t) {
    const OrderSums& type = tally.by_type()[t];
    outcomes.live_start += type.live_start;
    outcomes.live_end += type.live_end;
    outcomes.live_by_type[t] = type.order_weeks / plan.weeks;
    outcomes.issued_a_year += (type.first + type.replaced) / years;
    outcomes.breaches_a_year += type.breaches / years;
    outcomes.known_a_year += type.known / years;
    outcomes.arrests_a_year += type.arrests / years;
    outcomes.arrests_by_type[t] = type.arrests / years;
    outcomes.people_arrested_a_year += type.people_arrested / years;
    outcomes.crimes_a_year += type.crimes / years;
    orders += type.live_start + type.first + type.replaced;
    breached += type.breached;
    weeks_live += type.order_weeks;
  }
  outcomes.live_mean = weeks_live / plan.weeks;
  outcomes.share_breached = orders > 0 ? breached / orders : missing;
  outcomes.arrests_per_100_live = weeks_live > 0 ? 100 * outcomes.arrests_a_year / outcomes.live_mean : missing;
  outcomes.printed_per_100_live = weeks_live > 0 ? 100 * plan.printed / outcomes.live_mean : missing;
  const double counted = plan.printed_people ? outcomes.people_arrested_a_year : outcomes.arrests_a_year;
  outcomes.reaches_printed = counted >= plan.printed ? 1 : 0;
  for (std::size_t week = 0; week < series.live.size(); ++week) {
    series.live[week] = tally.live(static_cast<int>(week));
    series.arrests[week] = tally.arrests(static_cast<int>(week));
  }
}

}  // namespace desist
