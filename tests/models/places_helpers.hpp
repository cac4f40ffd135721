// Parameters of places of every kind.
#pragma once

#include <cmath>
#include <cstdint>

#include "models/parts/places.hpp"

namespace desist::test {

/// Cases of one route, stays of one week and no places.
inline PlacesParameters plain(double referrals, double places, double stay = 1) {
  PlacesParameters parameters;
  parameters.routes = {"all"};
  parameters.referrals.values = {Steps(referrals)};
  parameters.take_up.values = {Steps(1)};
  parameters.growth.values = {0};
  parameters.stay_mean = stay;
  parameters.fixed_places = Steps(places);
  parameters.yardstick = 1;
  parameters.wanted_share = 0.95;
  return parameters;
}

/// Parameters of every kind, from a seed.
inline PlacesParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  PlacesParameters parameters = plain(between(0, 8), 0, perhaps(between(0, 20)));
  parameters.fixed_places = Steps({{0, perhaps(between(0, 30))}, {between(1, 40), between(0, 60)}});
  parameters.bought_places = Steps({{0, perhaps(between(0, 30))}, {between(1, 40), perhaps(between(0, 60))}});
  parameters.fixed_price = Steps({{0, 100}, {between(1, 40), 150}});
  parameters.bought_price = Steps(between(0, 300));
  parameters.stay_spread = perhaps(between(0, 5));
  parameters.stay_law = uniform(words()) < 0.5 ? StayParameters::Law::gamma : StayParameters::Law::lognormal;
  parameters.delayed = perhaps(between(0, 1));
  parameters.delayed_stay = between(1, 200);
  parameters.shorter_stays = Steps({{0, 0}, {between(1, 40), between(0, 1)}});
  parameters.starting_occupied = perhaps(between(0, 50));
  parameters.when_full =
      uniform(words()) < 0.4 ? PlacesParameters::WhenFull::turned_away : PlacesParameters::WhenFull::wait;
  if (parameters.when_full == PlacesParameters::WhenFull::wait) {
    parameters.patience = perhaps(between(0, 20));
    parameters.starting_backlog = perhaps(between(0, 20));
    parameters.starting_wait = between(0, 10);
  }
  parameters.deterrence = perhaps(0.1);
  parameters.overdispersion = perhaps(0.2);
  parameters.clear_dates = {Date::from_ymd(2023, 12, 30)};
  return parameters;
}

}  // namespace desist::test
