// Parametric survival: closed forms, derivatives by differences, likelihoods without bound.
#include "engine/statistics/parametric_survival.hpp"

#include <cmath>
#include <limits>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/mixture_cure.hpp"
#include "engine/statistics/piecewise_exponential.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/small_cohort.hpp"

namespace desist::statistics {
namespace {

using test::SmallCohort;
constexpr TimeLaw laws[] = {TimeLaw::exponential, TimeLaw::weibull, TimeLaw::lognormal, TimeLaw::loglogistic};
const Eigen::MatrixXd nothing(std::size_t n) { return Eigen::MatrixXd(static_cast<Eigen::Index>(n), 0); }

TEST(parametric_survival_test, laws_have_these_derivatives) {
  for (const TimeLaw law : laws) {
    for (double w = -30; w <= (law == TimeLaw::lognormal ? 40 : 6); w += 0.37) {
      constexpr double h = 1e-5;
      const TimeLawAt at = time_law(law, w), low = time_law(law, w - h), high = time_law(law, w + h);
      const double size = std::max(1.0, std::abs(at.log_density));
      EXPECT_NEAR(at.slope, (high.log_density - low.log_density) / (2 * h), 1e-8 * size) << w;
      EXPECT_NEAR(at.curvature, (high.slope - low.slope) / (2 * h), 1e-8 * size) << w;
      EXPECT_NEAR(at.hazard, -(high.log_survival - low.log_survival) / (2 * h), 1e-6 * size) << w;
      EXPECT_NEAR(std::log(at.hazard), at.log_density - at.log_survival, 1e-5 * size) << w;
    }
  }
}

TEST(parametric_survival_test, exponential_rate_is_events_over_time) {
  const SmallCohort c(2, 30, false);
  double time = 0, events = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    time += c.stop[i];
    events += c.event[i];
  }
  const auto fit = parametric_survival(c.follow_up(), nothing(30), TimeLaw::exponential);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->coefficients[0], std::log(time / events), 1e-12);
  EXPECT_NEAR(fit->errors()[0], 1 / std::sqrt(events), 1e-12);
  EXPECT_NEAR(fit->log_likelihood, events * std::log(events / time) - events, 1e-10);
  EXPECT_NEAR(fit->survival(3, Eigen::VectorXd(0)), std::exp(-3 * events / time), 1e-12);
  // One person with one event.
  const std::vector<double> stop{4};
  const std::vector<int> event{1};
  const auto one = parametric_survival({stop, event, {}}, nothing(1), TimeLaw::exponential);
  ASSERT_TRUE(one);
  EXPECT_NEAR(one->coefficients[0], std::log(4), 1e-12);
  EXPECT_NEAR(one->errors()[0], 1, 1e-12);
}

TEST(parametric_survival_test, weibull_hazards) {
  const SmallCohort c(9, 60, false);
  const auto fit = parametric_survival(c.follow_up(), c.x, TimeLaw::weibull);
  ASSERT_TRUE(fit);
  const WeibullHazards hazards = weibull_hazards(*fit);
  Eigen::VectorXd place(4);
  place << fit->coefficients, fit->log_scale;
  for (Eigen::Index j = 0; j < 2; ++j) {
    const Eigen::VectorXd gradient =
        test::slope([&](const Eigen::VectorXd& at) { return -at[j + 1] * std::exp(-at[3]); }, place);
    EXPECT_NEAR(hazards.log_hazard_ratio_error[j], std::sqrt(gradient.dot(fit->covariance * gradient)), 1e-8);
  }
}

