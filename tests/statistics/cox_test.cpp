// Cox regression against a likelihood by double loops, on small data with ties.
#include "engine/statistics/cox.hpp"

#include <limits>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/concordance.hpp"
#include "engine/statistics/firth_cox.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/small_cohort.hpp"

namespace desist::statistics {
namespace {

using test::SmallCohort;

/// Log partial likelihood as Efron and Breslow write it, with weights and strata.
double naive(const SmallCohort& c, const Eigen::VectorXd& b, const CoxPlan& plan) {
  const std::size_t n = c.stop.size();
  const auto weight = [&](std::size_t i) { return plan.weight.empty() ? 1.0 : plan.weight[i]; };
  const auto risk = [&](std::size_t i) { return weight(i) * std::exp(c.x.row(static_cast<Eigen::Index>(i)).dot(b)); };
  const auto stratum = [&](std::size_t i) { return plan.stratum.empty() ? 0 : plan.stratum[i]; };
  double value = 0;
  for (int s = 0; s < 2; ++s) {
    for (double t = 0; t <= 12; ++t) {
      double all = 0, tied = 0, d = 0, weights = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (stratum(i) != s || !c.at_risk(i, t)) continue;
        all += risk(i);
        if (c.stop[i] != t || c.event[i] == 0) continue;
        tied += risk(i);
        d += 1;
        weights += weight(i);
        value += weight(i) * c.x.row(static_cast<Eigen::Index>(i)).dot(b);
      }
      for (double l = 0; l < d; ++l)
        value -= weights / d * std::log(all - (plan.ties == Ties::efron ? l / d : 0) * tied);
    }
  }
  return value;
}

CoxPlan plan_of(const SmallCohort& c, std::uint64_t seed) {
  CoxPlan plan;
  plan.ties = seed % 2 == 0 ? Ties::efron : Ties::breslow;
  if (seed % 3 == 0) plan.stratum = c.stratum;
  if (seed % 4 < 2) plan.weight = c.weight;
  return plan;
}

TEST(cox_test, maximum_and_information_are_those_of_a_quadratic_time_likelihood) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const SmallCohort c(seed, 40, seed % 5 < 2);
    const CoxPlan plan = plan_of(c, seed);
    const auto fit = cox(c.follow_up(), c.x, plan);
    ASSERT_TRUE(fit) << seed;
    const auto likelihood = [&](const Eigen::VectorXd& b) { return naive(c, b, plan); };
    EXPECT_NEAR(fit->log_likelihood, likelihood(fit->coefficients), 1e-10);
    EXPECT_NEAR(fit->log_likelihood_null, likelihood(Eigen::VectorXd::Zero(2)), 1e-10);
    EXPECT_LT(test::slope(likelihood, fit->coefficients).cwiseAbs().maxCoeff(), 1e-7) << seed;
    const Eigen::MatrixXd information = -test::curvature(likelihood, fit->coefficients);
    EXPECT_LT((fit->covariance * information - Eigen::MatrixXd::Identity(2, 2)).cwiseAbs().maxCoeff(), 1e-5) << seed;
  }
}

TEST(cox_test, dfbeta_are_derivatives_by_weight) {
  // With Breslow's ties the likelihood is linear in each weight but for the risk sets: the derivative is exact.
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const SmallCohort c(seed, 40, seed % 2 == 0);
    CoxPlan plan{.ties = Ties::breslow, .stratum = c.stratum, .weight = c.weight};
    const auto residuals = cox_dfbeta(c.follow_up(), c.x, plan);
    ASSERT_TRUE(residuals);
    for (std::size_t i = 0; i < 40; i += 3) {
      constexpr double h = 1e-4;
      std::vector<double> low(c.weight), high(c.weight);
      low[i] -= h;
      high[i] += h;
      plan.weight = low;
      const auto below = cox(c.follow_up(), c.x, plan);
      plan.weight = high;
      const auto above = cox(c.follow_up(), c.x, plan);
      const Eigen::VectorXd derivative = (above->coefficients - below->coefficients) / (2 * h);
      EXPECT_LT((residuals->row(static_cast<Eigen::Index>(i)).transpose() - derivative).cwiseAbs().maxCoeff(), 1e-6);
    }
  }
}

