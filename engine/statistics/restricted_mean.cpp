#include "engine/statistics/restricted_mean.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

Checked<RestrictedMean> restricted_mean(const SurvivalCurve& curve, double horizon, double confidence) {
  if (curve.steps.empty()) return SurvivalProblem{SurvivalFault::no_rows};
  if (!(horizon > 0) || !std::isfinite(horizon)) return SurvivalProblem{SurvivalFault::bad_argument};
  const SurvivalStep& last = curve.steps.back();
  if (horizon > last.time && last.survival > 0) return SurvivalProblem{SurvivalFault::beyond_follow_up};
  RestrictedMean result;
  double variance = 0;
  double right = horizon;
  // From the horizon back to 0, so that the area still to come is at hand at each event time.
  for (std::size_t i = curve.steps.size(); i-- > 0;) {
    const SurvivalStep& step = curve.steps[i];
    if (step.time >= horizon) continue;
    result.mean += step.survival * (right - step.time);
    right = step.time;
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(step.events);
    if (step.events > 0 && step.events < step.at_risk) variance += result.mean * result.mean * d / (n * (n - d));
  }
  result.mean += right;  // survival is 1 before the first time
  result.error = std::sqrt(variance);
  const double half = two_sided_z(confidence) * result.error;
  result.interval = {result.mean - half, result.mean + half};
  return result;
}

Checked<RestrictedMeanContrast> compare_restricted_means(const SurvivalCurve& treated, const SurvivalCurve& control,
                                                         double horizon, double confidence) {
  const auto one = restricted_mean(treated, horizon, confidence);
  if (!one) return one.problem();
  const auto zero = restricted_mean(control, horizon, confidence);
  if (!zero) return zero.problem();
  RestrictedMeanContrast result;
  result.treated = *one;
  result.control = *zero;
  result.difference = one->mean - zero->mean;
  result.difference_error = std::hypot(one->error, zero->error);
  if (result.difference_error == 0) return SurvivalProblem{SurvivalFault::no_spread};
  const double z = two_sided_z(confidence);
  const double half = z * result.difference_error;
  result.difference_interval = {result.difference - half, result.difference + half};
  result.difference_p = 2 * normal_cdf(-std::abs(result.difference) / result.difference_error);
  if (one->mean > 0 && zero->mean > 0) {
    result.ratio = one->mean / zero->mean;
    result.log_ratio_error = std::hypot(one->error / one->mean, zero->error / zero->mean);
    result.ratio_interval = {*result.ratio * std::exp(-z * result.log_ratio_error),
                             *result.ratio * std::exp(z * result.log_ratio_error)};
  }
  return result;
}

}  // namespace desist::statistics
