// A programme of fixed length that people leave early: what counts and total days say of the hazard of leaving.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// What is printed of some stays in a programme of `length` days, on the day of the count.
struct EarlyLeaving {
  std::int64_t left = 0;       // ended before `length`
  std::int64_t completed = 0;  // lasted `length`
  std::int64_t still = 0;      // had not ended: so far fewer than `length` days
  std::int64_t days = 0;       // of all stays together, so far
  std::int64_t length = 0;     // of the programme
  double admitted_over = 0;    // days, up to the day of the count, over which people came evenly
  std::int64_t people() const { return left + completed + still; }
};

/// Hazard of leaving early (shape/scale) (t/scale)^(shape - 1) after t days: Weibull (1951). Shape 1: the same on every
/// day; below: least likely to leave the longer they have stayed; above: likelier.
struct LeavingLaw {
  double shape = 1;
  double scale = 1;  // days
  /// Chance of staying beyond t days.
  double staying(double t) const;
};

/// The log-likelihood of what is printed, but for a constant: counts and total days, the single stays being unknown.
///
/// People come evenly over A = admitted_over days. A stay of t whole days that ended early has density f(t) (A - t)/A,
/// one that has lasted t days so far S(t)/A, a completed one S(L) (A - L)/A; the days of those who left and of those
/// still there add up to days - completed L, so their densities are convolved. Where the shape is 1 it is, but for a
/// constant, left log h - h days: the total is all that a constant hazard h asks for (Epstein & Sobel 1953). Minus
/// infinity where no such stays exist. Verified by: early_leaving_test
double log_likelihood(const EarlyLeaving& seen, const LeavingLaw& law);

/// How many of those still there will complete, in the mean: sum of S(L)/S(time so far), over what their times so far
/// may be given the total. Verified by: early_leaving_test
double expected_to_complete(const EarlyLeaving& seen, const LeavingLaw& law);

/// Laws that fit, shapes between two bounds. Intervals are of profile likelihood: the values of all laws whose
/// log-likelihood lies less than half the chi-square limit below the greatest.
struct LeavingFit {
  LeavingLaw best;
  double chance = 0;  // that one who comes completes: S(length)
  Interval chance_interval;
  double of_still = 0;  // of those still there, how many will complete
  Interval of_still_interval;
  double half_stay = 0;  // days after which half have left, whether or not the programme lasts as long
  Interval half_stay_interval;
  Interval shapes;        // that fit
  bool low_open = false;  // the least, or the greatest, shape allowed fits too
  bool high_open = false;
  double deviance_of_constant = 0;  // 2 (greatest - greatest at shape 1); empty meaning where 1 isn't allowed
};

/// Fits the law of leaving. Nothing where nobody left or everybody did so on the first day, where the numbers
/// contradict each other (fewer days than stays, or more than their length allows), or where admitted_over <= length.
/// Verified by: early_leaving_test
std::optional<LeavingFit> fit_leaving(const EarlyLeaving& seen, double least_shape, double most_shape,
                                      double confidence = usual_confidence);

/// Whether such stays exist: everyone at least a day and, unless completed, at most length - 1.
bool days_possible(const EarlyLeaving& seen);

}  // namespace desist::statistics
