#include "engine/statistics/power_rates.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

bool possible(const RateDesign& r) {
  return r.rate1 > 0 && r.rate0 > 0 && r.years > 0 && r.dispersion >= 0 && std::isfinite(r.rate1) &&
         std::isfinite(r.rate0) && std::isfinite(r.years) && std::isfinite(r.dispersion);
}

/// Effect and variances at one person in group 0 for each `ratio` in group 1.
struct Scale {
  double effect;
  double null_variance;
  double variance;
};

Scale scale(const RateDesign& r, RateComparison test, double ratio) {
  if (test == RateComparison::difference) {
    const auto one = [&](double rate) { return rate / r.years + r.dispersion * rate * rate; };
    const double variance = one(r.rate1) / ratio + one(r.rate0);
    return {std::abs(r.rate1 - r.rate0), variance, variance};
  }
  const auto one = [&](double rate) { return 1 / (r.years * rate) + r.dispersion; };
  const double variance = one(r.rate1) / ratio + one(r.rate0);
  const double pooled = one((ratio * r.rate1 + r.rate0) / (1 + ratio)) * (1 + 1 / ratio);
  return {std::abs(std::log(r.rate1 / r.rate0)), test == RateComparison::log_ratio ? variance : pooled, variance};
}

/// z by which the effect is beyond the critical value.
double margin(const RateDesign& r, RateComparison test, const GroupSizes& sizes, double alpha) {
  const Scale s = scale(r, test, sizes.n1 / sizes.n0);
  return (s.effect * std::sqrt(sizes.n0) + normal_quantile(alpha / 2) * std::sqrt(s.null_variance)) /
         std::sqrt(s.variance);
}

}  // namespace

std::optional<GroupSizes> people_needed_for_rates(const RateDesign& rates, RateComparison test,
                                                  const Precision& precision) {
  if (!possible(rates) || rates.rate1 == rates.rate0) return std::nullopt;
  const Scale s = scale(rates, test, precision.ratio);
  const double root = -normal_quantile(precision.alpha / 2) * std::sqrt(s.null_variance) +
                      normal_quantile(precision.power) * std::sqrt(s.variance);
  const double n0 = root * root / (s.effect * s.effect);
  return GroupSizes{precision.ratio * n0, n0};
}

std::optional<double> power_of_rates(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                     double alpha) {
  if (!possible(rates)) return std::nullopt;
  return normal_cdf(margin(rates, test, sizes, alpha));
}

std::optional<double> detectable_rate_below(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                            const Precision& precision) {
  RateDesign tried = rates;
  tried.rate1 = tried.rate0;
  if (!possible(tried)) return std::nullopt;
  const double wanted = normal_quantile(precision.power);
  const auto lack = [&](double rate1) {
    tried.rate1 = rate1;
    return margin(tried, test, sizes, precision.alpha) - wanted;
  };
  // On the log scale the variance grows without bound as the rate falls, so power is not highest at 0: look for the
  // first point below at which it is reached.
  double near = rates.rate0;
  for (double far = near * 0.98; far > 1e-12 * rates.rate0; far *= 0.98) {
    if (lack(far) >= 0) return root_between(lack, far, near, 1.0);
    near = far;
  }
  return std::nullopt;
}

std::optional<double> detectable_rate_above(const RateDesign& rates, RateComparison test, const GroupSizes& sizes,
                                            const Precision& precision) {
  RateDesign tried = rates;
  tried.rate1 = tried.rate0;
  if (!possible(tried)) return std::nullopt;
  const double wanted = normal_quantile(precision.power);
  const auto lack = [&](double rate1) {
    tried.rate1 = rate1;
    return margin(tried, test, sizes, precision.alpha) - wanted;
  };
  double near = rates.rate0;
  for (double far = near * 1.02; far < 1e12 * rates.rate0; far *= 1.02) {
    if (lack(far) >= 0) return root_between(lack, near, far, -1.0);
    near = far;
  }
  return std::nullopt;
}

}  // namespace desist::statistics
