// Printed falls against a null programme whose law is known: positions, verdicts, boundaries, matching, odd futures.
#include "engine/search/placebo.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/search/null_box.hpp"
#include "tests/search/toy_fall.hpp"

namespace desist {
namespace {

using test::FallRun;
constexpr double errors_off = 4.9;
std::vector<double> values_of(const PlaceboPoint& law) {
  return {law.mean,
          law.mc_error,
          law.low,
          law.high,
          law.ratio,
          law.ratio_error,
          law.explained.value_or(-1),
          law.nothing_left.value_or(-1),
          law.mean_before,
          law.mean_after};
}

TEST(Placebo, ThreeVerdicts) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.8, 1.0})};  // expected falls .223 and 0, bands of -/+ .277
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.5;
  EXPECT_EQ(fall.result().all.verdict, PlaceboVerdict::none_shows_it);
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.7;
  EXPECT_EQ(fall.result().all.verdict, PlaceboVerdict::cannot_tell);
  fall.placebo.ratio_low = fall.placebo.ratio_high = 1.6;
  EXPECT_EQ(fall.result().all.verdict, PlaceboVerdict::less_than_expected);
  // A printed range: its near end decides.
  fall.placebo.ratio_low = 0.3;
  fall.placebo.ratio_high = 0.7;
  EXPECT_EQ(fall.result().all.verdict, PlaceboVerdict::cannot_tell);
  fall.placebo.ratio_high = 0.5;
  EXPECT_EQ(fall.result().all.verdict, PlaceboVerdict::none_shows_it);
}

TEST(Placebo, TheBoundaryIsTheLevelAtWhichTheAnswerChanges) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.4, 0.6, 1.0, 1.4}), fall.unknown(2, {0.05, 0.1})};
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.6;
  const PlaceboResult result = fall.result();
  ASSERT_EQ(result.points.size(), 8u);
  ASSERT_EQ(result.levels.size(), 6u);
  EXPECT_EQ(result.all.verdict, PlaceboVerdict::cannot_tell);
  const PlaceboVerdict expected[] = {PlaceboVerdict::less_than_expected, PlaceboVerdict::cannot_tell,
                                     PlaceboVerdict::none_shows_it,      PlaceboVerdict::none_shows_it,
                                     PlaceboVerdict::cannot_tell,        PlaceboVerdict::cannot_tell};
  for (std::size_t l = 0; l < 6; ++l) {
    SCOPED_TRACE(l);
    EXPECT_EQ(result.levels[l].verdict, expected[l]);
    EXPECT_EQ(result.levels[l].unknown, l < 4 ? 0u : 1u);
    EXPECT_EQ(result.levels[l].points, l < 4 ? 2u : 4u);
  }
  EXPECT_EQ(result.levels[1].level, 0.6);
  // The envelope: the least and the greatest limit of any band.
  double least = infinity, most = -infinity;
  for (const PlaceboPoint& law : result.points) {
    least = std::min(least, law.low);
    most = std::max(most, law.high);
  }
  EXPECT_EQ(result.all.low, least);
  EXPECT_EQ(result.all.high, most);
}

TEST(Placebo, WithoutUnknownsThereIsOnePointAnArm) {
  FallRun fall;
  fall.null.arms = {0, 2};
  const NullResults found = fall.run();
  ASSERT_EQ(found.points.size(), 2u);
  EXPECT_EQ(found.placebos[0].arms.size(), 2u);
  EXPECT_EQ(found.placebos[0].arms[1].arm, "other");
  EXPECT_EQ(count_points(fall.null), 2u);
}

TEST(Placebo, EqualArmsAreEqualToTheBit) {
  FallRun fall;
  fall.null.arms = {0, 1};
  const PlaceboResult result = fall.result();
  ASSERT_EQ(result.points.size(), 2u);
  EXPECT_EQ(values_of(result.points[0]), values_of(result.points[1]));
  EXPECT_EQ(result.arms[0].low, result.arms[1].low);
  // A level equal to the arm's own figure changes nothing either: levels are no draw and share the luck.
  fall.null.arms = {0};
  const PlaceboResult plain = fall.result();
  fall.null.unknowns = {fall.unknown(1, {0.7, 0.8})};
  EXPECT_EQ(values_of(fall.result().points[1]), values_of(plain.points[0]));
}

