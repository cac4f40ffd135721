// The model "cover": how often does someone who is trained and has a kit come to a call?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/cover.hpp"

namespace desist {

struct Cover {
  static constexpr ModelInfo info{"cover", "Trained carriers on shift meet calls, with kits that expire.",
                                  "docs/models/cover.md"};
  using Parameters = CoverParameters;
  using Bound = CoverPlan;

  struct Outcomes {
    double enough_met = 0;
    double chance_of_carrier = 0;
    double chance_met = 0;
    double share_met = 0;
    double share_in_time = 0;
    double calls_a_year = 0;
    double met_a_year = 0;
    double unmet_a_year = 0;
    double carriers_on_shift = 0;
    double share_in_date = 0;
    double kits_used = 0;
    double kits_expired = 0;
    double kits_ordered = 0;
    double kits_cost = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum OutcomeField::Kind;
      using enum Better;
      v.outcome("enough_met", &O::enough_met,
                {.kind = chance,
                 .better = higher,
                 .help = "A carrier with a kit in date meets at least the wanted share of the calls in the window."});
      v.outcome("chance_of_carrier", &O::chance_of_carrier,
                {.unit = "share",
                 .better = higher,
                 .help = "Chance that a carrier comes to a call at the end of the window, kits apart: by formula."});
      v.outcome("chance_met", &O::chance_met,
                {.unit = "share",
                 .better = higher,
                 .help = "Chance that a carrier with a kit in date comes to a call, mean of the window's weeks: by "
                         "formula, given the kits."});
      v.outcome("share_met", &O::share_met,
                {.unit = "share",
                 .better = higher,
                 .may_be_missing = true,
                 .help = "Share of the calls in the window that a carrier with a kit in date meets."});
      v.outcome("share_in_time", &O::share_in_time,
                {.unit = "share",
                 .better = higher,
                 .may_be_missing = true,
                 .help = "Share of the calls in the window that a carrier with a kit in date meets while it helps."});
      v.outcome("calls_a_year", &O::calls_a_year, {.unit = "call/year", .help = "Calls in the window."});
      v.outcome("met_a_year", &O::met_a_year,
                {.unit = "call/year", .better = higher, .help = "Calls that a carrier with a kit in date meets."});
      v.outcome("unmet_a_year", &O::unmet_a_year,
                {.unit = "call/year", .better = lower, .help = "Calls that no carrier with a kit in date meets."});
      v.outcome("carriers_on_shift", &O::carriers_on_shift,
                {.unit = "carrier",
                 .better = higher,
                 .help = "Carriers at work on a shift in an area, on average at the end of the window."});
      v.outcome("share_in_date", &O::share_in_date,
                {.unit = "share",
                 .better = higher,
                 .may_be_missing = true,
                 .help = "Share of the carriers whose kit is in date, mean of the window's weeks."});
      v.outcome("kits_used", &O::kits_used, {.unit = "kit", .help = "Kits used in the window."});
      v.outcome("kits_expired", &O::kits_expired,
                {.unit = "kit", .better = lower, .help = "Kits found out of date in the window."});
      v.outcome("kits_ordered", &O::kits_ordered, {.unit = "kit", .help = "Kits ordered in the window."});
      v.outcome("kits_cost", &O::kits_cost,
                {.unit = "£", .better = lower, .help = "Price of the kits ordered in the window."});
    }
  };

  struct Series {
    std::vector<double> chance_met;
    std::vector<double> kits_in_date;
    std::vector<double> calls;
    std::vector<double> calls_met;

    static void describe(auto& v) {
      using S = Series;
      v.series("chance_met", &S::chance_met,
               {.unit = "share",
                .help = "Chance that a carrier with a kit in date comes to a call of the week: by formula, given the "
                        "kits."});
      v.series("kits_in_date", &S::kits_in_date, {.unit = "kit", .help = "Kits carried in date."});
      v.series("calls", &S::calls, {.unit = "call", .help = "Calls in the week."});
      v.series("calls_met", &S::calls_met,
               {.unit = "call", .help = "Calls in the week that a carrier with a kit in date meets."});
    }
  };

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

/// Who was on shift, who came and what became of the kits: what one replicate adds up. For tests.
struct CoverSums {
  double calls = 0;
  double met = 0;
  double in_time = 0;
  KitCounts kits;
};
CoverSums follow_cover(const CoverPlan& plan, const Streams& streams, Cover::Outcomes& outcomes, Cover::Series& series);

}  // namespace desist
