#include "engine/statistics/causal_bounds.hpp"

#include <algorithm>

#include "engine/statistics/risk_difference.hpp"

namespace desist::statistics {

Interval worst_case_difference(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0) {
  const std::int64_t n1 = seen.n1 + absent1;
  const std::int64_t n0 = seen.n0 + absent0;
  return {risk_difference({seen.x1, n1, seen.x0 + absent0, n0}), risk_difference({seen.x1 + absent1, n1, seen.x0, n0})};
}

Interval worst_case_limits(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0, double confidence) {
  const std::int64_t n1 = seen.n1 + absent1;
  const std::int64_t n0 = seen.n0 + absent0;
  return {miettinen_nurminen_difference({seen.x1, n1, seen.x0 + absent0, n0}, confidence).low,
          miettinen_nurminen_difference({seen.x1 + absent1, n1, seen.x0, n0}, confidence).high};
}

std::optional<Interval> lee_bounds(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0) {
  if (seen.n1 == 0 || seen.n0 == 0) return std::nullopt;
  const double share1 = static_cast<double>(seen.n1) / static_cast<double>(seen.n1 + absent1);
  const double share0 = static_cast<double>(seen.n0) / static_cast<double>(seen.n0 + absent0);
  // Risk of the kept share of an arm: those cut off are its people without the outcome, or those with it, as far as
  // they go.
  const auto trimmed = [](double risk, double kept) {
    return Interval{std::max(0.0, (risk - (1 - kept)) / kept), std::min(1.0, risk / kept)};
  };
  if (share1 > share0) {
    const Interval risk1 = trimmed(seen.risk1(), share0 / share1);
    return Interval{risk1.low - seen.risk0(), risk1.high - seen.risk0()};
  }
  const Interval risk0 = trimmed(seen.risk0(), share1 / share0);
  return Interval{seen.risk1() - risk0.high, seen.risk1() - risk0.low};
}

std::optional<Interval> balke_pearl_bounds(const ComplianceTable& table) {
  if (table.assigned(0) == 0 || table.assigned(1) == 0) return std::nullopt;
  // share(y, d, z) = P(outcome y, received d | assigned z)
  const auto share = [&table](std::size_t y, std::size_t d, std::size_t z) {
    return static_cast<double>(table.count[z][d][y]) / static_cast<double>(table.assigned(static_cast<int>(z)));
  };
  const double p00_0 = share(0, 0, 0), p01_0 = share(0, 1, 0), p10_0 = share(1, 0, 0), p11_0 = share(1, 1, 0);
  const double p00_1 = share(0, 0, 1), p01_1 = share(0, 1, 1), p10_1 = share(1, 0, 1), p11_1 = share(1, 1, 1);
  for (std::size_t d = 0; d < 2; ++d) {
    const double most = std::max(share(0, d, 0), share(0, d, 1)) + std::max(share(1, d, 0), share(1, d, 1));
    if (most > 1 + 1e-12) return std::nullopt;
  }
  const double low = std::max({p11_1 + p00_0 - 1, p11_0 + p00_1 - 1, p11_0 - p11_1 - p10_1 - p01_0 - p10_0,
                               p11_1 - p11_0 - p10_0 - p01_1 - p10_1, -p01_1 - p10_1, -p01_0 - p10_0,
                               p00_1 - p01_1 - p10_1 - p01_0 - p00_0, p00_0 - p01_0 - p10_0 - p01_1 - p00_1});
  const double high = std::min({1 - p01_1 - p10_0, 1 - p01_0 - p10_1, -p01_0 + p01_1 + p00_1 + p11_0 + p00_0,
                                -p01_1 + p11_1 + p00_1 + p01_0 + p00_0, p11_1 + p00_1, p11_0 + p00_0,
                                -p10_1 + p11_1 + p00_1 + p11_0 + p10_0, -p10_0 + p11_0 + p00_0 + p11_1 + p10_1});
  if (low > high) return Interval{(low + high) / 2, (low + high) / 2};  // by rounding: frequencies fit, as seen above
  return Interval{low, high};
}

}  // namespace desist::statistics
