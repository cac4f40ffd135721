#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/greatest.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"
#include "engine/statistics/unit_comparison.hpp"

namespace desist::statistics {
namespace {

/// log P(y) of the negative binomial law of shape s (infinite: Poisson) and mean m, without what m doesn't move.
double log_count(double y, double log_mean, double shape) {
  const double mean = std::exp(log_mean);
  return std::isinf(shape) ? y * log_mean - mean : y * log_mean - (y + shape) * std::log1p(mean / shape);
}

/// What the mean doesn't move but the shape does: log of Gamma(y + s)/(Gamma(s) s^y); 0 for an infinite shape.
double log_ways(double y, double shape) {
  if (std::isinf(shape)) return 0;
  return boost::math::lgamma(y + shape, BoostPolicy()) - boost::math::lgamma(shape, BoostPolicy()) -
         y * std::log(shape);
}

/// log of the sum of exp(value) over a grid, from its greatest term.
double log_sum(const std::vector<double>& values) {
  const double most = *std::max_element(values.begin(), values.end());
  if (std::isinf(most)) return most;
  double sum = 0;
  for (const double value : values) sum += std::exp(value - most);
  return most + std::log(sum);
}

/// Error of the logarithm of a rate with so many events of so many people.
double log_error(double events, double people_shape) { return std::sqrt(1 / (events + 0.5) + 1 / people_shape); }

/// log-likelihood of x where a share of the people is counted after.
class OfShare {
 public:
  OfShare(const UnitCounts& c, double people_shape) : c_(c), shape_(c.people * people_shape) {}

  double operator()(double x, double share) const {
    const double log_time = std::log(c_.people * share * c_.time);
    const double shape = share * shape_;
    const double ways = log_ways(c_.events, shape);  // moves with the share
    if (!c_.events_before) return ways + log_count(c_.events, x + log_time, shape);
    const double before = *c_.events_before;
    const double log_before = std::log(c_.people * c_.time_before);
    if (std::isinf(shape))  // binomial, by the logistic of the log odds
      return c_.events * (x + log_time - log_before) -
             (c_.events + before) * std::log1p(std::exp(x + log_time - log_before));
    // The rate before, integrated out: both laws are smooth on the scale of the smaller error.
    const double error = log_error(before, shape_);
    const double step = std::min(error, log_error(c_.events, shape)) / 2;
    const auto points = static_cast<int>(std::ceil(9 * error / step));
    const double middle = std::log(before) - log_before;
    std::vector<double>& terms = terms_;
    terms.clear();
    for (int i = -points; i <= points; ++i) {
      const double rate = middle + i * step;
      terms.push_back(log_count(before, rate + log_before, shape_) + log_count(c_.events, rate + x + log_time, shape));
    }
    return ways + log_sum(terms);
  }

 private:
  UnitCounts c_;
  double shape_;
  mutable std::vector<double> terms_;
};

}  // namespace

UnitLikelihood unit_likelihood(const UnitCounts& c, double people_shape, const ShareCounted& share) {
  require(c.people > 0 && std::isfinite(c.people), "a unit has people");
  require(is_amount(c.events) && is_amount(c.events_before.value_or(1)), "counts are 0 or more, and finite");
  require(c.events_before.value_or(1) >= 1, "a ratio needs an event before");
  require(c.time > 0 && c.time_before > 0 && std::isfinite(c.time + c.time_before), "times are above 0, and finite");
  require(people_shape > 0, "the shape of rates between people is above 0");
  require(share.least > 0 && share.least <= share.most && share.most <= 1, "a share counted is above 0 and at most 1");

  const OfShare of_share(c, people_shape);
  const double shape = c.people * people_shape * share.least;
  double error = log_error(c.events, shape);
  double centre = std::log((c.events + 0.5) / (c.people * c.time)) - std::log(share.least * share.most) / 2;
  if (c.events_before) {
    error = std::hypot(error, log_error(*c.events_before, c.people * people_shape));
    centre -= std::log(*c.events_before / (c.people * c.time_before));
  }
  if (share.least == share.most)
    return {[of_share, f = share.least](double x) { return of_share(x, f); }, centre, error};
  // Simpson's rule, its points near enough for the likelihood to be smooth between them also where the share is least.
  const int points = 2 * static_cast<int>(std::ceil((share.most - share.least) / (share.least * error)));
  const double step = (share.most - share.least) / points;
  const auto over_shares = [of_share, share, points, step](double x) {
    std::vector<double> terms;
    for (int i = 0; i <= points; ++i) {
      const double weight = i == 0 || i == points ? 1 : i % 2 == 1 ? 4 : 2;
      terms.push_back(of_share(x, share.least + i * step) + std::log(weight));
    }
    return log_sum(terms);
  };
  return {over_shares, centre, std::hypot(error, std::log(share.most / share.least) / std::sqrt(12.0))};
}

UnitAlone alone(const UnitLikelihood& unit, double confidence) {
  const auto& f = unit.log_likelihood;
  const double low = unit.centre - 12 * unit.error;
  const double high = unit.centre + 12 * unit.error;
  constexpr int steps = 480;
  const double step = (high - low) / steps;
  int best = 0;
  double most = f(low);
  for (int i = 1; i <= steps; ++i) {
    const double value = f(low + i * step);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  constexpr double without = std::numeric_limits<double>::infinity();
  UnitAlone result;
  if (best == 0) {  // no event: the lower the better
    result.x = -without;
  } else {
    result.x = greatest_between(f, low + (best - 1) * step, low + std::min(best + 1, steps) * step);
    most = f(result.x);
  }
  const double drop = chi_square_quantile(confidence, 1) / 2;
  const auto inside = [&](double x) { return f(x) - (most - drop); };
  const double middle = best == 0 ? low : result.x;
  result.limits.low = best == 0 || inside(low) > 0 ? -without : root_between(inside, low, middle, -1);
  result.limits.high = inside(high) > 0 ? without : root_between(inside, middle, high, 1);
  return result;
}

}  // namespace desist::statistics