TEST(cox_test, a_whole_weight_is_so_many_people) {
  // Breslow's likelihood is the same for a row of weight 2 and for two rows.
  const SmallCohort c(3, 40, false);
  std::vector<double> weight(40, 1), stop(c.stop);
  std::vector<int> event(c.event);
  Eigen::MatrixXd x(45, 2);
  x.topRows(40) = c.x;
  for (std::size_t i = 0; i < 5; ++i) {
    weight[i] = 2;
    stop.push_back(c.stop[i]);
    event.push_back(c.event[i]);
    x.row(static_cast<Eigen::Index>(40 + i)) = c.x.row(static_cast<Eigen::Index>(i));
  }
  const auto weighted = cox(c.follow_up(), c.x, {.ties = Ties::breslow, .weight = weight});
  const auto repeated = cox({stop, event, {}}, x, {.ties = Ties::breslow});
  EXPECT_LT((weighted->coefficients - repeated->coefficients).cwiseAbs().maxCoeff(), 1e-11);
  EXPECT_LT((weighted->covariance - repeated->covariance).cwiseAbs().maxCoeff(), 1e-11);
}

TEST(cox_test, predicted_survival) {
  const SmallCohort c(8, 60, false);
  const auto fit = cox(c.follow_up(), c.x, {.ties = Ties::breslow});
  Eigen::VectorXd who(2);
  who << 1, 2;
  const auto curve = predicted_survival(*fit, who);
  // H(t | x) = sum of d / (sum over the risk set of exp((x_j - x)'b)), differentiated in b for the error.
  const auto hazard = [&](double until, const Eigen::VectorXd& b, double& known) {
    double sum = 0;
    known = 0;
    for (double t = 0; t <= until; ++t) {
      double s0 = 0, d = 0;
      for (std::size_t i = 0; i < 60; ++i) {
        if (c.at_risk(i, t)) s0 += std::exp((c.x.row(static_cast<Eigen::Index>(i)).transpose() - who).dot(b));
        if (c.stop[i] == t) d += c.event[i];
      }
      if (d == 0) continue;
      sum += d / s0;
      known += d / (s0 * s0);
    }
    return sum;
  };
  ASSERT_GE(curve.size(), 5U);
  for (const PredictedSurvival& at : curve) {
    double known = 0, unused = 0;
    const double total = hazard(at.time, fit->coefficients, known);
    const Eigen::VectorXd gradient =
        test::slope([&](const Eigen::VectorXd& b) { return hazard(at.time, b, unused); }, fit->coefficients);
    EXPECT_NEAR(at.survival, std::exp(-total), 1e-12);
    EXPECT_NEAR(at.hazard_error, std::sqrt(known + gradient.dot(fit->covariance * gradient)), 1e-8);
  }
  EXPECT_NEAR(baseline_hazard(*fit, 3) * std::exp(who.dot(fit->coefficients)), -std::log(curve[2].survival), 1e-12);
}

TEST(cox_test, concordance_counts_pairs) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SmallCohort c(seed, 40, seed % 2 == 0);
    std::vector<double> score;
    for (Eigen::Index i = 0; i < 40; ++i) score.push_back(std::floor(c.x(i, 1) * 2));
    Concordance expected;
    for (std::size_t i = 0; i < 40; ++i) {
      for (std::size_t j = 0; j < 40; ++j) {
        if (c.stratum[i] != c.stratum[j] || c.event[i] == 0 || !c.at_risk(j, c.stop[i])) continue;
        if (c.stop[j] == c.stop[i] && c.event[j] != 0) continue;
        ++(score[i] > score[j] ? expected.concordant : score[i] < score[j] ? expected.discordant : expected.tied);
      }
    }
    const auto ours = concordance(c.follow_up(), score, c.stratum);
    EXPECT_EQ(ours->concordant, expected.concordant);
    EXPECT_EQ(ours->discordant, expected.discordant);
    EXPECT_EQ(ours->tied, expected.tied);
  }
}

TEST(cox_test, what_depends_on_nothing_does_not_move) {
  const SmallCohort c(4, 50, false);
  const auto fit = cox(c.follow_up(), c.x);
  // Entry at 0 for everybody is no entry at all; a shifted and stretched covariate is the same covariate; order of
  // rows.
  const std::vector<double> zero(50, 0);
  EXPECT_LT((cox({c.stop, c.event, zero}, c.x)->coefficients - fit->coefficients).cwiseAbs().maxCoeff(), 1e-12);
  Eigen::MatrixXd other = c.x;
  other.col(1) = 1e6 + 1000 * c.x.col(1).array();
  EXPECT_NEAR(cox(c.follow_up(), other)->coefficients[1] * 1000, fit->coefficients[1], 1e-8);
  std::vector<double> stop(c.stop.rbegin(), c.stop.rend());
  std::vector<int> event(c.event.rbegin(), c.event.rend());
  const Eigen::MatrixXd reversed = c.x.colwise().reverse();
  EXPECT_LT((cox({stop, event, {}}, reversed)->coefficients - fit->coefficients).cwiseAbs().maxCoeff(), 1e-12);
}

