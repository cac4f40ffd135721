// Orders: stock and flow of court orders and the like, by type, and what their breaches lead to (mathematics.md 4.10).
//
// What it computes and what it leaves out: docs/models/orders.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/random/counts.hpp"
#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

struct OrderParameters {
  enum class LengthLaw { fixed, exponential };
  enum class Start { in_balance, as_given };
  enum class Printed { arrests, people };
  std::vector<std::string> types;
  ByItem<Steps> issued;
  ByItem<double> length;
  LengthLaw length_law = LengthLaw::fixed;
  Start start = Start::in_balance;
  ByItem<double> live_at_start;
  ByItem<double> breaches;
  ByItem<double> noticed;
  ByItem<double> arrested;
  ByItem<double> crime;
  double goes_on = 1;
  double replaced = 0;
  double printed_arrests = 0;
  Printed printed_counts = Printed::arrests;

  static void describe(auto& v) {
    using P = OrderParameters;
    v.items("types", &P::types, {.unit = "type", .help = "Kinds of orders."});
    v.number("issued", &P::issued,
             {.unit = "order/week",
              .range = {0, 1e4},
              .over = "types",
              .help = "Orders issued of each type, those that replace an earlier one included."});
    v.number("length", &P::length,
             {.unit = "week", .range = {0, 5200}, .over = "types", .help = "Mean time that an order is live."});
    v.one_of("length_law", &P::length_law, {"fixed", "exponential"},
             {.off = 0, .help = "Whether all orders of a type are as long, or end at a constant hazard."});
    v.one_of("start", &P::start, {"in balance", "as given"},
             {.off = 0,
              .help = "Orders that are live at the start: as many as come from issuing at the first rate for ever, or "
                      "live_at_start."});
    v.number("live_at_start", &P::live_at_start,
             {.unit = "order",
              .range = {0, 1e6},
              .off = 0,
              .over = "types",
              .help = "Orders of each type that are live at the start, where start is as given."});
    v.number("breaches", &P::breaches,
             {.unit = "breach/year",
              .range = {0, 1000},
              .over = "types",
              .help = "Breaches of an order in a year in which it is live."});
    v.number(
        "noticed", &P::noticed,
        {.unit = "share", .range = {0, 1}, .over = "types", .help = "Share of the breaches that the police know."});
    v.number("arrested", &P::arrested,
             {.unit = "share",
              .range = {0, 1},
              .over = "types",
              .help = "Share of the breaches that the police know for which the person is arrested."});
    v.number("crime", &P::crime,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .over = "types",
              .help = "Share of the arrests for which a crime is recorded."});
    v.number("goes_on", &P::goes_on,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .help = "Chance that an order goes on after an arrest; otherwise it ends then."});
    v.number(
        "replaced", &P::replaced,
        {.unit = "share",
         .range = {0, 0.99},
         .off = 0,
         .help = "Chance that an order which ends is followed at once by another of its type, for the same person."});
    v.number("printed_arrests", &P::printed_arrests,
             {.unit = "arrest/year",
              .range = {0, 1e6},
              .off = 0,
              .help = "A printed number of arrests for breach to hold the window against."});
    v.one_of("printed_counts", &P::printed_counts, {"arrests", "people"},
             {.off = 0, .help = "Whether the printed number counts arrests, or people arrested at least once."});
  }
};

/// One type of orders, bound. Times in weeks, rates a week.
struct OrderType {
  double length = 0;
  double arrests = 0;  // hazard of an arrest while live: breaches x noticed x arrested
  double others = 0;   // hazard of a breach without arrest
  double noticed = 0;  // of those, the share that is known
  double crime = 1;
  double ended = 0;      // hazard of ending by arrest: arrests x (1 - goes on)
  double no_arrest = 0;  // up to this u of its clock an order of fixed length has no arrest: the clock isn't read
  double no_other = 0;   // the same of breaches without arrest
  double lapses = 0;     // exp(-ended x length) - 1
  double live_mean = 0;  // length of time that an order is live, arrests counted: E[min(D, Exp(ended))]
  std::int64_t live_at_start = 0;        // where given
  std::vector<std::uint32_t> tables_of;  // of first orders issued, by week
  std::uint32_t start_table = 0;         // of orders live at the start, in balance
};

/// Orders of one draw and arm, bound.
class OrderPlan {
 public:
  /// Throws std::invalid_argument for a window shorter than a week, or live_at_start without start = "as given".
  OrderPlan(const OrderParameters& parameters, const Window& window);

  int weeks = 0;
  OrderParameters::LengthLaw length_law = OrderParameters::LengthLaw::fixed;
  OrderParameters::Start start = OrderParameters::Start::in_balance;
  double goes_on = 1;
  double replaced = 0;
  double printed = 0;
  bool printed_people = false;
  std::vector<OrderType> types;
  std::vector<PoissonTable> tables;

  /// How long an order of this type is live if no arrest ends it, u in (0, 1).
  double length(const OrderType& type, double u) const;
  /// The same of what is left of an order that is live at the start, in balance.
  ///
  /// The age a of a live order has a density in proportion to P(live at age a). Fixed length L, arrests that end orders
  /// at hazard r: P(age <= a) = (1 - exp(-r a))/(1 - exp(-r L)), uniform for r = 0; what is left is L - a. Exponential
  /// lengths have no memory. Verified by: orders_law_test Stock_in_balance_stays.
  double remaining(const OrderType& type, double u) const;
};

/// What one replicate adds up, by type.
struct OrderSums {
  double live_start = 0;
  double first = 0;     // orders issued to somebody new
  double replaced = 0;  // orders that followed another
  double ended = 0;     // lapsed or ended by arrest, in the window
  double live_end = 0;
  double order_weeks = 0;
  double breaches = 0;
  double known = 0;
  double arrests = 0;
  double crimes = 0;
  double people_arrested = 0;
  double breached = 0;  // orders breached at least once
};

/// Counts one replicate. Kept for its memory: `run` empties it.
///
/// Orders are independent of each other. Each has words of its own, named by type, week and index in the week; arrests
/// ring at a clock of -log u / hazard, breaches without arrest are Poisson in the time live. So an order's fate depends
/// on no other order and on no horizon. Verified by: orders_test, orders_law_test.
class OrderTally {
 public:
  void run(const OrderPlan& plan, const Streams& streams);

  const std::vector<OrderSums>& by_type() const { return sums_; }
  double live(int week) const { return live_[static_cast<std::size_t>(week)]; }  // at the end of the week
  double arrests(int week) const { return arrests_[static_cast<std::size_t>(week)]; }

 private:
  struct Order {
    std::uint64_t person;  // the first order of a chain names it
    std::uint64_t number;  // in the chain, from 0
    double from;           // live since then, or since before the start: 0
    double until;          // live until then if no arrest ends it
    double first_arrest;   // u of the clock
    double others;         // u of the breaches without arrest
  };
  void follow(const OrderPlan& plan, const Streams& streams, std::size_t type, Order order);
  /// One order within the window; whether its person was arrested. `order.until` becomes its end.
  bool live_through(const OrderPlan& plan, const Streams& streams, std::size_t type, Order& order);

  std::vector<OrderSums> sums_;
  std::vector<double> live_;     // by week: changes, then levels
  std::vector<double> arrests_;  // by week
};

}  // namespace desist
