// Sweeps against closed forms: a chance and an amount that rise and fall with the level, paired by draw.
#include "engine/search/sweep.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/simulation/coin_run.hpp"

namespace desist {
namespace {

// Success if u < level / 10 (level / 10 at most 1); help = level (10 - level) + u, best at 5.
struct Help {
  static constexpr ModelInfo info{"help", "Help that too much of undoes.", "tests/search"};
  struct Parameters {
    Steps level;
    static void describe(auto& v) {
      v.number("level", &Parameters::level, {.unit = "worker", .range = {0, 10}, .help = "Workers."});
    }
  };
  struct Outcomes {
    double success = 0, help = 0, harm = 0, until = 0, note = 0;
    static void describe(auto& v) {
      using enum OutcomeField::Kind;
      v.outcome("success", &Outcomes::success, {.kind = chance, .better = Better::higher});
      v.outcome("help", &Outcomes::help, {.unit = "person", .better = Better::higher});
      v.outcome("harm", &Outcomes::harm, {.unit = "person", .better = Better::lower});
      v.outcome("until", &Outcomes::until, {.kind = time_until, .unit = "week", .better = Better::lower});
      v.outcome("note", &Outcomes::note, {.unit = "person"});
    }
  };
  struct Series {
    static void describe(auto&) {}
  };
  struct Bound {
    Bound(const Parameters& given, const Window&) : level(given.level.at(1)) {}
    double level;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"help"};
    const double u = uniform(streams.words(purpose, 0)[0]);
    outcomes.success = u < bound.level / 10 ? 1 : 0;
    outcomes.help = bound.level * (10 - bound.level) + u;
    outcomes.harm = -outcomes.help;
    outcomes.until = outcomes.success > 0 ? 3 : std::numeric_limits<double>::infinity();
    outcomes.note = outcomes.help;
  }
};

struct HelpSweep {
  ModelRecord model = model_record<Help>();
  std::vector<Arm> arms{Arm{"as_it_is", "", {{test::from_slot(0)}}, false, {}}};
  ParameterDraws draws{{{"level", "Level", "worker", FixedLaw{1}}}, {}, {}, 7};
  Window window{Date{0}, Date{70}};
  Plan plan;
  Sweep asked;

  HelpSweep() {
    plan.seed = 7;
    asked.vary = "level";
    asked.levels = {1, 3, 5, 7, 9};
    asked.arms = {0};
    asked.draws = 1000;
  }
  SweepResult run(const RunControl& control = {}) const {
    return sweep({asked}, model, arms, draws, window, plan, control).at(0);
  }
};

TEST(Sweep, OfAChanceIsTheSameDrawsAtEveryLevel) {
  HelpSweep help;
  const SweepResult found = help.run();
  ASSERT_EQ(found.levels.size(), 5u);
  EXPECT_EQ(found.arm, "as_it_is");
  for (std::size_t l = 0; l < found.levels.size(); ++l) {
    const SweepLevel& level = found.levels[l];
    const double p = level.level / 10;
    EXPECT_NEAR(level.mean, p, 4.9 * std::sqrt(p * (1 - p) / 1000));  // false alarm 1e-6
    EXPECT_NEAR(level.mc_error, std::sqrt(p * (1 - p) / 999), 0.002);
    EXPECT_LT(level.low, level.mean);
    EXPECT_GT(level.high, level.mean);
    if (l == 0) {
      EXPECT_FALSE(level.added);
    } else {
      // On common luck a success stays one, so the step is the share of draws between the levels.
      EXPECT_NEAR(*level.added, level.mean - found.levels[l - 1].mean, 1e-12);
      EXPECT_NEAR(*level.added_error, std::sqrt(0.2 * 0.8 / 999), 0.002);
      const double rest = level.mean - found.levels[0].mean;
      EXPECT_NEAR(*level.from_first, rest, 1e-12);
      EXPECT_NEAR(*level.from_first_error, std::sqrt(rest * (1 - rest) / 999), 1e-12);
    }
  }
  EXPECT_FALSE(found.turns_at);  // more is always better
}

TEST(Sweep, OfAnAmountSaysFromWhereMoreMakesItWorse) {
  HelpSweep help;
  help.asked.outcome = 1;
  const SweepResult found = help.run();
  const double at[] = {9, 21, 25, 21, 9};
  for (std::size_t l = 0; l < 5; ++l) {
    const SweepLevel& level = found.levels[l];
    EXPECT_NEAR(level.mean, at[l] + 0.5, 4.9 * std::sqrt(1.0 / 12 / 1000));
    EXPECT_NEAR(level.low, at[l] + 0.025, 0.03);
    EXPECT_NEAR(level.high, at[l] + 0.975, 0.03);
    if (l > 0) {
      EXPECT_NEAR(*level.added, at[l] - at[l - 1], 1e-9);  // the luck cancels
      EXPECT_NEAR(*level.added_error, 0, 1e-9);
    }
  }
  EXPECT_EQ(found.turns_at, 2u);
  help.asked.outcome = 2;  // the same turned round, fewer being better
  EXPECT_EQ(help.run().turns_at, 2u);
  help.asked.outcome = 4;  // neither better high nor low
  EXPECT_FALSE(help.run().turns_at);
  help.asked.outcome = 1;
  help.asked.levels = {1, 3, 5};
  EXPECT_FALSE(help.run().turns_at);  // nothing beyond the best was tried
}

TEST(Sweep, OfATimeIsTheChanceThatItComes) {
  HelpSweep help;
  const SweepResult chance = help.run();
  help.asked.outcome = 3;
  const SweepResult time = help.run();
  for (std::size_t l = 0; l < 5; ++l) EXPECT_EQ(time.levels[l].mean, chance.levels[l].mean);
  EXPECT_FALSE(time.turns_at);
}

TEST(Sweep, OfAllOrNoneHasAnErrorStill) {
  HelpSweep help;
  help.asked.levels = {0, 10};
  const SweepResult found = help.run();
  EXPECT_EQ(found.levels[0].mean, 0);
  EXPECT_EQ(found.levels[1].mean, 1);
  for (const SweepLevel& level : found.levels) EXPECT_EQ(level.mc_error, 0.001);
  EXPECT_GT(found.levels[0].high, 0);
  EXPECT_LT(found.levels[1].low, 1);
}

TEST(Sweep, TheSameForAnyNumberOfThreadsAndWhateverElseIsSwept) {
  HelpSweep help;
  const SweepResult one = help.run();
  RunControl three;
  three.threads = 3;
  const SweepResult many = help.run(three);
  help.asked.levels = {3, 7};
  const SweepResult fewer = help.run();
  EXPECT_EQ(fewer.levels[0].mean, one.levels[1].mean);
  EXPECT_EQ(fewer.levels[1].mean, one.levels[3].mean);
  for (std::size_t l = 0; l < 5; ++l) EXPECT_EQ(one.levels[l].mean, many.levels[l].mean);
}

}  // namespace
}  // namespace desist
