#include "engine/statistics/discounting.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

std::size_t index_of_year(int year) { return static_cast<std::size_t>(year); }

/// sum a_i v^i of v in [0, 1], by Horner's rule.
double horner_sum(std::span<const double> a, double v) {
  double sum = 0;
  for (std::size_t i = a.size(); i-- > 0;) sum = sum * v + a[i];
  return sum;
}

}  // namespace

DiscountSchedule::DiscountSchedule(std::span<const DiscountBand> bands) : factors_{1.0} {
  require(!bands.empty(), "a discount schedule needs a band of years");
  for (const DiscountBand& band : bands) {
    require(band.first_year == last_year() + 1,
            "the bands of a discount schedule follow each other without a gap from year 1");
    require(band.last_year >= band.first_year && band.last_year <= 10000,
            "a band of a discount schedule ends in or after its first year, and by year 10000");
    require(band.rate > -1 && std::isfinite(band.rate), "a discount rate is above -1 and finite");
    for (int year = band.first_year; year <= band.last_year; ++year) {
      rates_.push_back(band.rate);
      factors_.push_back(factors_.back() / (1 + band.rate));
    }
  }
}

double DiscountSchedule::rate(int year) const {
  if (year < 1 || year > last_year())
    throw std::invalid_argument("the discount schedule runs from year 1 to year " + std::to_string(last_year()) +
                                ": it has no rate for year " + std::to_string(year));
  return rates_[index_of_year(year - 1)];
}

double DiscountSchedule::factor(int year, FlowTiming timing) const {
  if (year < 0 || year > last_year())
    throw std::invalid_argument("the discount schedule reaches year " + std::to_string(last_year()) +
                                ": it has no factor for year " + std::to_string(year));
  const double start = factors_[index_of_year(year)];
  return timing == FlowTiming::start ? start : start / std::sqrt(1 + rate(year + 1));
}

double present_value(std::span<const double> flows, const DiscountSchedule& schedule, FlowTiming timing) {
  double sum = 0;
  for (std::size_t year = 0; year < flows.size(); ++year)
    sum += flows[year] * schedule.factor(static_cast<int>(year), timing);
  return sum;
}

double annuity(int first, int last, const DiscountSchedule& schedule, FlowTiming timing) {
  require(first >= 0 && last >= first, "an annuity runs from a year to the same or a later one");
  double sum = 0;
  for (int year = first; year <= last; ++year) sum += schedule.factor(year, timing);
  return sum;
}

InternalRate internal_rate(std::span<const double> flows) {
  require(std::all_of(flows.begin(), flows.end(), [](double f) { return std::isfinite(f); }),
          "an internal rate of return needs finite flows");
  InternalRate found;
  std::size_t first = flows.size();  // years before the first flow and after the last move no root
  std::size_t last = 0;
  for (std::size_t year = 0; year < flows.size(); ++year) {
    if (flows[year] == 0) continue;
    if (first == flows.size()) first = year;
    if (first != year && (flows[last] > 0) != (flows[year] > 0)) ++found.sign_changes;
    last = year;
  }
  if (found.sign_changes != 1) return found;

  const std::vector<double> rising(flows.begin() + static_cast<std::ptrdiff_t>(first),
                                   flows.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  const std::vector<double> falling(rising.rbegin(), rising.rend());
  const double sign = rising.front() > 0 ? 1.0 : -1.0;
  // In v = 1/(1 + r) up to 1, in 1 + r beyond: both ends of each are known, as the first and the last flow differ in
  // sign. At v = 1 the value is the plain sum, which is compared first, so that no root is lost between the two.
  const double at_one = horner_sum(rising, 1);
  if (at_one == 0) {
    found.rate = 0.0;
  } else if (at_one * sign < 0) {
    const double v = root_between([&](double x) { return horner_sum(rising, x); }, 0.0, 1.0, sign);
    found.rate = (1 - v) / v;
  } else {
    found.rate = root_between([&](double x) { return horner_sum(falling, x); }, 0.0, 1.0, -sign) - 1;
  }
  return found;
}

Payback payback(std::span<const double> flows) {
  Payback found;
  double sum = 0;
  bool below = true;
  for (std::size_t y = 0; y < flows.size(); ++y) {
    sum += flows[y];
    const int year = static_cast<int>(y);
    if (sum < 0) {
      found.lasting.reset();
    } else {
      if (!found.first) found.first = year;
      if (below) found.lasting = year;
    }
    below = sum < 0;
  }
  return found;
}

}  // namespace desist::statistics
