// Synthesis against a naive second implementation with k-by-k matrices, closed forms, and input that has no answer.
#include <cmath>
#include <limits>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/meta_checks.hpp"
#include "tests/statistics/plain_algebra.hpp"

namespace desist::statistics {
namespace {

using Problem = SynthesisProblem;

const std::vector<EffectSize> seven = {{-0.9, 0.3},   {-1.6, 0.19}, {-0.2, 0.05}, {0.4, 0.53},
                                       {-0.47, 0.06}, {0.1, 0.01},  {-1.3, 0.4}};

Eigen::MatrixXd ones(std::size_t k) { return Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(k), 1); }

Eigen::MatrixXd with_two_moderators() {
  Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(7, 3);
  columns.col(1) << 1, 2, 3, 4, 5, 6, 7;
  columns.col(2) << 0, 1, 0, 0, 1, 1, 0;
  return columns;
}

/// log-likelihood from the density, with the dense covariance.
double naive_likelihood(const std::vector<EffectSize>& effects, const Eigen::MatrixXd& x, double tau2,
                        bool restricted) {
  const Eigen::Index k = x.rows();
  Eigen::MatrixXd v = Eigen::MatrixXd::Zero(k, k);
  Eigen::VectorXd y(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    v(i, i) = effects[static_cast<std::size_t>(i)].variance + tau2;
    y(i) = effects[static_cast<std::size_t>(i)].effect;
  }
  const Eigen::MatrixXd w = test::inverse(v);
  const Eigen::MatrixXd xwx = x.transpose() * w * x;
  const Eigen::VectorXd b = test::inverse(xwx) * (x.transpose() * w * y);
  const Eigen::VectorXd r = y - x * b;
  const double two_pi = 2 * 3.14159265358979323846;
  const double spare = static_cast<double>(restricted ? k - x.cols() : k);
  double value = -0.5 * (spare * std::log(two_pi) + std::log(test::determinant(v)) + r.dot(w * r));
  if (restricted) value += 0.5 * (std::log(test::determinant(x.transpose() * x)) - std::log(test::determinant(xwx)));
  return value;
}

TEST(tau_squared_test, likelihoods_are_highest_where_they_should_be) {
  for (const bool restricted : {false, true}) {
    for (const Eigen::MatrixXd& x : {ones(7), with_two_moderators()}) {
      const auto by = restricted ? TauEstimator::restricted_likelihood : TauEstimator::likelihood;
      const auto found = estimate_tau_squared(seven, x, by);
      ASSERT_TRUE(found);
      const double height = naive_likelihood(seven, x, found->value, restricted);
      const LogLikelihoods ours = log_likelihoods(seven, x, found->value);
      EXPECT_NEAR(restricted ? ours.restricted : ours.plain, height, 1e-11);
      for (double t = 0; t < 30; t += 0.003) ASSERT_LE(naive_likelihood(seven, x, t, restricted), height + 1e-12) << t;
      const auto limits =
          profile_likelihood_interval(seven, x, restricted ? TauLikelihood::restricted : TauLikelihood::plain);
      ASSERT_TRUE(limits);
      const double fall = 1.9599639845400545 * 1.9599639845400545 / 2;
      EXPECT_NEAR(height - naive_likelihood(seven, x, limits->tau2.high, restricted), fall, 1e-9);
      if (limits->tau2.low > 0) {
        EXPECT_NEAR(height - naive_likelihood(seven, x, limits->tau2.low, restricted), fall, 1e-9);
      } else {
        EXPECT_LE(height - naive_likelihood(seven, x, 0, restricted), fall);
      }
      EXPECT_LE(limits->tau2.low, found->value);
    }
  }
}

/// Precise studies that agree beside vague ones far away: the plain likelihood rises twice, once near 0 and once where
/// the vague ones lie. The higher is at 0, then far, then near but above 0.
TEST(tau_squared_test, of_two_maxima_the_higher_is_taken) {
  const std::vector<std::vector<EffectSize>> examples = {
      {{0, 1e-6}, {0.001, 1e-6}, {3, 4}, {-3, 4}, {5, 1}},
      {{0, 1e-3}, {0.05, 1e-3}, {0.03, 1e-3}, {6, 1}, {-6, 1}},
      {{0, 1e-3}, {0.05, 1e-3}, {-0.04, 1e-3}, {0.02, 1e-3}, {5, 1}}};
  const double about[] = {0, 12.78, 7.73e-5};  // read off a grid of steps of 0.7%
  for (std::size_t i = 0; i < 3; ++i) {
    const auto found = estimate_tau_squared(examples[i], ones(5), TauEstimator::likelihood);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->value, about[i], 7e-3 * about[i]);
    const double height = naive_likelihood(examples[i], ones(5), found->value, false);
    int rises = 0;
    bool rising = false;
    double before = naive_likelihood(examples[i], ones(5), 0, false);
    if (naive_likelihood(examples[i], ones(5), 1e-9, false) < before) ++rises;
    for (double t = 1e-9; t < 100; t *= 1.01) {
      const double here = naive_likelihood(examples[i], ones(5), t, false);
      ASSERT_LE(here, height + 1e-10);
      if (here < before && rising) ++rises;
      rising = here > before;
      before = here;
    }
    EXPECT_EQ(rises, 2);
  }
}

