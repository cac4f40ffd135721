// What is held still after entry: nothing falls with all held, nothing held moves no bit, and expected rates are the
// means of those counted.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/models/mean_check.hpp"
#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;
using Held = CohortParameters::Held;

/// People picked by a list, with windows as long for everyone and no season.
CohortParameters listed_cohort(int people) {
  CohortParameters p = rich_cohort(people);
  set_effects(p, 0.7);
  p.season.clear();
  p.entry = Entry::list;
  p.referral = 0;
  p.before = 26;
  p.list_least = 2;
  p.consent = 1;
  p.consent_by_rate = 0;
  p.wait = 0;
  p.length = 20;
  p.length_cv = 0;
  p.after = 26;
  p.drop_out = p.breach = p.breach_custody = 0;
  p.mix_switching = 0;  // before entry mixes switch, held or not: that is in the rest
  p.detection_effect = 1.3;
  p.rate_persistence = 0.6;
  p.followed = CohortParameters::Followed::to_the_last_phase;
  return p;
}
void hold_all(CohortParameters& p, Held held = Held::yes) {
  p.held_states = p.held_ageing = p.held_custody = p.held_detection = p.held_effect = held;
}

const Window window = weeks_from_january(80);

double fall_of(const Cohort::Outcomes& outcomes) {
  const auto before = static_cast<const PhaseOutcomes<CareerPhase::before>&>(outcomes).expected_a_month;
  const auto after = static_cast<const PhaseOutcomes<CareerPhase::after>&>(outcomes).expected_a_month;
  return std::log(before / after);
}

TEST(CareerHeld, NothingFallsWithAllHeld) {
  CohortParameters p = listed_cohort(1);
  hold_all(p);
  const CohortPlan plan(p, window);
  int offending = 0;
  for (std::uint64_t person = 0; person < 200; ++person) {
    const Cohort::Outcomes outcomes = run(plan, person).outcomes;
    const auto& before = static_cast<const PhaseOutcomes<CareerPhase::before>&>(outcomes);
    // death or custody may keep people from starting, or from a time after it
    const auto& after = static_cast<const PhaseOutcomes<CareerPhase::after>&>(outcomes);
    if (after.people == 0 || before.expected_a_month == 0) continue;
    ++offending;
    EXPECT_NEAR(fall_of(outcomes), 0, 1e-12);  // person by person
  }
  EXPECT_GT(offending, 150);
}

// Who is in custody when the programme should start begins when released: their time before is longer, and so weighs
// more than their time after. With nobody in custody the rest of a whole cohort is nothing.
TEST(CareerHeld, TheRestIsLongerTimesBefore) {
  CohortParameters p = listed_cohort(200);
  hold_all(p);
  EXPECT_GT(std::abs(fall_of(run(CohortPlan(p, window), 1).outcomes)), 1e-3);
  for (double& share : p.custody.values) share = 0;
  EXPECT_NEAR(fall_of(run(CohortPlan(p, window), 1).outcomes), 0, 1e-12);
}

TEST(CareerHeld, EachMechanismMakesAFallOfItsOwn) {
  for (Held CohortParameters::*each :
       {&CohortParameters::held_states, &CohortParameters::held_ageing, &CohortParameters::held_custody,
        &CohortParameters::held_detection, &CohortParameters::held_effect}) {
    CohortParameters p = listed_cohort(200);
    hold_all(p);
    p.*each = Held::no;
    EXPECT_GT(std::abs(fall_of(run(CohortPlan(p, window), 1).outcomes)), 1e-4);
  }
}

TEST(CareerHeld, WhoEntersAndWhatWasRecordedBeforeStayAsTheyAre) {
  CohortParameters p = listed_cohort(50);
  const Cohort::Outcomes going = run(CohortPlan(p, window), 3).outcomes;
  hold_all(p);
  const Cohort::Outcomes held = run(CohortPlan(p, window), 3).outcomes;
  using Before = PhaseOutcomes<CareerPhase::before>;
  EXPECT_EQ(static_cast<const Before&>(going).recorded, static_cast<const Before&>(held).recorded);
  EXPECT_EQ(static_cast<const Before&>(going).any_recorded, static_cast<const Before&>(held).any_recorded);
  EXPECT_NE(static_cast<const PhaseOutcomes<CareerPhase::after>&>(going).recorded,
            static_cast<const PhaseOutcomes<CareerPhase::after>&>(held).recorded);
}

