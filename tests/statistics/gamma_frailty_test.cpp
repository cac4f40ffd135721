// Gamma rates against a naive quadrature and sums.
#include "engine/statistics/gamma_frailty.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

TEST(gamma_frailty_test, transform_is_the_mean_of_exponentials) {
  for (const double k : {0.3, 0.9, 1.0, 4.0, 60.0}) {
    for (const double s : {0.0, 0.01, 1.0, 20.0}) {
      const double naive = frailty_integral(k, 1.7, [s](double z) { return std::exp(-z * s); });
      EXPECT_NEAR(share_without_event(GammaFrailty{k, 1.7}, s), naive, 1e-10) << k << " " << s;
      EXPECT_NEAR(share_with_event({k, 1.7}, s), 1 - naive, 1e-10) << k << " " << s;
    }
  }
  EXPECT_DOUBLE_EQ(share_without_event(GammaFrailty{infinity, 2}, 0.3), std::exp(-0.6));
  EXPECT_NEAR(share_with_event({0.5, 2}, 1e-13), 2e-13, 1e-24);  // where 1 - share would keep three digits
}

TEST(gamma_frailty_test, distribution_is_the_integral_of_the_density) {
  for (const double k : {1.5, 3.0, 20.0}) {  // of smooth densities: the naive rule is none for a jump in f
    const double mu = 0.8;
    const auto density = [&](double z) {
      return z <= 0 ? 0.0 : std::exp((k - 1) * std::log(z) - z * k / mu + k * std::log(k / mu) - std::lgamma(k));
    };
    EXPECT_NEAR(share_at_most({k, mu}, 1.1), simpson(0, 1.1, density, 200000), 1e-7) << k;
  }
  EXPECT_EQ(share_at_most({infinity, 0.8}, 0.79), 0);
  EXPECT_EQ(share_at_most({infinity, 0.8}, 0.8), 1);
  EXPECT_EQ(share_at_most({2, 0.8}, -1), 0);
}

TEST(gamma_frailty_test, counts_are_mixed_Poisson) {
  for (const double k : {0.35, 1.0, 7.0}) {
    const GammaFrailty frailty{k, 1.3};
    const auto shares = count_shares(frailty, 2, 400);
    for (const int n : {0, 1, 2, 5, 12, 30}) {
      const double naive = frailty_integral(
          k, 1.3, [n](double z) { return std::exp(n * std::log(2 * z) - 2 * z - std::lgamma(n + 1.0)); });
      EXPECT_NEAR(shares[static_cast<std::size_t>(n)], naive, 1e-10) << k << " " << n;
    }
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
    for (const std::size_t c : {0u, 1u, 3u, 20u}) {
      const double tail = std::accumulate(shares.begin() + static_cast<std::ptrdiff_t>(c), shares.end(), 0.0);
      EXPECT_NEAR(share_with_at_least(frailty, 2, c), tail, 1e-12) << k << " " << c;
    }
  }
}

TEST(gamma_frailty_test, all_alike_is_Poisson_and_the_limit_of_large_shapes) {
  const auto shares = count_shares({infinity, 3}, 1, 60);
  for (const int n : {0, 3, 9})
    EXPECT_NEAR(shares[static_cast<std::size_t>(n)], std::exp(n * std::log(3.0) - 3 - std::lgamma(n + 1.0)), 1e-15);
  EXPECT_NEAR(share_with_at_least({infinity, 3}, 1, 4), 1 - shares[0] - shares[1] - shares[2] - shares[3], 1e-15);
  EXPECT_NEAR(share_with_at_least({1e9, 3}, 1, 4), share_with_at_least({infinity, 3}, 1, 4), 1e-8);
  EXPECT_EQ(count_shares({0.5, 0}, 1, 2), (std::vector<double>{1, 0, 0}));
  EXPECT_EQ(share_with_at_least({0.5, 0}, 1, 1), 0);
}

TEST(gamma_frailty_test, points_give_means_that_are_known) {
  for (const double k : {0.01, 0.1, 0.5, 1.0, 3.0, 40.0, 1000.0, 1e6}) {
    const GammaFrailty frailty{k, 2.5};
    EXPECT_NEAR(mean_over(frailty, [](double) { return 1.0; }), 1, 1e-12) << k;
    EXPECT_NEAR(mean_over(frailty, [](double z) { return z; }), 2.5, 3e-12) << k;
    EXPECT_NEAR(mean_over(frailty, [](double z) { return z * z; }) / (2.5 * 2.5 * (1 + 1 / k)), 1, 1e-12) << k;
    for (const double s : {0.05, 1.0, 50.0})
      EXPECT_NEAR(mean_over(frailty, [s](double z) { return std::exp(-z * s); }), share_without_event(frailty, s),
                  1e-12)
          << k << " " << s;
    EXPECT_LT(frailty_points(frailty).size(), 600u) << k;
  }
  ASSERT_EQ(frailty_points({infinity, 2}).size(), 1u);
  EXPECT_EQ(mean_over({infinity, 2}, [](double z) { return z; }), 2);
}

TEST(gamma_frailty_test, laws_that_are_none_are_refused) {
  for (const GammaFrailty& wrong : {GammaFrailty{0, 1}, GammaFrailty{-1, 1}, GammaFrailty{missing, 1},
                                    GammaFrailty{1, -1}, GammaFrailty{1, missing}, GammaFrailty{1, infinity}}) {
    EXPECT_THROW(share_without_event(wrong, 1), std::invalid_argument);
    EXPECT_THROW(share_at_most(wrong, 1), std::invalid_argument);
    EXPECT_THROW(count_shares(wrong, 1, 3), std::invalid_argument);
    EXPECT_THROW(share_with_at_least(wrong, 1, 3), std::invalid_argument);
    EXPECT_THROW(frailty_points(wrong), std::invalid_argument);
  }
  for (const double wrong : {-1.0, missing, infinity}) {
    EXPECT_THROW(share_with_event({1, 1}, wrong), std::invalid_argument);
    EXPECT_THROW(count_shares({1, 1}, wrong, 3), std::invalid_argument);
    EXPECT_THROW(share_with_at_least({1, 1}, wrong, 3), std::invalid_argument);
  }
  EXPECT_THROW(count_shares({1, 1}, 1, 20'000'000), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
