#include "engine/statistics/noninferiority.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

bool possible(const NoninferiorityQuestion& q) {
  return std::isfinite(q.effect) && q.variance > 0 && std::isfinite(q.variance) && q.ratio > 0;
}

double wanted(const Precision& precision) {
  return normal_quantile(precision.power) - normal_quantile(precision.alpha);
}

}  // namespace

std::optional<NoninferiorityQuestion> noninferiority_of_risks(double risk1, double risk0, double margin, double ratio) {
  if (!(risk1 >= 0) || risk1 > 1 || !(risk0 >= 0) || risk0 > 1 || !(ratio > 0)) return std::nullopt;
  const NoninferiorityQuestion q{risk1 - risk0, margin, risk1 * (1 - risk1) / ratio + risk0 * (1 - risk0), ratio};
  return possible(q) ? std::optional(q) : std::nullopt;
}

std::optional<NoninferiorityQuestion> noninferiority_of_means(double difference, double sd, double margin,
                                                              double ratio) {
  const NoninferiorityQuestion q{difference, margin, sd * sd * (1 + 1 / ratio), ratio};
  return sd > 0 && possible(q) ? std::optional(q) : std::nullopt;
}

std::optional<NoninferiorityQuestion> noninferiority_of_rates(const RateDesign& r, double margin_ratio, double ratio) {
  if (!(r.rate1 > 0) || !(r.rate0 > 0) || !(r.years > 0) || !(r.dispersion >= 0) || !(margin_ratio > 0))
    return std::nullopt;
  const auto one = [&](double rate) { return 1 / (r.years * rate) + r.dispersion; };
  const NoninferiorityQuestion q{std::log(r.rate1 / r.rate0), std::log(margin_ratio),
                                 one(r.rate1) / ratio + one(r.rate0), ratio};
  return possible(q) ? std::optional(q) : std::nullopt;
}

std::optional<GroupSizes> people_needed_for_noninferiority(const NoninferiorityQuestion& q,
                                                           const Precision& precision) {
  if (!possible(q) || !(q.margin > q.effect) || !std::isfinite(q.margin)) return std::nullopt;
  const double z = wanted(precision) / (q.margin - q.effect);
  const double n0 = z * z * q.variance;
  return GroupSizes{q.ratio * n0, n0};
}

std::optional<double> power_of_noninferiority(const NoninferiorityQuestion& q, double n0, double alpha) {
  if (!possible(q) || !(n0 > 0) || !std::isfinite(q.margin)) return std::nullopt;
  return normal_cdf((q.margin - q.effect) * std::sqrt(n0 / q.variance) + normal_quantile(alpha));
}

std::optional<double> detectable_margin(const NoninferiorityQuestion& q, double n0, const Precision& precision) {
  if (!possible(q) || !(n0 > 0)) return std::nullopt;
  return q.effect + wanted(precision) * std::sqrt(q.variance / n0);
}

std::optional<double> events_needed_for_noninferiority(double hazard_ratio, double margin_ratio,
                                                       const Precision& precision) {
  if (!(hazard_ratio > 0) || !(margin_ratio > hazard_ratio) || !std::isfinite(margin_ratio)) return std::nullopt;
  const double share = precision.ratio / (1 + precision.ratio);
  const double z = wanted(precision) / std::log(hazard_ratio / margin_ratio);
  return z * z / (share * (1 - share));
}

}  // namespace desist::statistics
