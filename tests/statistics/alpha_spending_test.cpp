#include "engine/statistics/alpha_spending.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

// Equal looks, two-sided 0.05, O'Brien-Fleming-type spending, to the three decimals that are published: the programs of
// Reboussin, DeMets, Kim & Lan (Wisconsin, version 2, 1996), whose numbers R's ldbounds and RTSA repeat.
TEST(AlphaSpending, Equal_looks_as_published) {
  const std::vector<std::vector<double>> published{
      {2.963, 1.969}, {3.710, 2.511, 1.993}, {4.333, 2.963, 2.359, 2.014}, {4.877, 3.357, 2.680, 2.290, 2.031}};
  for (const std::vector<double>& expected : published) {
    std::vector<double> shares;
    for (std::size_t k = 1; k <= expected.size(); ++k)
      shares.push_back(static_cast<double>(k) / static_cast<double>(expected.size()));
    const std::vector<double> boundaries = spending_boundaries(shares);
    for (std::size_t k = 0; k < expected.size(); ++k)
      EXPECT_NEAR(boundaries[k], expected[k], 0.0006) << expected.size() << " looks, " << k;
  }
}

TEST(AlphaSpending, One_look_is_the_fixed_test) {
  const std::vector<double> one{1};
  EXPECT_NEAR(spending_boundaries(one)[0], 1.959964, 1e-5);
}

TEST(AlphaSpending, What_is_spent_is_what_is_crossed) {
  const std::vector<double> shares{0.3, 0.55, 1};
  const std::vector<double> boundaries = spending_boundaries(shares);
  const std::vector<double> crossed = crossing_chances(shares, boundaries, 0);
  for (std::size_t k = 0; k < shares.size(); ++k) EXPECT_NEAR(crossed[k], obrien_fleming_spent(shares[k]), 1e-6) << k;
  EXPECT_NEAR(crossed.back(), 0.05, 1e-6);
}

TEST(AlphaSpending, A_drift_gives_the_power_of_a_fixed_test_where_there_is_one_look) {
  const std::vector<double> one{1}, boundary{1.959964};
  const double drift = 2.8;
  EXPECT_NEAR(crossing_chances(one, boundary, drift)[0], normal_cdf(drift - 1.959964) + normal_cdf(-drift - 1.959964),
              1e-9);
}

TEST(AlphaSpending, Shares_rise) {
  const std::vector<double> falling{0.5, 0.4, 1}, beyond{0.5, 1.2};
  EXPECT_THROW(spending_boundaries(falling), std::invalid_argument);
  EXPECT_THROW(spending_boundaries(beyond), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
