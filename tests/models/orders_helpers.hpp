// Small stocks of orders for tests.
#pragma once

#include <string>
#include <vector>

#include "models/orders.hpp"

namespace desist::test {

using LengthLaw = OrderParameters::LengthLaw;
using Start = OrderParameters::Start;

inline Window weeks_from_april(int weeks) {
  const Date start = Date::from_ymd(2025, 4, 1);
  return {start, Date{start.days + 7 * weeks}};
}

/// One type: issued a week, live for `length` weeks, breached `breaches` times a year; every breach is known and leads
/// to an arrest.
inline OrderParameters plain_orders(double issued, double length, double breaches) {
  OrderParameters parameters;
  parameters.types = {"order"};
  parameters.issued.values = {Steps(issued)};
  parameters.length.values = {length};
  parameters.live_at_start.values = {0};
  parameters.breaches.values = {breaches};
  parameters.noticed.values = {1};
  parameters.arrested.values = {1};
  parameters.crime.values = {1};
  return parameters;
}

/// Another type beside those that are there.
inline void add_type(OrderParameters& parameters, const OrderParameters& other) {
  parameters.types.push_back("order " + std::to_string(parameters.types.size()));
  parameters.issued.values.push_back(other.issued[0]);
  parameters.length.values.push_back(other.length[0]);
  parameters.live_at_start.values.push_back(other.live_at_start[0]);
  parameters.breaches.values.push_back(other.breaches[0]);
  parameters.noticed.values.push_back(other.noticed[0]);
  parameters.arrested.values.push_back(other.arrested[0]);
  parameters.crime.values.push_back(other.crime[0]);
}

inline OrderTally tally(const OrderPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  OrderTally sums;
  sums.run(plan, Streams(seed, 0, replicate));
  return sums;
}

struct OrdersResult {
  Orders::Outcomes outcomes;
  Orders::Series series;
};
inline OrdersResult run(const OrderPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  OrdersResult result;
  result.outcomes.live_by_type.resize(plan.types.size());
  result.outcomes.arrests_by_type.resize(plan.types.size());
  result.series.live.resize(static_cast<std::size_t>(plan.weeks));
  result.series.arrests.resize(static_cast<std::size_t>(plan.weeks));
  Orders::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

}  // namespace desist::test
