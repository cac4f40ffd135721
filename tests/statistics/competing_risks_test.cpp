// Competing risks against derivatives by weight, and against Cox regression where the two are one.
#include "engine/statistics/competing_risks.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/statistics/cox.hpp"
#include "engine/statistics/fine_gray.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "tests/statistics/small_cohort.hpp"

namespace desist::statistics {
namespace {

using test::SmallCohort;

/// Aalen-Johansen with weights, by double loops.
double incidence(const SmallCohort& c, int cause, double until, const std::vector<double>& weight) {
  double survival = 1, total = 0;
  for (double t = 0; t <= until; ++t) {
    double n = 0, own = 0, any = 0;
    for (std::size_t i = 0; i < c.stop.size(); ++i) {
      if (c.stop[i] >= t) n += weight[i];
      if (c.stop[i] == t && c.event[i] == cause) own += weight[i];
      if (c.stop[i] == t && c.event[i] != 0) any += weight[i];
    }
    if (any == 0) continue;
    total += survival * own / n;
    survival *= 1 - any / n;
  }
  return total;
}

TEST(competing_risks_test, jackknife_error_is_the_norm_of_derivatives_by_weight) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const SmallCohort c(seed, 25, false, 1, 3);
    const auto curves = cumulative_incidence(c.follow_up(), 3);
    ASSERT_TRUE(curves);
    for (int cause = 1; cause <= 3; ++cause) {
      for (const IncidenceStep& step : curves->front().causes[static_cast<std::size_t>(cause - 1)]) {
        std::vector<double> weight(25, 1);
        EXPECT_NEAR(step.incidence, incidence(c, cause, step.time, weight), 1e-14);
        double sum = 0;
        for (std::size_t i = 0; i < 25; ++i) {
          constexpr double h = 1e-5;
          weight[i] = 1 + h;
          const double above = incidence(c, cause, step.time, weight);
          weight[i] = 1 - h;
          const double below = incidence(c, cause, step.time, weight);
          weight[i] = 1;
          sum += (above - below) * (above - below) / (4 * h * h);
        }
        EXPECT_NEAR(step.jackknife_error, std::sqrt(sum), 1e-8) << seed << " " << cause << " " << step.time;
      }
    }
  }
}

TEST(competing_risks_test, one_cause_is_kaplan_meier) {
  const SmallCohort c(3, 40, false);
  const auto one = cumulative_incidence(c.follow_up(), 1);
  const auto curve = kaplan_meier(c.follow_up());
  const auto& steps = one->front().causes[0];
  ASSERT_EQ(steps.size(), curve->front().steps.size());
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) {
    const SurvivalStep& step = curve->front().steps[k];
    EXPECT_NEAR(steps[k].incidence, 1 - step.survival, 1e-14);
    EXPECT_NEAR(steps[k].jackknife_error, *step.error(), 1e-13);  // Greenwood's is the jackknife here
  }
}

TEST(competing_risks_test, limits_are_symmetric_on_their_scale) {
  const auto limits = incidence_limits(0.2, 0.05);
  ASSERT_TRUE(limits);
  const auto scale = [](double f) { return std::log(-std::log(f)); };
  EXPECT_NEAR(scale(limits->low) + scale(limits->high), 2 * scale(0.2), 1e-12);
  EXPECT_NEAR(scale(limits->low) - scale(0.2), 1.959963984540054 * 0.05 / (0.2 * -std::log(0.2)), 1e-12);
  EXPECT_EQ(incidence_limits(0, 0)->high, 0);
  EXPECT_FALSE(incidence_limits(1, 0));
}

TEST(competing_risks_test, grays_test_does_not_depend_on_the_order_of_groups) {
  const SmallCohort c(5, 60, false, 1, 2);
  std::vector<int> other;
  for (const int g : c.group) other.push_back(1 - g);
  const auto one = gray_test(c.follow_up(), 2, 1, c.group, 2);
  const auto two = gray_test(c.follow_up(), 2, 1, other, 2);
  ASSERT_TRUE(one && two);
  EXPECT_NEAR(one->statistic, two->statistic, 1e-10);
  EXPECT_NEAR(one->score[0], -two->score[0], 1e-12);
}

TEST(fine_gray_test, without_another_cause_it_is_cox_with_a_robust_error) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const SmallCohort c(seed, 40, false);
    const auto ours = fine_gray(c.follow_up(), 2, 1, c.x);
    const auto theirs = cox(c.follow_up(), c.x, {.ties = Ties::breslow, .errors = CoxErrors::robust});
    ASSERT_TRUE(ours && theirs);
    EXPECT_LT((ours->coefficients - theirs->coefficients).cwiseAbs().maxCoeff(), 1e-9);
    EXPECT_LT((ours->covariance - *theirs->robust).cwiseAbs().maxCoeff(), 1e-9);
    EXPECT_NEAR(ours->log_likelihood, theirs->log_likelihood, 1e-9);
    EXPECT_NEAR(ours->hazard.back(), baseline_hazard(*theirs, 100), 1e-9);
  }
}

TEST(fine_gray_test, without_censoring_other_causes_stay_at_risk_for_ever) {
  SmallCohort c(7, 50, false, 2, 2);
  for (int& code : c.event) code = code == 0 ? 2 : code;
  std::vector<double> stop;
  std::vector<int> event;
  for (std::size_t i = 0; i < 50; ++i) {
    stop.push_back(c.event[i] == 1 ? c.stop[i] : 1000);
    event.push_back(c.event[i] == 1 ? 1 : 0);
  }
  const auto ours = fine_gray(c.follow_up(), 2, 1, c.x);
  const auto theirs = cox({stop, event, {}}, c.x, {.ties = Ties::breslow, .errors = CoxErrors::robust});
  ASSERT_TRUE(ours && theirs);
  EXPECT_LT((ours->coefficients - theirs->coefficients).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT((ours->covariance - *theirs->robust).cwiseAbs().maxCoeff(), 1e-9);
}

}  // namespace
}  // namespace desist::statistics
