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

}  // namespace
}  // namespace desist
