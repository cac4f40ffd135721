#include "engine/statistics/risk_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/limits.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

/// Beyond exp of this no ratio of counts that fit a double, nor its limits, can lie.
constexpr double widest_log_ratio = 150;

/// The lower score limit, searched on the log scale: where p1 - r p0 = z sqrt(scale x variance fitted under r).
double lower_ratio_limit(const TwoByTwo& table, double scale, double z) {
  if (table.x1 == 0) return 0;
  const double x1 = static_cast<double>(table.x1), n1 = static_cast<double>(table.n1);
  const double x0 = static_cast<double>(table.x0), n0 = static_cast<double>(table.n0);
  const double people = n1 + n0;
  const auto excess = [&](double log_ratio) {
    const double r = std::exp(log_ratio);
    // The fit under p1 = r p0 solves N r p0^2 - (n1 r + x1 + n0 + x0 r) p0 + x1 + x0 = 0; the smaller root, free of
    // cancellation.
    const double b = n1 * r + x1 + n0 + x0 * r;
    const double root = std::sqrt(std::max(0.0, b * b - 4 * people * r * (x1 + x0)));
    const double p0 = std::min(1.0, 2 * (x1 + x0) / (b + root));
    const double p1 = std::min(1.0, r * p0);
    const double variance = scale * (p1 * (1 - p1) / n1 + r * r * p0 * (1 - p0) / n0);
    return x1 / n1 - r * (x0 / n0) - z * std::sqrt(variance);
  };
  const double high = table.x0 == 0 ? widest_log_ratio : std::log((x1 / n1) / (x0 / n0));
  return std::exp(root_between(excess, -widest_log_ratio, high, 1.0));
}

Interval score_ratio(const TwoByTwo& table, double scale, double confidence) {
  const double z = two_sided_z(confidence);
  const double reversed = lower_ratio_limit(table.groups_exchanged(), scale, z);
  return {lower_ratio_limit(table, scale, z), reversed == 0 ? infinity : 1 / reversed};
}

}  // namespace

std::optional<double> risk_ratio(const TwoByTwo& table) {
  if (table.x0 > 0) return table.risk1() / table.risk0();
  if (table.x1 > 0) return infinity;
  return std::nullopt;
}

std::optional<double> log_risk_ratio_error(const TwoByTwo& table) {
  if (table.x1 == 0 || table.x0 == 0) return std::nullopt;
  const auto part = [](const Proportion& p) {
    return static_cast<double>(p.n - p.count) / (static_cast<double>(p.count) * static_cast<double>(p.n));
  };
  return std::sqrt(part(table.group1()) + part(table.group0()));
}

std::optional<Interval> log_wald_ratio(const TwoByTwo& table, double confidence) {
  const auto error = log_risk_ratio_error(table);
  if (!error) return std::nullopt;
  const double centre = std::log(*risk_ratio(table));
  const double half = two_sided_z(confidence) * *error;
  return Interval{std::exp(centre - half), std::exp(centre + half)};
}

Interval miettinen_nurminen_ratio(const TwoByTwo& table, double confidence) {
  return score_ratio(table, table.score_factor(), confidence);
}

Interval koopman(const TwoByTwo& table, double confidence) { return score_ratio(table, 1, confidence); }

}  // namespace desist::statistics
