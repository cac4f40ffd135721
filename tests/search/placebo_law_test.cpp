// The law of a fall against closed forms: normal logarithms, coverage of the band, errors that are as large as they
// say.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/search/toy_fall.hpp"

namespace desist {
namespace {

using test::FallRun;

constexpr double errors_away = 4.9;  // of a normal law: 1e-6 outside, both sides together

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// How much of a normal law of the fall lies in the band: of N ordered values, those from i to j hold a share that is
/// Beta(j - i, N + 1 - j + i), whatever the law.
struct Coverage {
  double found = 0, expected = 0, sd = 0;
  bool is_sound() const { return std::abs(found - expected) <= errors_away * sd; }
};
Coverage coverage(const PlaceboPoint& law, double mean, double noise) {
  const double n = static_cast<double>(law.futures), i = std::ceil(0.025 * n), j = std::ceil(0.975 * n);
  const double a = j - i, b = n + 1 - j + i, sd = noise * std::sqrt(2.0);
  return {normal_below((law.high - mean) / sd) - normal_below((law.low - mean) / sd), a / (a + b),
          std::sqrt(a * b / (a + b + 1)) / (a + b)};
}

// 1,000 futures: a mean off by .02 (noise .1) and a spread off by a fifth are found.
TEST(PlaceboLaw, OfNormalLogarithms) {
  FallRun fall;
  fall.null.unknowns = {fall.unknown(1, {0.5, 0.8, 1.2}), fall.unknown(2, {0.05, 0.1, 0.3})};
  const NullResults found = fall.run();
  const double left[] = {0.5, 0.8, 1.2}, noise[] = {0.05, 0.1, 0.3};
  for (const PlaceboPoint& law : found.placebos[0].points) {
    const NullPoint& point = found.points[law.point];
    const double mean = -std::log(left[*point.levels[0]]), sd = noise[*point.levels[1]];
    EXPECT_EQ(law.futures, 1000u);
    EXPECT_NEAR(law.mean, mean, errors_away * sd * std::sqrt(2.0 / 1000));
    EXPECT_NEAR(law.mc_error, sd * std::sqrt(2.0 / 1000), 0.12 * sd * std::sqrt(2.0 / 1000));
    EXPECT_NEAR(*law.explained, law.mean / std::log(2.0), 1e-12);
    EXPECT_NEAR(*law.explained_error, law.mc_error / std::log(2.0), 1e-12);
    EXPECT_NEAR(law.ratio, left[*point.levels[0]], errors_away * law.ratio_error);
    EXPECT_TRUE(coverage(law, mean, sd).is_sound()) << coverage(law, mean, sd).found;
    // A band made with another spread, or around another mean, would be found out.
    EXPECT_FALSE(coverage(law, mean, 1.3 * sd).is_sound());
    EXPECT_FALSE(coverage(law, mean, sd / 1.3).is_sound());
    EXPECT_FALSE(coverage(law, mean + 1.2 * sd, sd).is_sound());
  }
}

// How far quantiles are off from run to run: the stated error is right within a third.
TEST(PlaceboLaw, ErrorsOfTheBandAreAsStated) {
  FallRun fall;
  double squares = 0, stated = 0;
  constexpr int runs = 200;
  const double exact = -std::log(0.8) + 1.959964 * 0.1 * std::sqrt(2.0);
  for (int run = 0; run < runs; ++run) {
    fall.plan.seed = 1000 + static_cast<std::uint64_t>(run);
    const PlaceboPoint law = fall.result().points[0];
    squares += (law.high - exact) * (law.high - exact) / runs;
    stated += law.high_error / runs;
  }
  EXPECT_NEAR(stated / std::sqrt(squares), 1, 0.33);
}

/// What a ratio expected, a fall expected and a share at which nothing is left were off, over seeds, against their
/// stated errors: root mean squares.
struct Spread {
  double off = 0, stated = 0;
  void take(double found, double exact, double error) {
    off += (found - exact) * (found - exact);
    stated += error * error;
  }
  double stated_over_found() const { return std::sqrt(stated / off); }
};

// before = L e^(noise z), after = L x L x e^(noise z'): matching 2 before, the ratio is the level L itself, and is off
// as far as the mean of the 250 pilots is. The law of a root mean square over 200 seeds has a relative sd of
// 1/sqrt(400).
TEST(PlaceboLaw, ErrorsHoldThatOfWhatWasMatched) {
  FallRun fall;
  fall.arms[0].layout.fields[1] = fall.arms[0].layout.fields[0];
  fall.parameters[0].law = UniformLaw{0.5, 8};
  fall.null.match = NullMatch{0, 0.5, 8};
  fall.null.unknowns = {fall.unknown(3, {0.25, 1})};
  fall.null.unknowns[0].is_share_counted = true;
  fall.placebo.printed_before = 2;
  fall.placebo.parts = {{"own", 1, 1, 1.0}, {"rest", 1, 1}};
  constexpr int runs = 200;
  const double mean_noise = std::exp(0.1 * 0.1 / 2), level = 2 / mean_noise;
  Spread ratio, mean, limit, share, part;
  double without = 0;
  for (int run = 0; run < runs; ++run) {
    fall.plan.seed = 5000 + static_cast<std::uint64_t>(run);
    const PlaceboResult result = fall.result();
    const PlaceboPoint& law = result.points.at(1);  // all are counted
    ratio.take(law.ratio, level, law.ratio_error);
    mean.take(law.mean, -std::log(level), law.mc_error);
    limit.take(law.low, -std::log(level) - 1.959964 * 0.1 * std::sqrt(2.0), law.low_error);
    share.take(result.nothing_left->least, 0.5 / level, result.nothing_left->least_error);
    part.take(result.parts.at(0).least, mean_noise,  // printed 1 of 1, matched at 1
              result.parts.at(0).least_error);
    without += 2 * 0.1 * 0.1 * level * level / 1000;
  }
  const double allowed = errors_away / std::sqrt(2.0 * runs);
  EXPECT_NEAR(ratio.stated_over_found(), 1, allowed);
  EXPECT_NEAR(mean.stated_over_found(), 1, allowed);
  EXPECT_NEAR(share.stated_over_found(), 1, allowed);
  EXPECT_NEAR(part.stated_over_found(), 1, allowed);
  // Of a limit: half the distance of two order statistics, and luck of its own as if it had nothing to do with the
  // match.
  EXPECT_NEAR(limit.stated_over_found(), 1, 0.33);
  // The error of the futures alone would be found out: it is half as large.
  Spread alone = ratio;
  alone.stated = without;
  EXPECT_LT(alone.stated_over_found(), 1 - allowed);
}

}  // namespace
}  // namespace desist
