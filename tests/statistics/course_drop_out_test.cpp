// Completers of a course that does nothing, against a quadrature over people and the identity of mixtures.
#include "engine/statistics/course_drop_out.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/gamma_frailty.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

TEST(course_drop_out_test, risks_are_means_over_people) {
  for (const double k : {0.5, 2.0}) {
    for (const double beta : {0.0, 0.4, 1.0}) {
      const CourseDropOut course{k, 0.3, 0.9, beta, 0.25, 1.5};
      const auto over = [k](auto f) { return frailty_integral(k, 1, f); };
      const double completed = over([&](double y) { return std::exp(-y * 0.25 * (0.9 + beta * 0.3)); });
      const double calm = over([](double y) { return std::exp(-y * 0.3 * 1.5); });
      const double calm_completed = over([](double y) { return std::exp(-y * (0.9 * 0.25 + 0.3 * 1.5)); });
      const double calm_left = over([](double y) { return -std::expm1(-y * 0.9 * 0.25) * std::exp(-y * 0.3 * 1.5); });
      const CourseRisks ours = course_risks(course);
      EXPECT_NEAR(ours.completed_share, completed, 1e-9);
      EXPECT_NEAR(ours.referred_risk, 1 - calm, 1e-9);
      EXPECT_NEAR(ours.completer_risk, 1 - calm_completed / completed, 1e-9);
      ASSERT_TRUE(ours.breach_risk);
      EXPECT_NEAR(*ours.breach_risk, 1 - calm_left / (1 - completed), 1e-8);
      // mathematics.md 2.7: the identity needs missing model
      EXPECT_NEAR(completer_risk_without_effect(ours.referred_risk, *ours.breach_risk, ours.completed_share),
                  ours.completer_risk, 1e-12);
    }
  }
}

TEST(course_drop_out_test, completers_have_a_gamma_law_without_breaches) {
  const CourseDropOut course{1.3, 0.4, 1.1, 0, 0.5, 2};
  const GammaFrailty completers{1.3, 0.4 * 1.3 / (1.3 + 0.5 * 1.1)};
  EXPECT_NEAR(course_risks(course).completer_risk, share_with_event(completers, 2), 1e-14);
}

TEST(course_drop_out_test, no_drop_out_but_breaches_is_the_bound) {
  const CourseRisks risks = course_risks({0.7, 0.5, 0, 0.8, 0.5, 1});
  EXPECT_NEAR(risks.completer_risk, least_completer_risk_without_effect(risks.referred_risk, risks.completed_share),
              1e-14);
  EXPECT_NEAR(*risks.breach_risk, 1, 1e-13);
}

TEST(course_drop_out_test, all_alike_or_nobody_leaving) {
  const CourseRisks alone = course_risks({infinity, 0.5, 0.7, 0, 0.5, 1});
  EXPECT_NEAR(alone.completer_risk, alone.referred_risk, 1e-15);
  const CourseRisks all = course_risks({0.7, 0.5, 0, 0, 0.5, 1});
  EXPECT_EQ(all.completed_share, 1);
  EXPECT_FALSE(all.breach_risk);
  EXPECT_NEAR(all.completer_risk, all.referred_risk, 1e-15);
}

TEST(course_drop_out_test, shape_behind_published_tables) {
  // CARA and ARV at the completers' risk without effect (mathematics.md 2.7: about .5 and about 3); ARDA has none.
  const double cara = completer_risk_without_effect(10.0 / 49, 7.0 / 16, 54.0 / 70);
  const double arv = completer_risk_without_effect(124.0 / 318, 40.0 / 87, 164.0 / 251);
  const double arda = completer_risk_without_effect(40.0 / 134, 3.0 / 35, 20.0 / 55);
  EXPECT_NEAR(arda, 0.671, 5e-4);
  EXPECT_NEAR(*shape_behind_completers(10.0 / 49, 54.0 / 70, cara), 0.5, 0.1);
  EXPECT_NEAR(*shape_behind_completers(124.0 / 318, 164.0 / 251, arv), 3, 0.5);
  EXPECT_FALSE(shape_behind_completers(40.0 / 134, 20.0 / 55, arda));
}

TEST(course_drop_out_test, shape_is_found_again) {
  for (const double k : {0.05, 0.8, 12.0}) {
    const CourseRisks risks = course_risks({k, 0.3, 0.9, 0, 0.25, 1.5});
    EXPECT_NEAR(*shape_behind_completers(risks.referred_risk, risks.completed_share, risks.completer_risk) / k, 1,
                1e-7);
  }
  EXPECT_EQ(*shape_behind_completers(0.3, 0.6, 0.3), infinity);
  EXPECT_FALSE(shape_behind_completers(0.3, 0.6, 0.31));
  EXPECT_FALSE(shape_behind_completers(0.6, 0.6, 0.1));  // below the bound 1 - .4/.6
}

TEST(course_drop_out_test, what_can_not_be_is_refused) {
  const CourseDropOut good{1, 1, 1, 0.5, 0.5, 1};
  for (double CourseDropOut::*field : {&CourseDropOut::shape, &CourseDropOut::rate, &CourseDropOut::drop_out,
                                       &CourseDropOut::breach, &CourseDropOut::course, &CourseDropOut::followed}) {
    for (const double wrong : {-1.0, missing}) {
      CourseDropOut bad = good;
      bad.*field = wrong;
      EXPECT_THROW(course_risks(bad), std::invalid_argument);
    }
  }
  EXPECT_THROW(course_risks({1, 1, 1, 1.5, 0.5, 1}), std::invalid_argument);
  EXPECT_THROW(course_risks({1, 1, 1, 0.5, 2, 1}), std::invalid_argument);
  for (const double wrong : {0.0, 1.0, missing}) {
    EXPECT_THROW(shape_behind_completers(wrong, 0.5, 0.1), std::invalid_argument);
    EXPECT_THROW(shape_behind_completers(0.3, wrong, 0.1), std::invalid_argument);
  }
  EXPECT_THROW(shape_behind_completers(0.3, 0.5, 1), std::invalid_argument);
  EXPECT_THROW(shape_behind_completers(0.3, 0.5, -0.1), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
