// Working time: the days and hours in which staff work, and how many hours of work they hold.
//
// What it computes and what it leaves out: docs/models/casework.md (mathematics.md 4.6).
#pragma once

#include <array>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/profile.hpp"

namespace desist {

/// When staff work, and for how long. Simulated time is in weeks; work is in working hours.
struct WorkingTimeParameters {
  Steps staff_hours;
  Steps hours_each;
  Steps working_days = 7;
  double opens = 0;
  double closes = 24;
  std::vector<Date> closed;

  static void describe(auto& v) {
    using P = WorkingTimeParameters;
    v.number(
        "staff_hours", &P::staff_hours,
        {.unit = "working hour/week",
         .range = {0, 1e6},
         .help = "Staff hours a week for these cases, all together, beside those of `workers` times `hours_each`."});
    v.number("hours_each", &P::hours_each,
             {.unit = "working hour/week",
              .range = {0, 168},
              .off = 0,
              .help = "Hours a week that a full-time worker at work has for these cases."});
    v.number("working_days", &P::working_days,
             {.unit = "working day",
              .range = {1, 7},
              .off = 7,
              .help = "Days of a week on which work is done, from Monday on: 5 is Monday to Friday."});
    v.number("opens", &P::opens,
             {.unit = "hour",
              .range = {0, 24},
              .off = 0,
              .help = "Time of day from which work is done, in hours after midnight."});
    v.number("closes", &P::closes,
             {.unit = "hour",
              .range = {0, 24},
              .off = 24,
              .help = "Time of day until which work is done, in hours after midnight."});
    v.dates("closed", &P::closed, {.may_be_absent = true, .help = "Days on which nobody works; their hours are lost."});
  }
};

/// The working days of one draw and arm, bound.
///
/// The hours of a week are spread evenly over its working days and evenly between opening and closing. More hours than
/// the day is long are more people's hours: nothing is refused. Days are worked out when they are asked for: most runs
/// end long before the last week that they might need.
/// Verified by: working_time_test.
class WorkingTime {
 public:
  /// Throws std::invalid_argument where the day closes before it opens.
  WorkingTime(const WorkingTimeParameters& parameters, const Window& window);

  struct Day {
    double opens = 0;     // weeks
    double closes = 0;    // weeks
    double each = 0;      // hours of one worker; 0 on a day without work
    double together = 0;  // hours of all, whoever they are
  };
  using Week = std::array<Day, 7>;
  Week week(int week) const;
  /// Adds constant + per_unit x steps hours a week to those of all together, spread over the working days alike.
  void add_hours(double constant, double per_unit, const Steps& steps);

 private:
  Date start_;
  double opens_ = 0;   // weeks from midnight
  double closes_ = 0;  // weeks from midnight
  Steps working_days_;
  Steps each_;      // hours a week
  Steps together_;  // hours a week
  double constant_ = 0;
  double per_unit_ = 0;
  Steps more_;
  std::vector<Date> closed_;
};

}  // namespace desist
