// Few events: the beta-binomial against its density, limits of both laws, and tables that say nothing.
#include "engine/statistics/rare_events.hpp"

#include <cmath>

#include <Eigen/Core>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "tests/statistics/plain_algebra.hpp"

namespace desist::statistics {
namespace {

using Problem = SynthesisProblem;

// Deaths in the treated and the comparison group of trials of which several have none (made up).
const std::vector<TwoByTwo> trials = {{0, 40, 1, 38}, {2, 25, 6, 30}, {0, 33, 0, 31},
                                      {1, 60, 9, 64}, {4, 50, 3, 52}, {0, 20, 0, 44}};

/// log B(x + a, n - x + b)/B(a, b) with a = mean/theta, b = (1 - mean)/theta.
double naive_likelihood(double mean1, double mean0, double theta) {
  const auto lg = [](double x) { return boost::math::lgamma(x); };
  const auto one = [&](double x, double n, double mean) {
    const double a = mean / theta, b = (1 - mean) / theta;
    return lg(x + a) + lg(n - x + b) - lg(n + a + b) - lg(a) - lg(b) + lg(a + b);
  };
  double sum = 0;
  for (const TwoByTwo& t : trials)
    sum += one(static_cast<double>(t.x1), static_cast<double>(t.n1), mean1) +
           one(static_cast<double>(t.x0), static_cast<double>(t.n0), mean0);
  return sum;
}

TEST(rare_events_test, beta_binomial_is_the_maximum_of_its_density) {
  const auto found = beta_binomial(trials);
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->binomial);
  const double theta = found->correlation / (1 - found->correlation);
  const double height = naive_likelihood(found->risk1, found->risk0, theta);
  EXPECT_NEAR(found->log_likelihood, height, 1e-9);
  EXPECT_GT(found->log_likelihood, found->log_likelihood_binomial);
  for (double m1 = 0.002; m1 < 0.2; m1 += 0.004)
    for (double m0 = 0.01; m0 < 0.3; m0 += 0.006)
      for (double t = 0.001; t < 1; t *= 1.3) ASSERT_LE(naive_likelihood(m1, m0, t), height + 1e-10);
  // Errors from the curvature of the density, by central differences.
  const Eigen::Vector3d at(found->risk1, found->risk0, theta);
  const double h = 1e-4;
  Eigen::Matrix3d information;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      const auto moved = [&](double a, double b) {
        Eigen::Vector3d p = at;
        p(i) += a * h * at(i);
        p(j) += b * h * at(j);
        return naive_likelihood(p(0), p(1), p(2));
      };
      information(i, j) = -(moved(1, 1) - moved(1, -1) - moved(-1, 1) + moved(-1, -1)) / (4 * h * h * at(i) * at(j));
    }
  }
  const Eigen::Matrix3d covariance = test::inverse(information);
  const Eigen::Vector3d odds(1 / (at(0) * (1 - at(0))), -1 / (at(1) * (1 - at(1))), 0);
  EXPECT_NEAR(found->log_odds_ratio.error / std::sqrt(odds.dot(covariance * odds)), 1, 1e-4);
  const Eigen::Vector3d difference(1, -1, 0);
  EXPECT_NEAR(found->risk_difference.error / std::sqrt(difference.dot(covariance * difference)), 1, 1e-4);
}

TEST(rare_events_test, alike_studies_leave_two_plain_proportions) {
  const std::vector<TwoByTwo> alike = {{3, 100, 6, 100}, {3, 100, 6, 100}, {6, 200, 12, 200}};
  const auto found = beta_binomial(alike);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->binomial);
  EXPECT_NEAR(found->risk1, 12.0 / 400, 1e-14);
  EXPECT_NEAR(found->risk0, 24.0 / 400, 1e-14);
  const auto pooled = effect_size({12, 400, 24, 400}, EffectMeasure::log_odds_ratio);
  EXPECT_NEAR(found->log_odds_ratio.estimate, pooled->effect, 1e-12);
  EXPECT_NEAR(found->log_odds_ratio.error, std::sqrt(pooled->variance), 1e-12);
  const auto ratio = effect_size({12, 400, 24, 400}, EffectMeasure::log_risk_ratio);
  EXPECT_NEAR(found->log_risk_ratio.error, std::sqrt(ratio->variance), 1e-12);
}

