// The least level against a closed form: the coin's chance that anyone reoffends is 1 - (1 - risk)^people.
#include "engine/search/search.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/simulation/coin_run.hpp"

namespace desist {
namespace {

/// How the chance of success goes with the level.
enum class Shape { rising, falling, hill };

// A test model with a known chance of success. Rising: level / 100; falling: 1 - level / 100; hill: level / 50 up to 50
// and 2 - level / 50 beyond.
struct Ladder {
  static constexpr ModelInfo info{"ladder", "The higher the level the likelier the success.", "tests/search"};
  struct Parameters {
    Steps level;
    Shape shape = Shape::rising;
    static void describe(auto& v) {
      v.one_of("shape", &Parameters::shape, {"rising", "falling", "hill"}, {.off = 0, .help = "Of the chance."});
      v.number("level", &Parameters::level, {.unit = "place", .range = {0, 400}, .help = "Places."});
    }
  };
  struct Outcomes {
    double success = 0;
    static void describe(auto& v) { v.outcome("success", &Outcomes::success, {.kind = OutcomeField::Kind::chance}); }
  };
  struct Series {
    static void describe(auto&) {}
  };
  struct Bound {
    Bound(const Parameters& given, const Window&) : chance(chance_at(given.shape, given.level.at(1))) {}
    double chance;
  };
  static double chance_at(Shape shape, double level) {
    if (shape == Shape::rising) return std::min(1.0, level / 100);
    if (shape == Shape::falling) return std::max(0.0, 1 - level / 100);
    return std::max(0.0, 1 - std::abs(level - 50) / 50);
  }
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"ladder"};
    outcomes.success = bound.chance > uniform(streams.words(purpose, 0)[0]) ? 1 : 0;
  }
};

struct LadderSearch {
  ModelRecord model = model_record<Ladder>();
  std::vector<Arm> arms{Arm{"as_it_was", "", {{FieldLayout{}, test::from_slot(0)}}, false, {}}};
  ParameterDraws draws{{{"level", "Level", "place", FixedLaw{20}}}, {}, {}, 5};
  Window window{Date{0}, Date{70}};
  Plan plan;
  Need need;

  LadderSearch() {
    plan.seed = 5;
    need.field = 1;
    need.label = "places";
    need.present = 20;
    need.most = 400;
    need.within = 0.02;
    need.arms = {0};
  }
  void shape(Shape wanted) { arms[0].layout.fields[0].choice = static_cast<int>(wanted); }
  NeedResult run() const { return search({need}, model, arms, draws, window, plan, {}).needs.at(0); }
};

TEST(Search, FindsTheLeastLevelWithinItsIndifference) {
  LadderSearch ladder;
  ladder.need.chance = 0.9;  // exactly: level 90; indifferent within 2 in 100: 88 to 92
  const NeedResult result = ladder.run();
  EXPECT_EQ(result.verdict, NeedResult::Verdict::found);
  ASSERT_TRUE(result.level);
  EXPECT_GE(*result.level, 88);
  EXPECT_LE(*result.level, 92);
  EXPECT_TRUE(result.monotone());
  EXPECT_GE(result.at.chance, 0.9);
  EXPECT_LT(result.beside.chance, 0.9);
  for (std::size_t i = 0; i < result.tried.size(); ++i) {
    const NeedLevel& level = result.tried[i];
    EXPECT_LE(level.low, level.chance);
    EXPECT_GE(level.high, level.chance);
    EXPECT_NEAR(level.chance, std::min(1.0, level.level / 100), 0.03);
    if (i > 0) {
      EXPECT_GT(level.level, result.tried[i - 1].level);
    }
  }
}

TEST(Search, SaysWhenTodayIsEnough) {
  LadderSearch ladder;
  ladder.need.chance = 0.1;
  const NeedResult result = ladder.run();
  EXPECT_EQ(result.verdict, NeedResult::Verdict::already_met);
  ASSERT_TRUE(result.level);
  EXPECT_GE(*result.level, 8);
  EXPECT_LE(*result.level, 12);
}

TEST(Search, SaysWhenNothingDoesIt) {
  LadderSearch ladder;
  ladder.need.chance = 0.9;
  ladder.need.most = 60;
  const NeedResult result = ladder.run();
  EXPECT_EQ(result.verdict, NeedResult::Verdict::nothing_does);
  EXPECT_FALSE(result.level);
  EXPECT_EQ(result.tried.back().level, 60);
}

TEST(Search, SettlesFarLevelsByFewDraws) {
  LadderSearch ladder;
  ladder.need.chance = 0.9;
  const NeedResult result = ladder.run();
  std::uint64_t most = 0, least = 1 << 30;
  for (const NeedLevel& level : result.tried) {
    if (std::abs(std::min(1.0, level.level / 100) - 0.9) > 0.3) {
      EXPECT_EQ(level.draws, 128u) << level.level;
    }
    EXPECT_GE(level.draws, 128u);
    most = std::max(most, level.draws);
    least = std::min(least, level.draws);
  }
  EXPECT_EQ(least, 128u);
  EXPECT_GE(most, 1024u);  // a level near the target is not settled by luck
  ladder.need.first_look = 1000;
  const NeedResult longer = ladder.run();
  EXPECT_EQ(longer.tried.front().draws, 1000u);
  EXPECT_NEAR(*longer.level, *result.level, 3);
}

