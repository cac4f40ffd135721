// The model "places": are there places enough, how long is the wait for one, and what do they cost?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/places.hpp"

namespace desist {

/// The fixed places are enough where they hold everybody for all but this share of the window.
inline constexpr double share_over_fixed = 0.05;

struct Places {
  static constexpr ModelInfo info{"places",
                                  "Places under contract and bought ones (beds, kennels) are held for long stays.",
                                  "docs/models/places.md"};
  using Parameters = PlacesParameters;
  using Bound = PlacesPlan;

  struct Outcomes : WaitingOutcomes {
    double occupied = 0;
    double occupied_most = 0;
    double occupied_end = 0;
    double bought = 0;
    double delayed_share = 0;
    double weeks_over_fixed = 0;
    double fixed_enough = 0;
    double turned_away = 0;
    double cost_a_year = 0;
    double fixed_cost_a_year = 0;
    double bought_cost_a_year = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum OutcomeField::Kind;
      using enum Better;
      v.outcome("fixed_enough", &O::fixed_enough,
                {.kind = chance,
                 .better = higher,
                 .help = "The fixed places hold everybody for at least 95 in 100 of the window's weeks."});
      v.outcome("occupied", &O::occupied, {.unit = "place", .help = "Places taken, mean over the window."});
      v.outcome("occupied_most", &O::occupied_most,
                {.unit = "place", .better = lower, .help = "Places taken at the fullest moment of the window."});
      v.outcome("occupied_end", &O::occupied_end, {.unit = "place", .help = "Places taken at the end of the window."});
      v.outcome("bought", &O::bought,
                {.unit = "place", .better = lower, .help = "Places taken above the fixed ones, mean over the window."});
      v.outcome("delayed_share", &O::delayed_share,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Of the places taken, the share that delayed stays hold."});
      v.outcome("weeks_over_fixed", &O::weeks_over_fixed,
                {.unit = "week", .better = lower, .help = "Weeks with more places taken than are fixed."});
      v.outcome("turned_away", &O::turned_away,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Share of the cases referred in the window that are turned away."});
      v.outcome("cost_a_year", &O::cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Cost of all places, a year."});
      v.outcome("fixed_cost_a_year", &O::fixed_cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Of this, of the fixed places, used or not."});
      v.outcome("bought_cost_a_year", &O::bought_cost_a_year,
                {.unit = "£/year", .better = lower, .help = "Of this, of places bought above the fixed ones."});
      WaitingOutcomes::describe(v);
    }
  };

  struct Series : WaitingSeries {
    std::vector<double> occupied;
    std::vector<double> bought;
    std::vector<double> cost;

    static void describe(auto& v) {
      using S = Series;
      v.series("occupied", &S::occupied, {.unit = "place", .help = "Places taken at the end of the week."});
      v.series("bought", &S::bought,
               {.unit = "place", .help = "Places taken above the fixed ones at the end of the week."});
      v.series("cost", &S::cost, {.unit = "£/week", .help = "Cost of the week, fixed and bought places."});
      WaitingSeries::describe(v);
    }
  };

  /// What a run came to, whoever came.
  static void report(const Bound& plan, const PlacesTally& tally, Outcomes& outcomes, Series& series);
  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
