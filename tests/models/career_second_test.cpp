// Two programmes at once: products of their multipliers, times an interaction where both are at work.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;

constexpr int second_weeks = 110;

CohortPlan second_plan(const CohortParameters& parameters, int weeks = second_weeks) {
  return CohortPlan(parameters, weeks_from_january(weeks));
}

std::vector<Trace> lives(const CohortParameters& parameters) {
  return Cohort::traces(second_plan(parameters), Streams(1, 0, 0), 80);
}

/// The rich cohort, a part of which is in two programmes that both do something.
CohortParameters in_two_programmes() {
  CohortParameters p = rich_cohort(80);
  p.record = CareerParameters::Record::every_offence;  // amounts in bulk are sums over pieces, rounded
  set_effects(p, 0.6);
  p.second_interaction.values.assign(p.types.size(), 1);
  return p;
}

/// The logarithm of the multiplier of the first type at work on the first person at each week asked for.
std::vector<double> logs_at(const CohortParameters& parameters, const std::vector<double>& weeks) {
  struct Effects : CareerListener {
    std::vector<std::pair<double, double>> logs;
    void piece(const CareerPiece& piece) { logs.push_back({piece.from, std::log(piece.effect[0])}); }
  } told;
  const CohortPlan plan = second_plan(parameters, 60);
  const Streams streams(1, 0, 0);
  CareerSpace space;
  const CohortMember member = CohortIntake(plan, streams).member(0);
  CareerWalk<Effects>(plan.career, plan.programme, streams, space, told).run(member.person, member.entry, 60);
  std::vector<double> found;
  for (const double week : weeks) {
    found.push_back(0);
    for (const auto& [from, value] : told.logs)
      if (from <= week) found.back() = value;
  }
  return found;
}

TEST(TwoProgrammes, At_once_have_the_product_times_the_interaction_at_their_doses) {
  CohortParameters p = plain_cohort(1, 10);
  p.before = 10;
  p.length = 20;
  p.sessions = 4;  // attended at weeks 15, 20, 25 and 30
  p.rate_effect.values = {0.25};
  p.half_life = 8;
  p.second_share = 1;
  p.second_after = 5;  // from week 15 to week 28
  p.second_length = 13;
  p.second_half_life = 8;
  p.second_effect.values = {0.5};
  p.second_interaction.values = {0.7};
  const double one = std::log(0.25), two = std::log(0.5), both = std::log(0.7);
  const double of_step = 4 / std::log(2.0) * (1 - std::exp2(-1 / 4.0));  // mean of 2^-x over a quarter of a half-life
  const double left = std::exp2(-0.25) * of_step;                        // in the step after
  const std::vector<double> found = logs_at(p, {9, 12, 15, 22, 27.9, 28, 30});
  const std::vector<double> expected{0,
                                     0,
                                     one / 4 + two + both / 4,
                                     one / 2 + two + both / 2,
                                     one * 3 / 4 + two + both * 3 / 4,
                                     one * 3 / 4 + (two + both * 3 / 4) * of_step,
                                     one * of_step + (two + both * of_step) * left};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
}

TEST(TwoProgrammes, Interact_as_strongly_as_the_first_works_on_the_person) {
  CohortParameters p = plain_cohort(1, 10);
  p.start_abstinent = 1;
  p.effect_abstinent = 0.5;
  p.length = 40;
  p.rate_effect.values = {0.25};
  p.second_share = 1;
  p.second_after = 10;
  p.second_length = 10;
  p.second_effect.values = {0.8};
  p.second_interaction.values = {1.5};
  const std::vector<double> found = logs_at(p, {5, 15, 25});
  EXPECT_NEAR(found[0], std::log(0.25) / 2, 1e-12);
  EXPECT_NEAR(found[1], std::log(0.25) / 2 + std::log(0.8) + std::log(1.5) / 2, 1e-12);
  EXPECT_NEAR(found[2], std::log(0.25) / 2, 1e-12);
}

