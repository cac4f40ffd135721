// Money of different years in one number: discount factors and payback.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace desist::statistics {

/// The yearly rate in the years `first_year` to `last_year` after the appraisal date: 0.035 is 3.5%.
struct DiscountBand {
  int first_year = 1;
  int last_year = 0;
  double rate = 0;
};

/// When in its year money moves. Year y is the one after y whole years: the first twelve months are year 0.
enum class FlowTiming {
  start,  // D_y, so that year 0 is not discounted (HM Treasury Green Book 2022, annex 6)
  middle  // D_y (1 + r_(y+1))^(-1/2): spread evenly over the year
};

/// Discount factors of a dated schedule: D_0 = 1, D_y = prod_(j=1..y) 1/(1 + r_j) (mathematics.md 8.1).
///
/// Bands follow each other without a gap from year 1, rates are above -1. Throws std::invalid_argument otherwise, and
/// for a year that the schedule doesn't reach: nothing is extended in silence. `middle` of year y needs the rate of
/// year y + 1. Verified by: discounting_reference; discounting_test
class DiscountSchedule {
 public:
  explicit DiscountSchedule(std::span<const DiscountBand> bands);

  double factor(int year, FlowTiming timing = FlowTiming::start) const;
  /// r_j, j from 1.
  double rate(int year) const;
  int last_year() const { return static_cast<int>(rates_.size()); }

 private:
  std::vector<double> rates_;    // of years 1, 2, ...
  std::vector<double> factors_;  // of years 0, 1, ...
};

/// When the money is back, by the plain sum of the flows up to and including a year: the first year from which that sum
/// stays at nought or above; nothing where it ends below. Undiscounted, as the Green Book's payback period is; a sum
/// that is never below zero is back in year 0. Verified by: discounting_test
std::optional<int> payback(std::span<const double> flows);
/// The same of sums up to and including each year.
std::optional<int> payback_of_sums(std::span<const double> sums);

}  // namespace desist::statistics
