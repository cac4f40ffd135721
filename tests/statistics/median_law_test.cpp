// The law of a median against every sample there is, and against the trinomial sum.
#include "engine/statistics/median_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {
namespace {

/// By going through all samples.
std::vector<double> by_enumeration(std::size_t n, const std::vector<double>& p) {
  std::vector<double> law(2 * p.size() - 1, 0.0);
  std::vector<std::size_t> sample(n, 0);
  while (true) {
    double probability = 1;
    for (const std::size_t x : sample) probability *= p[x];
    std::vector<std::size_t> sorted = sample;
    std::sort(sorted.begin(), sorted.end());
    law[sorted[(n - 1) / 2] + sorted[n / 2]] += probability;
    std::size_t i = 0;
    while (i < n && ++sample[i] == p.size()) sample[i++] = 0;
    if (i == n) return law;
  }
}

TEST(median_law_test, is_that_of_all_samples) {
  const std::vector<double> p{0.05, 0.4, 0.15, 0.3, 0.1};
  for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 6u}) {
    const auto ours = median_law(n, p);
    const auto naive = by_enumeration(n, p);
    ASSERT_EQ(ours.size(), naive.size());
    for (std::size_t j = 0; j < naive.size(); ++j) EXPECT_NEAR(ours[j], naive[j], 1e-14) << n << " " << j;
  }
}

TEST(median_law_test, both_middle_counts_alike_is_the_trinomial_sum) {
  const auto p = count_shares({0.8, 16}, 1, 1500);
  constexpr int half = 54;
  const auto law = median_law(2 * half, p);
  double below = 0;
  for (std::size_t a = 0; a < 40; ++a) {
    const double above = std::max(0.0, 1 - below - p[a]);
    double sum = 0;
    for (int i = 0; i < half; ++i)
      for (int j = 0; j < half; ++j) {
        const int here = 2 * half - i - j;
        if (i > 0 && below == 0) continue;
        sum += std::exp(std::lgamma(2.0 * half + 1) - std::lgamma(i + 1.0) - std::lgamma(j + 1.0) -
                        std::lgamma(here + 1.0) + (i > 0 ? i * std::log(below) : 0.0) + j * std::log(above) +
                        here * std::log(p[a]));
      }
    // law[2a] also holds pairs a - 1, a + 1 and further apart; take those off by the formula for a pair
    double pairs = 0;
    std::vector<double> at_most(p.size()), at_least(p.size() + 1, 0.0);
    std::partial_sum(p.begin(), p.end(), at_most.begin());
    for (std::size_t x = p.size(); x-- > 0;) at_least[x] = at_least[x + 1] + p[x];
    const double ways = std::exp(std::lgamma(2.0 * half + 1) - 2 * std::lgamma(half + 1.0));
    for (std::size_t low = 0; low < a; ++low) {
      const std::size_t high = 2 * a - low;
      pairs += ways * (std::pow(at_most[low], half) - (low > 0 ? std::pow(at_most[low - 1], half) : 0.0)) *
               (std::pow(at_least[high], half) - std::pow(at_least[high + 1], half));
    }
    EXPECT_NEAR(law[2 * a], sum + pairs, 1e-11) << a;
    below += p[a];
  }
  EXPECT_NEAR(std::accumulate(law.begin(), law.end(), 0.0), 1, 1e-11);
}

TEST(median_law_test, what_is_left_out_lies_above) {
  const std::vector<double> all{0.2, 0.3, 0.1, 0.4};
  const std::vector<double> some{0.2, 0.3, 0.1};
  const auto whole = median_law(5, all), cut = median_law(5, some);
  for (std::size_t j = 0; j < cut.size(); ++j) EXPECT_NEAR(cut[j], whole[j], 1e-14);
  const auto even = median_law(4, some), even_whole = median_law(4, all);
  EXPECT_NEAR(even[0], even_whole[0], 1e-14);  // of higher ones some pairs with counts above are missing
  EXPECT_EQ(median_law(6, std::vector<double>{1}), std::vector<double>{1});
  EXPECT_TRUE(median_law(3, std::vector<double>{}).empty());
  // many people: nearly all of the law is at the median
  EXPECT_NEAR(median_law(2000, all)[2], 0.5, 0.1);
}

TEST(median_law_test, laws_that_are_none_are_refused) {
  EXPECT_THROW(median_law(0, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(median_law(2001, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(median_law(2, std::vector<double>{0.5, 0.6}), std::invalid_argument);
  EXPECT_THROW(median_law(2, std::vector<double>{-0.1, 0.6}), std::invalid_argument);
  EXPECT_THROW(median_law(2, std::vector<double>{std::nan("")}), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