// Of people who are all alike what is expected is known: offences a year x weeks of each stretch x its multiplier. A
// share of them is in both, by the streams; the naive sum goes by who that is.
TEST(TwoProgrammes, Give_what_a_naive_sum_over_stretches_and_types_expects) {
  CohortParameters p = plain_cohort(200, 30);
  add_type(p, 3, 0.5);
  p.before = 10;
  p.length = 40;
  p.rate_effect.values = {0.5, 0.9};
  p.second_share = 0.3;
  p.second_after = 15;
  p.second_length = 10;
  p.second_effect.values = {0.8, 0.4};
  p.second_interaction.values = {0.6, 2};
  const CohortPlan plan = second_plan(p, 60);
  const auto found = run(plan, 3).outcomes;
  const Streams streams(1, 0, 3);
  CohortIntake intake(plan, streams);
  double in_both = 0;
  for (std::size_t i = 0; i < 200; ++i)
    in_both += uniform(streams.words(Purpose("second programme"), intake.member(i).person.id)[0]) < 0.3 ? 1 : 0;
  EXPECT_GT(in_both, 0);
  EXPECT_LT(in_both, 200);
  const auto expected = [&](double weeks_one, double weeks_both) {
    double seen = 0;
    const double share[2] = {0.25, 0.75}, detected[2] = {1, 0.5};
    for (std::size_t j = 0; j < 2; ++j) {
      const double first = p.rate_effect.values[j];
      const double joint = first * p.second_effect.values[j] * p.second_interaction.values[j];
      seen += share[j] * detected[j] * (first * weeks_one + joint * weeks_both);
    }
    return 30 / weeks_per_year * seen;
  };
  const double offences = in_both * expected(30, 10) + (200 - in_both) * expected(40, 0);
  const double months = 200 * 40 / (weeks_per_year / 12);
  EXPECT_NEAR(static_cast<const PhaseOutcomes<CareerPhase::during>&>(found).expected_a_month, offences / months,
              1e-12 * offences);
}

TEST(TwoProgrammes, Without_an_interaction_are_what_they_were) {
  CohortParameters as_before = in_two_programmes();
  as_before.second_interaction.values.clear();
  const std::vector<Trace> found = lives(in_two_programmes());
  EXPECT_EQ(found, lives(as_before));
  CohortParameters interacting = in_two_programmes();
  interacting.second_interaction.values.assign(interacting.types.size(), 0.3);
  EXPECT_NE(found, lives(interacting));
}

TEST(TwoProgrammes, That_change_nothing_are_the_comparator_to_the_bit) {
  CohortParameters nothing = in_two_programmes();
  set_effects(nothing, 1);
  CohortParameters alone = nothing;
  alone.second_share = 0;
  EXPECT_EQ(lives(nothing), lives(alone));
}

TEST(TwoProgrammes, Interact_only_in_people_who_are_in_both) {
  const CohortParameters p = in_two_programmes();
  CohortParameters interacting = p;
  interacting.second_interaction.values.assign(p.types.size(), 0.3);
  const std::vector<Trace> with = lives(interacting), without = lives(p);
  const CohortPlan plan = second_plan(p);
  const Streams streams(1, 0, 0);
  CohortIntake intake(plan, streams);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < with.size(); ++i) {
    const bool in_second =
        uniform(streams.words(Purpose("second programme"), intake.member(i).person.id)[0]) < p.second_share;
    if (!in_second) {
      EXPECT_EQ(with[i], without[i]);
    }
    moved += with[i] != without[i] ? 1U : 0U;
  }
  EXPECT_GT(moved, 3U);  // else the sentence would be empty
}

TEST(TwoProgrammes, An_interaction_without_a_second_is_refused) {
  const auto refusal = [](const CohortParameters& p) -> std::string {
    try {
      second_plan(p);
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  CohortParameters p = plain_cohort(10, 5);
  p.second_interaction.values = {0.8};
  EXPECT_EQ(refusal(p),
            "second_interaction needs a second programme: second_share, who is in it too, and second_length, for how "
            "long");
  p.second_length = 10;  // an arm may leave its people out
  EXPECT_EQ(refusal(p), "");
}

}  // namespace
}  // namespace desist