TEST(parametric_survival_test, likelihoods_without_bound_are_named) {
  SmallCohort c(6, 40, false);
  for (std::size_t i = 0; i < 40; ++i) {
    if (c.x(static_cast<Eigen::Index>(i), 0) == 0) c.event[i] = 0;
  }
  for (const TimeLaw law : laws) {
    const auto fit = parametric_survival(c.follow_up(), c.x, law);
    ASSERT_FALSE(fit);
    EXPECT_EQ(fit.problem().fault, SurvivalFault::infinite_coefficient);
    EXPECT_EQ(fit.problem().covariate, 0U);
    EXPECT_EQ(fit.problem().sign, -1);  // time runs the other way than hazard
  }
  const std::vector<double> same{5, 5, 5, 2};
  const std::vector<int> event{1, 1, 1, 0};
  for (const TimeLaw law : {TimeLaw::weibull, TimeLaw::lognormal, TimeLaw::loglogistic}) {
    const auto fit = parametric_survival({same, event, {}}, nothing(4), law);
    ASSERT_FALSE(fit);
    EXPECT_EQ(fit.problem().fault, SurvivalFault::no_spread);
  }
}

// --- split populations ---

TEST(mixture_cure_test, constant_desistance_is_a_cure_share) {
  // Quantiles of P(first event by t) = r/(d + r) (1 - e^-(d + r) t) for rate r and desistance d, censored at 60: a
  // person of quantile u beyond r/(d + r) never has an event, whether "cured" or stopped in time.
  constexpr double r = 0.06, d = 0.04, horizon = 60;
  constexpr int people = 4000;
  std::vector<double> stop;
  std::vector<int> event;
  for (int i = 0; i < people; ++i) {
    const double u = (i + 0.5) / people * (d + r) / r;
    const double t = u < 1 ? -std::log1p(-u) / (d + r) : std::numeric_limits<double>::infinity();
    stop.push_back(std::min(t, horizon));
    event.push_back(t <= horizon ? 1 : 0);
  }
  const auto fit = mixture_cure({stop, event, {}}, nothing(people), nothing(people), TimeLaw::exponential);
  ASSERT_TRUE(fit);
  const CureShare share = cure_share(*fit, Eigen::VectorXd(0));
  EXPECT_NEAR(share.share, d / (d + r), 1e-3);
  EXPECT_NEAR(std::exp(-fit->latency[0]), d + r, 1e-3);
  EXPECT_TRUE(share.interval.contains(d / (d + r)));
  EXPECT_NEAR(share.error, fit->errors()[0] * share.share * (1 - share.share), 1e-12);
}

TEST(mixture_cure_test, a_share_at_its_boundary_is_named) {
  // Exponential times to the end, hardly censored: nothing speaks for a cure.
  std::vector<double> stop;
  std::vector<int> event;
  for (int i = 0; i < 300; ++i) {
    const double t = -std::log1p(-(i + 0.5) / 300);
    stop.push_back(std::min(t, 2.5));
    event.push_back(t <= 2.5 || i % 2 == 0 ? 1 : 0);
  }
  const auto fit = mixture_cure({stop, event, {}}, nothing(300), nothing(300), TimeLaw::exponential);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.problem().fault, SurvivalFault::share_at_boundary);
}

TEST(mixture_cure_test, a_group_without_events_has_an_infinite_coefficient) {
  SmallCohort c(6, 60, false, 1);
  for (std::size_t i = 0; i < 60; ++i) {
    c.stop[i] += static_cast<double>(i) / 100;
    if (c.x(static_cast<Eigen::Index>(i), 0) == 0 || i % 3 == 0) {
      c.event[i] = 0;
      c.stop[i] = 40;
    }
  }
  const auto fit = mixture_cure(c.follow_up(), c.x, nothing(60), TimeLaw::weibull);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.problem().fault, SurvivalFault::infinite_coefficient);
  EXPECT_EQ(fit.problem().sign, 1);
}

// --- constant hazards between cut points ---

