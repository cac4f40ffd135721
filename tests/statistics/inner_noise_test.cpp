// The jackknife over replicates against closed forms: mu ~ N(.3, 1) seen with noise of sd 2 (mathematics.md 6.3).
#include "engine/statistics/inner_noise.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "engine/statistics/normal.hpp"
#include "tests/statistics/uniforms.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// Two arms, the first of nothing, with R replicates a draw.
ReplicateHalves noisy_means(Index draws, int replicates, std::uint64_t seed) {
  Uniforms u(seed);
  const MatrixXd none = MatrixXd::Zero(draws, 2);
  ReplicateHalves made{none, none, none};
  for (Index d = 0; d < draws; ++d) {
    const double mu = 0.3 + u.normal(), sd = 2 / std::sqrt(replicates / 2.0);
    made.first(d, 1) = mu + sd * u.normal();
    made.second(d, 1) = mu + sd * u.normal();
    made.all(d, 1) = (made.first(d, 1) + made.second(d, 1)) / 2;
  }
  return made;
}

double chance_with(double replicates) { return normal_cdf(0.3 / std::sqrt(1 + 4 / replicates)); }
double information_with(double replicates) {
  const double s = std::sqrt(1 + 4 / replicates);
  return s * std::exp(-0.045 / (s * s)) / std::sqrt(2 * std::acos(-1.0)) - 0.3 * normal_cdf(-0.3 / s);
}

TEST(InnerNoise, The_printed_numbers_are_the_closed_forms) {
  EXPECT_NEAR(chance_with(1), 0.554, 1e-3);  // .5534
  EXPECT_NEAR(chance_with(16), 0.606, 5e-4);
  EXPECT_NEAR(information_with(1), 0.750, 5e-4);
  EXPECT_NEAR(information_with(16), 0.312, 5e-4);
  EXPECT_NEAR(information_with(1e12), 0.267, 5e-4);
}

/// 100,000 draws: within 4.9 errors of the jackknife's own expectation (false alarm 1e-6), and nearer to the truth than
/// the plug-in by more than those errors.
TEST(InnerNoise, The_jackknife_takes_most_of_the_bias_out) {
  for (const int replicates : {8, 16}) {
    const ReplicateHalves means = noisy_means(100000, replicates, 40 + static_cast<std::uint64_t>(replicates));
    const Jackknifed chance = jackknifed_chance(means, 1, 0);
    EXPECT_NEAR(chance.plug_in, chance_with(replicates), 4.9 * std::sqrt(0.25 / 1e5));
    EXPECT_NEAR(chance.value, 2 * chance_with(replicates) - chance_with(replicates / 2.0), 4.9 * chance.error);
    EXPECT_LT(std::abs(chance.value - normal_cdf(0.3)), std::abs(chance.plug_in - normal_cdf(0.3)));
    EXPECT_EQ(chance.correction(), chance.value - chance.plug_in);

    const Jackknifed information = jackknifed_information(means);
    const double expected = 2 * information_with(replicates) - information_with(replicates / 2.0);
    EXPECT_NEAR(information.plug_in, information_with(replicates), 0.012);
    EXPECT_NEAR(information.value, expected, 4.9 * information.error);
    EXPECT_LT(std::abs(information.value - information_with(1e12)) + 4.9 * information.error,
              std::abs(information.plug_in - information_with(1e12)));
  }
}

TEST(InnerNoise, Refuses_halves_of_another_shape) {
  ReplicateHalves means = noisy_means(10, 2, 1);
  means.first = MatrixXd::Zero(9, 2);
  const auto refusal = [&](Index arm) -> std::string {
    try {
      jackknifed_chance(means, arm, 0);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_EQ(refusal(1),
            "the jackknife needs finite means of two draws, over all replicates and over each half of them");
  means = noisy_means(10, 2, 1);
  EXPECT_EQ(refusal(2), "the jackknife needs arms that there are");
}

}  // namespace
}  // namespace desist::statistics
