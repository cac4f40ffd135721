// The parts of a walk through a career, each against a naive second one: strips, clocks, matters, age.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "engine/random/thinned_process.hpp"
#include "models/parts/career_ageing.hpp"
#include "models/parts/career_matters.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_strips.hpp"
#include "tests/models/cohort_helpers.hpp"

namespace desist {
namespace {

TEST(CareerStrips, Are_the_thinned_process) {
  const Streams streams(3, 1, 4);
  constexpr Purpose purpose("offences seen");
  for (std::uint64_t person = 0; person < 20; ++person) {
    ThinnedProcess process(streams, purpose, person, CareerStrips::base);
    CareerStrips strips;
    constexpr Purpose follows("what follows an offence");
    strips.begin(streams, purpose, person, follows);
    double from = 0;
    for (const double bound : {0.3, 0.0, 0.02, 1.7, 0.0, 0.1}) {
      const double until = from + 30;
      for (;;) {
        const auto expected = process.next(until, bound, [&](double) { return bound; });
        const CareerCandidate* found = strips.next(from, until, bound);
        while (found != nullptr && found->height >= bound) found = strips.next(from, until, bound);
        ASSERT_EQ(found != nullptr, expected.has_value());
        if (found == nullptr) break;
        EXPECT_EQ(found->time, expected->time);
        EXPECT_EQ(found->height, expected->height);
        EXPECT_EQ(found->marks, expected->marks);
        EXPECT_EQ(found->strip, expected->strip);
        EXPECT_EQ(found->index, expected->index);
        EXPECT_EQ(found->follows, streams.words(follows, person, found->strip << 48U | found->index));
      }
      from = until;
    }
  }
}

// Against the candidates that CareerStrips gives, one by one.
TEST(EnoughCandidates, Are_counted_without_their_times) {
  const Streams streams(3, 1, 4);
  constexpr Purpose purpose("offences seen");
  constexpr double until = 26;
  int enough = 0, too_few = 0;
  for (std::uint64_t person = 0; person < 200; ++person)
    for (const double bound : {0.0, 0.004, 0.02, 0.06, 0.3}) {
      CareerStrips strips;
      strips.begin(streams, purpose, person);
      std::uint64_t found = 0;
      while (const Candidate* candidate = strips.next(0, until, bound)) found += candidate->height < bound ? 1U : 0U;
      for (const std::uint64_t least : {0U, 1U, 2U, 5U}) {
        EXPECT_EQ(EnoughCandidates(least, until).may_be_of(streams, purpose, person, bound), found >= least)
            << person << ' ' << bound << ' ' << least;
        ++(found >= least ? enough : too_few);
      }
    }
  EXPECT_GT(enough, 500);
  EXPECT_GT(too_few, 500);
}

TEST(CareerClock, Rings_when_its_hazard_has_added_up) {
  CareerClock clock;
  const std::uint64_t word = 0x123456789abcdef0U;
  const double e = -std::log(uniform(word));
  clock.begin(5, word);
  EXPECT_EQ(clock.set(5, 0), never);
  EXPECT_DOUBLE_EQ(clock.set(7, 0.5), 7 + e / 0.5);
  EXPECT_DOUBLE_EQ(clock.set(8, 0.1), 8 + (e - 0.5) / 0.1);
  const double rings = clock.set(9, 0.1);
  EXPECT_EQ(clock.set(11, 0.1), rings);  // to the bit
  EXPECT_EQ(clock.set(12, 0), never);
  EXPECT_DOUBLE_EQ(clock.set(20, 1), 20 + e - 0.5 - 0.4);
}

// The first in order of those that come first, whatever was set before.
TEST(CareerMatters, The_first_is_that_of_a_plain_search) {
  std::mt19937 any(7);
  CareerMatters matters;
  matters.forget_all();
  std::array<double, CareerMatters::matters> when;
  when.fill(never);
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t matter = any() % CareerMatters::matters;
    const std::size_t moment = any() % 12;  // many at one moment
    when[matter] = moment == 0 ? never : static_cast<double>(moment);
    matters.set(static_cast<CareerMatters::Matter>(matter), when[matter]);
    if (any() % 3 != 0) continue;  // several are set between two looks
    const auto first = std::min_element(when.begin(), when.end());
    if (*first == never) continue;
    ASSERT_EQ(matters.first(), first - when.begin()) << step;
  }
}

/// One person's parameters with an age-crime curve that peaks at `peak`.
CohortParameters of_ages(double mean, double sd, double onset, double peak) {
  CohortParameters p = test::plain_cohort(1, 4);
  p.age_mean = mean;
  p.age_sd = sd;
  p.onset_age = onset;
  p.peak_age = peak;
  p.age_sharpness = 2;
  return p;
}

CareerPlan ageing_plan() {
  CohortParameters p = of_ages(17, 0, 8, 19);
  p.death = 0.02;
  p.death_doubling = 3;
  return {p, test::weeks_from_january(520)};
}

// g steps at quarters of a year of age, and no step is above what the bound of a stretch says.
TEST(CareerAgeing, The_rate_is_that_of_the_age) {
  const CareerPlan plan = ageing_plan();
  CareerPerson person;
  for (const double age : {12.0, 17.0, 18.9, 30.1}) {
    person.age = age;
    CareerAgeing ageing;
    ageing.begin(plan, Streams(1, 0, 0), person, plan.end);
    double now = 0;
    for (int step = 0; step < 39; ++step) {
      const double until = ageing.step_ends();
      EXPECT_NEAR(std::fmod((age + until / weeks_per_year) * 4 + 0.5, 1), 0.5, 1e-6);
      for (const double share : {0.01, 0.5, 0.99}) {
        const double time = now + share * (until - now);
        EXPECT_EQ(ageing.factor_at(time), ageing.factor());
        EXPECT_EQ(ageing.factor(), plan.age_factor_at(age + time / weeks_per_year));
      }
      double most = 0;
      for (double time = now; time < plan.end; time += 5) {
        most = std::max(most, ageing.factor_at(time));
        EXPECT_EQ(ageing.most_factor(now, time), most) << age << ' ' << now << ' ' << time;
        if (most > ageing.factor_at(time)) break;  // past the peak
      }
      now = until;
      ageing.take_step();
    }
  }
}

// The moment of death against the integral of the hazard by small steps, with an early risk that comes and goes.
TEST(CareerAgeing, Death_is_foreseen) {
  const CareerPlan plan = ageing_plan();
  const Streams streams(5, 0, 0);
  int died = 0, with_risk = 0;
  for (std::uint64_t id = 0; id < 200; ++id) {
    CareerPerson person;
    person.id = id;
    person.age = 20 + static_cast<double>(id % 40) * 0.7;
    for (const bool risk : {false, true}) {
      CareerAgeing ageing;
      ageing.begin(plan, streams, person, plan.end);
      if (risk && ageing.dies_at() > 40.3) ageing.set_early_risk(12, 40.3);
      if (risk && ageing.dies_at() > 55.7) ageing.set_early_risk(1, 55.7);
      double left = standard_exponential(streams.words(Purpose("ends of a career"), id)[1]);
      constexpr double step = 0.005;
      double dies = never;
      for (double time = step / 2; time < plan.end; time += step) {
        const auto quarter = static_cast<std::size_t>((person.age + time / weeks_per_year) * 4);
        left -= step * plan.death_of_men[quarter] * (risk && time > 40.3 && time < 55.7 ? 12 : 1);
        if (left > 0) continue;
        dies = time;
        break;
      }
      if (dies == never || ageing.dies_at() == never) {
        EXPECT_TRUE(dies == ageing.dies_at() || std::min(dies, ageing.dies_at()) > plan.end - 2 * step) << id;
        continue;
      }
      // Steps of 0.005 weeks: a step of the grid or of the risk is met up to half of one too early or late.
      EXPECT_NEAR(ageing.dies_at(), dies, 0.1) << id << ' ' << risk;
      ++(risk ? with_risk : died);
    }
  }
  EXPECT_GT(died, 20);
  EXPECT_GT(with_risk, died);
}

// Ages of those who are met: the mean against the normal law times g by small steps; where hardly anybody offends, the
// thousand tries of draw_person end in this law.
TEST(AgeWhenMet, IsTheLawOfAgesInProportionToTheCurve) {
  for (const double mean : {9.0, 14.0, 17.0, 40.0}) {
    CohortParameters p = of_ages(mean, mean == 9 ? 2 : 1, mean == 9 ? 5 : 17, 20);
    p.reference_age = 25;
    const CareerPlan plan(p, test::weeks_from_january(52));
    double weight = 0, sum = 0;
    constexpr double step = 0.0005;
    for (double age = mean - 9 * p.age_sd; age < mean + 9 * p.age_sd; age += step) {
      const double z = (age + step / 2 - mean) / p.age_sd;
      const double here = std::max(10.0, age + step / 2);
      const double density = std::exp(-z * z / 2) * plan.age_factor_at(here);
      weight += density;
      sum += density * here;
    }
    double found = 0;
    constexpr int grid = 400;
    for (int i = 0; i < grid; ++i)
      for (int j = 0; j < grid; ++j) found += *age_when_met(plan, (i + 0.5) / grid, (j + 0.5) / grid);
    EXPECT_NEAR(found / grid / grid, sum / weight, 0.005) << mean;  // steps of a quarter of a year over 400 points
    if (mean != 14) continue;
    double drawn = 0;
    for (std::uint64_t id = 0; id < 2000; ++id) {
      const CareerPerson person = draw_person(plan, Streams(3, 0, 0), id, MetBy::an_offence);
      EXPECT_GT(plan.age_factor_at(person.age), 0) << id;
      drawn += person.age;
    }
    EXPECT_NEAR(drawn / 2000, sum / weight, 5 * 0.35 / std::sqrt(2000.0));  // their standard deviation is below 0.35
  }
}

TEST(AgeWhenMet, IsNoneWhereNobodyOffends) {
  CohortParameters p = of_ages(12, 0, 17, 20);
  p.reference_age = 25;
  EXPECT_FALSE(age_when_met(CareerPlan(p, test::weeks_from_january(52)), 0.5, 0.5).has_value());
}

}  // namespace
}  // namespace desist