TEST(Search, FindsTheGreatestLevel) {
  LadderSearch ladder;
  ladder.shape(Shape::falling);
  ladder.need.look_for = Need::Extreme::greatest;
  ladder.need.chance = 0.9;  // exactly: 10
  for (const double today : {2.0, 10.0, 60.0}) {
    ladder.need.present = today;
    const NeedResult result = ladder.run();
    EXPECT_EQ(result.verdict, today < 8    ? NeedResult::Verdict::already_met
                              : today > 12 ? NeedResult::Verdict::found
                                           : result.verdict);
    ASSERT_TRUE(result.level);
    EXPECT_GE(*result.level, 8);
    EXPECT_LE(*result.level, 12);
    EXPECT_EQ(result.beside.level, *result.level + 1);
    EXPECT_LT(result.beside.chance, 0.9);
    EXPECT_TRUE(result.monotone());
    EXPECT_FALSE(result.holds_to);
  }
  ladder.need.present_is_known = false;  // then nobody can say that today's level is enough
  ladder.need.present = 2;
  EXPECT_EQ(ladder.run().verdict, NeedResult::Verdict::found);
  ladder.need.chance = 0.02;  // level 98 reaches it
  ladder.need.most = 60;
  EXPECT_EQ(ladder.run().verdict, NeedResult::Verdict::any_does);
  ladder.need.chance = 0.9999;
  ladder.need.within = 0.00005;
  ladder.need.most = 400;
  EXPECT_EQ(ladder.run().verdict, NeedResult::Verdict::nothing_does);
}

TEST(Search, TakesStepsOfAHalfAndOfAWholeTeam) {
  LadderSearch ladder;
  ladder.need.per_unit = 10;  // 0.5 of it is 5 in 100
  ladder.need.chance = 0.43;
  ladder.need.present = 2;
  ladder.need.most = 40;
  ladder.need.step = 0.5;
  EXPECT_EQ(ladder.run().level, 4.5);
  ladder.need.step = 2;
  const NeedResult teams = ladder.run();
  EXPECT_EQ(teams.level, 6.0);
  for (const NeedLevel& level : teams.tried) EXPECT_EQ(std::fmod(level.level, 2), 0) << level.level;
}

TEST(Search, SaysFromWhereMoreMakesItWorse) {
  LadderSearch ladder;
  ladder.shape(Shape::hill);
  ladder.need.chance = 0.6;                             // from 30 to 70
  for (const double today : {5.0, 20.0, 35.0, 90.0}) {  // below, below, on and above the hill
    ladder.need.present = today;
    const NeedResult result = ladder.run();
    ASSERT_TRUE(result.level) << today;
    EXPECT_NEAR(*result.level, 30, 1.1) << today;
    ASSERT_TRUE(result.holds_to) << today;
    EXPECT_NEAR(*result.holds_to, 70, 1.1) << today;
    ASSERT_TRUE(result.best) << today;
    EXPECT_FALSE(result.monotone());
    EXPECT_GT(result.best->level, 30);
    EXPECT_LT(result.best->level, 70);
  }
  ladder.need.look_for = Need::Extreme::greatest;
  for (const double today : {35.0, 90.0}) {
    ladder.need.present = today;
    const NeedResult result = ladder.run();
    ASSERT_TRUE(result.level) << today;
    EXPECT_NEAR(*result.level, 70, 1.1) << today;
    ASSERT_TRUE(result.holds_to) << today;
    EXPECT_NEAR(*result.holds_to, 30, 1.1) << today;
  }
}

TEST(Search, SaysWhereItIsBestWhereNothingIsEnough) {
  LadderSearch ladder;
  ladder.shape(Shape::hill);
  ladder.need.chance = 0.9;
  ladder.need.present = 20;
  ladder.need.step = 20;  // 0.4, 0.8, 0.8, 0.4, 0
  const NeedResult result = ladder.run();
  EXPECT_EQ(result.verdict, NeedResult::Verdict::nothing_does);
  EXPECT_FALSE(result.level);
  ASSERT_TRUE(result.best);
  EXPECT_TRUE(result.best->level == 40 || result.best->level == 60);
  EXPECT_NEAR(result.best->chance, 0.8, 0.1);
}

TEST(Search, TheSameForAnyNumberOfThreads) {
  LadderSearch ladder;
  ladder.need.chance = 0.5;
  const NeedResult one = ladder.run();
  RunControl three;
  three.threads = 3;
  const NeedResult many =
      search({ladder.need}, ladder.model, ladder.arms, ladder.draws, ladder.window, ladder.plan, three).needs.at(0);
  ASSERT_EQ(one.tried.size(), many.tried.size());
  for (std::size_t i = 0; i < one.tried.size(); ++i) {
    EXPECT_EQ(one.tried[i].chance, many.tried[i].chance);
    EXPECT_EQ(one.tried[i].draws, many.tried[i].draws);
  }
}

}  // namespace
}  // namespace desist
