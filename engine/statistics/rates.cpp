#include "engine/statistics/rates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/limits.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/real.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

std::int64_t all_events(const RatePair& pair) { return pair.group1.events + pair.group0.events; }

/// Limits of the share of events that fall in group 1, as limits of the rate ratio.
Interval as_ratio(const Interval& share, const RatePair& pair) {
  const double scale = pair.group0.time / pair.group1.time;
  const auto odds = [](double p) { return p >= 1 ? infinity : p / (1 - p); };
  return {odds(share.low) * scale, odds(share.high) * scale};
}

}  // namespace

Interval exact_rate(const Rate& rate, double confidence) {
  const double tail = (1 - confidence) / 2;
  const double x = real(rate.events);
  return {rate.events == 0 ? 0.0 : chi_square_quantile(tail, 2 * x) / (2 * rate.time),
          chi_square_quantile(1 - tail, 2 * x + 2) / (2 * rate.time)};
}

std::optional<double> rate_ratio(const RatePair& pair) {
  if (all_events(pair) == 0) return std::nullopt;
  if (pair.group0.events == 0) return infinity;
  return pair.group1.estimate() / pair.group0.estimate();
}

Interval exact_rate_ratio(const RatePair& pair, double confidence) {
  if (all_events(pair) == 0) return {0, infinity};
  return as_ratio(clopper_pearson({pair.group1.events, all_events(pair)}, confidence), pair);
}

Interval mid_p_rate_ratio(const RatePair& pair, double confidence) {
  const std::int64_t x = pair.group1.events;
  const std::int64_t m = all_events(pair);
  if (m == 0) return {0, infinity};
  const double tail = (1 - confidence) / 2;
  Interval share{0, 1};
  if (x > 0) {
    const auto above = [&](double p) {
      const Tails tails = binomial_tails(x, m, p);
      return tails.above + tails.at / 2 - tail;
    };
    share.low = root_between(above, 0, 1, -1);
  }
  if (x < m) {
    const auto below = [&](double p) {
      const Tails tails = binomial_tails(x, m, p);
      return tails.below + tails.at / 2 - tail;
    };
    share.high = root_between(below, 0, 1, 1);
  }
  return as_ratio(share, pair);
}

Interval score_rate_ratio(const RatePair& pair, double confidence) {
  if (all_events(pair) == 0) return {0, infinity};
  return as_ratio(wilson({pair.group1.events, all_events(pair)}, confidence), pair);
}

std::optional<Interval> log_wald_rate_ratio(const RatePair& pair, double confidence) {
  if (pair.group1.events == 0 || pair.group0.events == 0) return std::nullopt;
  const double centre = std::log(*rate_ratio(pair));
  const double half = two_sided_z(confidence) * std::sqrt(1 / real(pair.group1.events) + 1 / real(pair.group0.events));
  return Interval{std::exp(centre - half), std::exp(centre + half)};
}

RateTest exact_rate_test(const RatePair& pair) {
  const std::int64_t x = pair.group1.events;
  const std::int64_t m = all_events(pair);
  if (m == 0) return {};
  const double share = pair.group1.time / (pair.group1.time + pair.group0.time);
  const Tails tails = binomial_tails(x, m, share);
  return {binomial_two_sided(x, m, share), tails.at_most(), tails.at_least()};
}

double rate_difference(const RatePair& pair) { return pair.group1.estimate() - pair.group0.estimate(); }

double rate_difference_error(const RatePair& pair) {
  const auto variance = [](const Rate& r) { return real(r.events) / (r.time * r.time); };
  return std::sqrt(variance(pair.group1) + variance(pair.group0));
}

Interval score_rate_difference(const RatePair& pair, double confidence) {
  const double z = two_sided_z(confidence);
  const double t1 = pair.group1.time, t0 = pair.group0.time, total = t1 + t0;
  const double x0 = real(pair.group0.events), all = real(all_events(pair));
  const double estimate = rate_difference(pair);
  // |r1 - r0 - d| less z times its error under d: negative inside the limits.
  const auto beyond = [&](double d) {
    // The greater root of T m0^2 + (T d - X) m0 - x0 d = 0, with T all the time and X all the events.
    const double half = (all - total * d) / 2;
    const double m0 = std::max({0.0, -d, (half + std::sqrt(std::max(0.0, half * half + total * x0 * d))) / total});
    return std::abs(estimate - d) - z * std::sqrt((m0 + d) / t1 + m0 / t0);
  };
  double reach = z * rate_difference_error(pair) + z * z * (1 / t1 + 1 / t0);
  while (beyond(estimate - reach) < 0 || beyond(estimate + reach) < 0) reach *= 2;
  return {root_between(beyond, estimate - reach, estimate, 1), root_between(beyond, estimate, estimate + reach, -1)};
}

}  // namespace desist::statistics
