// Places: beds or kennels under contract and bought one by one, held for long stays (mathematics.md 4.7).
//
// What it computes and what it leaves out: docs/models/places.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/stays.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// What places need to know. Simulated time is in weeks.
struct PlacesParameters : DemandParameters, WaitingParameters, StayParameters {
  enum class WhenFull { wait, turned_away };

  Steps fixed_places;
  Steps bought_places;
  Steps fixed_price;
  Steps bought_price;
  WhenFull when_full = WhenFull::wait;
  double patience = 0;
  double starting_occupied = 0;

  static void describe(auto& v) {
    using P = PlacesParameters;
    DemandParameters::describe(v);
    StayParameters::describe(v);
    v.number(
        "fixed_places", &P::fixed_places,
        {.unit = "place", .range = {0, 1e5}, .help = "Places under contract, paid for whether they are used or not."});
    v.number("bought_places", &P::bought_places,
             {.unit = "place",
              .range = {0, 1e5},
              .off = 0,
              .help = "Places that can be bought one by one when the fixed ones are full, at most."});
    v.number("fixed_price", &P::fixed_price,
             {.unit = "£/week", .range = {0, 1e6}, .off = 0, .help = "Price of a fixed place."});
    v.number("bought_price", &P::bought_price,
             {.unit = "£/week", .range = {0, 1e6}, .off = 0, .help = "Price of a bought place while it is used."});
    v.one_of("when_full", &P::when_full, {"wait", "turned away"},
             {.off = 0, .help = "What becomes of a case that finds every place taken."});
    v.number("patience", &P::patience,
             {.unit = "week",
              .range = {0, 520},
              .off = 0,
              .help = "Mean time after which a case that waits gives up; 0 where none does."});
    v.number("starting_occupied", &P::starting_occupied,
             {.unit = "place",
              .range = {0, 1e5},
              .off = 0,
              .help = "Places taken at the start, by stays that are under way."});
    WaitingParameters::describe(v);
  }
};

/// The places of one draw and arm, bound.
class PlacesPlan {
 public:
  /// Throws std::invalid_argument for a starting backlog where nobody waits.
  PlacesPlan(const PlacesParameters& parameters, const Window& window);

  struct Change {  // from a moment on
    double time = 0;
    std::size_t fixed = 0;
    std::size_t all = 0;  // fixed and bought
    double fixed_price = 0;
    double bought_price = 0;
  };

  WaitingPlan waiting;
  DemandPlan demand;
  StayLaw stays;
  PlacesParameters::WhenFull when_full;
  double patience;
  std::size_t starting_occupied;
  std::vector<Change> changes;  // the first at time 0
};

/// One replicate of the places, counted. Kept from replicate to replicate for its memory.
///
/// Identities (Little 1961 on a finite path; verified by: places_test): occupied at the start + started = left +
/// inside, and the integral of the number of places taken is the sum of the parts of all stays in the window.
struct PlacesTally {
  void begin(const PlacesPlan& plan);

  WaitingTally waiting;
  std::vector<double> occupied;     // at the end of week k of the window
  std::vector<double> bought;       // of these, above the fixed ones
  std::vector<double> cost;         // of week k
  double place_weeks = 0;           // integral of the places taken over the window
  double place_weeks_of_stays = 0;  // the same from each stay
  double delayed_weeks = 0;         // of these, of delayed stays
  double bought_weeks = 0;          // integral of the places above the fixed ones
  double weeks_over_fixed = 0;      // time with any
  double fixed_cost = 0;
  double bought_cost = 0;
  double peak = 0;
  double referred = 0;     // in the window
  double turned_away = 0;  // of these
  double started = 0;      // in the window
  double left = 0;         // in the window
  double inside = 0;       // at its end
};

/// Runs one replicate of places to which cases come by routes. Events in order of (time, kind, entity): a stay ends,
/// the number of places changes, a case comes. Cases from elsewhere: places_run.hpp.
void run_places(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally);

}  // namespace desist
