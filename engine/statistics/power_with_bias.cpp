#include "engine/statistics/power_with_bias.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

double variance_of(double risk) { return std::max(0.0, risk * (1 - risk)); }

/// Standardised distance of the difference from the critical value: power is the normal law at it.
double margin(double risk1, double risk0, const GroupSizes& sizes, double bias, double alpha) {
  const double pooled = (sizes.n1 * risk1 + sizes.n0 * risk0) / (sizes.n1 + sizes.n0);
  const double null_error = std::sqrt(variance_of(pooled) * (1 / sizes.n1 + 1 / sizes.n0) + bias * bias);
  const double error = std::sqrt(variance_of(risk1) / sizes.n1 + variance_of(risk0) / sizes.n0 + bias * bias);
  return (std::abs(risk1 - risk0) + normal_quantile(alpha / 2) * null_error) / error;
}

std::optional<double> detectable(double risk0, double end, const GroupSizes& sizes, double bias,
                                 const Precision& precision) {
  if (risk0 == end) return std::nullopt;
  const auto lack = [&](double risk1) {
    return margin(risk1, risk0, sizes, bias, precision.alpha) - normal_quantile(precision.power);
  };
  if (lack(end) < 0) return std::nullopt;
  return end < risk0 ? root_between(lack, end, risk0, 1.0) : root_between(lack, risk0, end, -1.0);
}

}  // namespace

double power_with_bias(double risk1, double risk0, const GroupSizes& sizes, double bias, double alpha) {
  return normal_cdf(margin(risk1, risk0, sizes, bias, alpha));
}

double least_difference_with_bias(double bias, const Precision& precision) { return wanted_z(precision) * bias; }

std::optional<GroupSizes> group_sizes_needed_with_bias(double risk1, double risk0, double bias,
                                                       const Precision& precision) {
  if (!(std::abs(risk1 - risk0) > least_difference_with_bias(bias, precision))) return std::nullopt;
  const auto lack = [&](double n0) {
    return margin(risk1, risk0, {precision.ratio * n0, n0}, bias, precision.alpha) - normal_quantile(precision.power);
  };
  double least = 1e-6, most = 1;
  constexpr double beyond_any = 1e15;  // the difference is that near to the least that can be shown
  while (lack(most) < 0) {
    least = most;
    most *= 2;
    if (most > beyond_any) return std::nullopt;
  }
  const double n0 = root_between(lack, least, most, -1.0);
  return GroupSizes{precision.ratio * n0, n0};
}

std::optional<double> detectable_risk_below_with_bias(double risk0, const GroupSizes& sizes, double bias,
                                                      const Precision& precision) {
  return detectable(risk0, 0, sizes, bias, precision);
}

std::optional<double> detectable_risk_above_with_bias(double risk0, const GroupSizes& sizes, double bias,
                                                      const Precision& precision) {
  return detectable(risk0, 1, sizes, bias, precision);
}

double false_alarms_with_bias(double risk, const GroupSizes& sizes, double bias, double alpha) {
  const double error = variance_of(risk) * (1 / sizes.n1 + 1 / sizes.n0);
  return 2 * normal_cdf(normal_quantile(alpha / 2) * std::sqrt(error / (error + bias * bias)));
}

}  // namespace desist::statistics