TEST(piecewise_exponential_test, without_covariates_it_is_events_over_time) {
  const SmallCohort c(4, 50, true);
  const std::vector<double> cuts{2, 5, 30};
  const auto fit = piecewise_exponential(c.follow_up(), cuts, nothing(50));
  ASSERT_TRUE(fit);
  ASSERT_EQ(fit->intervals.size(), 4U);
  const double edges[] = {0, 2, 5, 30, 1e9};
  for (std::size_t k = 0; k < 4; ++k) {
    double events = 0, time = 0;
    for (std::size_t i = 0; i < 50; ++i) {
      time += std::max(0.0, std::min(c.stop[i], edges[k + 1]) - std::max(c.start[i], edges[k]));
      if (c.stop[i] > edges[k] && c.stop[i] <= edges[k + 1]) events += c.event[i];
    }
    const RateInterval& interval = fit->intervals[k];
    EXPECT_EQ(static_cast<double>(interval.events), events);
    EXPECT_NEAR(interval.exposure, time, 1e-12);
    if (time == 0) {
      EXPECT_FALSE(interval.rate);
      EXPECT_EQ(interval.limits.high, std::numeric_limits<double>::infinity());
      continue;
    }
    EXPECT_NEAR(*interval.rate, events / time, 1e-14);
    EXPECT_NEAR(*interval.log_rate_error, 1 / std::sqrt(events), 1e-13);
    EXPECT_NEAR(interval.limits.low, chi_square_quantile(0.025, 2 * events) / (2 * time), 1e-12);
    EXPECT_NEAR(interval.limits.high, chi_square_quantile(0.975, 2 * events + 2) / (2 * time), 1e-12);
  }
  EXPECT_FALSE(piecewise_survival(*fit, 40, Eigen::VectorXd(0)));
  EXPECT_NEAR(*piecewise_survival(*fit, 3, Eigen::VectorXd(0)),
              std::exp(-2 * *fit->intervals[0].rate - *fit->intervals[1].rate), 1e-13);
}

TEST(piecewise_exponential_test, one_interval_is_the_exponential_law) {
  const SmallCohort c(5, 60, false);
  const auto rates = piecewise_exponential(c.follow_up(), {}, c.x);
  const auto times = parametric_survival(c.follow_up(), c.x, TimeLaw::exponential);
  ASSERT_TRUE(rates && times);
  EXPECT_LT((rates->coefficients + times->coefficients.tail(2)).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LT((rates->covariance - times->covariance.bottomRightCorner(2, 2)).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_NEAR(std::log(*rates->intervals[0].rate), -times->coefficients[0], 1e-9);
  EXPECT_NEAR(*rates->intervals[0].log_rate_error, times->errors()[0], 1e-9);
  EXPECT_NEAR(rates->log_likelihood, times->log_likelihood, 1e-9);
}

TEST(piecewise_exponential_test, maximum_and_information_are_those_of_the_joint_poisson_likelihood) {
  const SmallCohort c(8, 60, true);
  const std::vector<double> cuts{3};
  const auto fit = piecewise_exponential(c.follow_up(), cuts, c.x);
  ASSERT_TRUE(fit);
  const auto poisson = [&](const Eigen::VectorXd& at) {  // two log rates, two coefficients
    double value = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      const double linear = c.x.row(static_cast<Eigen::Index>(i)).dot(at.tail(2));
      for (Eigen::Index k = 0; k < 2; ++k) {
        const double from = std::max(c.start[i], k == 0 ? 0.0 : 3.0),
                     to = k == 0 ? std::min(c.stop[i], 3.0) : c.stop[i];
        if (to <= from) continue;
        value -= (to - from) * std::exp(at[k] + linear);
        if (to == c.stop[i] && c.event[i] != 0) value += at[k] + linear;
      }
    }
    return value;
  };
  Eigen::VectorXd place(4);
  place << std::log(*fit->intervals[0].rate), std::log(*fit->intervals[1].rate), fit->coefficients;
  EXPECT_NEAR(fit->log_likelihood, poisson(place), 1e-10);
  EXPECT_LT(test::slope(poisson, place).cwiseAbs().maxCoeff(), 1e-6);
  const Eigen::MatrixXd covariance = test::inverse(-test::curvature(poisson, place));
  EXPECT_LT((covariance.bottomRightCorner(2, 2) - fit->covariance).cwiseAbs().maxCoeff(), 1e-6);
  for (Eigen::Index k = 0; k < 2; ++k)
    EXPECT_NEAR(*fit->intervals[static_cast<std::size_t>(k)].log_rate_error, std::sqrt(covariance(k, k)), 1e-6);
}

}  // namespace
}  // namespace desist::statistics
