#include "engine/statistics/stratified_tables.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/odds_ratio.hpp"

namespace desist::statistics {
namespace {

/// Oesophageal cancer by alcohol (80 g a day or more) in six age groups: cases and controls of Ille-et-Vilaine, Breslow
/// & Day 1980, table 4.1. Group 1 are the cases, the outcome is exposure.
const std::vector<TwoByTwo> oesophagus = {{1, 1, 9, 115},    {4, 9, 26, 190},   {25, 46, 29, 167},
                                          {42, 76, 27, 166}, {19, 55, 18, 106}, {5, 13, 0, 31}};

TEST(stratified_tables_test, oesophageal_cancer_as_printed) {
  const auto common = mantel_haenszel_odds_ratio(oesophagus);
  ASSERT_TRUE(common);
  EXPECT_NEAR(common->ratio, 5.158, 5e-4);  // Breslow & Day 1980, section 4.4
}

TEST(stratified_tables_test, penicillin_and_rabbits) {  // Agresti 1990, as in the help page of R's mantelhaen.test
  const std::vector<TwoByTwo> rabbits = {{0, 6, 0, 5}, {3, 6, 0, 6}, {6, 6, 2, 6}, {5, 6, 6, 6}, {2, 2, 5, 5}};
  EXPECT_NEAR(cochran_mantel_haenszel(rabbits, 0.5)->p, 0.047, 5e-4);
}

/// Breslow-Day with the fitted cells by bisection.
HomogeneityTest naive_homogeneity(const std::vector<TwoByTwo>& strata, double psi) {
  HomogeneityTest test;
  double excess = 0, variance = 0;
  for (const TwoByTwo& t : strata) {
    const double n1 = static_cast<double>(t.n1), n0 = static_cast<double>(t.n0);
    const double m = static_cast<double>(t.events()), x = static_cast<double>(t.x1);
    double low = std::max(0.0, m - n0), high = std::min(n1, m);
    for (int i = 0; i < 200; ++i) {
      const double e = (low + high) / 2;
      (e * (n0 - m + e) < psi * (n1 - e) * (m - e) ? low : high) = e;
    }
    const double v = 1 / (1 / low + 1 / (n1 - low) + 1 / (m - low) + 1 / (n0 - m + low));
    test.breslow_day += (x - low) * (x - low) / v;
    excess += x - low;
    variance += v;
  }
  test.tarone = test.breslow_day - excess * excess / variance;
  return test;
}

TEST(stratified_tables_test, homogeneity_by_bisection) {
  const std::vector<std::vector<TwoByTwo>> examples = {
      oesophagus, {{10, 40, 12, 50}, {3, 30, 9, 33}}, {{30, 40, 12, 50}, {3, 30, 9, 33}, {5, 9, 100, 1000}}};
  for (const auto& strata : examples) {
    const auto ours = odds_ratio_homogeneity(strata);
    ASSERT_TRUE(ours);
    const auto naive = naive_homogeneity(strata, mantel_haenszel_odds_ratio(strata)->ratio);
    EXPECT_NEAR(ours->breslow_day, naive.breslow_day, 1e-9);
    EXPECT_NEAR(ours->tarone, naive.tarone, 1e-9);
    EXPECT_EQ(ours->degrees_of_freedom, static_cast<double>(strata.size()) - 1);
  }
}

TEST(stratified_tables_test, one_stratum_is_its_table) {
  const TwoByTwo t{15, 60, 30, 70};
  const auto common = mantel_haenszel_odds_ratio({t});
  EXPECT_NEAR(common->ratio, *odds_ratio(t), 1e-14);
  EXPECT_NEAR(common->log.error, *log_odds_ratio_error(t), 1e-14);  // Robins, Breslow & Greenland meets Woolf
  EXPECT_NEAR(cochran_mantel_haenszel({t})->statistic, chi_square_n_minus_1(t)->statistic, 1e-12);
  EXPECT_NEAR(mantel_haenszel_risk_difference({t})->estimate, t.risk1() - t.risk0(), 1e-14);
  EXPECT_FALSE(odds_ratio_homogeneity({t}));
}

TEST(stratified_tables_test, what_tells_nothing_is_empty) {
  EXPECT_FALSE(mantel_haenszel_odds_ratio({}));
  EXPECT_FALSE(mantel_haenszel_odds_ratio({{0, 5, 0, 5}}));
  EXPECT_FALSE(mantel_haenszel_odds_ratio({{5, 5, 2, 5}}));  // one arm all events
  EXPECT_FALSE(mantel_haenszel_risk_ratio({{0, 5, 3, 5}}));
  EXPECT_FALSE(mantel_haenszel_risk_difference({{1, 5, 0, 0}}));
  EXPECT_FALSE(cochran_mantel_haenszel({{5, 5, 5, 5}}));
  EXPECT_FALSE(cochran_mantel_haenszel({{1, 1, 0, 0}}));
  const std::vector<TwoByTwo> with_silent = {{10, 40, 12, 50}, {3, 30, 9, 33}, {0, 10, 0, 10}, {4, 4, 0, 0}};
  EXPECT_EQ(odds_ratio_homogeneity(with_silent)->breslow_day,
            odds_ratio_homogeneity({with_silent[0], with_silent[1]})->breslow_day);
}

}  // namespace
}  // namespace desist::statistics