TEST(CareerHeld, HeldThingsStandStill) {
  CohortParameters p = listed_cohort(1);
  hold_all(p);
  const CohortPlan plan(p, window);
  for (std::size_t i = 0; i < 100; ++i) {
    const Diary told = diary(plan, i);
    if (told.starts.empty()) continue;  // death or custody kept them from it
    EXPECT_EQ(told.dies, never);
    double rate = -1;
    for (const CareerPiece& piece : told.pieces) {
      if (piece.phase == CareerPhase::before) continue;
      EXPECT_EQ(piece.place, CareerPlace::free);
      EXPECT_FALSE(piece.desisted);
      if (rate >= 0) {
        EXPECT_EQ(piece.rate, rate);
      }
      rate = piece.rate;
    }
    for (const double out : told.in) EXPECT_LT(out, told.starts.front());
  }
}

TEST(CareerHeld, WhatIsHeldThatHasNoPartMovesNoBit) {
  CohortParameters p = plain_cohort(100, 20);
  p.before = 20;
  p.length = 20;
  p.after = 20;
  const CohortResult going = run(CohortPlan(p, window), 1);
  hold_all(p);
  const CohortResult held = run(CohortPlan(p, window), 1);
  EXPECT_EQ(going.series.recorded, held.series.recorded);
  EXPECT_EQ(going.outcomes.recorded, held.outcomes.recorded);
}

// Rates expected of a phase are means of those counted, whoever was picked: after, both; before, where nobody is.
// 400 replicates of 100 people with some 10 recorded each: a standard deviation of .3 of the mean at most, so a bias of
// 8 x .3/20 = 12% of the mean is found with .999; the wrong one below is off by a fifth.
TEST(CareerHeld, ExpectedRatesAreMeansOfCounts) {
  for (const bool picked : {false, true}) {
    CohortParameters p = listed_cohort(100);
    p.record_lag = 0;
    p.season = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05};
    p.mix_switching = 1;
    if (!picked) {
      p.entry = Entry::everyone;
      p.list_least = 0;
    }
    const CohortPlan plan(p, window);
    std::vector<double> before, after, wrong;
    for (std::uint64_t r = 0; r < 400; ++r) {
      const Cohort::Outcomes outcomes = run(plan, r).outcomes;
      const auto& b = static_cast<const PhaseOutcomes<CareerPhase::before>&>(outcomes);
      const auto& a = static_cast<const PhaseOutcomes<CareerPhase::after>&>(outcomes);
      before.push_back(b.recorded_a_month - b.expected_a_month);
      after.push_back(a.recorded_a_month - a.expected_a_month);
      wrong.push_back(a.recorded_a_month - 0.8 * a.expected_a_month);
    }
    EXPECT_TRUE(agrees(after, 0));
    EXPECT_FALSE(agrees(wrong, 0));
    EXPECT_EQ(agrees(before, 0), !picked);  // those who were picked were unlucky before: chance
  }
}

// Detection from the start on changes what is seen, not what is done. 300 replicates, 100 people.
TEST(CareerHeld, DetectionChangesWhatIsSeen) {
  CohortParameters p = plain_cohort(100, 60);
  p.detected.values = {0.2};
  add_type(p, 1, 0.9);
  p.before = 20;
  p.length = 20;
  p.after = 20;
  p.detection_effect = 1.5;  // .3 of the first type, all of the second
  const CohortPlan plan(p, window);
  std::vector<double> done, seen, before;
  for (std::uint64_t r = 0; r < 300; ++r) {
    const Cohort::Outcomes outcomes = run(plan, r).outcomes;
    const auto& b = static_cast<const PhaseOutcomes<CareerPhase::before>&>(outcomes);
    const auto& a = static_cast<const PhaseOutcomes<CareerPhase::after>&>(outcomes);
    before.push_back(b.recorded_a_month);
    done.push_back(a.offences_a_free_month);
    seen.push_back(a.recorded_a_month);
  }
  EXPECT_TRUE(agrees(before, 5 * 0.55));
  EXPECT_TRUE(agrees(done, 5));
  EXPECT_TRUE(agrees(seen, 5 * 0.65));
  EXPECT_FALSE(agrees(seen, 5 * 0.55));  // it can fail
}

}  // namespace
}  // namespace desist
