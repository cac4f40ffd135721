// The mean number of events by a time, where a person can have many. (Andersen & Gill's regression is cox() with starts
// and the person as cluster.)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// The mean cumulative function after one event time.
struct MeanCount {
  double time = 0;
  std::int64_t at_risk = 0;  // people under observation
  std::int64_t events = 0;
  double mean = 0;
  double robust_error = 0;   // people vary in their rates
  double poisson_error = 0;  // sum of d/n^2: right only if nobody's rate differs
};

/// The mean cumulative function of one group.
struct MeanCumulativeFunction {
  std::vector<MeanCount> steps;  // at event times
  std::int64_t people = 0;
  std::int64_t events = 0;
};

/// M(t) = sum of d/n (Nelson 1988) of each group, with Lawless & Nadeau's variance (1995, eq. 2.4): the sum over people
/// of {sum over event times of Y_i/n (dN_i - d/n)}^2. Rows are spells under observation, (start, stop], of which an
/// event may be the end; `person` numbers the people from 0 (empty: a person a row); a person's rows must not overlap
/// and must be in one group. Taken to stop when observation does: a competing death must not be coded as censoring.
/// Verified by: recurrent_reference; recurrent_events_test against the double sum
Checked<std::vector<MeanCumulativeFunction>> mean_cumulative_function(const FollowUp& follow_up,
                                                                      std::span<const int> person,
                                                                      std::span<const int> group = {}, int groups = 1);

}  // namespace desist::statistics
