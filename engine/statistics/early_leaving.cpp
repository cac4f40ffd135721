#include "engine/statistics/early_leaving.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/greatest.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

using Law = std::vector<double>;  // of a number of days: index 0 is none

Law convolved(const Law& one, const Law& other, std::size_t most) {
  Law sum(std::min(most, one.size() + other.size() - 2) + 1, 0.0);
  for (std::size_t i = 0; i < one.size() && i < sum.size(); ++i) {
    if (one[i] == 0) continue;
    const std::size_t end = std::min(other.size(), sum.size() - i);
    for (std::size_t j = 0; j < end; ++j) sum[i + j] += one[i] * other[j];
  }
  return sum;
}

/// The law of the sum of `times` such numbers, up to `most`, by repeated squaring.
Law power(Law law, std::int64_t times, std::size_t most) {
  Law result{1.0};
  for (; times > 0; times /= 2) {
    if (times % 2 == 1) result = convolved(result, law, most);
    if (times > 1) law = convolved(law, law, most);
  }
  return result;
}

/// The convolution of two laws at one total alone.
double at_total(const Law& one, const Law& other, std::size_t total) {
  double sum = 0;
  for (std::size_t i = 0; i < one.size() && i <= total; ++i)
    if (total - i < other.size()) sum += one[i] * other[total - i];
  return sum;
}

double hazard(const LeavingLaw& law, double t) {
  return law.shape / law.scale * std::pow(t / law.scale, law.shape - 1);
}

/// Densities of whole days, scaled so that they add up to one: products of many stay in range.
struct Densities {
  Law leaving, staying;
  double log_leaving = 0, log_staying = 0;  // logarithms of what they added up to

  Densities(const EarlyLeaving& seen, const LeavingLaw& law) {
    const auto days = static_cast<std::size_t>(seen.length);
    leaving.assign(days, 0.0);
    staying.assign(days, 0.0);
    for (std::size_t day = 1; day < days; ++day) {
      const auto t = static_cast<double>(day);
      const double stays = law.staying(t);
      staying[day] = stays / seen.admitted_over;
      leaving[day] = hazard(law, t) * stays * (seen.admitted_over - t) / seen.admitted_over;
    }
    log_leaving = scaled(leaving);
    log_staying = scaled(staying);
  }

 private:
  static double scaled(Law& law) {
    const double sum = std::accumulate(law.begin(), law.end(), 0.0);
    if (!(sum > 0)) return 0;
    for (double& each : law) each /= sum;
    return std::log(sum);
  }
};

std::size_t days_to_share(const EarlyLeaving& seen) {
  return static_cast<std::size_t>(seen.days - seen.completed * seen.length);
}

void widen(Interval& interval, double value) {
  interval.low = std::min(interval.low, value);
  interval.high = std::max(interval.high, value);
}

/// For one shape: the likeliest logarithm of the scale, and the likelihood there.
struct AtShape {
  double shape = 1, log_scale = 0, most = 0;
  LeavingLaw law(double log_of_scale) const { return {shape, std::exp(log_of_scale)}; }
};

/// Scales from a hundredth of a day's leaving to stays a thousand times the programme.
struct Scales {
  double low, high;
  explicit Scales(const EarlyLeaving& seen)
      : low(std::log(0.05)), high(std::log(1000.0 * static_cast<double>(seen.length))) {}
};

AtShape best_at(const EarlyLeaving& seen, double shape) {
  const Scales scales(seen);
  const auto likelihood = [&](double log_scale) { return log_likelihood(seen, {shape, std::exp(log_scale)}); };
  // The mean stay is never far from the scale: the hill stands within a factor of twenty of it.
  const double about =
      std::log(static_cast<double>(seen.days) / static_cast<double>(std::max<std::int64_t>(seen.left, 1)));
  const double low = std::max(scales.low, about - 3), high = std::min(scales.high, about + 3);
  const double best = greatest_between(likelihood, low, high);
  return {shape, best, likelihood(best)};
}

}  // namespace

double LeavingLaw::staying(double t) const { return std::exp(-std::pow(t / scale, shape)); }

bool days_possible(const EarlyLeaving& seen) {
  if (seen.left < 0 || seen.completed < 0 || seen.still < 0 || seen.length < 2) return false;
  const std::int64_t shared = seen.left + seen.still;
  const std::int64_t rest = seen.days - seen.completed * seen.length;
  return rest >= shared && rest <= shared * (seen.length - 1);
}

double log_likelihood(const EarlyLeaving& seen, const LeavingLaw& law) {
  const Densities densities(seen, law);
  const std::size_t total = days_to_share(seen);
  // The larger power is taken apart once more, so that only one total of the longest law is worked out.
  const Law half = power(densities.leaving, seen.left / 2, total);
  Law rest = convolved(power(densities.leaving, seen.left - seen.left / 2, total),
                       power(densities.staying, seen.still, total), total);
  const double density = at_total(half, rest, total);
  const auto length = static_cast<double>(seen.length);
  const double complete = law.staying(length) * (seen.admitted_over - length) / seen.admitted_over;
  const auto some = [](std::int64_t count, double log_value) {
    return count == 0 ? 0.0 : static_cast<double>(count) * log_value;
  };
  const double sum = std::log(density) + some(seen.left, densities.log_leaving) +
                     some(seen.still, densities.log_staying) + some(seen.completed, std::log(complete));
  return std::isnan(sum) ? -std::numeric_limits<double>::infinity() : sum;
}

