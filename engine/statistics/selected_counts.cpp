#include "engine/statistics/selected_counts.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

void require_times(const BeforeAfter& times) {
  require(is_amount(times.before) && is_amount(times.after), "times before and after are 0 or more, and finite");
}

/// (k + y)/(a + t_b), written with 1/k so that an infinite shape gives mu.
double rate_given_past(const GammaFrailty& f, double time_before, double before) {
  return f.mean * (1 + before / f.shape) / (1 + f.mean * time_before / f.shape);
}

/// The law whose tail is that of y (y - 1) ... weighted: shape k + steps and mean m (k + steps)/k.
double raised_tail(const GammaFrailty& f, double time, std::size_t threshold, std::size_t steps) {
  const double more = static_cast<double>(steps) / f.shape;
  return share_with_at_least({f.shape + static_cast<double>(steps), f.mean * (1 + more)}, time,
                             threshold > steps ? threshold - steps : 0);
}

}  // namespace

AfterGivenBefore after_given_before(const GammaFrailty& f, const BeforeAfter& times, std::size_t count) {
  require_frailty(f);
  require_times(times);
  const double y = static_cast<double>(count);
  const double rate = rate_given_past(f, times.before, y);
  const double mean = times.after * rate;
  // the law given the past: shape k + y, this mean
  return {mean, mean + mean * mean / (f.shape + y), share_with_event({f.shape + y, rate}, times.after)};
}

double weight_of_own_past(const GammaFrailty& f, double time_before) {
  require_frailty(f);
  require(is_amount(time_before), "a time before is 0 or more, and finite");
  const double odds = f.mean * time_before / f.shape;
  return odds / (1 + odds);
}

SelectedCounts selected_counts(const GammaFrailty& f, const BeforeAfter& times, std::size_t threshold) {
  require_frailty(f);
  require_times(times);
  require(times.before > 0 && times.after > 0, "people picked for their past have a past and a time after it");
  const double alpha = 1 / f.shape;
  const double m = f.mean * times.before;
  SelectedCounts s;
  s.share = share_with_at_least(f, times.before, threshold);
  require(s.share > 0 && m > 0, "nobody has so many events before");
  s.mean_before = m * raised_tail(f, times.before, threshold, 1) / s.share;
  // E y(y - 1) = m^2 (1 + 1/k) P(X'' >= c - 2)/P(X >= c)
  const double pairs = m * m * (1 + alpha) * raised_tail(f, times.before, threshold, 2) / s.share;
  const double squares = pairs + s.mean_before;
  s.variance_before = squares - s.mean_before * s.mean_before;
  s.mean_after = times.after * rate_given_past(f, times.before, s.mean_before);
  // E Z^2 given y is (k + y)(k + y + 1)/(a + t_b)^2
  const double shrink = f.mean / (1 + m * alpha);
  const double square_rate =
      shrink * shrink * (1 + alpha + (2 + alpha) * alpha * s.mean_before + alpha * alpha * squares);
  s.variance_after = s.mean_after + times.after * times.after * square_rate - s.mean_after * s.mean_after;
  // Without an event after, people's rates are gamma of shape k and rate a + t_a before anything is known of their
  // past.
  const GammaFrailty calm{f.shape, f.mean / (1 + f.mean * times.after * alpha)};
  s.none_after = share_without_event(f, times.after) * share_with_at_least(calm, times.before, threshold) / s.share;
  s.ratio = s.mean_after / times.after / (s.mean_before / times.before);
  return s;
}

double mean_rate_behind(double mean_before, double shape, double time_before, std::size_t threshold) {
  require(shape > 0, "the shape of a frailty is above 0");
  require(time_before > 0 && std::isfinite(time_before), "a time before is above 0, and finite");
  require(std::isfinite(mean_before) && mean_before > static_cast<double>(threshold),
          "people picked for so many events have more of them on average");
  if (threshold == 0) return mean_before / time_before;
  const double c = static_cast<double>(threshold);
  const auto excess = [&](double log_mean) {
    const GammaFrailty f{shape, std::exp(log_mean)};
    const double share = share_with_at_least(f, 1, threshold);
    // As the mean goes to 0 all who are picked have just the threshold.
    const double before = share > 1e-290 ? f.mean * raised_tail(f, 1, threshold, 1) / share : c;
    return before - mean_before;
  };
  // Those picked have no fewer than everyone, so the mean is no more than theirs.
  const double high = std::log(mean_before);
  double low = high - 1;
  while (excess(low) > 0 && low > high - 600) low -= 2;
  return std::exp(root_between(excess, low, high, -1)) / time_before;
}

RateAfter rate_after(const GammaFrailty& f, double time_before, double before, double phi) {
  require_frailty(f);
  require(is_amount(time_before), "a time before is 0 or more, and finite");
  require(is_amount(before), "a count before is 0 or more, and finite");
  require(is_share(phi), "the correlation of rates before and after is from 0 to 1");
  const double rate = rate_given_past(f, time_before, before);
  const double past = rate * rate / (f.shape + before);  // variance of L_b given the past
  const double share = phi * (1 - phi) / (f.shape + 1);  // variance of B
  return {f.mean + phi * (rate - f.mean),
          share * (rate * rate + past) + phi * phi * past + (1 - phi) * f.mean * f.mean / f.shape};
}

ExpectedCount expected_after(const PickedGroup& group, double shape, std::optional<double> mean_rate, double phi) {
  require(group.people > 0 && std::isfinite(group.people), "a group has people");
  require(is_amount(group.before), "a count before is 0 or more, and finite");
  const double n = group.people;
  const double mean_before = group.before / n;
  const GammaFrailty f{
      shape, mean_rate ? *mean_rate : mean_rate_behind(mean_before, shape, group.times.before, group.threshold)};
  const SelectedCounts picked = selected_counts(f, group.times, group.threshold);
  const RateAfter at_mean = rate_after(f, group.times.before, mean_before, phi);
  // The variance of L_a is a quadratic in y: its mean over people exceeds that at the mean by the second derivative.
  const double slope = rate_given_past(f, group.times.before, 1) - rate_given_past(f, group.times.before, 0);
  const double spread = phi * (1 - phi) / (f.shape + 1) * slope * slope * picked.variance_before;
  const double total = n * group.times.after * at_mean.mean;
  require(total > 0, "no event is expected after");
  ExpectedCount expected{total,
                         n * group.times.after * group.times.after * (at_mean.variance + spread) / (total * total)};
  if (mean_rate) return expected;
  const double step = 1e-4 * f.mean;
  const auto at = [&](double mu) {
    const GammaFrailty moved{shape, mu};
    return std::pair(selected_counts(moved, group.times, group.threshold).mean_before,
                     rate_after(moved, group.times.before, mean_before, phi).mean);
  };
  const auto [before_low, after_low] = at(f.mean - step);
  const auto [before_high, after_high] = at(f.mean + step);
  const double by_before = (after_high - after_low) / (before_high - before_low);
  expected.relative_variance += by_before * by_before * picked.variance_before / n / (at_mean.mean * at_mean.mean);
  return expected;
}

}  // namespace desist::statistics
