#include "engine/statistics/two_arm_counts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace desist::statistics {
namespace {

struct ArmSums {
  double people = 0;
  double events = 0;
  double squares = 0;
  double mean() const { return events / people; }
};

ArmSums sums_of(std::span<const std::int64_t> people_with) {
  ArmSums sums;
  for (std::size_t y = 0; y < people_with.size(); ++y) {
    const auto n = static_cast<double>(people_with[y]), count = static_cast<double>(y);
    sums.people += n;
    sums.events += n * count;
    sums.squares += n * count * count;
  }
  return sums;
}

/// The score in log theta, and its slope.
struct ScoreAt {
  double value = 0;
  double slope = 0;
};

ScoreAt score_at(double theta, const std::vector<double>& more_than, const std::array<ArmSums, 2>& arms) {
  double first = 0, second = 0;  // derivatives of the likelihood in theta
  for (std::size_t k = 0; k < more_than.size(); ++k) {
    const double r = 1 / (theta + static_cast<double>(k));
    first += more_than[k] * r;
    second -= more_than[k] * r * r;
  }
  for (const ArmSums& arm : arms) {
    first -= arm.people * std::log1p(arm.mean() / theta);
    second += arm.events / (theta * (theta + arm.mean()));
  }
  return {theta * first, theta * theta * second + theta * first};
}

}  // namespace

Fitted<TwoArmNegativeBinomial> two_arm_negative_binomial(std::span<const std::int64_t> control,
                                                         std::span<const std::int64_t> treated) {
  const std::array<ArmSums, 2> arms{sums_of(control), sums_of(treated)};
  double excess = 0, squares = 0;
  for (const ArmSums& arm : arms) {
    if (arm.people == 0) return Diagnosis{RegressionProblem::empty, {}, {}};
    if (arm.events == 0) return Diagnosis{RegressionProblem::complete_separation, {1}, {}};
    excess += arm.squares - arm.events * arm.mean() - arm.events;
    squares += arm.events * arm.mean();
  }
  if (arms[0].people + arms[1].people <= 2) return Diagnosis{RegressionProblem::too_few_rows, {}, {}};
  if (excess <= 0) return Diagnosis{RegressionProblem::no_overdispersion, {}, {}};

  std::vector<double> more_than(std::max(control.size(), treated.size()) - 1, 0.0);
  double above = 0;
  for (std::size_t k = more_than.size(); k > 0; --k) {
    if (k < control.size()) above += static_cast<double>(control[k]);
    if (k < treated.size()) above += static_cast<double>(treated[k]);
    more_than[k - 1] = above;
  }
  // The score is positive below the maximum and negative above it.
  double tau = std::log(squares / excess), low = -745, high = 709;
  bool settled = false;
  for (int step = 0; step < 200 && !settled; ++step) {
    const ScoreAt at = score_at(std::exp(tau), more_than, arms);
    (at.value > 0 ? low : high) = tau;
    double next = at.slope < 0 ? tau - at.value / at.slope : at.value > 0 ? high : low;
    if (!(next > low && next < high)) {
      // A bracket that is still open is approached in strides.
      next = at.value > 0 ? std::min((tau + high) / 2, tau + 3) : std::max((tau + low) / 2, tau - 3);
    }
    settled = std::abs(next - tau) < 1e-10;
    tau = next;
  }
  const double theta = std::exp(tau);
  if (!settled || !std::isfinite(theta)) return Diagnosis{RegressionProblem::not_converged, {}, {}};
  TwoArmNegativeBinomial fit;
  fit.theta = theta;
  fit.log_ratio = std::log(arms[1].mean() / arms[0].mean());
  double variance = 0;
  for (const ArmSums& arm : arms) variance += (1 / arm.mean() + 1 / theta) / arm.people;
  fit.error = std::sqrt(variance);
  return fit;
}

}  // namespace desist::statistics
