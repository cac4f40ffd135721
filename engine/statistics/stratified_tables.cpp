#include "engine/statistics/stratified_tables.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {

namespace {

struct StratumCells {
  double a, b, c, d;  // x1, n1 - x1, x0, n0 - x0
  double n1, n0, n;
};

std::vector<StratumCells> with_both_groups(const std::vector<TwoByTwo>& strata) {
  std::vector<StratumCells> result;
  for (const TwoByTwo& t : strata) {
    if (t.n1 == 0 || t.n0 == 0) continue;
    result.push_back(
        {real(t.x1), real(t.n1 - t.x1), real(t.x0), real(t.n0 - t.x0), real(t.n1), real(t.n0), real(t.people())});
  }
  return result;
}

CommonRatio common_ratio(double ratio, double variance, double confidence) {
  CommonRatio result{ratio, {}, inference(std::log(ratio), std::sqrt(variance), std::nullopt, confidence)};
  result.interval = {std::exp(result.log.interval.low), std::exp(result.log.interval.high)};
  return result;
}

/// The x1 with the margins of `t` at which the odds ratio is psi: the root of (psi - 1) x^2 - (psi (n1 + m) + n0 - m) x
/// + psi n1 m within the table's range, m the number of events.
double expected_at(const StratumCells& t, double psi) {
  const double m = t.a + t.c;
  const double minus_b = psi * (t.n1 + m) + t.n0 - m;
  const double root = std::sqrt(minus_b * minus_b - 4 * (psi - 1) * psi * t.n1 * m);
  return 2 * psi * t.n1 * m / (minus_b + root);  // the small root of the quadratic, without cancellation
}

}  // namespace

std::optional<CommonRatio> mantel_haenszel_odds_ratio(const std::vector<TwoByTwo>& strata, double confidence) {
  double r_sum = 0, s_sum = 0, pr = 0, mixed = 0, qs = 0;
  for (const StratumCells& t : with_both_groups(strata)) {
    const double r = t.a * t.d / t.n, s = t.b * t.c / t.n, p = (t.a + t.d) / t.n, q = (t.b + t.c) / t.n;
    r_sum += r;
    s_sum += s;
    pr += p * r;
    mixed += p * s + q * r;
    qs += q * s;
  }
  if (r_sum == 0 || s_sum == 0) return std::nullopt;
  const double variance = pr / (2 * r_sum * r_sum) + mixed / (2 * r_sum * s_sum) + qs / (2 * s_sum * s_sum);
  return common_ratio(r_sum / s_sum, variance, confidence);
}

std::optional<CommonRatio> mantel_haenszel_risk_ratio(const std::vector<TwoByTwo>& strata, double confidence) {
  double r = 0, s = 0, p = 0;
  for (const StratumCells& t : with_both_groups(strata)) {
    r += t.a * t.n0 / t.n;
    s += t.c * t.n1 / t.n;
    p += (t.n1 * t.n0 * (t.a + t.c) - t.a * t.c * t.n) / (t.n * t.n);
  }
  if (r == 0 || s == 0) return std::nullopt;
  return common_ratio(r / s, p / (r * s), confidence);
}

std::optional<Inference> mantel_haenszel_risk_difference(const std::vector<TwoByTwo>& strata, double confidence) {
  double difference = 0, weight = 0, p = 0, q = 0;
  for (const StratumCells& t : with_both_groups(strata)) {
    difference += (t.a * t.n0 - t.c * t.n1) / t.n;
    weight += t.n1 * t.n0 / t.n;
    p += (t.n1 * t.n1 * t.c - t.n0 * t.n0 * t.a + t.n1 * t.n0 * (t.n0 - t.n1) / 2) / (t.n * t.n);
    q += (t.a * t.d + t.c * t.b) / (2 * t.n);
  }
  if (weight == 0) return std::nullopt;
  const double estimate = difference / weight;
  const double variance = (estimate * p + q) / (weight * weight);
  return inference(estimate, std::sqrt(std::max(0.0, variance)), std::nullopt, confidence);
}

std::optional<TestResult> cochran_mantel_haenszel(const std::vector<TwoByTwo>& strata, double continuity) {
  double excess = 0, variance = 0;
  for (const StratumCells& t : with_both_groups(strata)) {
    const double m = t.a + t.c;
    excess += t.a - t.n1 * m / t.n;
    if (t.n > 1) variance += t.n1 * t.n0 * m * (t.n - m) / (t.n * t.n * (t.n - 1));
  }
  if (variance == 0) return std::nullopt;
  const double distance = std::max(0.0, std::abs(excess) - std::min(continuity, std::abs(excess)));
  const double statistic = distance * distance / variance;
  return TestResult{statistic, chi_square_tail(statistic)};
}

std::optional<HomogeneityTest> odds_ratio_homogeneity(const std::vector<TwoByTwo>& strata) {
  const auto common = mantel_haenszel_odds_ratio(strata);
  if (!common) return std::nullopt;
  HomogeneityTest test;
  double excess = 0, variance = 0;
  for (const StratumCells& t : with_both_groups(strata)) {
    const double m = t.a + t.c;
    if (m == 0 || m == t.n) continue;
    const double e = expected_at(t, common->ratio);
    const double v = 1 / (1 / e + 1 / (t.n1 - e) + 1 / (m - e) + 1 / (t.n0 - m + e));
    test.breslow_day += (t.a - e) * (t.a - e) / v;
    excess += t.a - e;
    variance += v;
    test.degrees_of_freedom += 1;
  }
  test.degrees_of_freedom -= 1;
  if (test.degrees_of_freedom < 1) return std::nullopt;
  test.tarone = test.breslow_day - excess * excess / variance;
  test.breslow_day_p = chi_square_tail(test.breslow_day, test.degrees_of_freedom);
  test.tarone_p = chi_square_tail(std::max(0.0, test.tarone), test.degrees_of_freedom);
  return test;
}

}  // namespace desist::statistics