TEST(Placebo, AnUnknownIsVariedOnlyInItsArms) {
  FallRun fall;
  fall.null.arms = {0, 2};
  fall.null.unknowns = {fall.unknown(1, {0.7, 0.9}), fall.unknown(2, {0.05, 0.1})};
  fall.null.unknowns[0].arms = {0};
  const NullResults found = fall.run();
  ASSERT_EQ(found.points.size(), 6u);
  EXPECT_EQ(count_points(fall.null), 6u);
  for (const PlaceboPoint& law : found.placebos[0].points) {
    const NullPoint& point = found.points[law.point];
    const double left = point.arm == 2 ? 0.6 : point.levels[0] == 0u ? 0.7 : 0.9;
    EXPECT_EQ(point.levels[0].has_value(), point.arm == 0);
    EXPECT_NEAR(law.mean, -std::log(left), 4.9 * law.mc_error);
  }
  EXPECT_EQ(found.placebos[0].levels[0].points, 2u);
}

TEST(Placebo, CountsPointsThatAreTooManyToMake) {
  FallRun fall;
  for (int u = 0; u < 60; ++u) fall.null.unknowns.push_back(fall.unknown(1, {0.1, 0.2, 0.3, 0.4}));
  EXPECT_EQ(count_points(fall.null), 1'000'000'000'000'000u);
}

TEST(Placebo, MatchesTheNumberBeforeAtEveryPoint) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(2, {0.1, 0.5})};
  fall.null.match = NullMatch{0, 10, 1000};
  fall.placebo.printed_before = 200;
  const NullResults found = fall.run();
  for (const NullPoint& point : found.points) {
    const double noise = point.levels[0] == 0u ? 0.1 : 0.5;
    ASSERT_TRUE(point.is_possible);
    // E before = level exp(noise^2 / 2); 250 futures are run to find it.
    const double error = std::sqrt(std::expm1(noise * noise) / 250);
    EXPECT_NEAR(*point.matched, 200 / std::exp(noise * noise / 2), 200 * 4.9 * error);
    const PlaceboPoint& law = found.placebos[0].points[point.levels[0].value()];
    EXPECT_NEAR(law.mean_before, 200, 200 * 4.9 * error);
  }
  for (const double wanted : {5.0, 3000.0}) {  // outside what the range can give
    fall.placebo.printed_before = wanted;
    const NullResults none = fall.run();
    EXPECT_FALSE(none.points[0].is_possible);
    EXPECT_TRUE(none.placebos[0].points.empty());
    EXPECT_EQ(none.placebos[0].all.points, 0u);
  }
}

TEST(Placebo, TheShareCountedAtWhichNothingIsLeft) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.4, 0.8}), fall.unknown(3, {0.25, 0.5, 1})};
  fall.null.unknowns[1].is_share_counted = true;
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.2;
  fall.placebo.parts = {{"a", 100, 10}, {"b", 100, 40}};
  const PlaceboResult result = fall.result();
  for (const PlaceboPoint& law : result.points) {
    const double left = law.point < 3 ? 0.4 : 0.8;
    EXPECT_NEAR(*law.nothing_left, 0.2 / left, 4.9 * 0.2 / left * 0.1 * std::sqrt(2.0 / 1000));
  }
  ASSERT_TRUE(result.nothing_left);
  EXPECT_NEAR(result.nothing_left->least, 0.25, 0.01);
  EXPECT_NEAR(result.nothing_left->most, 0.5, 0.02);
  ASSERT_EQ(result.parts.size(), 2u);
  EXPECT_NEAR(result.parts[0].least, 0.125, 0.005);
  EXPECT_NEAR(result.parts[1].most, 1, 0.04);
  fall.null.unknowns[1].is_share_counted = false;
  EXPECT_FALSE(fall.result().nothing_left);
}