// --- coefficients without bound ---

/// All events among those with x = 1 come first; with a second, ordinary covariate.
SmallCohort separated() {
  SmallCohort c(6, 40, false);
  for (std::size_t i = 0; i < 40; ++i) {
    if (c.x(static_cast<Eigen::Index>(i), 0) == 0) c.event[i] = 0;
  }
  return c;
}

TEST(cox_test, an_infinite_coefficient_is_named_with_its_sign) {
  SmallCohort c = separated();
  auto fit = cox(c.follow_up(), c.x);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.problem().fault, SurvivalFault::infinite_coefficient);
  EXPECT_EQ(fit.problem().covariate, 0U);
  EXPECT_EQ(fit.problem().sign, 1);
  c.x.col(0) = 1 - c.x.col(0).array();
  c.x.col(0).swap(c.x.col(1));
  fit = cox(c.follow_up(), c.x);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.problem().covariate, 1U);
  EXPECT_EQ(fit.problem().sign, -1);
}

TEST(cox_test, a_large_finite_coefficient_is_not_infinite) {
  // 1000 with x = 0 have one event, late: the ratio is great and known.
  std::vector<double> stop;
  std::vector<int> event;
  Eigen::MatrixXd x(1100, 1);
  for (int i = 0; i < 1100; ++i) {
    x(i, 0) = i < 100 ? 1 : 0;
    stop.push_back(i < 100 ? 1 + i % 7 : 9);
    event.push_back(i < 100 ? 1 : 0);
  }
  stop[500] = 0.5;
  event[500] = 1;
  const auto fit = cox({stop, event, {}}, x);
  ASSERT_TRUE(fit);
  EXPECT_GT(fit->coefficients[0], 6);
  EXPECT_LT(fit->errors()[0], 1.2);
}

// --- Firth's penalty ---

double penalised(const SmallCohort& c, const Eigen::VectorXd& b, const CoxPlan& plan) {
  const auto likelihood = [&](const Eigen::VectorXd& at) { return naive(c, at, plan); };
  return naive(c, b, plan) + std::log(test::determinant(-test::curvature(likelihood, b, 3e-3))) / 2;
}

TEST(firth_cox_test, maximises_the_penalised_likelihood) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SmallCohort c = seed % 2 == 0 ? separated() : SmallCohort(seed, 30, seed % 4 == 1);
    CoxPlan plan = plan_of(c, seed / 2);
    const auto fit = firth_cox(c.follow_up(), c.x, plan);
    ASSERT_TRUE(fit) << seed;
    const auto f = [&](const Eigen::VectorXd& b) { return penalised(c, b, plan); };
    EXPECT_NEAR(fit->penalised_log_likelihood, f(fit->coefficients), 1e-5) << seed;
    EXPECT_NEAR(fit->penalised_null, f(Eigen::VectorXd::Zero(2)), 1e-5) << seed;
    EXPECT_LT(test::slope(f, fit->coefficients, 1e-2).cwiseAbs().maxCoeff(), 2e-3) << seed;
    for (Eigen::Index j = 0; j < 2; ++j) {
      const Interval limits = fit->profile[static_cast<std::size_t>(j)];
      EXPECT_TRUE(limits.contains(fit->coefficients[j]));
      for (const double end : {limits.low, limits.high}) {
        // The profile by a golden-section search over the other coefficient.
        const auto at = [&](double other) {
          Eigen::VectorXd b(2);
          b[j] = end;
          b[1 - j] = other;
          return f(b);
        };
        double low = fit->coefficients[1 - j] - 6, high = low + 12;
        constexpr double golden = 0.6180339887498949;
        for (int k = 0; k < 40; ++k) {
          const double a = high - golden * (high - low), z = low + golden * (high - low);
          const bool left = at(a) > at(z);
          (left ? high : low) = left ? z : a;
        }
        if (std::isfinite(end)) {
          EXPECT_NEAR(fit->penalised_log_likelihood - at((low + high) / 2), 3.8414588 / 2, 2e-4);
        }
      }
    }
  }
}

TEST(firth_cox_test, is_finite_where_the_likelihood_is_not) {
  const SmallCohort c = separated();
  const auto fit = firth_cox(c.follow_up(), c.x);
  ASSERT_TRUE(fit);
  EXPECT_GT(fit->coefficients[0], 1);
  EXPECT_LT(fit->coefficients[0], 8);
  EXPECT_GT(fit->profile[0].low, 0);
}

}  // namespace
}  // namespace desist::statistics