TEST(rare_events_test, exchanging_groups_turns_every_ratio_over) {
  std::vector<TwoByTwo> turned;
  for (const TwoByTwo& t : trials) turned.push_back(t.groups_exchanged());
  for (const auto measure :
       {EffectMeasure::log_risk_ratio, EffectMeasure::log_odds_ratio, EffectMeasure::risk_difference}) {
    const auto a = mantel_haenszel(trials, measure), b = mantel_haenszel(turned, measure);
    ASSERT_TRUE(a && b);
    EXPECT_NEAR(a->pooled.estimate, -b->pooled.estimate, 1e-14);
    EXPECT_NEAR(a->pooled.error, b->pooled.error, 1e-14);
    EXPECT_NEAR(a->q, b->q, 1e-12);
    EXPECT_EQ(a->used, 4u);
  }
  EXPECT_NEAR(peto(trials)->pooled.estimate, -peto(turned)->pooled.estimate, 1e-14);
  EXPECT_NEAR(beta_binomial(trials)->log_odds_ratio.estimate, -beta_binomial(turned)->log_odds_ratio.estimate, 1e-9);
}

TEST(rare_events_test, tables_without_an_answer_are_named) {
  struct Case {
    std::vector<TwoByTwo> tables;
    Problem ratio, odds, difference, peto, beta;
  };
  const auto all = [](std::vector<TwoByTwo> tables, Problem p) { return Case{std::move(tables), p, p, p, p, p}; };
  const Problem fine = Problem::none;
  const std::vector<Case> cases = {
      all({}, Problem::no_study),
      all({{1, 10, 2, 10}}, Problem::one_study),
      all({{0, 10, 0, 10}}, Problem::no_events),
      all({{0, 10, 0, 10}, {0, 5, 0, 7}}, Problem::no_events),
      all({{10, 10, 9, 9}, {5, 5, 7, 7}}, Problem::everybody_had_the_event),
      all({{11, 10, 2, 10}, {1, 5, 1, 5}}, Problem::impossible_counts),
      all({{-1, 10, 2, 10}, {1, 5, 1, 5}}, Problem::impossible_counts),
      all({{0, 0, 2, 10}, {1, 5, 1, 5}}, Problem::impossible_counts),
      {{{0, 10, 2, 10}, {0, 12, 1, 11}},
       Problem::no_events_in_a_group,
       Problem::no_events_in_a_group,
       fine,
       fine,
       Problem::no_events_in_a_group},
      {{{10, 10, 2, 10}, {12, 12, 1, 11}},
       fine,
       Problem::everybody_in_a_group_had_the_event,
       fine,
       fine,
       Problem::everybody_in_a_group_had_the_event},
      {{{0, 10, 0, 10}, {5, 5, 7, 7}},
       Problem::no_information,
       Problem::no_information,
       Problem::no_information,
       Problem::no_information,
       Problem::at_the_edge},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i];
    EXPECT_EQ(mantel_haenszel(c.tables, EffectMeasure::log_risk_ratio).problem(), c.ratio) << i;
    EXPECT_EQ(mantel_haenszel(c.tables, EffectMeasure::log_odds_ratio).problem(), c.odds) << i;
    EXPECT_EQ(mantel_haenszel(c.tables, EffectMeasure::risk_difference).problem(), c.difference) << i;
    EXPECT_EQ(peto(c.tables).problem(), c.peto) << i;
    EXPECT_EQ(beta_binomial(c.tables).problem(), c.beta) << i;
  }
}

}  // namespace
}  // namespace desist::statistics
