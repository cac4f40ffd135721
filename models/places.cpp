#include "models/places.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/limits.hpp"

namespace desist {

void Places::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local PlacesTally tally;
  run_places(plan, streams, tally);
  report(plan, tally, outcomes, series);
}

void Places::report(const Bound& plan, const PlacesTally& tally, Outcomes& outcomes, Series& series) {
  tally.waiting.report(outcomes, series);

  const double weeks = plan.waiting.end;
  const double years = weeks / weeks_per_year;
  outcomes.turned_away = tally.referred > 0 ? tally.turned_away / tally.referred : missing;
  // The tally of waits knows only that they were not seen.
  outcomes.gave_up = tally.referred > 0 ? std::max(0.0, outcomes.gave_up - outcomes.turned_away) : missing;
  outcomes.occupied = tally.place_weeks / weeks;
  outcomes.occupied_most = tally.peak;
  outcomes.occupied_end = tally.inside;
  outcomes.bought = tally.bought_weeks / weeks;
  outcomes.delayed_share = tally.place_weeks > 0 ? tally.delayed_weeks / tally.place_weeks : missing;
  outcomes.weeks_over_fixed = tally.weeks_over_fixed;
  outcomes.fixed_enough = tally.weeks_over_fixed <= share_over_fixed * weeks ? 1 : 0;
  outcomes.fixed_cost_a_year = tally.fixed_cost / years;
  outcomes.bought_cost_a_year = tally.bought_cost / years;
  outcomes.cost_a_year = outcomes.fixed_cost_a_year + outcomes.bought_cost_a_year;
  std::copy(tally.occupied.begin(), tally.occupied.end(), series.occupied.begin());
  std::copy(tally.bought.begin(), tally.bought.end(), series.bought.begin());
  std::copy(tally.cost.begin(), tally.cost.end(), series.cost.begin());
}

}  // namespace desist