TEST(tau_squared_test, equal_variances_have_closed_forms) {
  const std::vector<EffectSize> equal = {{1, 0.5}, {2, 0.5}, {4, 0.5}, {7, 0.5}};
  const double spread = 7;  // sample variance of 1, 2, 4, 7
  for (const auto by : {TauEstimator::dersimonian_laird, TauEstimator::paule_mandel,
                        TauEstimator::restricted_likelihood, TauEstimator::hedges})
    EXPECT_NEAR(estimate_tau_squared(equal, ones(4), by)->value, spread - 0.5, 1e-12);
  EXPECT_NEAR(estimate_tau_squared(equal, ones(4), TauEstimator::likelihood)->value, spread * 3 / 4 - 0.5, 1e-12);
  const auto fit = pool(equal, {TauEstimator::dersimonian_laird, PooledErrors::knapp_hartung, usual_confidence});
  EXPECT_NEAR(fit->pooled().estimate, 3.5, 1e-14);
  EXPECT_NEAR(fit->pooled().error, std::sqrt(spread / 4), 1e-14);  // the t test of one sample
  const auto limits = q_profile_interval(equal, ones(4));
  // 3 x 7/(v + tau^2) = chi-square quantiles of 3 degrees of freedom (0.2157953, 9.348404).
  EXPECT_NEAR(limits->tau2.low, 21 / 9.348403604496148 - 0.5, 1e-9);
  EXPECT_NEAR(limits->tau2.high, 21 / 0.21579528262389790 - 0.5, 1e-8);
  const auto wald = wald_tau_interval(equal, ones(4), TauEstimator::restricted_likelihood);
  EXPECT_NEAR(wald->tau2.high, 6.5 + 1.9599639845400545 * 7 * std::sqrt(2.0 / 3), 1e-9);
  EXPECT_EQ(wald->tau2.low, 0);
}

TEST(synthesis_test, heterogeneity_below_chance_is_named) {
  const std::vector<EffectSize> alike = {{1, 1}, {1.01, 1}, {0.99, 1}, {1, 1}};
  const auto limits = q_profile_interval(alike, ones(4));
  ASSERT_TRUE(limits);
  EXPECT_TRUE(limits->empty_set);
  EXPECT_EQ(limits->tau2.high, 0);
  const auto fit = pool(alike);
  EXPECT_EQ(fit->tau2.value, 0);
  EXPECT_EQ(fit->i2, 0);
  EXPECT_NEAR(fit->pooled().error, 0.5, 1e-14);
  // Knapp-Hartung alone would give a hundredth of that error; held at the plain one it does not.
  const auto narrow = pool(alike, {TauEstimator::restricted_likelihood, PooledErrors::knapp_hartung, usual_confidence});
  const auto held =
      pool(alike, {TauEstimator::restricted_likelihood, PooledErrors::knapp_hartung_at_least_one, usual_confidence});
  EXPECT_LT(narrow->pooled().error, 0.005);
  EXPECT_NEAR(held->pooled().error, 0.5, 1e-14);
}

TEST(synthesis_test, order_scale_and_shift_of_studies_change_what_they_should) {
  std::vector<EffectSize> turned(seven.rbegin(), seven.rend());
  for (EffectSize& each : turned) each = {3 * each.effect + 2, 9 * each.variance};
  const auto a = pool(seven);
  const auto b = pool(turned);
  EXPECT_NEAR(b->pooled().estimate, 3 * a->pooled().estimate + 2, 1e-11);
  EXPECT_NEAR(b->tau2.value, 9 * a->tau2.value, 1e-10);
  EXPECT_NEAR(b->i2, a->i2, 1e-10);
  EXPECT_NEAR(b->pooled().error, 3 * a->pooled().error, 1e-11);
}

