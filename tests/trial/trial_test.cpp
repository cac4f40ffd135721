// What must hold of every virtual trial, whatever its people are like.
#include "engine/trial/trial.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "engine/core/limits.hpp"
#include "engine/trial/trial_rows.hpp"
#include "tests/trial/count_model.hpp"

namespace desist {
namespace {

using test::analysis;
using test::CountTrial;
using test::design;

void expect_equal(const TrialSize& a, const TrialSize& b) {
  EXPECT_EQ(a.people, b.people);
  for (const auto part : {&TrialSize::mean, &TrialSize::bias, &TrialSize::empirical_error, &TrialSize::squared_error,
                          &TrialSize::coverage, &TrialSize::power}) {
    EXPECT_THAT((a.*part).value, testing::NanSensitiveDoubleEq((b.*part).value));
    EXPECT_THAT((a.*part).error, testing::NanSensitiveDoubleEq((b.*part).error));
  }
}

std::vector<TrialDesign> every_design() {
  std::vector<TrialDesign> all;
  for (const Assignment how : {Assignment::individually, Assignment::in_blocks, Assignment::by_cluster,
                               Assignment::stepped_wedge, Assignment::matched, Assignment::before_and_after}) {
    TrialDesign one = design({24, 48}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 60);
    one.name = "design " + std::to_string(static_cast<int>(how));
    one.assignment = how;
    one.cluster_size = how == Assignment::by_cluster || how == Assignment::stepped_wedge ? 6 : 0;
    one.steps = 2;
    one.match_on = {"before"};
    if (how == Assignment::matched) one.share_treated = 0.3;
    one.lost_control = 0.1;
    one.truth_people = 20000;
    all.push_back(one);
  }
  return all;
}

TEST(Trial, Threads_change_nothing) {
  const CountTrial people({1.2, 0.8}, 1.5);
  const auto designs = every_design();
  const auto alone = people.run(designs, 1);
  ASSERT_EQ(alone.size(), 12U);
  for (const unsigned threads : {2U, 3U}) {
    const auto together = people.run(designs, threads);
    ASSERT_EQ(together.size(), alone.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(together[i].truth, alone[i].truth);
      for (std::size_t s = 0; s < alone[i].sizes.size(); ++s) expect_equal(together[i].sizes[s], alone[i].sizes[s]);
    }
  }
}

// Curves, a test alone, and what draws by itself: resamples and assignments are keyed by trial.
TEST(Trial, Threads_change_nothing_of_what_is_drawn) {
  const CountTrial people({1.2, 0.8, 1.2}, 1.5);
  TrialAnalysis resampled = analysis("resampled", "bootstrap"),
                reassigned = analysis("reassigned", "randomisation_test");
  resampled.analysis.numbers = {{"resamples", {199}}};
  reassigned.analysis.numbers = {{"draws", {199}}};
  reassigned.compared = PersonOutcome::Kind::count;
  TrialDesign one = design({24, 48},
                           {resampled, reassigned, analysis("curve", "kaplan_meier"), analysis("test", "log_rank"),
                            analysis("causes", "competing_risks")},
                           60);
  one.without_effect = 2;
  one.truth_people = 20000;
  one.lost_control = 0.1;
  const auto alone = people.run({one}, 1);
  ASSERT_EQ(alone.size(), 5U);
  for (const unsigned threads : {2U, 3U}) {
    const auto together = people.run({one}, threads);
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_THAT(together[i].truth, testing::NanSensitiveDoubleEq(alone[i].truth));
      for (std::size_t s = 0; s < 2; ++s) {
        expect_equal(together[i].sizes[s], alone[i].sizes[s]);
        EXPECT_EQ(together[i].sizes[s].false_positives->value, alone[i].sizes[s].false_positives->value);
      }
    }
  }
}

// A trial of the same people says the same, but that more people stand behind the truth where the greatest size is
// greater.
void expect_equal_estimates(const TrialSize& a, const TrialSize& b) {
  EXPECT_EQ(a.people, b.people);
  for (const auto part : {&TrialSize::mean, &TrialSize::empirical_error, &TrialSize::coverage, &TrialSize::power}) {
    EXPECT_THAT((a.*part).value, testing::NanSensitiveDoubleEq((b.*part).value));
    EXPECT_THAT((a.*part).error, testing::NanSensitiveDoubleEq((b.*part).error));
  }
}

TEST(Trial, Smaller_sizes_are_the_beginning_of_greater_ones) {
  const CountTrial people({1.2, 0.8}, 1.5);
  for (const TrialDesign& each : every_design()) {
    TrialDesign small = each;
    small.sizes = {24};
    const auto both = people.run({each}), alone = people.run({small});
    for (std::size_t i = 0; i < both.size(); ++i) expect_equal_estimates(both[i].sizes[0], alone[i].sizes[0]);
  }
}

TEST(Trial, Other_designs_move_nothing) {
  const CountTrial people({1.2, 0.8}, 1.5);
  const auto designs = every_design();
  const auto together = people.run(designs);
  for (std::size_t d = 0; d < designs.size(); ++d) {
    const auto alone = people.run({designs[d]});
    for (std::size_t a = 0; a < 2; ++a)
      for (std::size_t s = 0; s < 2; ++s) expect_equal(together[2 * d + a].sizes[s], alone[a].sizes[s]);
  }
}

TEST(Trial, Identical_arms_differ_by_exactly_nothing) {
  const CountTrial people({1.2, 1.2}, 1.5, 1);
  TrialDesign one = design({40}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 50);
  for (const TrialResult& result : people.run({one})) {
    EXPECT_EQ(result.truth, 0);
    EXPECT_EQ(result.truth_error, 0);
    EXPECT_EQ(result.truth_control, result.truth_treated);
  }
}

// Two trials that are the same find the same in every trial: the paired difference is zero without an error, although
// either power has one.
TEST(Trial, Designs_are_compared_trial_by_trial) {
  const CountTrial people({1.2, 0.6}, 1.5);
  TrialDesign first = design({60}, {analysis("risk", "risks")}, 200), again = first;
  again.name = "again";
  TrialDesign bigger = design({60}, {analysis("risk", "risks")}, 200);
  bigger.name = "lost";
  bigger.lost_control = bigger.lost_treated = 0.4;
  const auto results = people.run({first, again, bigger});
  EXPECT_FALSE(results[0].sizes[0].gain.has_value());
  EXPECT_EQ(results[1].sizes[0].gain->value, 0);
  EXPECT_EQ(results[1].sizes[0].gain->error, 0);
  EXPECT_GT(results[1].sizes[0].power.error, 0);
  EXPECT_NEAR(results[2].sizes[0].gain->value, results[2].sizes[0].power.value - results[0].sizes[0].power.value,
              1e-12);
  EXPECT_LT(results[2].sizes[0].gain->value, 0);
  // Trials that the first does not have are compared with nothing.
  bigger.trials = 500;
  const auto longer = people.run({first, bigger});
  EXPECT_EQ(longer[1].sizes[0].gain->value, results[2].sizes[0].gain->value);
  EXPECT_EQ(longer[1].sizes[0].gain->error, results[2].sizes[0].gain->error);
}

// A trial among people with other careers has their truth, moves no other, and is held against the trial it repeats.
TEST(Trial, Is_repeated_among_people_with_other_careers) {
  const CountTrial people({1.2, 0.6, 2.4, 1.2, 0.3, 0.15}, 1.5);
  TrialDesign first = design({60}, {analysis("risk", "risks")}, 200), own = first;
  first.name = "first";
  own.lost_control = own.lost_treated = 0.3;
  own.careers = "lasting";
  TrialDesign often = own, seldom = own;
  often.careers = "often";
  often.repeats = seldom.repeats = 1;
  often.control = 2;
  often.treated = 3;
  seldom.control = 4;
  seldom.treated = 5;
  const auto all = people.run({first, own, often, seldom}), without = people.run({first, own}, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(all[i].truth, without[i].truth);
    expect_equal(all[i].sizes[0], without[i].sizes[0]);
  }
  EXPECT_EQ(all[1].sizes[0].gain->value, without[1].sizes[0].gain->value);  // over the first
  for (const std::size_t i : {2U, 3U})
    EXPECT_NEAR(all[i].sizes[0].gain->value, all[i].sizes[0].power.value - all[1].sizes[0].power.value, 1e-12);
  TrialDesign alone = often;
  alone.repeats.reset();
  const auto only = people.run({alone});
  EXPECT_EQ(all[2].truth, only[0].truth);
  expect_equal(all[2].sizes[0], only[0].sizes[0]);
  EXPECT_NE(all[2].truth, all[1].truth);
}

TEST(Trial, Other_careers_are_set_on_top_of_an_arm) {
  ArmLayout base;
  for (std::size_t f = 0; f < 4; ++f) base.fields.push_back({{{0, {}, f}}, 0, {}, {}, {}});
  Arm control, spells;
  control.name = "control";
  spells.name = "spells";
  control.layout = spells.layout = base;
  control.layout.fields[0].pieces.push_back({3, {}, 7});
  spells.layout.fields[1].choice = 1;
  spells.layout.fields[2].pieces = {{0, {}, 9}};
  const Arm both = with_careers(base, control, spells);
  EXPECT_EQ(both.name, "control (spells)");
  EXPECT_EQ(both.layout.fields[0].pieces.size(), 2U);
  EXPECT_EQ(both.layout.fields[1].choice, 1);
  EXPECT_EQ(both.layout.fields[2].pieces.front().slot, 9U);
  EXPECT_EQ(both.layout.fields[3].pieces.front().slot, 3U);
  control.layout.fields[2].pieces = {{0, {}, 8}};
  EXPECT_THAT([&] { with_careers(base, control, spells); },
              testing::ThrowsMessage<std::invalid_argument>(testing::StrEq("#2")));
}

TEST(Trial, Assurance_moves_nothing_else_and_no_thread_moves_it) {
  const CountTrial people({1.2, 0.8}, 1.5, 1, 0, 0.4);
  TrialDesign one = design({24, 48}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 60);
  one.truth_people = 20000;
  const auto without = people.run({one});
  one.assurance = true;
  const auto alone = people.run({one}), together = people.run({one}, 3);
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t s = 0; s < 2; ++s) {
      expect_equal(alone[a].sizes[s], without[a].sizes[s]);
      EXPECT_FALSE(without[a].sizes[s].assurance.has_value());
      EXPECT_EQ(alone[a].sizes[s].assurance->value, together[a].sizes[s].assurance->value);
      EXPECT_EQ(alone[a].sizes[s].against->value, together[a].sizes[s].against->value);
    }
  // With nothing that is uncertain they are fresh trials of the one at the middle (one false alarm in a million).
  const CountTrial known({1.2, 0.8}, 1.5);
  one.trials = 2000;
  const TrialSize same = known.run({one})[0].sizes[1];
  EXPECT_NEAR(same.assurance->value, same.power.value, 4.9 * std::hypot(same.assurance->error, same.power.error));
}

