#include "engine/statistics/power_means.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

std::optional<double> power_of_means(double difference, double sd, const GroupSizes& sizes, double alpha) {
  const double df = sizes.n1 + sizes.n0 - 2;
  if (!(sd > 0) || !(df >= 1) || !(sizes.n1 > 0) || !(sizes.n0 > 0) || !std::isfinite(difference)) return std::nullopt;
  const double shift = std::abs(difference) / (sd * std::sqrt(1 / sizes.n1 + 1 / sizes.n0));
  if (shift > 30) return 1;  // beyond what the noncentral law is computed for; the power is 1 in every digit
  return noncentral_student_tail(student_quantile(1 - alpha / 2, df), df, shift);
}

std::optional<GroupSizes> people_needed_for_means(double difference, double sd, const Precision& precision) {
  if (difference == 0 || !(sd > 0) || !std::isfinite(difference) || !(precision.ratio > 0)) return std::nullopt;
  const auto lack = [&](double n0) {
    return *power_of_means(difference, sd, {precision.ratio * n0, n0}, precision.alpha) - precision.power;
  };
  const double least = 2 / std::min(1.0, precision.ratio);
  double n0 = least;
  if (lack(least) < 0) {
    double most = 2 * least;
    while (lack(most) < 0) most *= 2;
    n0 = root_between(lack, most / 2, most, -1.0);
  }
  return GroupSizes{precision.ratio * n0, n0};
}

std::optional<double> detectable_difference_of_means(double sd, const GroupSizes& sizes, const Precision& precision) {
  if (!power_of_means(0, sd, sizes, precision.alpha) || precision.power <= precision.alpha) return std::nullopt;
  const auto lack = [&](double difference) {
    return *power_of_means(difference, sd, sizes, precision.alpha) - precision.power;
  };
  double most = sd * std::sqrt(1 / sizes.n1 + 1 / sizes.n0);
  while (lack(most) < 0) most *= 2;
  return root_between(lack, 0, most, -1.0);
}

}  // namespace desist::statistics
