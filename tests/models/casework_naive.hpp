// Casework another way: for a fixed number of workers, each start is found by looking through all cases.
//
// It is given who is referred when, for how many hours, and when they are gone, and knows days by adding them up one at
// a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "tests/models/casework_helpers.hpp"

namespace desist::test {

struct NaiveDesk {
  int first_day = 0;  // of the week, Monday 0
  int working_days = 7;
  double opens = 0;
  double closes = 24;
  double pace = 1;  // hours of work in an hour of the day

  bool works_on(int day) const { return (day + first_day) % 7 < working_days; }
  /// The first moment, in hours from the start, at or after `time` in which the desk is open.
  double open_from(double time) const {
    for (int day = static_cast<int>(std::floor(time / 24));; ++day) {
      if (!works_on(day) || time >= day * 24 + closes - 1e-7) continue;
      return std::max(time, day * 24 + opens);
    }
  }
  /// When `work` hours are done that are begun at the open moment `time`.
  double done(double time, double work) const {
    double now = time;
    while (true) {
      const double closing = std::floor(now / 24) * 24 + closes;
      const double possible = (closing - now) * pace;
      if (work <= possible + 1e-7) return std::min(closing, now + work / pace);
      work -= possible;
      now = open_from(closing);
    }
  }
};

struct NaiveCase {
  double started = std::numeric_limits<double>::infinity();
  double finished = std::numeric_limits<double>::infinity();
  bool gone = false;
};

inline std::vector<NaiveCase> naive_casework(const std::vector<CaseworkRecord>& cases,
                                             const CaseworkParameters& parameters, const NaiveDesk& desk, int workers,
                                             double until) {
  std::vector<NaiveCase> result(cases.size());
  std::vector<double> free_from(static_cast<std::size_t>(workers), 0.0);
  while (true) {
    const auto worker = std::min_element(free_from.begin(), free_from.end());
    // Nobody is begun before somebody is there.
    double first = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (std::isinf(result[i].started) && !result[i].gone) first = std::min(first, cases[i].referred * hours_a_week);
    const double now = desk.open_from(std::max({0.0, *worker, std::min(first, 1e9)}));
    if (std::isinf(first) || now / hours_a_week >= until) return result;
    std::size_t best = cases.size();
    const auto key = [&](std::size_t i) {
      const auto kind = cases[i].kind;
      double rank = parameters.priority[kind];
      const double top = *std::min_element(parameters.priority.values.begin(), parameters.priority.values.end());
      if (parameters.ageing > 0)
        rank =
            std::max(top, rank - std::floor(std::max(0.0, now / hours_a_week - cases[i].referred) / parameters.ageing));
      return std::tuple(rank, cases[i].referred + parameters.due[kind], cases[i].id, cases[i].visit);
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (std::isfinite(result[i].started) || result[i].gone || cases[i].referred * hours_a_week > now + 1e-7) continue;
      result[i].gone = cases[i].leaves * hours_a_week < now;
      if (result[i].gone) continue;
      if (best == cases.size() || key(i) < key(best)) best = i;
    }
    if (best == cases.size()) continue;  // who came first has gone: look again
    const double done = desk.done(now, cases[best].hours);
    result[best] = {now / hours_a_week, done / hours_a_week, false};
    *worker = done;
  }
}

}  // namespace desist::test
