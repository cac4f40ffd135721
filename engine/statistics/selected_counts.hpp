// What the counts of people who were picked for their past do afterwards, if nothing is done to them.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/statistics/expected_count.hpp"
#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {

/// Lengths of the time before and after, in the unit of the frailty's rates.
struct BeforeAfter {
  double before = 1;
  double after = 1;
};

/// The count after of one person with `count` before, if rates are as they were (Hauer 1997, Observational
/// Before-After Studies, 11): Z given the past is gamma of shape k + y and rate a + t_b, a = k/mu.
struct AfterGivenBefore {
  double mean = 0;              // t_a (k + y)/(a + t_b)
  double variance = 0;          // mean + t_a^2 (k + y)/(a + t_b)^2
  double with_event_share = 0;  // 1 - ((a + t_b)/(a + t_b + t_a))^(k + y)
};

/// Throws std::invalid_argument unless both times are 0 or more and finite.
/// Verified by: selected_counts_test; selected_counts_reference
AfterGivenBefore after_given_before(const GammaFrailty& frailty, const BeforeAfter& times, std::size_t count);

/// How much of a count before is not there afterwards: 1 - a/(a + t_b) = m/(m + k), m = mu t_b, is the weight of a
/// person's own past against the mean of everyone. Verified by: selected_counts_reference
double weight_of_own_past(const GammaFrailty& frailty, double time_before);

/// People whose count before was at least a threshold.
struct SelectedCounts {
  double share = 0;            // of everyone: P(X >= c), X negative binomial of shape k and mean m
  double mean_before = 0;      // m P(X' >= c - 1)/P(X >= c), X' of shape k + 1 and mean m (k + 1)/k
  double variance_before = 0;  // of one person's count
  double mean_after = 0;       // t_a (k + mean_before)/(a + t_b)
  double variance_after = 0;   // of one person's count
  double none_after = 0;       // share without an event after
  double ratio = 0;            // rate after over rate before: less than 1 without any effect
};

/// All in closed form, by tails of negative binomial laws. An infinite shape is a law too: all are alike, and those
/// picked were unlucky. Throws std::invalid_argument where nobody is picked or a time is 0.
/// Verified by: selected_counts_test; selected_counts_reference
SelectedCounts selected_counts(const GammaFrailty& everyone, const BeforeAfter& times, std::size_t threshold);

/// The mean rate of everyone at which people picked by the threshold have this mean count before, which rises with it:
/// the root of `mean_before`. Throws std::invalid_argument unless mean_before > threshold, or > 0 without one.
/// Verified by: selected_counts_test
double mean_rate_behind(double mean_before, double shape, double time_before, std::size_t threshold);

/// Mean and variance of one person's rate after.
struct RateAfter {
  double mean = 0;
  double variance = 0;
};

/// A person's rate after, given `before` events before, where rates drift: L_a = L_b B + G with B ~ Beta(k phi, k (1 -
/// phi)), G ~ gamma of shape k (1 - phi) and rate a. Both rates have the law of everyone and phi is their correlation:
/// mean mu + phi ((k + y)/(a + t_b) - mu). phi = 1 is Hauer's law above. One count before does not identify phi. The
/// mean is linear in `before`, so it may be a mean of counts there. Throws std::invalid_argument unless 0 <= phi <= 1.
/// Verified by: selected_counts_test
RateAfter rate_after(const GammaFrailty& frailty, double time_before, double before, double phi);

/// People picked, all with the same times, of whom totals are known.
struct PickedGroup {
  double people = 0;
  double before = 0;  // events of all of them
  BeforeAfter times;
  std::size_t threshold = 0;  // at least so many events each: why they were picked
};

/// The events after of all of them, given those before: a gamma mixture of Poisson counts (of exactly that kind for phi
/// = 1). Where the mean rate of everyone is not given it is found by `mean_rate_behind`, and its error is added to the
/// first order. Verified by: selected_counts_test
ExpectedCount expected_after(const PickedGroup& group, double shape, std::optional<double> mean_rate, double phi);

}  // namespace desist::statistics