double expected_to_complete(const EarlyLeaving& seen, const LeavingLaw& law) {
  if (seen.still == 0) return 0;
  const Densities densities(seen, law);
  const std::size_t total = days_to_share(seen);
  const Law others =
      convolved(power(densities.leaving, seen.left, total), power(densities.staying, seen.still - 1, total), total);
  const double to_the_end = law.staying(static_cast<double>(seen.length));
  double all = 0, completing = 0;
  for (std::size_t day = 1; day < densities.staying.size() && day <= total; ++day) {
    if (total - day >= others.size()) continue;
    all += densities.staying[day] * others[total - day];
    completing += densities.staying[day] * to_the_end / law.staying(static_cast<double>(day)) * others[total - day];
  }
  return static_cast<double>(seen.still) * completing / all;
}

std::optional<LeavingFit> fit_leaving(const EarlyLeaving& seen, double least_shape, double most_shape,
                                      double confidence) {
  if (!days_possible(seen) || seen.left < 1 || !(seen.admitted_over > static_cast<double>(seen.length)))
    return std::nullopt;
  const bool one_shape = !(least_shape < most_shape);
  const double least = std::log(least_shape), most = std::log(most_shape);
  const auto at = [&](double log_shape) { return best_at(seen, std::exp(log_shape)); };

  // The best shape: the best of some, then between its neighbours.
  AtShape best = at(least);
  if (!one_shape) {
    constexpr int steps = 16;
    const double step = (most - least) / steps;
    int place = 0;
    for (int i = 1; i <= steps; ++i)
      if (const AtShape each = at(least + i * step); each.most > best.most) {
        best = each;
        place = i;
      }
    const double from = least + std::max(place - 1, 0) * step, to = least + std::min(place + 1, steps) * step;
    const AtShape finer = at(greatest_between([&](double x) { return at(x).most; }, from, to));
    if (finer.most > best.most) best = finer;
  }
  if (!std::isfinite(best.most)) return std::nullopt;

  const auto length = static_cast<double>(seen.length);
  const double limit = chi_square_quantile(confidence, 1) / 2;
  const auto half_stay = [](const LeavingLaw& law) { return law.scale * std::pow(std::log(2.0), 1 / law.shape); };
  LeavingFit fit;
  fit.best = best.law(best.log_scale);
  fit.chance = fit.best.staying(length);
  fit.of_still = expected_to_complete(seen, fit.best);
  fit.half_stay = half_stay(fit.best);
  fit.chance_interval = {fit.chance, fit.chance};
  fit.of_still_interval = {fit.of_still, fit.of_still};
  fit.half_stay_interval = {fit.half_stay, fit.half_stay};
  fit.deviance_of_constant = 2 * (best.most - best_at(seen, 1).most);

  // The shapes that fit: where the profile falls to the limit, or all to the end that is allowed.
  const double middle = std::log(best.shape);
  double low = middle, high = middle;
  if (!one_shape) {
    const auto lack = [&](double log_shape) { return best.most - limit - at(log_shape).most; };
    fit.low_open = middle <= least || lack(least) < 0;
    fit.high_open = middle >= most || lack(most) < 0;
    low = fit.low_open ? least : root_between(lack, least, middle, 1);
    high = fit.high_open ? most : root_between(lack, middle, most, -1);
  }
  fit.shapes = {std::exp(low), std::exp(high)};

  const Scales scales(seen);
  const auto look_at = [&](const AtShape& shape) {
    const auto beyond = [&](double log_scale) {
      return best.most - limit - log_likelihood(seen, shape.law(log_scale));
    };
    // Every number here rises with the scale, so its extremes at one shape lie at the ends of the scales that fit.
    for (const bool below : {true, false}) {
      double end = shape.log_scale;
      while (beyond(end) < 0 && end > scales.low && end < scales.high) end += below ? -0.25 : 0.25;
      if (end != shape.log_scale && !(beyond(end) < 0))
        end = below ? root_between(beyond, end, shape.log_scale, 1) : root_between(beyond, shape.log_scale, end, -1);
      const LeavingLaw law = shape.law(end);
      widen(fit.chance_interval, law.staying(length));
      widen(fit.of_still_interval, expected_to_complete(seen, law));
      widen(fit.half_stay_interval, half_stay(law));
    }
  };
  constexpr int looks = 24;
  if (one_shape)
    look_at(best);
  else
    for (int i = 0; i <= looks; ++i) look_at(at(low + (high - low) * i / looks));
  return fit;
}

}  // namespace desist::statistics
