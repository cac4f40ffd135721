// Money of different years in one number: discount factors, present values, internal rate of return, payback.
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

/// Sum of D_y times the flow of year y = 0, 1, ...
/// Verified by: discounting_reference
double present_value(std::span<const double> flows, const DiscountSchedule& schedule,
                     FlowTiming timing = FlowTiming::start);

/// The present value of 1 in each of the years `first` to `last`: with 1 to n, (1 - (1 + r)^-n)/r at a flat rate r. A
/// present value divided by it is the equivalent amount a year. Verified by: discounting_reference
double annuity(int first, int last, const DiscountSchedule& schedule, FlowTiming timing = FlowTiming::start);

/// The rate at which flows are worth nothing, or why none is given.
struct InternalRate {
  std::optional<double> rate;  // above -1
  int sign_changes = 0;        // of the flows, years without any left out
};

/// The root of sum f_y (1 + r)^-y = 0 where the signs of the flows change once: then there is one root and no other
/// (rule of Descartes, in 1/(1 + r)). With no change there is none; with several there may be more than one, none of
/// which is a return, and none is given. Flows are finite. Verified by: discounting_reference; discounting_test
InternalRate internal_rate(std::span<const double> flows);

/// When the money is back, by the plain sum of the flows up to and including a year.
struct Payback {
  std::optional<int> first;    // the first year in which the sum is no longer below zero; empty: never
  std::optional<int> lasting;  // the first from which it stays there; empty where the flows end below zero
};

/// Undiscounted, as the Green Book's payback period is; a sum that is never below zero is back in year 0.
/// Verified by: discounting_test
Payback payback(std::span<const double> flows);

}  // namespace desist::statistics