TEST(synthesis_test, subgroups_of_one_study_keep_its_effect) {
  const std::vector<std::size_t> group = {0, 0, 0, 1, 0, 0, 0};
  const auto found = subgroups(seven, group, SubgroupSpread::separate, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->groups[1].pooled.estimate, 0.4);
  EXPECT_NEAR(found->groups[1].pooled.error, std::sqrt(0.53), 1e-15);
  EXPECT_EQ(subgroups(seven, std::vector<std::size_t>(7, 2), SubgroupSpread::separate).problem(),
            Problem::collinear_moderators);
}

TEST(synthesis_test, input_without_an_answer_is_named) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Case {
    std::vector<EffectSize> effects;
    Problem problem;
  };
  const std::vector<Case> cases = {
      {{}, Problem::no_study},
      {{{0.3, 0.2}}, Problem::one_study},
      {{{0.3, 0.2}, {0.1, 0}}, Problem::variance_not_positive},
      {{{0.3, 0.2}, {0.1, -1}}, Problem::variance_not_positive},
      {{{0.3, 0.2}, {0.1, infinity}}, Problem::not_finite},
      {{{0.3, 0.2}, {infinity, 1}}, Problem::not_finite},
      {{{0.3, 0.2}, {nan, 1}}, Problem::not_finite},
      {{{0.3, 0.2}, {0.3, nan}}, Problem::not_finite},
      {{{0.3, infinity}}, Problem::not_finite},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(pool(c.effects).problem(), c.problem) << problem_words(c.problem);
    EXPECT_EQ(q_profile_interval(c.effects, ones(c.effects.size())).problem(), c.problem);
    EXPECT_EQ(influence(c.effects, ones(c.effects.size())).problem(), c.problem);
    EXPECT_EQ(funnel_asymmetry(c.effects).problem(), c.problem);
    EXPECT_EQ(trim_and_fill(c.effects).problem(), c.problem);
    EXPECT_EQ(subgroups(c.effects, std::vector<std::size_t>(c.effects.size()), SubgroupSpread::common).problem(),
              c.problem);
  }
  const std::vector<EffectSize> same = {{0.3, 0.2}, {0.3, 0.1}, {0.3, 0.4}};
  EXPECT_EQ(pool(same, {TauEstimator::paule_mandel, PooledErrors::knapp_hartung, 0.95}).problem(), Problem::no_scatter);
  EXPECT_TRUE(pool(same));
  EXPECT_FALSE(estimate_tau_squared(same, ones(3), TauEstimator::sidik_jonkman)->error);
  EXPECT_EQ(wald_tau_interval(same, ones(3), TauEstimator::fixed_effect).problem(), Problem::no_error);
  EXPECT_EQ(influence(std::vector<EffectSize>{{0, 1}, {1, 1}}, ones(2)).problem(), Problem::one_study);
  Eigen::MatrixXd twice = with_two_moderators();
  twice.col(2) = 2 * twice.col(1) - twice.col(0);
  EXPECT_EQ(meta_regression(seven, twice).problem(), Problem::collinear_moderators);
  EXPECT_EQ(meta_regression(same, Eigen::MatrixXd::Identity(3, 3)).problem(), Problem::too_few_studies);
  EXPECT_EQ(meta_regression(same, ones(4)).problem(), Problem::not_finite);
  EXPECT_FALSE(prediction_interval(*pool(std::vector<EffectSize>{{0, 1}, {1, 1}}), PredictionRule::student_k_minus_2));
  EXPECT_FALSE(prediction_interval(*meta_regression(seven, with_two_moderators())));
  EXPECT_FALSE(effect_size({0, 9, 3, 9}, EffectMeasure::log_risk_ratio, HalfRule::never));
  EXPECT_FALSE(effect_size({0, 9, 0, 9}, EffectMeasure::risk_difference, HalfRule::never));
}

TEST(synthesis_test, columns_of_very_different_size_are_no_dependence) {
  Eigen::MatrixXd columns = with_two_moderators();
  columns.col(1) *= 1e9;
  const auto a = meta_regression(seven, with_two_moderators());
  const auto b = meta_regression(seven, columns);
  ASSERT_TRUE(a && b);
  EXPECT_NEAR(1e9 * b->effects[1].estimate / a->effects[1].estimate, 1, 1e-10);
  EXPECT_NEAR(b->tau2.value, a->tau2.value, 1e-10);
}

}  // namespace
}  // namespace desist::statistics
