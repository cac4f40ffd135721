#include "engine/statistics/risk_difference.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

struct RiskCells {
  double x1, y1, n1, x0, y0, n0;
  explicit RiskCells(const TwoByTwo& t)
      : x1(static_cast<double>(t.x1)),
        y1(static_cast<double>(t.n1 - t.x1)),
        n1(static_cast<double>(t.n1)),
        x0(static_cast<double>(t.x0)),
        y0(static_cast<double>(t.n0 - t.x0)),
        n0(static_cast<double>(t.n0)) {}
};

double over(double cell, double risk) { return cell > 0 ? cell / risk : 0.0; }

/// The maximum-likelihood risk0 under risk1 = risk0 + d: the zero of the score
///   x1/p1 - y1/q1 + x0/p0 - y0/q0,
/// which falls throughout the feasible range; the end of the range where it keeps one sign. Newton's step, bisection
/// where that leaves the bracket: the closed form (Miettinen & Nurminen 1985, appendix: a cubic by an arc cosine) loses
/// half the digits near the corners.
double fitted_risk0(const RiskCells& c, double d) {
  double low = std::max(0.0, -d);
  double high = std::min(1.0, 1 - d);
  if (low >= high) return low;
  const auto score = [&c](double p1, double q1, double p0, double q0) {
    return over(c.x1, p1) - over(c.y1, q1) + over(c.x0, p0) - over(c.y0, q0);
  };
  if (score(std::max(0.0, d), 1 - std::max(0.0, d), low, 1 - low) <= 0) return low;
  if (score(std::min(1.0, 1 + d), std::max(0.0, -d), high, 1 - high) >= 0) return high;
  double p0 = low + (high - low) * (c.x1 + c.x0 + 0.5) / (c.n1 + c.n0 + 1);
  for (int step = 0; step < 200; ++step) {
    const double p1 = p0 + d;
    const double q0 = 1 - p0;
    const double q1 = 1 - p1;
    const double value = score(p1, q1, p0, q0);
    (value > 0 ? low : high) = p0;
    const double steepness =
        over(over(c.x1, p1), p1) + over(over(c.y1, q1), q1) + over(over(c.x0, p0), p0) + over(over(c.y0, q0), q0);
    const double newton = p0 + value / steepness;
    const double next = newton >= low && newton <= high ? newton : low + (high - low) / 2;
    // Newton squares the error in units of the distance from the nearest pole, so the step just made was the last but
    // one.
    const bool settled = std::abs(next - p0) <= std::max(1e-9 * std::min({p0, q0, p1, q1}), 1e-16);
    p0 = next;
    if (settled) break;
  }
  return p0;
}

/// sqrt of scale x variance of the difference at the fit under d.
double fitted_error(const RiskCells& c, double scale, double d) {
  const double p0 = fitted_risk0(c, d);
  const double p1 = p0 + d;
  return std::sqrt(scale * (std::max(0.0, p1 * (1 - p1)) / c.n1 + std::max(0.0, p0 * (1 - p0)) / c.n0));
}

/// The lower score limit: where (Delta - d) = z sqrt(scale x variance fitted under d); the left side less the right is
/// positive below the limit, negative between it and Delta.
double lower_difference_limit(const TwoByTwo& table, double scale, double z) {
  const RiskCells c(table);
  const double delta = risk_difference(table);
  if (delta <= -1) return -1;
  const auto excess = [&](double d) { return delta - d - z * fitted_error(c, scale, d); };
  return root_between(excess, -1.0, delta, 1.0);
}

Interval score_difference(const TwoByTwo& table, double scale, double confidence) {
  const double z = two_sided_z(confidence);
  return {lower_difference_limit(table, scale, z), -lower_difference_limit(table.groups_exchanged(), scale, z)};
}

}  // namespace

double risk_difference(const TwoByTwo& table) { return table.risk1() - table.risk0(); }

double risk_difference_error(const TwoByTwo& table) {
  const double p1 = table.risk1();
  const double p0 = table.risk0();
  return std::sqrt(p1 * (1 - p1) / static_cast<double>(table.n1) + p0 * (1 - p0) / static_cast<double>(table.n0));
}

Interval wald_difference(const TwoByTwo& table, double confidence) {
  const double half = two_sided_z(confidence) * risk_difference_error(table);
  return {risk_difference(table) - half, risk_difference(table) + half};
}

Interval newcombe(const TwoByTwo& table, double confidence) {
  const double p1 = table.risk1();
  const double p0 = table.risk0();
  const Interval w1 = wilson(table.group1(), confidence);
  const Interval w0 = wilson(table.group0(), confidence);
  return {p1 - p0 - std::hypot(p1 - w1.low, w0.high - p0), p1 - p0 + std::hypot(w1.high - p1, p0 - w0.low)};
}

Interval miettinen_nurminen_difference(const TwoByTwo& table, double confidence) {
  return score_difference(table, table.score_factor(), confidence);
}

bool miettinen_nurminen_difference_holds(const TwoByTwo& table, double d, double confidence) {
  if (!(d >= -1 && d <= 1)) return false;
  // The fit is of the table's own orientation below the estimate; above it the groups exchange, as for the upper limit.
  const bool below = d <= risk_difference(table);
  const TwoByTwo seen = below ? table : table.groups_exchanged();
  const double distance = std::abs(risk_difference(table) - d);
  return distance <= two_sided_z(confidence) * fitted_error(RiskCells(seen), seen.score_factor(), below ? d : -d);
}

Interval mee(const TwoByTwo& table, double confidence) { return score_difference(table, 1, confidence); }

}  // namespace desist::statistics