// Trials of the same people: groups of their own, the same whoever runs them, and the same in every design.
TEST(Trial, Trials_of_the_same_people_are_assigned_anew) {
  const CountTrial people({1.2, 0.8, 1.2}, 1.5);
  std::vector<TrialDesign> designs;
  for (const TrialDesign& each : every_design())
    if (each.assignment != Assignment::matched && each.assignment != Assignment::before_and_after)
      designs.push_back(each);
  for (TrialDesign& each : designs) each.same_people = 5;
  designs[0].without_effect = 2;
  const auto alone = people.run(designs, 1), together = people.run(designs, 3);
  for (std::size_t i = 0; i < alone.size(); ++i)
    for (std::size_t s = 0; s < 2; ++s) {
      expect_equal(alone[i].sizes[s], together[i].sizes[s]);
      EXPECT_EQ(alone[i].sizes[s].trials, 60U);
      EXPECT_TRUE(alone[i].truth_is_fine);
    }
  const auto only = people.run({designs[1]});
  for (std::size_t s = 0; s < 2; ++s) expect_equal(only[0].sizes[s], alone[2].sizes[s]);
  // 12 sets of 48 people beside the 20,000; of times at risk cut short by nobody all count.
  EXPECT_EQ(alone[0].truth_people, 20000U + 12 * 48);
  TrialDesign other = designs[0];
  other.name = "other";
  other.same_people = 1;
  EXPECT_THAT(
      [&] {
        people.run({designs[0], other});
      },
      testing::ThrowsMessage<std::invalid_argument>(testing::StrEq(
          "trials 'design 0' and 'other' differ in how many have the same people, and are compared trial by "
          "trial")));
}

