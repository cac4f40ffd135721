#include "engine/statistics/power_times.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

bool usable(double hazard_ratio) { return hazard_ratio > 0 && std::isfinite(hazard_ratio) && hazard_ratio != 1; }

/// The z that one event contributes, times the root of their number.
double signal(double hazard_ratio, EventsFormula formula, double ratio) {
  if (formula == EventsFormula::schoenfeld) return std::sqrt(ratio) / (1 + ratio) * std::abs(std::log(hazard_ratio));
  return std::sqrt(ratio) * std::abs(1 - hazard_ratio) / (1 + hazard_ratio * ratio);
}

}  // namespace

std::optional<double> events_needed(double hazard_ratio, EventsFormula formula, const Precision& precision) {
  if (!usable(hazard_ratio)) return std::nullopt;
  const double each = wanted_z(precision) / signal(hazard_ratio, formula, precision.ratio);
  return each * each;
}

double average_event_share(double hazard_ratio, double risk0, double ratio) {
  return (risk0 + ratio * (1 - std::pow(1 - risk0, hazard_ratio))) / (1 + ratio);
}

std::optional<GroupSizes> people_needed_for_times(double hazard_ratio, double risk0, EventsFormula formula,
                                                  const Precision& precision) {
  const auto events = events_needed(hazard_ratio, formula, precision);
  if (!events || !(risk0 > 0) || risk0 > 1) return std::nullopt;
  const double people = *events / average_event_share(hazard_ratio, risk0, precision.ratio);
  return GroupSizes{people * precision.ratio / (1 + precision.ratio), people / (1 + precision.ratio)};
}

std::optional<double> power_of_events(double events, double hazard_ratio, EventsFormula formula, double alpha,
                                      double ratio) {
  if (!(hazard_ratio > 0) || !(events >= 0)) return std::nullopt;
  return normal_cdf(std::sqrt(events) * signal(hazard_ratio, formula, ratio) + normal_quantile(alpha / 2));
}

std::optional<double> detectable_hazard_ratio_below(double events, EventsFormula formula, const Precision& precision) {
  if (!(events > 0)) return std::nullopt;
  const double r = precision.ratio;
  const double each = wanted_z(precision) / std::sqrt(events * r);
  if (formula == EventsFormula::schoenfeld) return std::exp(-each * (1 + r));
  if (each >= 1) return std::nullopt;
  return (1 - each) / (1 + each * r);
}

std::optional<double> detectable_hazard_ratio_above(double events, EventsFormula formula, const Precision& precision) {
  if (!(events > 0)) return std::nullopt;
  const double r = precision.ratio;
  const double each = wanted_z(precision) / std::sqrt(events * r);
  if (formula == EventsFormula::schoenfeld) return std::exp(each * (1 + r));
  if (each * r >= 1) return std::nullopt;
  return (1 + each) / (1 - each * r);
}

}  // namespace desist::statistics
