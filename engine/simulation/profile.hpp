// Values that may change in time and differ between the items of a list, as models hold them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/core/date.hpp"

namespace desist {

/// A step function of simulated time (weeks from the window's start): one value until the next change.
class Steps {
 public:
  struct Step {
    double from = 0;  // weeks; the first step holds from minus infinity
    double value = 0;
  };

  Steps(double value = 0) : steps_{{0, value}} {}  // NOLINT: a number is a constant step function
  explicit Steps(std::vector<Step> steps);  // sorted by `from`; throws std::invalid_argument otherwise or if empty

  double at(double week) const;
  std::span<const Step> steps() const { return steps_; }
  bool is_constant() const { return steps_.size() == 1; }

 private:
  std::vector<Step> steps_;
};

/// One value for each item of a list ("8 conferences").
template <class T>
struct ByItem {
  std::vector<T> values;
  const T& operator[](std::size_t item) const { return values[item]; }
  std::size_t size() const { return values.size(); }
};

/// The stretch of calendar that is simulated. Simulated time is counted in weeks from `start`, day 0 at midnight.
struct Window {
  Date start;
  Date end;
  double weeks() const { return static_cast<double>(end.days - start.days) / days_per_week; }
  double week_of(Date date) const { return static_cast<double>(date.days - start.days) / days_per_week; }
  std::size_t whole_weeks() const { return static_cast<std::size_t>((end.days - start.days) / 7); }
};

}  // namespace desist
