#include "engine/statistics/sample_size.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

double wanted_z(const Precision& precision) {
  return normal_quantile(precision.power) - normal_quantile(precision.alpha / 2);
}

namespace {

/// Standardised distance of the difference from the two critical values.
struct Margin {
  double toward;  // power is the normal law at this
  double away;    // and the wrong direction at this
};

Margin margin(double risk1, double risk0, const GroupSizes& sizes, double alpha) {
  const double pooled = (sizes.n1 * risk1 + sizes.n0 * risk0) / (sizes.n1 + sizes.n0);
  const double null_error = std::sqrt(std::max(0.0, pooled * (1 - pooled)) * (1 / sizes.n1 + 1 / sizes.n0));
  const double error = std::sqrt(risk1 * (1 - risk1) / sizes.n1 + risk0 * (1 - risk0) / sizes.n0);
  const double critical = -normal_quantile(alpha / 2) * null_error;
  const double difference = std::abs(risk1 - risk0);
  return {(difference - critical) / error, (-difference - critical) / error};
}

std::optional<double> detectable(double risk0, double end, const GroupSizes& sizes, const Precision& precision) {
  if (risk0 == end) return std::nullopt;
  const auto lack = [&](double risk1) {
    return margin(risk1, risk0, sizes, precision.alpha).toward - normal_quantile(precision.power);
  };
  if (lack(end) < 0) return std::nullopt;
  return end < risk0 ? root_between(lack, end, risk0, 1.0) : root_between(lack, risk0, end, -1.0);
}

}  // namespace

std::optional<GroupSizes> group_sizes_needed(double risk1, double risk0, const Precision& precision) {
  if (risk1 == risk0) return std::nullopt;
  const double r = precision.ratio;
  const double p = (r * risk1 + risk0) / (1 + r);
  const double root = -normal_quantile(precision.alpha / 2) * std::sqrt(p * (1 - p) * (1 + 1 / r)) +
                      normal_quantile(precision.power) * std::sqrt(risk1 * (1 - risk1) / r + risk0 * (1 - risk0));
  const double n0 = root * root / ((risk1 - risk0) * (risk1 - risk0));
  return GroupSizes{r * n0, n0};
}

std::optional<GroupSizes> group_sizes_needed_exact(double risk1, double risk0, const Precision& precision) {
  const auto plain = group_sizes_needed(risk1, risk0, precision);
  if (!plain) return std::nullopt;
  const double r = precision.ratio;
  const double n0 = plain->n0;
  const double grown = n0 / 4 * std::pow(1 + std::sqrt(1 + 2 * (r + 1) / (r * n0 * std::abs(risk1 - risk0))), 2);
  return GroupSizes{r * grown, grown};
}

std::optional<GroupSizes> group_sizes_needed_unpooled(double risk1, double risk0, const Precision& precision) {
  if (risk1 == risk0) return std::nullopt;
  const double z = wanted_z(precision);
  const double variance = risk1 * (1 - risk1) / precision.ratio + risk0 * (1 - risk0);
  const double n0 = z * z * variance / ((risk1 - risk0) * (risk1 - risk0));
  return GroupSizes{precision.ratio * n0, n0};
}

double cohen_h(double risk1, double risk0) { return 2 * std::asin(std::sqrt(risk1)) - 2 * std::asin(std::sqrt(risk0)); }

double power_of_arcsine_test(double risk1, double risk0, const GroupSizes& sizes, double alpha) {
  const double shift = std::abs(cohen_h(risk1, risk0)) * std::sqrt(sizes.n1 * sizes.n0 / (sizes.n1 + sizes.n0));
  const double critical = -normal_quantile(alpha / 2);
  return normal_cdf(shift - critical) + normal_cdf(-shift - critical);
}

std::optional<GroupSizes> group_sizes_needed_arcsine(double risk1, double risk0, const Precision& precision) {
  if (risk1 == risk0 || precision.power <= precision.alpha) return std::nullopt;
  const auto lack = [&](double n0) {
    return power_of_arcsine_test(risk1, risk0, {precision.ratio * n0, n0}, precision.alpha) - precision.power;
  };
  double most = 1;
  while (lack(most) < 0) most *= 2;
  const double n0 = root_between(lack, 0, most, -1.0);
  return GroupSizes{precision.ratio * n0, n0};
}

double power_of_difference(double risk1, double risk0, const GroupSizes& sizes, double alpha) {
  return normal_cdf(margin(risk1, risk0, sizes, alpha).toward);
}

double power_of_difference_either_way(double risk1, double risk0, const GroupSizes& sizes, double alpha) {
  const Margin m = margin(risk1, risk0, sizes, alpha);
  return normal_cdf(m.toward) + normal_cdf(m.away);
}

std::optional<double> detectable_risk_below(double risk0, const GroupSizes& sizes, const Precision& precision) {
  return detectable(risk0, 0, sizes, precision);
}

std::optional<double> detectable_risk_above(double risk0, const GroupSizes& sizes, const Precision& precision) {
  return detectable(risk0, 1, sizes, precision);
}

}  // namespace desist::statistics
