// Rates: events over time at risk, of one group and of two.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// `events` in `time` at risk, above 0.
struct Rate {
  std::int64_t events = 0;
  double time = 1;
  double estimate() const { return static_cast<double>(events) / time; }
};

/// Group 1 (treated) against group 0 (comparison).
struct RatePair {
  Rate group1;
  Rate group0;
};

/// Exact limits from chi-square quantiles: X2(a/2; 2x)/2t, X2(1 - a/2; 2x + 2)/2t (Garwood 1936).
/// Verified by: counts_reference rate_pairs
Interval exact_rate(const Rate& rate, double confidence = usual_confidence);

/// Rate of group 1 over rate of group 0: infinite where only group 0 has no event, empty where neither has one.
std::optional<double> rate_ratio(const RatePair& pair);

/// Central exact limits: given x1 + x0 events, x1 is binomial with p = R t1/(t0 + R t1), so Clopper & Pearson's limits
/// of p give those of R (Przyborowski & Wilenski 1940). (0, infinity) without events.
/// Verified by: counts_reference rate_pairs
Interval exact_rate_ratio(const RatePair& pair, double confidence = usual_confidence);

/// The same with half the probability of the observed count in each tail (Lancaster 1961).
/// Verified by: counts_reference rate_pairs
Interval mid_p_rate_ratio(const RatePair& pair, double confidence = usual_confidence);

/// Score limits: all R with (x1 - R' x0)^2 <= z^2 R' (x1 + x0), R' = R t1/t0 (Graham, Mayengbam & Tiwari 2003):
/// Wilson's limits of p. Verified by: rates_test
Interval score_rate_ratio(const RatePair& pair, double confidence = usual_confidence);

/// exp(log R -/+ z sqrt(1/x1 + 1/x0)); empty where a count is 0. For comparison.
/// Verified by: counts_reference rate_pairs
std::optional<Interval> log_wald_rate_ratio(const RatePair& pair, double confidence = usual_confidence);

/// Exact p-values of equal rates given the sum of events (two-sided: counts no more probable than the one seen,
/// relative slack 1e-7, as R's poisson.test); `less` means that group 1 has the lower rate. All 1 without events.
struct RateTest {
  double two_sided = 1;
  double less = 1;
  double greater = 1;
};

/// Verified by: counts_reference rate_pairs
RateTest exact_rate_test(const RatePair& pair);

/// Rate of group 1 less rate of group 0.
double rate_difference(const RatePair& pair);

/// sqrt(x1/t1^2 + x0/t0^2); 0 without events.
double rate_difference_error(const RatePair& pair);

/// Score limits: all d with (r1 - r0 - d)^2 <= z^2 (m1/t1 + m0/t0), m being the maximum-likelihood fit under m1 = m0 +
/// d (Miettinen & Nurminen 1985, section 4). Verified by: rates_test
Interval score_rate_difference(const RatePair& pair, double confidence = usual_confidence);

}  // namespace desist::statistics
