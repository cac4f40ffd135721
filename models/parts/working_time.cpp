#include "models/parts/working_time.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr double hours_a_day = 24;

}  // namespace

WorkingTime::WorkingTime(const WorkingTimeParameters& parameters, const Window& window, int weeks) {
  if (!(parameters.opens < parameters.closes))
    throw std::invalid_argument("closes (" + shortest(parameters.closes) +
                                " hours after midnight) must be later than opens (" + shortest(parameters.opens) + ")");
  const std::size_t number = static_cast<std::size_t>(weeks) * 7;
  days_.reserve(number);
  share_.reserve(number);
  for (std::size_t i = 0; i < number; ++i) {
    Date date = window.start;
    date.days += static_cast<decltype(date.days)>(i);
    // 1970-01-01 was a Thursday; Monday is 0.
    const auto day_of_week = static_cast<int>(((date.days + 3) % 7 + 7) % 7);
    const double begins = static_cast<double>(i) / 7;
    const auto working_days = static_cast<int>(std::lround(parameters.working_days.at(begins)));
    const bool works = day_of_week < working_days &&
                       std::find(parameters.closed.begin(), parameters.closed.end(), date) == parameters.closed.end();
    const double share = works ? 1.0 / working_days : 0;
    days_.push_back({(static_cast<double>(i) + parameters.opens / hours_a_day) / 7,
                     (static_cast<double>(i) + parameters.closes / hours_a_day) / 7,
                     share * parameters.hours_each.at(begins), share * parameters.staff_hours.at(begins)});
    share_.push_back(share);
  }
}

void WorkingTime::add_hours(double constant, double per_unit, const Steps& steps) {
  for (std::size_t i = 0; i < days_.size(); ++i)
    days_[i].together += share_[i] * (constant + per_unit * steps.at(static_cast<double>(i) / 7));
}

}  // namespace desist