// A part whose people are known is matched at what all would have had at its own rate: 20 x 3/2 and 40 x 3/1.
TEST(Placebo, PartsWithPeopleAreHeldAgainstTheirOwn) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.4, 0.8}), fall.unknown(3, {0.25, 1})};
  fall.null.unknowns[1].is_share_counted = true;
  fall.null.match = NullMatch{0, 10, 100};
  fall.placebo.printed_before = 60;
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.2;
  fall.placebo.parts = {{"small", 20, 4, 2.0}, {"large", 40, 8, 1.0}};
  const PlaceboResult result = fall.result();
  ASSERT_EQ(result.parts.size(), 2u);
  EXPECT_TRUE(result.parts[0].is_own);
  EXPECT_EQ(result.parts[0].points, 2u);  // of the greatest share counted alone
  EXPECT_NEAR(result.parts[0].least, 0.2 / 0.8, errors_off * result.parts[0].least_error);
  EXPECT_NEAR(result.parts[0].most, 0.2 / 0.4, errors_off * result.parts[0].most_error);
  EXPECT_LT(result.parts[0].most_error, 0.01 * result.parts[0].most);
  EXPECT_EQ(result.parts[1].points, 0u);  // 40 x 3/1 is beyond 100
  EXPECT_TRUE(result.parts[1].is_own);
  // Nothing else is moved by it.
  for (PlaceboPart& part : fall.placebo.parts) part.people.reset();
  const PlaceboResult without = fall.result();
  for (std::size_t i = 0; i < result.points.size(); ++i)
    EXPECT_EQ(values_of(result.points[i]), values_of(without.points[i]));
  EXPECT_EQ(without.parts[0].points, 4u);
  EXPECT_FALSE(without.parts[0].is_own);
}

TEST(Placebo, MatchesOnceForAllSharesCounted) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(3, {0.25, 1})};
  fall.null.unknowns[0].is_share_counted = true;
  fall.null.match = NullMatch{0, 10, 1000};
  fall.placebo.printed_before = 200;
  const NullResults found = fall.run();
  EXPECT_EQ(*found.points[0].matched, *found.points[1].matched);
}

// A level of what is seen is a factor of every figure after, on the same futures: the fall moves by its logarithm.
TEST(Placebo, WhatIsSeenAfterIsAFactor) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.4, 0.8}), fall.unknown(3, {0.25, 1})};
  fall.null.unknowns[1].is_share_counted = true;
  fall.null.match = NullMatch{0, 10, 100};
  fall.placebo.printed_before = 60;
  fall.placebo.ratio_low = fall.placebo.ratio_high = 0.2;
  fall.placebo.parts = {{"small", 20, 4, 2.0}, {"large", 40, 8, 1.0}};
  const NullResults as_before = fall.run();
  fall.null.unknowns.push_back(fall.unknown(1, {80, 100, 125}));
  fall.null.unknowns.back().name = "seen after in 100";
  fall.null.unknowns.back().field.reset();
  fall.null.unknowns.back().per_unit = 0.01;
  const NullResults found = fall.run();
  const PlaceboResult &with = found.placebos.at(0), &without = as_before.placebos.at(0);
  ASSERT_EQ(with.points.size(), 3 * without.points.size());
  const double seen[] = {0.8, 1, 1.25};
  for (std::size_t p = 0; p < without.points.size(); ++p)
    for (std::size_t l = 0; l < 3; ++l) {
      const PlaceboPoint &law = with.points[3 * p + l], &plain = without.points[p];
      EXPECT_EQ(found.points[3 * p + l].matched, as_before.points[p].matched);
      if (l == 1) {
        EXPECT_EQ(values_of(law), values_of(plain));
      }
      EXPECT_EQ(law.mean_before, plain.mean_before);
      EXPECT_NEAR(law.mean, plain.mean - std::log(seen[l]), 1e-12);
      EXPECT_NEAR(law.low, plain.low - std::log(seen[l]), 1e-12);
      EXPECT_NEAR(law.high, plain.high - std::log(seen[l]), 1e-12);
      EXPECT_NEAR(law.ratio, plain.ratio * seen[l], 1e-12);
      EXPECT_NEAR(law.mc_error, plain.mc_error, 1e-12);
      EXPECT_NEAR(law.ratio_error, plain.ratio_error * seen[l], 1e-12);
      EXPECT_NEAR(*law.nothing_left, *plain.nothing_left / seen[l], 1e-12);
    }
  // Of a part's own people too, whose most is where least is seen.
  EXPECT_NEAR(with.parts[0].least, without.parts[0].least / 1.25, 1e-12);
  EXPECT_NEAR(with.parts[0].most, without.parts[0].most / 0.8, 1e-12);
  EXPECT_NEAR(with.parts[0].most_error, without.parts[0].most_error / 0.8, 1e-12);
  EXPECT_EQ(with.parts[0].points, 3 * without.parts[0].points);
  EXPECT_EQ(with.levels.back().points, without.points.size());
}

