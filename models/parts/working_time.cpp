#include "models/parts/working_time.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr double hours_in_a_week = 168;

}  // namespace

WorkingTime::WorkingTime(const WorkingTimeParameters& parameters, const Window& window)
    : start_(window.start),
      opens_(parameters.opens / hours_in_a_week),
      closes_(parameters.closes / hours_in_a_week),
      working_days_(parameters.working_days),
      each_(parameters.hours_each),
      together_(parameters.staff_hours),
      closed_(parameters.closed) {
  if (!(parameters.opens < parameters.closes))
    throw std::invalid_argument("closes (" + shortest(parameters.closes) +
                                " hours after midnight) must be later than opens (" + shortest(parameters.opens) + ")");
}

WorkingTime::Week WorkingTime::week(int week) const {
  Week days;
  for (int i = 0; i < 7; ++i) {
    const int number = 7 * week + i;  // from the start
    const Date date{start_.days + number};
    const double begins = number / days_per_week;
    // 1970-01-01 was a Thursday; Monday is 0.
    const int day_of_week = ((date.days + 3) % 7 + 7) % 7;
    const auto working_days = static_cast<int>(std::lround(working_days_.at(begins)));
    Day& day = days[static_cast<std::size_t>(i)];
    day.opens = begins + opens_;
    day.closes = begins + closes_;
    if (day_of_week >= working_days || std::find(closed_.begin(), closed_.end(), date) != closed_.end()) continue;
    day.each = each_.at(begins) / working_days;
    day.together = (together_.at(begins) + constant_ + per_unit_ * more_.at(begins)) / working_days;
  }
  return days;
}

void WorkingTime::add_hours(double constant, double per_unit, const Steps& steps) {
  constant_ = constant;
  per_unit_ = per_unit;
  more_ = steps;
}

}  // namespace desist
