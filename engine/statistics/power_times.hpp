// How many events a comparison of times to an event needs, and what a given number can show.
#pragma once

#include <optional>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// Which approximation of the log-rank test's power; r = n1/n0 at the start, p = r/(1 + r).
enum class EventsFormula {
  schoenfeld,  // events = (z_(1-alpha/2) + z_power)^2/(p (1 - p) log(h)^2) (Schoenfeld 1981)
  freedman     // events = (z_(1-alpha/2) + z_power)^2 (1 + h r)^2/(r (1 - h)^2) (Freedman 1982)
};

/// Events wanted in both groups together at hazard ratio h; empty for h = 1 or not above 0.
/// Verified by: design_reference log_rank
std::optional<double> events_needed(double hazard_ratio, EventsFormula formula, const Precision& precision = {});

/// Share of all people who have the event when a share `risk0` of the comparison group has: S_1 = S_0^h.
/// Verified by: design_reference log_rank
double average_event_share(double hazard_ratio, double risk0, double ratio = 1);

/// Events needed over the average share: group sizes. Empty also where nobody has events.
/// Verified by: design_reference log_rank
std::optional<GroupSizes> people_needed_for_times(double hazard_ratio, double risk0, EventsFormula formula,
                                                  const Precision& precision = {});

/// Power in the direction of the true ratio with this number of events. Verified by: design_reference log_rank
std::optional<double> power_of_events(double events, double hazard_ratio, EventsFormula formula, double alpha = 0.05,
                                      double ratio = 1);

/// The hazard ratio nearest 1, below or above, that this number of events shows with the power wanted; empty where none
/// is. Verified by: design_test
std::optional<double> detectable_hazard_ratio_below(double events, EventsFormula formula,
                                                    const Precision& precision = {});
std::optional<double> detectable_hazard_ratio_above(double events, EventsFormula formula,
                                                    const Precision& precision = {});

}  // namespace desist::statistics
