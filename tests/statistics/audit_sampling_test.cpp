// Reviews of some of all cases: limits against enumeration of all numbers and all samples, and the figures of scrutiny
// panels (about 21 cases a panel, four panels a year, 14,740 resolutions; 86, 89, 85 and 72% appropriate).
#include "engine/statistics/audit_sampling.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/proportion.hpp"

namespace desist::statistics {
namespace {

double choose(std::int64_t n, std::int64_t k) {
  if (k < 0 || k > n) return 0;
  double ways = 1;
  for (std::int64_t i = 1; i <= k; ++i) ways = ways * static_cast<double>(n - k + i) / static_cast<double>(i);
  return ways;
}

double naive_probability(std::int64_t x, std::int64_t n, std::int64_t bad, std::int64_t cases) {
  return choose(bad, x) * choose(cases - bad, n - x) / choose(cases, n);
}

TEST(audit_sampling_test, limits_are_the_numbers_that_no_tail_excludes) {
  for (const std::int64_t cases : {1, 7, 30}) {
    for (std::int64_t n = 1; n <= cases; ++n) {
      for (std::int64_t x = 0; x <= n; ++x) {
        CountRange naive{cases, 0};
        for (std::int64_t d = x; d <= cases - (n - x); ++d) {
          double up = 0, down = 0;
          for (std::int64_t s = 0; s <= n; ++s) (s >= x ? up : down) += naive_probability(s, n, d, cases);
          down += naive_probability(x, n, d, cases);
          if (up > 0.025 && down > 0.025) naive = {std::min(naive.first, d), std::max(naive.last, d)};
        }
        const auto found = review_limits({n, x, cases});
        ASSERT_TRUE(found);
        EXPECT_EQ(found->number, naive) << x << " of " << n << " of " << cases;
      }
    }
  }
}

TEST(audit_sampling_test, limits_cover_at_least_what_they_say) {
  const std::int64_t cases = 60, n = 13;
  for (std::int64_t d = 0; d <= cases; ++d) {
    double covered = 0;
    for (std::int64_t x = 0; x <= n; ++x)
      if (naive_probability(x, n, d, cases) > 0 && review_limits({n, x, cases})->number.contains(d))
        covered += naive_probability(x, n, d, cases);
    EXPECT_GE(covered, 0.95 - 1e-12) << d;
  }
}

TEST(audit_sampling_test, reviewing_everything_settles_it_and_many_cases_are_a_binomial) {
  EXPECT_EQ(review_limits({40, 11, 40})->number, (CountRange{11, 11}));
  const auto many = review_limits({21, 3, 4'000'000'000});
  const Interval binomial = clopper_pearson({3, 21});
  EXPECT_NEAR(many->share.low, binomial.low, 1e-7);
  EXPECT_NEAR(many->share.high, binomial.high, 1e-7);
  const auto none = most_if_none_found(21, 4'000'000'000);
  EXPECT_NEAR(static_cast<double>(*none) / 4e9, 1 - std::pow(0.05, 1.0 / 21), 1e-7);  // 3/21 by the rule of three
}

TEST(audit_sampling_test, scrutiny_panels) {
  constexpr std::int64_t resolutions = 14740;
  const std::int64_t bad = resolutions / 20;  // 5% bad decisions
  // By hand: the product over the cases seen of the share still good.
  for (const std::int64_t seen : {21, 84}) {
    double chance = 1;
    for (std::int64_t i = 0; i < seen; ++i)
      chance *= static_cast<double>(resolutions - bad - i) / static_cast<double>(resolutions - i);
    EXPECT_NEAR(*chance_of_none(seen, bad, resolutions), chance, 1e-12);
  }
  EXPECT_NEAR(*chance_of_none(21, bad, resolutions), 0.34, 0.005);    // a panel in three sees none
  EXPECT_NEAR(*chance_of_none(84, bad, resolutions), 0.013, 0.0005);  // a year of panels hardly ever
  // A panel that finds nothing leaves up to 13%, a year of them 3.5%: not 3/21 = 14% and 3/84 = 3.6%.
  EXPECT_NEAR(static_cast<double>(*most_if_none_found(21, resolutions)) / resolutions, 0.1328358, 1e-7);
  EXPECT_NEAR(static_cast<double>(*most_if_none_found(84, resolutions)) / resolutions, 0.0348711, 1e-7);
  // 59 cases would see one of 5% with 95% chance; 298 one of 1%.
  EXPECT_EQ(*review_needed(bad, resolutions, 0.95), 59);
  EXPECT_NEAR(static_cast<double>(*review_needed(147, resolutions, 0.95)), 297, 3);
  // Of about 21 cases 86% is 18, 72% is 15 (or 18 of 25): the limits of the best and the worst theme overlap widely.
  const auto best = review_limits({21, 18, resolutions});
  const auto worst = review_limits({25, 18, resolutions});
  EXPECT_NEAR(best->share.low, 0.6367707, 1e-7);  // these four by R's phyper over all numbers
  EXPECT_NEAR(best->share.high, 0.969403, 1e-6);
  EXPECT_NEAR(worst->share.low, 0.5063094, 1e-7);
  EXPECT_NEAR(worst->share.high, 0.8791723, 1e-7);
  EXPECT_TRUE(counts_by_rounding({89, 0}, 21).empty());  // so the panel of 89% did not see 21 cases
  EXPECT_FALSE(counts_by_rounding({89, 0}, 19).empty());
  // To know 85% within 5 points either way takes 249 cases (R's phyper, n by n), not 21.
  EXPECT_EQ(*review_needed_for_margin(0.85, 0.05, resolutions), 249);
}

TEST(audit_sampling_test, impossible_reviews_have_no_number) {
  for (const Review& bad : {Review{0, 0, 10}, Review{11, 0, 10}, Review{5, 6, 10}, Review{5, -1, 10}, Review{1, 0, 0}})
    EXPECT_FALSE(review_limits(bad));
  EXPECT_FALSE(most_if_none_found(0, 10));
  EXPECT_FALSE(chance_of_none(5, 11, 10));
  EXPECT_FALSE(chance_of_none(11, 5, 10));
  EXPECT_FALSE(review_needed(0, 10, 0.9));
  EXPECT_FALSE(review_needed(2, 10, 0));
  EXPECT_FALSE(review_needed(2, 10, 1.5));
  EXPECT_FALSE(review_needed_for_margin(0.5, 0, 10));
  EXPECT_FALSE(review_needed_for_margin(-0.5, 0.1, 10));
  EXPECT_EQ(*review_needed(2, 10, 1), 9);
  EXPECT_EQ(*chance_of_none(0, 5, 10), 1);
  EXPECT_EQ(*chance_of_none(9, 2, 10), 0);
  EXPECT_EQ(*most_if_none_found(10, 10), 0);
}

}  // namespace
}  // namespace desist::statistics
