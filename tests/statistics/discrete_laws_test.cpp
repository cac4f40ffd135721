#include "engine/statistics/discrete_laws.hpp"

#include <cmath>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include "engine/statistics/allocation_check.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::statistics {
namespace {

using Big = boost::multiprecision::cpp_int;
using Exact = boost::multiprecision::cpp_rational;

Big choose(std::int64_t n, std::int64_t k) {
  Big result = 1;
  for (std::int64_t i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

double as_double(const Exact& value) { return value.convert_to<double>(); }

TEST(discrete_laws_test, binomial_against_exact_fractions) {
  for (const std::int64_t n : {1, 2, 9, 16, 17, 60, 300}) {
    for (const int sixteenths : {1, 3, 8, 15}) {
      const Exact p(sixteenths, 16);
      for (std::int64_t x = 0; x <= n; x += 1 + n / 20) {
        Exact exact = Exact(choose(n, x));
        for (std::int64_t i = 0; i < x; ++i) exact *= p;
        for (std::int64_t i = x; i < n; ++i) exact *= 1 - p;
        if (exact * boost::multiprecision::pow(Big(10), 290) < 1) continue;  // beyond a double's full precision
        EXPECT_NEAR(binomial_probability(x, n, sixteenths / 16.0) / as_double(exact), 1, 2e-13) << x << " of " << n;
      }
    }
  }
}

TEST(discrete_laws_test, binomial_at_the_ends) {
  EXPECT_EQ(binomial_probability(0, 5, 0), 1);
  EXPECT_EQ(binomial_probability(5, 5, 1), 1);
  EXPECT_EQ(binomial_probability(2, 5, 0), 0);
  EXPECT_EQ(binomial_probability(6, 5, 0.5), 0);
  EXPECT_EQ(binomial_probability(0, 0, 0.3), 1);
  // P(X = n/2) ~ sqrt(2/(pi n)) (1 - 1/(4 n)) at a million.
  EXPECT_NEAR(binomial_probability(500000, 1000000, 0.5), std::sqrt(2 / (std::acos(-1.0) * 1e6)) * (1 - 0.25e-6),
              1e-16);
}

TEST(discrete_laws_test, hypergeometric_tails_and_two_sided_against_exact_fractions) {
  for (const Margins m : {Margins{5, 6, 5}, {54, 49, 11}, {30, 10, 35}, {20, 20, 20}, {1, 1, 1}, {7, 3, 0}}) {
    std::vector<Exact> law;
    for (std::int64_t s = m.least(); s <= m.most(); ++s) {
      law.push_back(Exact(choose(m.n1, s) * choose(m.n0, m.total - s), choose(m.n1 + m.n0, m.total)));
    }
    for (std::size_t i = 0; i < law.size(); ++i) {
      Exact below = 0, above = 0, two_sided = 0;
      for (std::size_t j = 0; j < law.size(); ++j) {
        if (j < i) below += law[j];
        if (j > i) above += law[j];
        if (law[j] <= law[i]) two_sided += law[j];
      }
      const std::int64_t x = m.least() + static_cast<std::int64_t>(i);
      const Tails tails = hypergeometric_tails(x, m);
      EXPECT_NEAR(tails.below, as_double(below), 1e-13);
      EXPECT_NEAR(tails.at / as_double(law[i]), 1, 1e-12);
      EXPECT_NEAR(tails.above, as_double(above), 1e-13);
      EXPECT_NEAR(hypergeometric_two_sided(x, m), as_double(two_sided), 1e-13);
      EXPECT_NEAR(std::min(tails.at_most(), tails.at_least()) / as_double(std::min<Exact>(below, above) + law[i]), 1,
                  1e-12);
    }
  }
}

TEST(discrete_laws_test, noncentral_against_exact_fractions) {
  const Margins m{54, 49, 11};
  for (const int psi : {1, 2, 50}) {
    Exact total = 0, below = 0, at = 0, mean = 0;
    Exact power = 1;
    const std::int64_t x = 4;
    for (std::int64_t s = m.least(); s <= m.most(); ++s, power *= psi) {
      const Exact weight = Exact(choose(m.n1, s) * choose(m.n0, m.total - s)) * power;
      total += weight;
      mean += weight * s;
      if (s < x) below += weight;
      if (s == x) at = weight;
    }
    const NoncentralTails ours = noncentral_hypergeometric(x, m, std::log(psi));
    EXPECT_NEAR(ours.tails.below, as_double(below / total), 1e-14);
    EXPECT_NEAR(ours.tails.at, as_double(at / total), 1e-14);
    EXPECT_NEAR(ours.tails.above, 1 - as_double((below + at) / total), 1e-14);
    EXPECT_NEAR(ours.mean_less_x, as_double(mean / total) - static_cast<double>(x), 1e-13);
  }
}

TEST(two_group_tests_test, tails_overlap_in_the_observed_table) {
  for (const TwoByTwo t : {TwoByTwo{1, 54, 10, 49}, {0, 1, 1, 1}, {0, 10, 0, 12}, {420000, 1000000, 421500, 1000000}}) {
    const double at = hypergeometric_probability(t.x1, {t.n1, t.n0, t.events()});
    EXPECT_NEAR(fisher_p(t, Alternative::less) + fisher_p(t, Alternative::greater), 1 + at, 1e-12);
    EXPECT_NEAR(mid_p(t, Alternative::less) + mid_p(t, Alternative::greater), 1, 1e-12);
    EXPECT_NEAR(fisher_p(t, Alternative::less), fisher_p(t.groups_exchanged(), Alternative::greater), 1e-12);
    EXPECT_NEAR(fisher_p(t), fisher_p(t.outcome_reversed()), 1e-12);
  }
  // At a million the continuity-corrected normal law is near: z of the table is -2.15.
  const TwoByTwo large{420000, 1000000, 421500, 1000000};
  EXPECT_NEAR(fisher_p(large), chi_square_yates(large).value().p, 1e-6);
}

TEST(allocation_check_test, seventy_to_forty_nine) {
  // By hand: the two tails of a fair coin thrown 119 times are equal.
  Exact tail = 0;
  for (std::int64_t x = 70; x <= 119; ++x) tail += Exact(choose(119, x));
  for (int i = 0; i < 118; ++i) tail /= 2;
  EXPECT_NEAR(allocation_p(70, 49), as_double(tail), 1e-14);
  EXPECT_NEAR(allocation_p(70, 49), 0.066, 5e-4);
  EXPECT_EQ(allocation_p(70, 49), allocation_p(49, 70));
  EXPECT_EQ(allocation_p(30, 30), 1);
  EXPECT_EQ(allocation_p(1, 0), 1);
  // 8 to 0 under 1:3: only 8 to 0 is as improbable.
  EXPECT_NEAR(allocation_p(8, 0, 0.25), std::pow(0.25, 8), 1e-18);
}

}  // namespace
}  // namespace desist::statistics
