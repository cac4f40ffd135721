#include "engine/statistics/two_arm_counts.hpp"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist::statistics {
namespace {

std::vector<std::int64_t> counted(const std::vector<int>& values) {
  std::vector<std::int64_t> people(1, 0);
  for (const int y : values) {
    if (static_cast<std::size_t>(y) >= people.size()) people.resize(static_cast<std::size_t>(y) + 1, 0);
    ++people[static_cast<std::size_t>(y)];
  }
  return people;
}

TEST(TwoArmCounts, equals_the_regression) {
  std::mt19937 engine(7);
  int fitted = 0, refused = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const int n = 3 + static_cast<int>(engine() % 60);
    std::vector<std::vector<int>> arms(2);
    Eigen::MatrixXd x(2 * n, 2);
    Eigen::VectorXd y(2 * n);
    for (int a = 0; a < 2; ++a)
      for (int i = 0; i < n; ++i) {
        // Heavy or light tails by turns, some arms nearly empty.
        const double u = (static_cast<double>(engine()) + 0.5) / 4294967296.0;
        const int count =
            static_cast<int>(std::floor((trial % 3 == 0 ? 0.3 : 1.5) * -std::log(u) * (a == 0 ? 1 : 0.6)));
        arms[static_cast<std::size_t>(a)].push_back(count);
        x(a * n + i, 0) = 1;
        x(a * n + i, 1) = a;
        y[a * n + i] = count;
      }
    const auto whole = negative_binomial(x, y);
    const auto short_way = two_arm_negative_binomial(counted(arms[0]), counted(arms[1]));
    const auto* model = std::get_if<NegativeBinomial>(&whole);
    const auto* fit = std::get_if<TwoArmNegativeBinomial>(&short_way);
    ASSERT_EQ(model != nullptr, fit != nullptr) << trial;
    if (model == nullptr) {
      ++refused;
      continue;
    }
    ++fitted;
    EXPECT_NEAR(fit->log_ratio, model->coefficients[1], 1e-9) << trial;
    EXPECT_NEAR(fit->theta / model->theta, 1, 1e-7) << trial;
    EXPECT_NEAR(fit->error, std::sqrt(model->covariance(1, 1)), 1e-8) << trial;
  }
  EXPECT_GT(fitted, 100);
  EXPECT_GT(refused, 10);
}

TEST(TwoArmCounts, Says_why_there_is_no_number) {
  const auto problem = [](const std::vector<std::int64_t>& control, const std::vector<std::int64_t>& treated) {
    return std::get<Diagnosis>(two_arm_negative_binomial(control, treated)).problem;
  };
  EXPECT_EQ(problem({0}, {3, 2, 1}), RegressionProblem::empty);
  EXPECT_EQ(problem({9}, {3, 2, 1}), RegressionProblem::complete_separation);
  EXPECT_EQ(problem({2, 6, 2}, {2, 6, 2}), RegressionProblem::no_overdispersion);
  EXPECT_EQ(problem({0, 1}, {0, 1}), RegressionProblem::too_few_rows);
}

// The interval is the set of differences whose test does not reject: both ways of asking agree, at its ends too.
TEST(RiskDifference, holds_what_its_interval_holds) {
  std::mt19937 engine(3);
  for (int trial = 0; trial < 3000; ++trial) {
    const auto n1 = 1 + static_cast<std::int64_t>(engine() % 40), n0 = 1 + static_cast<std::int64_t>(engine() % 40);
    const TwoByTwo table{static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n1 + 1)), n1,
                         static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n0 + 1)), n0};
    const Interval limits = miettinen_nurminen_difference(table);
    const double inside = limits.low + (limits.high - limits.low) * (static_cast<double>(engine()) / 4294967296.0);
    EXPECT_TRUE(miettinen_nurminen_difference_holds(table, inside));
    for (const double outside : {limits.low - 1e-6, limits.high + 1e-6}) {
      if (std::abs(outside) < 1) {
        EXPECT_FALSE(miettinen_nurminen_difference_holds(table, outside)) << trial;
      }
    }
  }
}

}  // namespace
}  // namespace desist::statistics
