// What follows a breach that is prosecuted: charge, conviction and sentence (mathematics.md 3.2).
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each. The bias found with
// probability .999 is 8 standard errors: of 20,000 people 2.9 in 100 of a share of a half.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/models/cohort_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

constexpr int breach_weeks = 200;

/// A year in a programme that a first recorded offence ends; fixed lags, and nothing but breaches leads to a charge.
CohortParameters breached_cohort(int people) {
  CohortParameters p = plain_cohort(people, 6);
  p.length = 52;
  p.breach = 1;
  p.breach_charged = 1;
  p.convicted.values = {1};
  p.custody.values = {1};
  p.charge_lag = 3;
  p.conviction_lag = 10;
  p.lag_law = CareerParameters::LagLaw::fixed;
  p.stay_mean = 4;
  return p;
}

struct BreachDiary : Diary {
  std::vector<BreachProsecution> prosecutions;
  void prosecuted(const BreachProsecution& of) { prosecutions.push_back(of); }
};

std::vector<BreachDiary> diaries_of(const CohortParameters& p, std::uint64_t replicate = 0) {
  const CohortPlan plan(p, weeks_from_january(breach_weeks));
  const Streams streams(1, 0, replicate);
  CohortIntake intake(plan, streams);
  CareerSpace space;
  std::vector<BreachDiary> told;
  for (std::size_t i = 0; i < plan.people; ++i) {
    const CohortMember member = intake.member(i);
    CareerWalk<BreachDiary>(plan.career, plan.programme, streams, space, told.emplace_back())
        .run(member.person, member.entry, plan.career.end);
  }
  return told;
}

Cohort::Outcomes outcomes_of(const CohortParameters& p) {
  return run(CohortPlan(p, weeks_from_january(breach_weeks)), 0).outcomes;
}

TEST(CareerBreach, IsChargedConvictedAndSentencedWithItsLags) {
  std::size_t breached = 0;
  for (const BreachDiary& told : diaries_of(breached_cohort(300))) {
    if (told.how.empty() || told.how[0] != ProgrammeEnd::breached) {
      EXPECT_TRUE(told.prosecutions.empty());
      continue;
    }
    ++breached;
    ASSERT_EQ(told.prosecutions.size(), 1u);
    const BreachProsecution& of = told.prosecutions[0];
    EXPECT_EQ(of.charged, told.exits[0] + 3);
    EXPECT_EQ(of.convicted, of.charged + 10);
    EXPECT_TRUE(of.to_custody);
    ASSERT_EQ(told.in.size(), 1u);
    EXPECT_EQ(told.in[0], of.convicted);
    EXPECT_EQ(told.out[0], of.convicted + 4);
  }
  EXPECT_GT(breached, 250u);
  const Cohort::Outcomes counted = outcomes_of(breached_cohort(300));
  EXPECT_EQ(counted.breached, static_cast<double>(breached));
  EXPECT_EQ(counted.arrests, 0);
  EXPECT_EQ(counted.charges, counted.breached);
  EXPECT_EQ(counted.convictions, counted.breached);
  EXPECT_EQ(counted.sentences, counted.breached);
  EXPECT_EQ(static_cast<const PhaseOutcomes<CareerPhase::during>&>(counted).proven, 0);  // what was done before
}

TEST(CareerBreach, CountsOnlyWhatComesInTheWindow) {
  CohortParameters p = breached_cohort(50);
  p.charge_lag = 300;
  EXPECT_GT(outcomes_of(p).breached, 0);
  EXPECT_EQ(outcomes_of(p).charges, 0);
  p.charge_lag = 0;
  p.conviction_lag = 300;
  EXPECT_EQ(outcomes_of(p).charges, outcomes_of(p).breached);
  EXPECT_EQ(outcomes_of(p).convictions, 0);
  EXPECT_EQ(outcomes_of(p).custody_years, 0);
}

// Without custody a charge changes nobody's life: every offence and exit is the same to the bit.
TEST(CareerBreach, MovesNothingElse) {
  CohortParameters charged = breached_cohort(200);
  charged.rate_shape = 0.7;
  charged.breach = 0.4;
  charged.breach_custody = 0.3;
  charged.custody.values = {0};
  CohortParameters not_charged = charged;
  not_charged.breach_charged = 0;
  const auto a = diaries_of(charged), b = diaries_of(not_charged);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].times(), b[i].times()) << i;
    EXPECT_EQ(a[i].exits, b[i].exits) << i;
    EXPECT_EQ(a[i].in, b[i].in) << i;
    EXPECT_EQ(a[i].out, b[i].out) << i;
    EXPECT_TRUE(b[i].prosecutions.empty()) << i;
  }
}

// Chance c of a charge; the type is that of an offence that is seen: shares q d over their sum.
TEST(CareerBreach, IsProsecutedInItsSharesAndTypes) {
  CohortParameters p = breached_cohort(20'000);
  add_type(p, 3, 0.2);  // of 1 x 1 and 3 x 0.2 seen, 5 in 8 are of the first
  p.breach_charged = 0.6;
  p.convicted.values = {0.5, 0.9};
  p.custody.values = {0.2, 0.9};
  std::vector<double> charged, convicted, to_custody;
  for (const BreachDiary& told : diaries_of(p)) {
    if (told.how.empty() || told.how[0] != ProgrammeEnd::breached) continue;
    ASSERT_EQ(told.prosecutions.size(), 1u);
    const BreachProsecution& of = told.prosecutions[0];
    charged.push_back(of.charged < never ? 1 : 0);
    convicted.push_back(of.convicted < never ? 1 : 0);
    to_custody.push_back(of.to_custody ? 1 : 0);
  }
  EXPECT_TRUE(agrees(charged, 0.6));
  EXPECT_FALSE(agrees(charged, 0.65));
  EXPECT_TRUE(agrees(convicted, 0.6 * (5 * 0.5 + 3 * 0.9) / 8));
  EXPECT_FALSE(agrees(convicted, 0.6 * (0.5 + 3 * 0.9) / 4));  // types as they are done, not as they are seen
  EXPECT_TRUE(agrees(to_custody, 0.6 * (5 * 0.2 + 3 * 0.9) / 8));
  EXPECT_FALSE(agrees(to_custody, 0.6 * (0.2 + 3 * 0.9) / 4));
}

}  // namespace
}  // namespace desist