// Records are complete 4 weeks after an offence, convictions 30 weeks after: read at once, some are missed.
TEST(Trial, Only_what_is_recorded_by_the_reading_counts) {
  const CountTrial people({2, 1});
  const auto mean = [&](std::optional<double> read_after, SeenAs seen) {
    TrialDesign one = design({400}, {analysis("rate", "poisson")}, 40);
    one.read_after = read_after;
    one.analyses[0].seen = seen;
    const auto results = people.run({one});
    return std::pair(results[0].sizes[0].bias.value, results[0].truth);
  };
  const auto [all, truth] = mean(std::nullopt, SeenAs::recorded);
  EXPECT_NEAR(truth, std::log(0.5), 0.02);
  EXPECT_EQ(mean(4.5, SeenAs::recorded).first, all);  // by then everything is
  EXPECT_EQ(mean(std::nullopt, SeenAs::proven).first, all);
  EXPECT_NE(mean(0, SeenAs::recorded).first, all);
  EXPECT_NE(mean(4.5, SeenAs::proven).first, all);
}

// One recorded at once, by which the person was met; one on the last day of the follow-up; one after.
TEST(Trial, The_offence_that_brings_in_is_of_the_time_before) {
  PersonHistory person;
  person.entered = 10;
  person.until = 100;
  const std::vector<HistoryEvent> events{
      {10, 0, 10, infinity, infinity}, {30, 0, 30, infinity, infinity}, {31, 0, 31, infinity, infinity}};
  TrialDesign one;
  one.follow_up = 20;
  const std::vector<TrialMeasure> any{{}};
  EXPECT_EQ(whole_outcome(one, any[0], person, events).count, 1);
  EXPECT_EQ(recorded_before(person, events), 1);
  TrialRows rows;
  rows.clear(1);
  add_before_and_after(one, any, {}, person, events, 1, TrialReading::whole, rows);
  ASSERT_EQ(rows.rows.size(), 2U);
  EXPECT_EQ(rows.outcomes[0][0].count, 1);
  EXPECT_EQ(rows.outcomes[0][1].count, 1);
  EXPECT_EQ(rows.outcomes[0][1].first, 20);
}

