// Shares of variance against closed forms. n = 4,000 draws of independent uniforms.
#include "engine/estimation/sensitivity.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/stream.hpp"

namespace desist {
namespace {

constexpr std::size_t draws = 4000;
constexpr Purpose purpose{"sensitivity test"};

std::vector<double> uniforms(std::uint64_t entity) {
  std::vector<double> values(draws);
  for (std::size_t d = 0; d < draws; ++d) values[d] = uniform(Streams(7, d, 0).words(purpose, entity)[0]);
  return values;
}

std::vector<double> zeros_and_ones(std::uint64_t entity, const std::vector<double>& chances) {
  std::vector<double> values = uniforms(entity);
  for (std::size_t d = 0; d < draws; ++d) values[d] = values[d] < chances[d] ? 1 : 0;
  return values;
}

// Five standard errors: a correct estimate fails once in two million times.
constexpr double sigmas = 5;

TEST(Sensitivity, SharesOfALinearSumAreTheirVariances) {
  const auto a = uniforms(1);
  const auto b = uniforms(2);
  std::vector<double> x(draws);
  for (std::size_t d = 0; d < draws; ++d) x[d] = 3 * a[d] + b[d];
  const VarianceShare of_a = explained_variance(x, {a});
  const VarianceShare of_b = explained_variance(x, {b});
  EXPECT_NEAR(of_a.explained, 9.0 / 12, sigmas * of_a.standard_error);
  EXPECT_NEAR(of_b.explained, 1.0 / 12, sigmas * of_b.standard_error);
  EXPECT_LT(of_a.standard_error, 0.03);  // else the check could not tell 9/12 from 8/12
  // Both together leave nothing unexplained.
  const VarianceShare both = explained_variance(x, {a, b});
  EXPECT_NEAR(both.explained, 10.0 / 12, sigmas * both.standard_error);
}

TEST(Sensitivity, ACurveIsSeenThatALineMisses) {
  const auto a = uniforms(3);
  std::vector<double> x(draws);
  for (std::size_t d = 0; d < draws; ++d) x[d] = (a[d] - 0.5) * (a[d] - 0.5);  // no correlation with a at all
  const VarianceShare of_a = explained_variance(x, {a});
  const double exact = 1.0 / 180;  // Var (u - 1/2)^2 = 1/80 - 1/144
  EXPECT_NEAR(of_a.explained, exact, 0.02 * exact + sigmas * of_a.standard_error);
  EXPECT_GT(of_a.explained, 0.9 * exact);
}

TEST(Sensitivity, LuckIsNotCounted) {
  // x is 0 or 1 with chance a: Var E[x | a] = 1/12, the rest is luck. In-sample fits would count some of the luck.
  const auto a = uniforms(4);
  const auto x = zeros_and_ones(5, a);
  const VarianceShare of_a = explained_variance(x, {a});
  EXPECT_NEAR(of_a.explained, 1.0 / 12, sigmas * of_a.standard_error);
  // A parameter that plays no part explains nothing, and its estimate may fall below zero.
  const VarianceShare of_none = explained_variance(x, {uniforms(6)});
  EXPECT_NEAR(of_none.explained, 0, sigmas * of_none.standard_error);
  EXPECT_LE(of_none.explained, 0.001);
}

TEST(Sensitivity, AParameterThatNeverMovesExplainsNothing) {
  const VarianceShare share = explained_variance(uniforms(7), {std::vector<double>(draws, 3.0)});
  EXPECT_NEAR(share.explained, 0, 1e-12);
}

TEST(Sensitivity, TwoValuesAreFittedByALine) {
  const auto two = zeros_and_ones(8, std::vector<double>(draws, 0.5));
  std::vector<double> x(draws);
  for (std::size_t d = 0; d < draws; ++d) x[d] = 2 * two[d];
  const VarianceShare share = explained_variance(x, {two});
  EXPECT_NEAR(share.explained, 1.0, sigmas * share.standard_error + 0.01);
}

TEST(Sensitivity, TooFewDrawsSayNothing) {
  const std::vector<double> few(99, 1.0);
  EXPECT_TRUE(std::isinf(explained_variance(few, {few}).standard_error));
}

}  // namespace
}  // namespace desist
