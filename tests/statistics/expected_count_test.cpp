// A count against one that was expected: by sums of the law's probabilities.
#include "engine/statistics/expected_count.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {
namespace {

/// P(N <= count) by summing.
double at_most(int count, const ExpectedCount& e, double factor) {
  const auto shares = count_shares({1 / e.relative_variance, factor * e.mean}, 1, static_cast<std::size_t>(count));
  return std::accumulate(shares.begin(), shares.end(), 0.0);
}

TEST(expected_count_test, predictions_leave_no_more_than_half_outside_each_end) {
  for (const ExpectedCount& e :
       {ExpectedCount{4.4, 0}, ExpectedCount{4.4, 0.3}, ExpectedCount{250, 0.001}, ExpectedCount{0.01, 2}}) {
    const Interval limits = predicted_count(e, 0.9);
    const int low = static_cast<int>(limits.low), high = static_cast<int>(limits.high);
    if (low > 0) {
      EXPECT_LE(at_most(low - 1, e, 1), 0.05);
    }
    EXPECT_GT(at_most(low, e, 1), 0.05);
    EXPECT_GE(at_most(high, e, 1), 0.95 - 1e-12);
    if (high > 0) {
      EXPECT_LT(at_most(high - 1, e, 1), 0.95);
    }
  }
}

TEST(expected_count_test, limits_are_where_the_tails_are) {
  const ExpectedCount e{12, 0.08};
  for (const int seen : {1, 7, 30}) {
    const Interval limits = seen_over_expected(seen, e, 0.95);
    EXPECT_NEAR(1 - at_most(seen - 1, e, limits.low), 0.025, 1e-10) << seen;
    EXPECT_NEAR(at_most(seen, e, limits.high), 0.025, 1e-10) << seen;
  }
  const Interval none = seen_over_expected(0, e, 0.95);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(std::pow(1 + none.high * 12 * 0.08, -1 / 0.08), 0.025, 1e-12);
  // Poisson: Garwood's limits
  const Interval exact = seen_over_expected(9, {10, 0}, 0.95);
  EXPECT_NEAR(exact.low, chi_square_quantile(0.025, 18) / 20, 1e-9);
  EXPECT_NEAR(exact.high, chi_square_quantile(0.975, 20) / 20, 1e-9);
}

TEST(expected_count_test, p_value_is_twice_the_smaller_tail) {
  const ExpectedCount e{12, 0.08};
  EXPECT_NEAR(seen_p_value(3, e), 2 * at_most(3, e, 1), 1e-13);
  EXPECT_NEAR(seen_p_value(25, e), 2 * (1 - at_most(24, e, 1)), 1e-12);
  EXPECT_EQ(seen_p_value(12, e), 1);
  // 1 lies in the limits exactly where the p-value is not below the rest
  for (int seen = 0; seen < 40; ++seen)
    EXPECT_EQ(seen_over_expected(seen, e, 0.95).contains(1), seen_p_value(seen, e) > 0.05) << seen;
}

TEST(expected_count_test, what_can_not_be_is_refused) {
  for (const double wrong : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_THROW(predicted_count({wrong, 0}), std::invalid_argument);
    EXPECT_THROW(seen_over_expected(1, {wrong, 0}), std::invalid_argument);
    EXPECT_THROW(seen_p_value(1, {wrong, 0}), std::invalid_argument);
  }
  EXPECT_THROW(predicted_count({1, -1}), std::invalid_argument);
  EXPECT_THROW(predicted_count({1, HUGE_VAL}), std::invalid_argument);
  EXPECT_THROW(seen_over_expected(-1, {1, 0}), std::invalid_argument);
  EXPECT_THROW(seen_p_value(-1, {1, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
