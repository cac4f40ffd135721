#include "models/parts/orders.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "engine/core/date.hpp"
#include "models/parts/step_integral.hpp"

namespace desist {
namespace {

using LengthLaw = OrderParameters::LengthLaw;
using Start = OrderParameters::Start;

/// E[min(D, E)] for D of mean `length` and E exponential with hazard `ended`.
double mean_time_live(LengthLaw law, double length, double ended) {
  if (law == LengthLaw::exponential) return length / (1 + ended * length);
  return ended * length > 0 ? -std::expm1(-ended * length) / ended : length;
}

/// Poisson count at u; most have a small mean, and most of those are 0.
std::int64_t count_at(double u, double mean) {
  if (mean <= 0 || u <= std::exp(-mean)) return 0;
  return poisson_by_search(u, mean);
}

}  // namespace

OrderPlan::OrderPlan(const OrderParameters& parameters, const Window& window)
    : weeks(static_cast<int>(window.whole_weeks())),
      length_law(parameters.length_law),
      start(parameters.start),
      goes_on(parameters.goes_on),
      replaced(parameters.replaced),
      printed(parameters.printed_arrests),
      printed_people(parameters.printed_counts == OrderParameters::Printed::people) {
  if (weeks < 1) throw std::invalid_argument("the window is shorter than a week");
  if (parameters.types.empty()) throw std::invalid_argument("a model of orders needs a type or more");
  std::map<double, std::uint32_t> known;
  const auto table_of = [&](double mean) {
    const auto [at, is_new] = known.try_emplace(mean, static_cast<std::uint32_t>(tables.size()));
    if (is_new) tables.emplace_back(mean);
    return at->second;
  };
  for (std::size_t i = 0; i < parameters.types.size(); ++i) {
    OrderType type;
    const double breaches = parameters.breaches[i] / weeks_per_year;
    const double noticed = parameters.noticed[i];
    const double leads = noticed * parameters.arrested[i];
    type.length = parameters.length[i];
    type.arrests = breaches * leads;
    type.others = breaches * (1 - leads);
    type.noticed = leads < 1 ? noticed * (1 - parameters.arrested[i]) / (1 - leads) : 0;
    type.crime = parameters.crime[i];
    if (length_law == LengthLaw::fixed) {
      constexpr double rounding = 1e-12;
      type.no_arrest = std::exp(-type.arrests * type.length) * (1 - rounding);
      type.no_other = std::exp(-type.others * type.length) * (1 - rounding);
    }
    type.ended = type.arrests * (1 - goes_on);
    type.lapses = std::expm1(-type.ended * type.length);
    type.live_mean = mean_time_live(length_law, type.length, type.ended);
    type.live_at_start = std::llround(parameters.live_at_start[i]);
    if (start == Start::in_balance && type.live_at_start > 0)
      throw std::invalid_argument(
          "live_at_start is given, but start is in balance: write start = \"as given\", or leave live_at_start out");
    for (int week = 0; week < weeks; ++week)
      type.tables_of.push_back(table_of(step_integral(parameters.issued[i], week, week + 1) * (1 - replaced)));
    if (start == Start::in_balance) type.start_table = table_of(parameters.issued[i].at(0) * type.live_mean);
    types.push_back(std::move(type));
  }
}

double OrderPlan::length(const OrderType& type, double u) const {
  return length_law == LengthLaw::fixed ? type.length : -std::log(u) * type.length;
}

double OrderPlan::remaining(const OrderType& type, double u) const {
  if (length_law == LengthLaw::exponential) return length(type, u);
  const double age = type.lapses < 0 ? -std::log1p(u * type.lapses) / type.ended : u * type.length;
  return std::max(0.0, type.length - age);
}

bool OrderTally::live_through(const OrderPlan& plan, const Streams& streams, std::size_t t, Order& order) {
  const OrderType& type = plan.types[t];
  OrderSums& sums = sums_[t];
  const double window = plan.weeks;
  int arrests = 0;
  if (type.arrests > 0 && order.first_arrest > type.no_arrest) {
    double next = order.from - std::log(order.first_arrest) / type.arrests;
    if (next < std::min(order.until, window)) {
      Stream words = streams.open(Purpose("arrests for breach"), order.person, order.number);
      while (next < std::min(order.until, window)) {
        ++arrests;
        ++arrests_[static_cast<std::size_t>(next)];
        const bool ends = !(uniform(words()) < plan.goes_on);
        if (ends) order.until = next;
        next -= std::log(uniform(words())) / type.arrests;
      }
    }
  }
  const double end = std::min(order.until, window);
  const double live = end - order.from;
  const auto others =
      order.others > type.no_other ? static_cast<double>(count_at(order.others, type.others * live)) : 0.0;
  sums.order_weeks += live;
  sums.arrests += arrests;
  sums.breaches += arrests + others;
  if (arrests + others > 0) ++sums.breached;
  // Live at the end of week i, instant i + 1, where from <= i + 1 < until.
  const auto first = static_cast<std::size_t>(order.from);
  const auto last = static_cast<std::size_t>(std::max(0.0, std::ceil(end) - 1));
  if (order.until > window) {
    ++sums.live_end;
    ++live_[first];
  } else {
    ++sums.ended;
    if (first < last) {
      ++live_[first];
      --live_[last];
    }
  }
  return arrests > 0;
}

void OrderTally::follow(const OrderPlan& plan, const Streams& streams, std::size_t t, Order order) {
  bool arrested = false;
  while (true) {
    arrested |= live_through(plan, streams, t, order);
    if (plan.replaced == 0 || order.until >= plan.weeks) break;
    Stream words = streams.open(Purpose("order replaced"), order.person, order.number);
    if (!(uniform(words()) < plan.replaced)) break;
    ++order.number;
    ++sums_[t].replaced;
    order.from = order.until;
    order.until = order.from + plan.length(plan.types[t], uniform(words()));
    order.first_arrest = uniform(words());
    order.others = uniform(words());
  }
  if (arrested) ++sums_[t].people_arrested;
}

void OrderTally::run(const OrderPlan& plan, const Streams& streams) {
  const auto weeks = static_cast<std::size_t>(plan.weeks);
  sums_.assign(plan.types.size(), {});
  live_.assign(weeks + 1, 0);
  arrests_.assign(weeks, 0);
  for (std::size_t t = 0; t < plan.types.size(); ++t) {
    const OrderType& type = plan.types[t];
    const std::uint64_t of_type = static_cast<std::uint64_t>(t) << 48U;
    const auto number = [&](std::uint32_t table, std::uint64_t week) {
      return plan.tables[table](streams.words(Purpose("orders issued"), t, week)[0]);
    };
    const bool given = plan.start == OrderParameters::Start::as_given;
    const std::int64_t live = given ? type.live_at_start : number(type.start_table, 0);
    Stream old = streams.open(Purpose("each order"), t, 0);
    for (std::int64_t i = 0; i < live; ++i) {
      Order order{of_type + static_cast<std::uint64_t>(i), 0, 0, 0, 0, 0};
      order.until = plan.remaining(type, uniform(old()));
      order.first_arrest = uniform(old());
      order.others = uniform(old());
      follow(plan, streams, t, order);
    }
    sums_[t].live_start = static_cast<double>(live);
    for (std::size_t week = 0; week < weeks; ++week) {
      const std::int64_t issued = number(type.tables_of[week], week + 1);
      if (issued == 0) continue;
      Stream words = streams.open(Purpose("each order"), t, week + 1);
      for (std::int64_t i = 0; i < issued; ++i) {
        Order order{of_type + (static_cast<std::uint64_t>(week + 1) << 24U) + static_cast<std::uint64_t>(i),
                    0,
                    static_cast<double>(week) + uniform(words()),
                    0,
                    0,
                    0};
        order.until = order.from + plan.length(type, uniform(words()));
        order.first_arrest = uniform(words());
        order.others = uniform(words());
        ++sums_[t].first;
        follow(plan, streams, t, order);
      }
    }
    OrderSums& sums = sums_[t];
    const double known = uniform(streams.words(Purpose("breaches known"), t)[0]);
    const double crimes = uniform(streams.words(Purpose("crimes recorded"), t)[0]);
    sums.known = sums.arrests + static_cast<double>(binomial_by_search(
                                    known, std::llround(sums.breaches - sums.arrests), type.noticed));
    sums.crimes = static_cast<double>(binomial_by_search(crimes, std::llround(sums.arrests), type.crime));
  }
  double level = 0;
  for (double& week : live_) week = level += week;
}

}  // namespace desist
