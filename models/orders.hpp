// The model "orders": how many orders are live, and what rate of breach would an arrest count mean?
#pragma once

#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/contract.hpp"
#include "models/parts/orders.hpp"

namespace desist {

struct Orders {
  static constexpr ModelInfo info{
      "orders", "Orders are issued, are live for a time, are breached, and lead to arrests.", "docs/models/orders.md"};
  using Parameters = OrderParameters;
  using Bound = OrderPlan;

  struct Outcomes {
    double reaches_printed = 0;
    double live_start = 0;
    double live_end = 0;
    double live_mean = 0;
    std::vector<double> live_by_type;
    double issued_a_year = 0;
    double breaches_a_year = 0;
    double known_a_year = 0;
    double arrests_a_year = 0;
    std::vector<double> arrests_by_type;
    double people_arrested_a_year = 0;
    double crimes_a_year = 0;
    double share_breached = 0;
    double arrests_per_100_live = 0;
    double printed_per_100_live = 0;

    static void describe(auto& v) {
      using O = Outcomes;
      using enum OutcomeField::Kind;
      using enum Better;
      v.outcome("reaches_printed", &O::reaches_printed,
                {.kind = chance, .help = "The window's arrests a year are no fewer than the printed number."});
      v.outcome("live_start", &O::live_start, {.unit = "order", .help = "Orders live at the start."});
      v.outcome("live_end", &O::live_end, {.unit = "order", .help = "Orders live at the end of the window."});
      v.outcome("live_mean", &O::live_mean, {.unit = "order", .help = "Orders live on average in the window."});
      v.outcome("live_by_type", &O::live_by_type,
                {.unit = "order", .over = "types", .help = "Orders of each type live on average in the window."});
      v.outcome("issued_a_year", &O::issued_a_year,
                {.unit = "order/year", .help = "Orders issued in the window, replacements included."});
      v.outcome("breaches_a_year", &O::breaches_a_year,
                {.unit = "breach/year", .better = lower, .help = "Breaches in the window, known or not."});
      v.outcome("known_a_year", &O::known_a_year,
                {.unit = "breach/year", .help = "Breaches in the window that the police know."});
      v.outcome("arrests_a_year", &O::arrests_a_year,
                {.unit = "arrest/year", .help = "Arrests for breach in the window."});
      v.outcome("arrests_by_type", &O::arrests_by_type,
                {.unit = "arrest/year", .over = "types", .help = "Arrests for breach of orders of each type."});
      v.outcome("people_arrested_a_year", &O::people_arrested_a_year,
                {.unit = "person/year", .help = "People arrested for breach at least once in the window."});
      v.outcome("crimes_a_year", &O::crimes_a_year,
                {.unit = "crime/year", .help = "Arrests for breach in the window for which a crime is recorded."});
      v.outcome("share_breached", &O::share_breached,
                {.unit = "share",
                 .better = lower,
                 .may_be_missing = true,
                 .help = "Of the orders live at any time in the window, the share breached in it, known or not."});
      v.outcome("arrests_per_100_live", &O::arrests_per_100_live,
                {.unit = "arrest/year",
                 .may_be_missing = true,
                 .help = "Arrests in the window for every 100 years that orders are live."});
      v.outcome("printed_per_100_live", &O::printed_per_100_live,
                {.unit = "arrest/year",
                 .may_be_missing = true,
                 .help = "The printed number for every 100 orders live on average: the rate that it would mean."});
    }
  };

  struct Series {
    std::vector<double> live;
    std::vector<double> arrests;

    static void describe(auto& v) {
      using S = Series;
      v.series("live", &S::live, {.unit = "order", .help = "Orders live at the end of the week."});
      v.series("arrests", &S::arrests, {.unit = "arrest", .help = "Arrests for breach in the week."});
    }
  };

  static void replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series);
};

}  // namespace desist
