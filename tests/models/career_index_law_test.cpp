// Those met by an offence of theirs follow the closed forms of mathematics.md 2.1 (E1), and that offence is of the time
// before, whatever comes of it.
//
// Checks of a mean: see career_law_test.cpp.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/cohort_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

constexpr double year_of_index = weeks_per_year;

/// Yearly rates of gamma law, shape .6 and mean 3: 2,000 people met by their first offence within 26 weeks.
CohortParameters met_by_an_offence() {
  CohortParameters p = plain_cohort(2'000, 3);
  p.rate_shape = 0.6;
  p.entry = Entry::index_offence;
  p.intake_window = 26;
  p.length = 20;
  return p;
}
CohortPlan planned(const CohortParameters& p, int weeks) { return CohortPlan(p, weeks_from_january(weeks)); }

/// E exp(-Z t) of the rates, t in years.
double laplace(double t) { return std::pow(0.2 / (0.2 + t), 0.6); }
/// Of those met in the window, none in `weeks` more: their density is in proportion to 1 - exp(-z w).
double share_with_none(double weeks) {
  const double w = 26 / year_of_index, t = weeks / year_of_index;
  return (laplace(t) - laplace(t + w)) / (1 - laplace(w));
}
double mean_rate_of_met(double window) {
  const double w = window / year_of_index;
  return 3 * (1 - std::pow(0.2 / (0.2 + w), 1.6)) / (1 - std::pow(0.2 / (0.2 + w), 0.6));
}

double number_in(const Diary& told, CareerPhase phase) {
  double n = 0;
  for (const SeenOffence& offence : told.offences) n += offence.phase == phase;
  return n;
}

TEST(CareerIndexLaw, Met_by_an_offence_E1) {
  CohortParameters p = met_by_an_offence();
  p.intake_window = 0;
  const auto rate = [](const Diary& told) { return told.person.rate * year_of_index; };
  EXPECT_TRUE(agrees(each(planned(p, 1), 20, rate), 3 * 1.6 / 0.6));
  EXPECT_FALSE(agrees(each(planned(p, 1), 20, rate), 3));
  for (const int window : {4, 26}) {
    p.intake_window = window;
    const double expected = mean_rate_of_met(window);
    EXPECT_TRUE(agrees(each(planned(p, window + 1), 20, rate), expected)) << window;
    EXPECT_FALSE(agrees(each(planned(p, window + 1), 20, rate), 1.05 * expected)) << window;
  }
}

// The offence that brings a person in is no reoffence, be it recorded at once or after a while.
TEST(CareerIndexLaw, The_offence_that_brings_in_is_of_the_time_before) {
  CohortParameters p = met_by_an_offence();
  const auto during = [](const Diary& told) { return number_in(told, CareerPhase::during); };
  const auto any_during = [](const Diary& told) { return number_in(told, CareerPhase::during) > 0 ? 1.0 : 0.0; };
  const double reoffends = 1 - share_with_none(20);
  for (const double lag : {0.0, 1e-6}) {
    p.record_lag = lag;
    const CohortPlan plan = planned(p, 47);
    EXPECT_TRUE(agrees(each(plan, 20, during), mean_rate_of_met(26) * 20 / year_of_index)) << lag;
    EXPECT_FALSE(agrees(each(plan, 20, during), mean_rate_of_met(26) * 20 / year_of_index + 1)) << lag;
    EXPECT_TRUE(agrees(each(plan, 20, any_during), reoffends)) << lag;
    EXPECT_FALSE(agrees(each(plan, 20, any_during), 1.02 * reoffends)) << lag;
  }
}

TEST(CareerIndexLaw, It_breaches_nothing) {
  CohortParameters p = met_by_an_offence();
  p.breach = 1;
  const auto breached = [](const Diary& told) {
    return told.how.size() == 1 && told.how[0] == ProgrammeEnd::breached ? 1.0 : 0.0;
  };
  EXPECT_TRUE(agrees(each(planned(p, 47), 20, breached), 1 - share_with_none(20)));
  EXPECT_FALSE(agrees(each(planned(p, 47), 20, breached), 1));
}

TEST(CareerIndexLaw, No_effect_averts_it) {
  CohortParameters p = met_by_an_offence();
  p.people = 200;
  const CohortPlan alone = planned(p, 47);
  p.rate_effect.values = {0};
  const CohortPlan stopped = planned(p, 47);
  for (std::size_t i = 0; i < 200; ++i) {
    const Diary a = diary(alone, i), b = diary(stopped, i);
    EXPECT_EQ(number_in(a, CareerPhase::before), 1);
    EXPECT_EQ(number_in(b, CareerPhase::before), 1);
    EXPECT_EQ(number_in(b, CareerPhase::during), 0);
    EXPECT_EQ(a.offences.front().time, a.starts.front());
    EXPECT_EQ(a.offences.front().time, b.offences.front().time);
  }
}

// A service with room for all takes them in at that offence: none waits, nothing is averted but what comes after.
TEST(CareerIndexLaw, Nor_does_a_service_that_takes_people_in_at_once) {
  CohortCaseloadParameters p = plain_joined(300, 3, 1'000, 20);
  p.rate_shape = 0.6;
  p.entry = Entry::index_offence;
  p.intake_window = 26;
  p.rate_effect.values = {0};
  for (const double over : {0.0, 30.0}) {
    p.arrive_over = over;
    const CohortCaseloadPlan plan(p, weeks_from_january(80));
    const auto [outcomes, series] = run(plan, 1);
    const PhaseOutcomes<CareerPhase::before>& before = outcomes;
    const PhaseOutcomes<CareerPhase::during>& during = outcomes;
    EXPECT_EQ(outcomes.referred, 300) << over;
    EXPECT_EQ(outcomes.started, 300) << over;
    EXPECT_EQ(before.recorded, 300) << over;
    EXPECT_EQ(during.recorded, 0) << over;
    EXPECT_EQ(outcomes.offences_waiting, 0) << over;
  }
}

}  // namespace
}  // namespace desist
