// Small covers for tests.
#pragma once

#include <string>
#include <vector>

#include "models/cover.hpp"

namespace desist::test {

using Spread = CoverParameters::Spread;
inline constexpr Spread every_spread[] = {Spread::at_random, Spread::together, Spread::apart, Spread::sent_first};

inline Window weeks_from_monday(int weeks) {
  const Date start = Date::from_ymd(2026, 6, 1);
  return {start, Date{start.days + 7 * weeks}};
}

/// One area, one shift with half of the officers at work, crews of two, kits that never expire.
inline CoverParameters plain_cover(double officers, double carriers, double calls) {
  CoverParameters parameters;
  parameters.areas = {"all"};
  parameters.shifts = {"day"};
  parameters.officers = officers;
  parameters.carriers = Steps(carriers);
  parameters.on_shift.values = {0.5};
  parameters.calls = Steps(calls);
  parameters.wanted_share = 0.5;
  return parameters;
}

/// Seven areas, three shifts, and everything else switched on.
inline CoverParameters full_cover(Spread spread) {
  CoverParameters parameters = plain_cover(7954, 263, 40);
  parameters.areas = {"a", "b", "c", "d", "e", "f", "g"};
  parameters.shifts = {"early", "late", "night"};
  parameters.on_shift.values = {0.12, 0.14, 0.1};
  parameters.meeting_calls = 0.5;
  parameters.carriers = Steps({{0, 263}, {9.5, 413}});
  parameters.spread = spread;
  parameters.busy = 0.4;
  parameters.calls = Steps({{0, 40}, {20.25, 60}});
  parameters.officers_by_area = {0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1};
  parameters.carriers_by_area = {0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0};
  parameters.calls_by_area = {0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
  parameters.calls_by_shift = {0.2, 0.3, 0.5};
  parameters.in_time = 0.6;
  parameters.slower_if_sent = 0.3;
  parameters.used = 0.4;
  parameters.shelf_life = 30;
  parameters.issued_over = 20;
  parameters.check_interval = 13;
  parameters.spare_kits = 10;
  parameters.delivery_time = 3;
  parameters.kit_price = 20;
  return parameters;
}

struct CoverResult {
  Cover::Outcomes outcomes;
  Cover::Series series;
};
inline CoverResult run(const CoverPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  CoverResult result;
  const auto weeks = static_cast<std::size_t>(plan.weeks());
  for (auto* series :
       {&result.series.chance_met, &result.series.kits_in_date, &result.series.calls, &result.series.calls_met})
    series->resize(weeks);
  Cover::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

}  // namespace desist::test
