#include "engine/statistics/discounting.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

std::size_t index_of_year(int year) { return static_cast<std::size_t>(year); }

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

std::optional<int> payback(std::span<const double> flows) {
  std::vector<double> sums(flows.size());
  std::partial_sum(flows.begin(), flows.end(), sums.begin());
  return payback_of_sums(sums);
}

std::optional<int> payback_of_sums(std::span<const double> sums) {
  std::optional<int> back;
  for (std::size_t year = 0; year < sums.size(); ++year) {
    if (sums[year] < 0) {
      back.reset();
    } else if (!back) {
      back = static_cast<int>(year);
    }
  }
  return back;
}

}  // namespace desist::statistics
