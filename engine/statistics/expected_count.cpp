#include "engine/statistics/expected_count.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/gamma_frailty.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

void require_expected(const ExpectedCount& e) {
  require(e.mean > 0 && std::isfinite(e.mean), "an expected count is above 0, and finite");
  require(is_amount(e.relative_variance), "the variance of an expected count is 0 or more, and finite");
}

/// P(N >= count) where the mean is `factor` times what was expected.
double at_least(std::int64_t count, const ExpectedCount& e, double factor) {
  if (count <= 0) return 1;
  return share_with_at_least({1 / e.relative_variance, factor * e.mean}, 1, static_cast<std::size_t>(count));
}

/// The factor at which P(N >= count) is p: it rises with the factor from 0 to 1.
double factor_at(std::int64_t count, const ExpectedCount& e, double p) {
  const auto excess = [&](double log_factor) { return at_least(count, e, std::exp(log_factor)) - p; };
  double low = std::log(static_cast<double>(count) / e.mean) - 1;
  double high = low + 2;
  while (excess(low) > 0) low -= 2;
  while (excess(high) < 0) high += 2;
  return std::exp(root_between(excess, low, high, -1));
}

}  // namespace

Interval predicted_count(const ExpectedCount& e, double confidence) {
  require_expected(e);
  const double outside = (1 - confidence) / 2;
  // The greatest c with P(N >= c) at least p, by doubling and halving.
  const auto greatest = [&](double p) {
    std::int64_t low = 0, high = 1;
    while (at_least(high, e, 1) >= p) {
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (at_least(middle, e, 1) >= p ? low : high) = middle;
    }
    return low;
  };
  // P(N < low) and P(N > high) are at most `outside`, both as tight as can be.
  return {static_cast<double>(greatest(1 - outside)), static_cast<double>(greatest(outside))};
}

Interval seen_over_expected(std::int64_t seen, const ExpectedCount& e, double confidence) {
  require_expected(e);
  require(seen >= 0, "a count is 0 or more");
  const double outside = (1 - confidence) / 2;
  return {seen == 0 ? 0 : factor_at(seen, e, outside), factor_at(seen + 1, e, 1 - outside)};
}

double seen_p_value(std::int64_t seen, const ExpectedCount& e) {
  require_expected(e);
  require(seen >= 0, "a count is 0 or more");
  return std::min(1.0, 2 * std::min(at_least(seen, e, 1), 1 - at_least(seen + 1, e, 1)));
}

}  // namespace desist::statistics