TEST(Placebo, FuturesWithNothingBeforeOrAfterAreCounted) {
  Placebo placebo;
  placebo.ratio_low = placebo.ratio_high = 0.5;
  const std::vector<double> before{10, 10, 0, 0, 10, std::nan("")}, after{5, 0, 5, 0, 20, 3};
  const PlaceboPoint law = placebo_point(placebo, before, after);
  EXPECT_EQ(law.futures, 5u);  // one had no number
  EXPECT_EQ(law.none_before, 2u);
  EXPECT_EQ(law.none_after, 2u);
  EXPECT_TRUE(std::isnan(law.mean));  // a mean with an infinite value is none
  EXPECT_FALSE(law.explained);
  EXPECT_EQ(law.low, -infinity);  // none before
  EXPECT_EQ(law.high, infinity);  // none after
  EXPECT_EQ(law.printed, FallIs::inside);
  EXPECT_NEAR(law.ratio, 30.0 / 30, 1e-15);
  const PlaceboPoint none = placebo_point(placebo, std::vector<double>{std::nan("")}, std::vector<double>{1});
  EXPECT_EQ(none.futures, 0u);
  EXPECT_EQ(none.printed, FallIs::inside);
}

TEST(Placebo, TimesMakeRatesOfCounts) {
  Placebo placebo;
  placebo.ratio_low = placebo.ratio_high = 0.5;
  placebo.time_before = 26;
  placebo.time_after = 13;
  const PlaceboPoint law = placebo_point(placebo, std::vector<double>{100, 100}, std::vector<double>{50, 50});
  EXPECT_NEAR(law.mean, 0, 1e-15);
  EXPECT_NEAR(law.ratio, 1, 1e-15);
  EXPECT_EQ(law.mean_before, 100);
  EXPECT_EQ(placebo.ratio_of({"", 100, 25}), 0.5);
}

TEST(Placebo, WithoutAPrintedFallNoShareOfItIsExplained) {
  FallRun fall;
  fall.placebo.ratio_low = fall.placebo.ratio_high = 1;
  EXPECT_FALSE(fall.result().points[0].explained);
  EXPECT_FALSE(fall.result().all.explained_low);
}

TEST(Placebo, TheSameForAnyNumberOfThreads) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.6, 0.8, 1}), fall.unknown(2, {0.05, 0.2})};
  fall.null.match = NullMatch{0, 10, 1000};
  fall.placebo.printed_before = 200;
  const NullResults one = fall.run();
  for (const unsigned threads : {2U, 3U}) {
    RunControl control;
    control.threads = threads;
    const NullResults many = fall.run(control);
    for (std::size_t p = 0; p < one.points.size(); ++p) {
      EXPECT_EQ(one.points[p].matched, many.points[p].matched);
      EXPECT_EQ(values_of(one.placebos[0].points[p]), values_of(many.placebos[0].points[p]));
    }
  }
}

TEST(Placebo, WhenStoppedHasNoResult) {
  FallRun fall;
  StopFlag stop{true};
  RunControl control;
  control.stop = &stop;
  EXPECT_TRUE(fall.run(control).placebos.empty());
  fall.null.match = NullMatch{0, 10, 1000};
  fall.placebo.printed_before = 200;
  EXPECT_TRUE(fall.run(control).placebos.empty());
}

TEST(Placebo, AFailureSaysAtWhichPoint) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.8, 9.5})};
  fall.null.match = NullMatch{0, 10, 1000};
  fall.placebo.printed_before = 200;
  try {
    fall.run();
    FAIL();
  } catch (const PlaceboFailure& failure) {
    EXPECT_STREQ(failure.what(), "replicate 0 of draw 0 in arm 'null (left 9.5, level 100)' failed: too much is left");
  }
}

}  // namespace
}  // namespace desist
