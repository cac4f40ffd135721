#include "models/parts/places.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/parts/instants.hpp"
#include "models/parts/places_run.hpp"

namespace desist {
namespace {

constexpr double place_rounding = 1e-9;  // places: 0.1 ten times is one

std::size_t whole_places(double places) { return static_cast<std::size_t>(std::floor(places + place_rounding)); }

/// Cases by routes, whose stays follow the plan's law.
class PlacesReferred {
 public:
  PlacesReferred(const PlacesPlan& plan, const Streams& streams) : demand_(plan.demand, streams), stays_(plan.stays) {}
  void draw_week(std::vector<Referral>& referrals, double announced_wait) {
    demand_.draw_week(referrals, announced_wait);
  }
  Stay start(const Referral& referral, double time) const { return stays_.stay(time, referral.work, referral.risk); }
  void leave(const Referral&, double) const {}

 private:
  Demand demand_;
  const StayLaw& stays_;
};

}  // namespace

PlacesPlan::PlacesPlan(const PlacesParameters& parameters, const Window& window)
    : waiting(parameters, window),
      // First come, first served: who comes after the last backlog that is wanted changes nobody's wait.
      demand(parameters, window, waiting.backlog_weeks),
      stays(parameters),
      when_full(parameters.when_full),
      patience(parameters.patience),
      starting_occupied(static_cast<std::size_t>(std::llround(parameters.starting_occupied))) {
  if (when_full == PlacesParameters::WhenFull::turned_away && parameters.starting_backlog > 0)
    throw std::invalid_argument("starting_backlog is above 0, but with when_full = \"turned away\" nobody waits");
  std::vector<double> times{0};
  for (const Steps* each :
       {&parameters.fixed_places, &parameters.bought_places, &parameters.fixed_price, &parameters.bought_price})
    for (const Steps::Step& step : each->steps())
      if (step.from > 0) times.push_back(step.from);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  for (const double time : times) {
    const std::size_t fixed = whole_places(parameters.fixed_places.at(time));
    changes.push_back({time, fixed, fixed + whole_places(parameters.bought_places.at(time)),
                       parameters.fixed_price.at(time), parameters.bought_price.at(time)});
  }
}

void PlacesTally::begin(const PlacesPlan& plan) {
  waiting.begin(plan.waiting);
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  occupied.assign(weeks, 0.0);
  bought.assign(weeks, 0.0);
  cost.assign(weeks, 0.0);
  place_weeks = place_weeks_of_stays = delayed_weeks = bought_weeks = 0;
  weeks_over_fixed = fixed_cost = bought_cost = peak = 0;
  referred = turned_away = started = left = inside = 0;
}

void run_places(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally) {
  thread_local PlacesSpace space;
  PlacesReferred cases(plan, streams);
  PlacesRun(plan, streams, cases, space, tally).run();
}

}  // namespace desist
