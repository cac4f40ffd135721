#include "engine/statistics/proportion.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

struct Counts {
  double x;
  double n;
};

Counts as_real(const Proportion& p) { return {static_cast<double>(p.count), static_cast<double>(p.n)}; }

double beta_quantile(double alpha, double beta, double p) {
  return boost::math::ibeta_inv(alpha, beta, p, BoostPolicy());
}
/// From the upper tail, so that limits near 1 keep their digits.
double beta_quantile_above(double alpha, double beta, double q) {
  return boost::math::ibetac_inv(alpha, beta, q, BoostPolicy());
}

/// Wilson limits with the continuity correction `c`, in counts.
Interval score_limits(const Counts& k, double c, double z) {
  const double z2 = z * z;
  const double p = k.x / k.n;
  const double up = p + c / k.n;
  const double down = p - c / k.n;
  const double scale = 1 + z2 / k.n;
  const double half_up = z * std::sqrt(std::max(0.0, up * (1 - up) / k.n) + z2 / (4 * k.n * k.n));
  const double half_down = z * std::sqrt(std::max(0.0, down * (1 - down) / k.n) + z2 / (4 * k.n * k.n));
  return {(down + z2 / (2 * k.n) - half_down) / scale, (up + z2 / (2 * k.n) + half_up) / scale};
}

}  // namespace

Interval wald(const Proportion& proportion, double confidence) {
  const auto [x, n] = as_real(proportion);
  const double p = x / n;
  const double half = two_sided_z(confidence) * std::sqrt(p * (1 - p) / n);
  return {p - half, p + half};
}

Interval wilson(const Proportion& proportion, double confidence) {
  const Counts k = as_real(proportion);
  Interval limits = score_limits(k, 0, two_sided_z(confidence));
  if (k.x == 0) limits.low = 0;  // exactly, where rounding leaves 1e-17
  if (k.x == k.n) limits.high = 1;
  return limits;
}

Interval wilson_continuity_corrected(const Proportion& proportion, double confidence) {
  const Counts k = as_real(proportion);
  const double correction = std::min(0.5, std::abs(k.x - k.n / 2));
  Interval limits = score_limits(k, correction, two_sided_z(confidence));
  limits.low = k.x == 0 ? 0.0 : std::max(0.0, limits.low);
  limits.high = k.x == k.n ? 1.0 : std::min(1.0, limits.high);
  return limits;
}

Interval clopper_pearson(const Proportion& proportion, double confidence) {
  const auto [x, n] = as_real(proportion);
  const double tail = (1 - confidence) / 2;
  return {x == 0 ? 0.0 : beta_quantile(x, n - x + 1, tail), x == n ? 1.0 : beta_quantile_above(x + 1, n - x, tail)};
}

Interval jeffreys_equal_tailed(const Proportion& proportion, double confidence) {
  const auto [x, n] = as_real(proportion);
  const double tail = (1 - confidence) / 2;
  return {beta_quantile(x + 0.5, n - x + 0.5, tail), beta_quantile_above(x + 0.5, n - x + 0.5, tail)};
}

Interval jeffreys(const Proportion& proportion, double confidence) {
  Interval limits = jeffreys_equal_tailed(proportion, confidence);
  if (proportion.count == 0) limits.low = 0;
  if (proportion.count == proportion.n) limits.high = 1;
  return limits;
}

Interval agresti_coull(const Proportion& proportion, double confidence) {
  const auto [x, n] = as_real(proportion);
  const double z = two_sided_z(confidence);
  const double z2 = z * z;
  const double p = (x + z2 / 2) / (n + z2);
  const double half = z * std::sqrt(p * (1 - p) / (n + z2));
  return {p - half, p + half};
}

}  // namespace desist::statistics