TEST(Trial, A_window_that_is_too_short_is_refused) {
  class Short final : public BoundModel {
   public:
    void replicate_block(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::span<double>,
                         std::span<double>) const override {}
    std::vector<Trace> traces(std::uint64_t, std::uint64_t, std::uint64_t, std::size_t) const override { return {}; }
    void histories(const Streams&, std::span<const HistoryRequest> people, double,
                   PersonHistories& all) const override {
      for (std::size_t i = 0; i < people.size(); ++i) {
        PersonHistory person;
        person.entered = enters;
        person.until = 40;
        all.people.push_back(person);
      }
    }
    double enters = 4;
  };
  const auto message = [](double enters, Assignment how) {
    static double at;
    at = enters;
    CountTrial people({1, 1});
    people.model.bind = [](const ArmLayout&, std::span<const double>, const Window&) -> std::unique_ptr<BoundModel> {
      auto bound = std::make_unique<Short>();
      bound->enters = at;
      return bound;
    };
    TrialDesign one = design({4}, {analysis("risk", "risks")}, 100);
    one.follow_up = how == Assignment::in_blocks ? 52 : 20;
    one.assignment = how;
    one.match_on = {"before"};
    try {
      people.run({one});
    } catch (const std::invalid_argument& thrown) {
      return std::string(thrown.what());
    }
    return std::string("no message");
  };
  EXPECT_EQ(message(4, Assignment::in_blocks),
            "the window ends 16.0 weeks before a follow-up of 52.0 weeks does that 'trial' asks for: let it end later");
  EXPECT_EQ(message(infinity, Assignment::in_blocks),
            "not everybody enters within the window, and 'trial' takes people as they come: a virtual trial needs an "
            "entry other than by referral");
  EXPECT_EQ(
      message(4, Assignment::before_and_after),
      "people enter 4.0 weeks after the window begins, and 'trial' looks back 20.0 weeks: set `before` to that or "
      "more");
  EXPECT_EQ(
      message(0, Assignment::matched),
      "people enter on the first day of the window, so nobody has offences before entry, which 'trial' matches on "
      "or adjusts for: set `before` to the time that is looked back on");
}

// The truth of an arm without effect is looked at before its trials are run: in arm 2 half of the effect is left.
TEST(Trial, An_arm_without_effect_that_has_one_is_refused) {
  const CountTrial people({1.2, 0.6, 0.9}, 1.5);
  TrialDesign one = design({40}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 100);
  one.without_effect = 0;
  EXPECT_EQ(people.run({one})[0].truth, people.run({design({40}, {analysis("risk", "risks")}, 100)})[0].truth);
  one.without_effect = 2;
  try {
    people.run({one});
    FAIL();
  } catch (const std::invalid_argument& thrown) {
    EXPECT_THAT(thrown.what(),
                testing::MatchesRegex(
                    "'without_effect' of 'trial' names an arm that has one: analysis 'risk' finds -0.0[0-9]+ \\(error "
                    "0.00[0-9]+\\) among people who live there and with the controls; let that arm take away all that "
                    "the programme changes, or leave 'without_effect' out"));
  }
}

TEST(Trial, An_outcome_without_a_truth_is_refused) {
  const CountTrial people({1.2, 0.0});
  try {
    people.run({design({40}, {analysis("rate", "negative_binomial")}, 100)});
    FAIL();
  } catch (const std::invalid_argument& thrown) {
    EXPECT_STREQ(thrown.what(),
                 "analysis 'rate' of 'trial' gives no number in a twentieth of truth_people: its outcome may be too "
                 "rare, or they too few");
  }
}

}  // namespace
}  // namespace desist
