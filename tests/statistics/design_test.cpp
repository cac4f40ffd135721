// Designs: power, size and detectable effect are inverses; the stepped wedge against least squares; impossible designs.
#include <cmath>
#include <limits>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/noninferiority.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/power_clusters.hpp"
#include "engine/statistics/power_means.hpp"
#include "engine/statistics/power_rates.hpp"
#include "engine/statistics/power_times.hpp"
#include "tests/statistics/plain_algebra.hpp"

namespace desist::statistics {
namespace {

const double nan_value = std::numeric_limits<double>::quiet_NaN();

TEST(design_test, rates_size_power_and_detectable_agree) {
  for (const auto test :
       {RateComparison::difference, RateComparison::log_ratio, RateComparison::log_ratio_pooled_null}) {
    for (const double ratio : {0.4, 1.0, 3.0}) {
      const Precision precision{0.85, 0.02, ratio};
      const RateDesign rates{0.7, 1.1, 1.5, 0.4};
      const auto sizes = people_needed_for_rates(rates, test, precision);
      ASSERT_TRUE(sizes);
      EXPECT_NEAR(sizes->n1 / sizes->n0, ratio, 1e-12);
      EXPECT_NEAR(*power_of_rates(rates, test, *sizes, 0.02), 0.85, 1e-12);
      EXPECT_NEAR(*detectable_rate_below(rates, test, *sizes, precision), 0.7, 1e-9);
      const auto above = detectable_rate_above(rates, test, *sizes, precision);
      ASSERT_TRUE(above);
      EXPECT_NEAR(*power_of_rates({*above, 1.1, 1.5, 0.4}, test, *sizes, 0.02), 0.85, 1e-11);
    }
  }
  // No dispersion: the variance of a Poisson count over its time.
  EXPECT_NEAR(people_needed_for_rates({0.5, 1, 1, 0}, RateComparison::difference)->n0,
              std::pow(1.9599639845400545 + 0.8416212335729143, 2) * 1.5 / 0.25, 1e-10);
  EXPECT_FALSE(detectable_rate_below({1, 0.1, 1, 2}, RateComparison::log_ratio, {5, 5}));
}

TEST(design_test, means_size_power_and_detectable_agree) {
  for (const double ratio : {0.5, 1.0, 2.0}) {
    const Precision precision{0.9, 0.05, ratio};
    const auto sizes = people_needed_for_means(4, 9, precision);
    ASSERT_TRUE(sizes);
    EXPECT_NEAR(*power_of_means(-4, 9, *sizes), 0.9, 1e-10);
    EXPECT_NEAR(*detectable_difference_of_means(9, *sizes, precision), 4, 1e-8);
    // With many people the t test is the z test.
    const auto many = people_needed_for_means(0.02, 1, precision);
    const double z = 1.9599639845400545 + 1.2815515655446004;
    EXPECT_NEAR(many->n0 / (z * z * (1 + 1 / ratio) / 0.0004), 1, 1e-3);
  }
  EXPECT_EQ(people_needed_for_means(1000, 1)->n0, 2);
  EXPECT_NEAR(*power_of_means(0, 1, {10, 10}), 0.025, 1e-12);
}

TEST(design_test, times_size_power_and_detectable_agree) {
  for (const auto formula : {EventsFormula::schoenfeld, EventsFormula::freedman}) {
    for (const double ratio : {0.5, 1.0, 2.0}) {
      const Precision precision{0.9, 0.05, ratio};
      const auto events = events_needed(0.7, formula, precision);
      ASSERT_TRUE(events);
      EXPECT_NEAR(*power_of_events(*events, 0.7, formula, 0.05, ratio), 0.9, 1e-12);
      EXPECT_NEAR(*detectable_hazard_ratio_below(*events, formula, precision), 0.7, 1e-12);
      const auto above = detectable_hazard_ratio_above(*events, formula, precision);
      EXPECT_NEAR(*power_of_events(*events, *above, formula, 0.05, ratio), 0.9, 1e-12);
      EXPECT_GT(*above, 1);
    }
  }
  EXPECT_FALSE(detectable_hazard_ratio_below(4, EventsFormula::freedman));
  EXPECT_FALSE(detectable_hazard_ratio_above(4, EventsFormula::freedman));
  EXPECT_EQ(average_event_share(0.5, 1), 1);
}

TEST(design_test, clusters_of_a_given_number) {
  // 30 clusters of m people with icc .05 are worth n = 30 m/(1 + (m - 1) .05).
  const auto size = cluster_size_needed(200, 30, 0.05);
  ASSERT_TRUE(size);
  EXPECT_NEAR(*effective_size(30 * *size, {*size, 0.05, 0}), 200, 1e-10);
  EXPECT_FALSE(cluster_size_needed(200, 10, 0.05));
  EXPECT_FALSE(cluster_size_needed(200, 9, 0.05));
}

/// Variance of the effect by generalised least squares with one dense covariance a cluster.
double naive_wedge(const SteppedWedge& d) {
  const auto periods = d.periods_before + d.steps * d.periods_a_step;
  const Eigen::Index t = periods;
  Eigen::MatrixXd v = Eigen::MatrixXd::Constant(t, t, d.between_variance);
  v.diagonal().array() += d.within_variance / d.people;
  const Eigen::MatrixXd w = test::inverse(v);
  Eigen::MatrixXd information = Eigen::MatrixXd::Zero(t + 1, t + 1);
  for (std::int64_t s = 1; s <= d.steps; ++s) {
    for (int i = 0; i < static_cast<int>(d.clusters_per_step); ++i) {
      Eigen::MatrixXd z = Eigen::MatrixXd::Zero(t, t + 1);
      z.leftCols(t).setIdentity();
      for (Eigen::Index j = 0; j < t; ++j) z(j, t) = j >= d.periods_before + (s - 1) * d.periods_a_step ? 1 : 0;
      information += z.transpose() * w * z;
    }
  }
  return test::inverse(information)(t, t);
}

TEST(design_test, stepped_wedge_is_generalised_least_squares) {
  for (const SteppedWedge& d : {SteppedWedge{4, 3, 1, 1, 20, 0.24, 0.01}, SteppedWedge{6, 1, 1, 2, 5, 1, 0.3},
                                SteppedWedge{3, 2, 2, 1, 50, 2, 0}, SteppedWedge{1, 2, 0, 4, 10, 1, 0.1},
                                SteppedWedge{2, 4, 0, 1, 10, 1, 0.2}}) {
    if (d.steps == 1) {
      EXPECT_FALSE(stepped_wedge_variance(d));  // all treated all the time
      continue;
    }
    const auto variance = stepped_wedge_variance(d);
    ASSERT_TRUE(variance);
    EXPECT_NEAR(*variance / naive_wedge(d), 1, 1e-10);
    const double effect = 0.15;
    const auto clusters = stepped_wedge_clusters_needed(d, effect, {0.9, 0.05, 1});
    SteppedWedge grown = d;
    grown.clusters_per_step = *clusters;
    EXPECT_NEAR(*stepped_wedge_power(grown, -effect), 0.9, 1e-12);
    EXPECT_NEAR(*stepped_wedge_detectable(grown, {0.9, 0.05, 1}), effect, 1e-12);
  }
}

TEST(design_test, noninferiority_size_power_and_margin_agree) {
  const auto risks = noninferiority_of_risks(0.3, 0.3, 0.1, 2);
  const auto means = noninferiority_of_means(-0.5, 4, 1);
  const auto rates = noninferiority_of_rates({0.9, 1, 2, 0.3}, 1.25, 0.5);
  for (const auto& question : {risks, means, rates}) {
    ASSERT_TRUE(question);
    const auto sizes = people_needed_for_noninferiority(*question);
    ASSERT_TRUE(sizes);
    EXPECT_NEAR(*power_of_noninferiority(*question, sizes->n0), 0.8, 1e-12);
    EXPECT_NEAR(*detectable_margin(*question, sizes->n0), question->margin, 1e-12);
  }
  // Risks .3 and .3, margin .1: (1.96 + .8416)^2 x 2 x .21/.01 = 330 a group (Blackwelder 1982's form).
  EXPECT_NEAR(people_needed_for_noninferiority(*noninferiority_of_risks(0.3, 0.3, 0.1))->n0, 329.65, 0.01);
  EXPECT_NEAR(*events_needed_for_noninferiority(1, 1.3), 4 * 7.8489 / std::pow(std::log(1.3), 2), 0.01);
}

TEST(design_test, impossible_designs_have_no_number) {
  EXPECT_FALSE(people_needed_for_rates({1, 1, 1, 0}, RateComparison::log_ratio));
  for (const RateDesign& bad :
       {RateDesign{0, 1, 1, 0}, RateDesign{1, -1, 1, 0}, RateDesign{1, 2, 0, 0}, RateDesign{1, 2, 1, -1},
        RateDesign{nan_value, 2, 1, 0}, RateDesign{1, 2, INFINITY, 0}}) {
    EXPECT_FALSE(people_needed_for_rates(bad, RateComparison::difference));
    EXPECT_FALSE(power_of_rates(bad, RateComparison::difference, {10, 10}));
    EXPECT_FALSE(noninferiority_of_rates(bad, 1.2) &&
                 people_needed_for_noninferiority(*noninferiority_of_rates(bad, 1.2)));
  }
  EXPECT_FALSE(people_needed_for_means(0, 1));
  EXPECT_FALSE(people_needed_for_means(1, 0));
  EXPECT_FALSE(people_needed_for_means(nan_value, 1));
  EXPECT_FALSE(power_of_means(1, 1, {1, 1}));
  EXPECT_FALSE(detectable_difference_of_means(0, {10, 10}));
  for (const double bad : {1.0, 0.0, -0.5, nan_value, double(INFINITY)})
    EXPECT_FALSE(events_needed(bad, EventsFormula::freedman)) << bad;
  EXPECT_FALSE(people_needed_for_times(0.7, 0, EventsFormula::schoenfeld));
  EXPECT_FALSE(people_needed_for_times(0.7, 1.1, EventsFormula::schoenfeld));
  for (const ClusterSizes& bad : {ClusterSizes{0.5, 0.1, 0}, ClusterSizes{10, -0.1, 0}, ClusterSizes{10, 1.1, 0},
                                  ClusterSizes{10, 0.1, -1}, ClusterSizes{nan_value, 0.1, 0}}) {
    EXPECT_FALSE(design_effect(bad));
    EXPECT_FALSE(clustered_size(100, bad));
    EXPECT_FALSE(effective_size(100, bad));
  }
  EXPECT_FALSE(stepped_wedge_variance({0, 1, 1, 1, 1, 1, 0}));
  EXPECT_FALSE(stepped_wedge_variance({4, 1, 1, 1, 1, 0, 0}));
  EXPECT_FALSE(stepped_wedge_clusters_needed({}, 0));
  EXPECT_FALSE(people_needed_for_noninferiority(*noninferiority_of_risks(0.4, 0.3, 0.1)));  // truly at the margin
  EXPECT_FALSE(noninferiority_of_risks(0, 0, 0.1));                                         // no variance
  EXPECT_FALSE(events_needed_for_noninferiority(1.3, 1.3));
}

}  // namespace
}  // namespace desist::statistics
