// What is wrong with data is named, by every method alike, and what is only unusual gets the right answer.
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/competing_risks.hpp"
#include "engine/statistics/concordance.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/cox_zph.hpp"
#include "engine/statistics/fine_gray.hpp"
#include "engine/statistics/firth_cox.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"
#include "engine/statistics/mixture_cure.hpp"
#include "engine/statistics/parametric_survival.hpp"
#include "engine/statistics/piecewise_exponential.hpp"
#include "engine/statistics/recurrent_events.hpp"
#include "engine/statistics/restricted_mean.hpp"
#include "tests/statistics/small_cohort.hpp"

namespace desist::statistics {
namespace {

using test::SmallCohort;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One method on a cohort: its fault, empty for an answer.
struct Method {
  const char* name;
  std::function<std::optional<SurvivalFault>(const SmallCohort&)> run;
  bool covariates = false;
  bool starts = true;
};

template <class T>
std::optional<SurvivalFault> fault(const Checked<T>& result) {
  return result ? std::nullopt : std::optional(result.problem().fault);
}

Eigen::MatrixXd no_columns(const SmallCohort& c) {
  return Eigen::MatrixXd(static_cast<Eigen::Index>(c.stop.size()), 0);
}

const std::vector<Method>& methods() {
  static const std::vector<double> cuts{2};
  static const std::vector<Method> all{
      {"kaplan_meier", [](const SmallCohort& c) { return fault(kaplan_meier(c.follow_up(), c.group, 2)); }},
      {"log_rank",
       [](const SmallCohort& c) {
         return fault(log_rank(c.follow_up(), c.group, {2, c.stratum, 0}));
       }},
      {"mean_cumulative_function",
       [](const SmallCohort& c) { return fault(mean_cumulative_function(c.follow_up(), {}, c.group, 2)); }},
      {"concordance",
       [](const SmallCohort& c) {
         const std::vector<double> score(c.stop.size(), 1);
         return fault(concordance(c.follow_up(), score));
       }},
      {"cumulative_incidence",
       [](const SmallCohort& c) { return fault(cumulative_incidence(c.follow_up(), 1, c.group, 2)); }, false, false},
      {"gray_test", [](const SmallCohort& c) { return fault(gray_test(c.follow_up(), 1, 1, c.group, 2)); }, false,
       false},
      {"cox", [](const SmallCohort& c) { return fault(cox(c.follow_up(), c.x)); }, true},
      {"cox_zph", [](const SmallCohort& c) { return fault(cox_zph(c.follow_up(), c.x, {})); }, true},
      {"firth_cox", [](const SmallCohort& c) { return fault(firth_cox(c.follow_up(), c.x)); }, true},
      {"fine_gray", [](const SmallCohort& c) { return fault(fine_gray(c.follow_up(), 1, 1, c.x)); }, true, false},
      {"parametric_survival",
       [](const SmallCohort& c) { return fault(parametric_survival(c.follow_up(), c.x, TimeLaw::weibull)); }, true,
       false},
      {"mixture_cure",
       [](const SmallCohort& c) { return fault(mixture_cure(c.follow_up(), c.x, no_columns(c), TimeLaw::weibull)); },
       true, false},
      {"piecewise_exponential",
       [](const SmallCohort& c) { return fault(piecewise_exponential(c.follow_up(), cuts, c.x)); }, true}};
  return all;
}

struct Damage {
  const char* name;
  std::function<void(SmallCohort&)> apply;
  SurvivalFault expected;
  enum class To { everybody, covariates, starts } to = To::everybody;
};

const std::vector<Damage>& damages() {
  using F = SurvivalFault;
  static const std::vector<Damage> all{
      {"NaN time", [](SmallCohort& c) { c.stop[7] = nan; }, F::not_a_number},
      {"infinite time", [](SmallCohort& c) { c.stop[7] = infinity; }, F::not_a_number},
      {"negative time", [](SmallCohort& c) { c.stop[7] = -1; }, F::negative_time},
      {"unknown code", [](SmallCohort& c) { c.event[7] = 9; }, F::unknown_event_code},
      {"negative code", [](SmallCohort& c) { c.event[7] = -1; }, F::unknown_event_code},
      {"codes missing", [](SmallCohort& c) { c.event.pop_back(); }, F::lengths_differ},
      {"no rows",
       [](SmallCohort& c) {
         c.stop.clear();
         c.event.clear();
         c.start.clear();
       },
       F::no_rows},
      {"NaN start", [](SmallCohort& c) { c.start[7] = nan; }, F::not_a_number, Damage::To::starts},
      {"stop before start", [](SmallCohort& c) { c.start[7] = c.stop[7] + 1; }, F::stop_not_after_start,
       Damage::To::starts},
      {"stop at start", [](SmallCohort& c) { c.start[7] = c.stop[7]; }, F::stop_not_after_start, Damage::To::starts},
      {"NaN covariate", [](SmallCohort& c) { c.x(7, 1) = nan; }, F::not_a_number, Damage::To::covariates},
      {"infinite covariate", [](SmallCohort& c) { c.x(7, 1) = infinity; }, F::not_a_number, Damage::To::covariates},
      {"row of covariates missing", [](SmallCohort& c) { c.x.conservativeResize(39, 2); }, F::lengths_differ,
       Damage::To::covariates},
      {"constant covariate", [](SmallCohort& c) { c.x.col(1).setConstant(0.1); }, F::constant_covariate,
       Damage::To::covariates},
      {"covariate twice", [](SmallCohort& c) { c.x.col(1) = 1 - 3 * c.x.col(0).array(); }, F::collinear_covariate,
       Damage::To::covariates},
      {"no events", [](SmallCohort& c) { c.event.assign(40, 0); }, F::no_events, Damage::To::covariates}};
  return all;
}

TEST(survival_faults_test, every_method_names_every_fault) {
  int tried = 0;
  for (const Method& method : methods()) {
    for (const Damage& damage : damages()) {
      if (damage.to == Damage::To::covariates && !method.covariates) continue;
      if (damage.to == Damage::To::starts && !method.starts) continue;
      SmallCohort c(12, 40, damage.to == Damage::To::starts);
      for (std::size_t i = 0; i < 40 && damage.to != Damage::To::starts; ++i) {
        if (c.event[i] == 0 && i % 2 == 0) c.stop[i] = 30;  // long enough for a split to be fitted
      }
      ASSERT_FALSE(method.run(c)) << method.name << " refuses sound data";
      damage.apply(c);
      EXPECT_EQ(method.run(c), damage.expected) << method.name << ": " << damage.name;
      ++tried;
    }
  }
  EXPECT_EQ(tried, 13 * 7 + 7 * 6 + 8 * 3);
}

TEST(survival_faults_test, tests_of_groups_name_what_is_missing) {
  SmallCohort c(12, 40, false);
  const std::vector<int> none(40, 0);
  EXPECT_EQ(fault(log_rank({c.stop, none, {}}, c.group, {})), SurvivalFault::no_events);
  EXPECT_EQ(fault(gray_test({c.stop, none, {}}, 1, 1, c.group, 2)), SurvivalFault::no_events);
  EXPECT_EQ(fault(log_rank(c.follow_up(), none, {})), SurvivalFault::one_group);
  EXPECT_EQ(fault(gray_test(c.follow_up(), 1, 1, none, 2)), SurvivalFault::one_group);
  EXPECT_EQ(fault(log_rank(c.follow_up(), {}, {})), SurvivalFault::one_group);
  c.group[3] = 2;
  EXPECT_EQ(fault(log_rank(c.follow_up(), c.group, {})), SurvivalFault::unknown_group);
  EXPECT_EQ(fault(kaplan_meier(c.follow_up(), c.group, 2)), SurvivalFault::unknown_group);
  EXPECT_EQ(fault(cox(c.follow_up(), c.x, {.weight = std::vector<double>(40, -1)})), SurvivalFault::negative_weight);
  EXPECT_EQ(fault(cox(c.follow_up(), c.x, {.weight = std::vector<double>(40, 0)})), SurvivalFault::no_events);
}

TEST(survival_faults_test, times_of_laws_are_above_zero) {
  SmallCohort c(12, 40, false);
  c.stop[7] = 0;
  EXPECT_EQ(fault(parametric_survival(c.follow_up(), c.x, TimeLaw::weibull)), SurvivalFault::zero_time);
  EXPECT_EQ(fault(mixture_cure(c.follow_up(), c.x, no_columns(c), TimeLaw::weibull)), SurvivalFault::zero_time);
  EXPECT_FALSE(fault(cox(c.follow_up(), c.x)));  // order is all that counts
  EXPECT_FALSE(fault(kaplan_meier(c.follow_up())));
}

TEST(survival_faults_test, one_person) {
  const std::vector<double> stop{3};
  const std::vector<int> event{1}, censored{0};
  Eigen::MatrixXd x(1, 1);
  x << 2;
  EXPECT_EQ(kaplan_meier({stop, event, {}})->front().steps.front().survival, 0);
  EXPECT_EQ(kaplan_meier({stop, censored, {}})->front().steps.front().survival, 1);
  EXPECT_EQ(fault(cox({stop, event, {}}, x)), SurvivalFault::constant_covariate);
  EXPECT_EQ(fault(parametric_survival({stop, event, {}}, x.leftCols(0), TimeLaw::weibull)), SurvivalFault::no_spread);
  EXPECT_EQ(cumulative_incidence({stop, event, {}}, 1)->front().causes[0].front().incidence, 1);
  EXPECT_EQ(mean_cumulative_function({stop, event, {}}, {})->front().steps.front().robust_error, 0);
}

TEST(survival_faults_test, no_covariates_is_a_model_too) {
  const SmallCohort c(12, 40, false);
  const auto fit = cox(c.follow_up(), no_columns(c));
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->log_likelihood, fit->log_likelihood_null);
  EXPECT_EQ(fit->likelihood_ratio.p, 1);
  EXPECT_GT(baseline_hazard(*fit, 5), 0);
  EXPECT_FALSE(fault(cox_zph(c.follow_up(), no_columns(c), {})));
  EXPECT_FALSE(fault(firth_cox(c.follow_up(), no_columns(c))));
  EXPECT_FALSE(fault(fine_gray(c.follow_up(), 1, 1, no_columns(c))));
}

TEST(survival_faults_test, covariates_of_any_size_and_a_perfect_order) {
  const SmallCohort c(12, 40, false);
  const auto fit = cox(c.follow_up(), c.x);
  for (const double size : {1e-150, 1e-9, 1e9, 1e150}) {
    const auto other = cox(c.follow_up(), c.x * size);
    ASSERT_TRUE(other) << size;
    EXPECT_NEAR(other->coefficients[1] * size, fit->coefficients[1], 1e-9);
    EXPECT_NEAR(other->errors()[1] * size, fit->errors()[1], 1e-9);
  }
  std::vector<double> stop;
  const std::vector<int> event(40, 1);
  Eigen::MatrixXd x(40, 1);
  for (int i = 0; i < 40; ++i) {
    stop.push_back(i + 1);
    x(i, 0) = 40 - i;
  }
  EXPECT_EQ(fault(cox({stop, event, {}}, x)), SurvivalFault::infinite_coefficient);
  const auto firth = firth_cox({stop, event, {}}, x);
  ASSERT_TRUE(firth);
  EXPECT_GT(firth->profile[0].low, 0);
}

TEST(survival_faults_test, one_arm_all_events_at_once) {
  // Ten treated all have the event on day 5; of ten controls nobody has it by day 9.
  std::vector<double> stop(20, 9);
  std::vector<int> event(20, 0), group(20, 0);
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(20, 1);
  for (std::size_t i = 0; i < 10; ++i) {
    stop[i] = 5;
    event[i] = group[i] = 1;
    x(static_cast<Eigen::Index>(i), 0) = 1;
  }
  const FollowUp both{stop, event, {}};
  const auto curves = kaplan_meier(both, group, 2);
  EXPECT_FALSE((*curves)[1].steps.front().error());
  EXPECT_EQ(fault(compare_restricted_means((*curves)[1], (*curves)[0], 8)), SurvivalFault::no_spread);
  EXPECT_EQ(fault(restricted_mean((*curves)[0], 12)), SurvivalFault::beyond_follow_up);
  EXPECT_NEAR(log_rank(both, group, {})->statistic, 19, 1e-12);  // (10 - 5)^2/(10 x 10 x 1/4 / 19)
  EXPECT_EQ(fault(cox(both, x)), SurvivalFault::infinite_coefficient);
  const auto firth = firth_cox(both, x);
  ASSERT_TRUE(firth);
  EXPECT_TRUE(std::isfinite(firth->profile[0].low));
}

TEST(survival_faults_test, spells_of_one_person_must_not_overlap) {
  const std::vector<double> start{0, 2, 0}, stop{3, 5, 4};
  const std::vector<int> event{1, 1, 0}, person{0, 0, 1};
  const auto curves = mean_cumulative_function({stop, event, start}, person);
  ASSERT_FALSE(curves);
  EXPECT_EQ(curves.problem().fault, SurvivalFault::overlapping_rows);
  EXPECT_EQ(curves.problem().row, 1U);
}

TEST(survival_faults_test, arguments_out_of_range) {
  const SmallCohort c(12, 40, false), late(12, 40, true);
  const std::vector<double> falling{3, 2};
  EXPECT_EQ(fault(piecewise_exponential(c.follow_up(), falling, c.x)), SurvivalFault::bad_argument);
  EXPECT_EQ(fault(cumulative_incidence(late.follow_up(), 1)), SurvivalFault::bad_argument);
  EXPECT_EQ(fault(parametric_survival(late.follow_up(), c.x, TimeLaw::weibull)), SurvivalFault::bad_argument);
  EXPECT_EQ(fault(fine_gray(c.follow_up(), 1, 2, c.x)), SurvivalFault::bad_argument);
  EXPECT_EQ(fault(restricted_mean(kaplan_meier(c.follow_up())->front(), 0)), SurvivalFault::bad_argument);
}

}  // namespace
}  // namespace desist::statistics
