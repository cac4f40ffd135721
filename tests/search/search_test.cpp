// The least level against a closed form: the coin's chance that anyone reoffends is 1 - (1 - risk)^people.
#include "engine/search/search.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/simulation/coin_run.hpp"

namespace desist {
namespace {

// A test model whose chance of success rises with its level: success if level > 100 u, so P = level / 100.
struct Ladder {
  static constexpr ModelInfo info{"ladder", "The higher the level the likelier the success.", "tests/search"};
  struct Parameters {
    Steps level;
    static void describe(auto& v) {
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
    Bound(const Parameters& given, const Window&) : level(given.level.at(1)) {}
    double level;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"ladder"};
    outcomes.success = bound.level > 100 * uniform(streams.words(purpose, 0)[0]) ? 1 : 0;
  }
};

struct LadderSearch {
  ModelRecord model = model_record<Ladder>();
  std::vector<Arm> arms{Arm{"as_it_was", "", {{test::from_slot(0)}}, false, {}}};
  ParameterDraws draws{{{"level", "Level", "place", FixedLaw{20}}}, {}, {}, 5};
  Window window{Date{0}, Date{70}};
  Plan plan;
  Need need;

  LadderSearch() {
    plan.seed = 5;
    need.label = "places";
    need.present = 20;
    need.most = 400;
    need.within = 0.02;
    need.arms = {0};
  }
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
  EXPECT_TRUE(result.monotone);
  EXPECT_GE(result.at.chance, 0.9);
  EXPECT_LT(result.below.chance, 0.9);
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
