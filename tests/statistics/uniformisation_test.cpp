// Laws of Markov chains against closed forms.
#include "engine/statistics/uniformisation.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>

namespace desist::statistics {
namespace {

double sum(const std::vector<double>& law) { return std::accumulate(law.begin(), law.end(), 0.0); }

double poisson(int k, double mean) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0)); }

/// Births at `birth` in every state but the last, deaths at `death` times the number.
std::vector<Transition> births_and_deaths(std::size_t states, double birth, double death) {
  std::vector<Transition> moves;
  for (std::size_t n = 0; n + 1 < states; ++n) {
    moves.push_back({n, n + 1, birth});
    moves.push_back({n + 1, n, death * static_cast<double>(n + 1)});
  }
  return moves;
}

TEST(Uniformisation, Two_states) {
  const double a = 0.7;  // from the first to the second
  const double b = 1.9;
  const std::vector<Transition> moves{{0, 1, a}, {1, 0, b}};
  for (const double t : {0.0, 1e-6, 0.1, 1.0, 10.0, 300.0}) {
    const auto law = law_at(moves, {1, 0}, t);
    EXPECT_NEAR(law[1], a / (a + b) * -std::expm1(-(a + b) * t), 2e-12) << t;
    EXPECT_NEAR(sum(law), 1, 2e-12) << t;
  }
}

TEST(Uniformisation, Births_are_Poisson) {
  std::vector<Transition> moves;
  std::vector<double> start(400, 0.0);
  start[0] = 1;
  for (std::size_t n = 0; n + 1 < start.size(); ++n) moves.push_back({n, n + 1, 3.0});
  const auto law = law_at(moves, start, 70);  // mean 210: four spans
  for (int k = 100; k < 330; ++k) EXPECT_NEAR(law[static_cast<std::size_t>(k)], poisson(k, 210), 2e-12) << k;
}

TEST(Uniformisation, Deaths_are_binomial) {
  std::vector<double> start(13, 0.0);
  start[12] = 1;
  const auto law = law_at(births_and_deaths(13, 0, 0.4), start, 1.5);
  const double alive = std::exp(-0.4 * 1.5);
  for (int k = 0; k <= 12; ++k) {
    const double ways = std::exp(std::lgamma(13.0) - std::lgamma(k + 1.0) - std::lgamma(13.0 - k));
    EXPECT_NEAR(law[static_cast<std::size_t>(k)], ways * std::pow(alive, k) * std::pow(1 - alive, 12 - k), 2e-12);
  }
}

TEST(Uniformisation, Unlimited_servers_from_empty_are_Poisson_at_every_time) {
  std::vector<double> start(120, 0.0);
  start[0] = 1;
  const auto moves = births_and_deaths(start.size(), 8, 0.5);
  for (const double t : {0.2, 2.0, 40.0}) {
    const auto law = law_at(moves, start, t);
    for (int k = 0; k < 60; ++k)
      EXPECT_NEAR(law[static_cast<std::size_t>(k)], poisson(k, 16 * -std::expm1(-0.5 * t)), 3e-12) << t << ' ' << k;
  }
}

TEST(Uniformisation, Goes_to_the_steady_state) {
  // One server, room for five: probabilities proportional to 1.5^n.
  std::vector<Transition> moves;
  for (std::size_t n = 0; n < 5; ++n) {
    moves.push_back({n, n + 1, 1.5});
    moves.push_back({n + 1, n, 1});
  }
  const auto law = law_at(moves, {1, 0, 0, 0, 0, 0}, 2000);
  double total = 0;
  for (int n = 0; n <= 5; ++n) total += std::pow(1.5, n);
  for (int n = 0; n <= 5; ++n) EXPECT_NEAR(law[static_cast<std::size_t>(n)], std::pow(1.5, n) / total, 2e-12);
}

TEST(Uniformisation, Twice_half_the_time_is_the_whole) {
  const std::vector<Transition> moves{{0, 1, 2}, {1, 2, 0.3}, {2, 0, 5}, {2, 1, 0.01}, {1, 1, 9}};
  const auto once = law_at(moves, {0.2, 0.5, 0.3}, 7);
  const auto twice = law_at(moves, law_at(moves, {0.2, 0.5, 0.3}, 3.5), 3.5);
  for (std::size_t state = 0; state < 3; ++state) EXPECT_NEAR(once[state], twice[state], 4e-12);
}

TEST(Uniformisation, Chains_that_stand_still_and_what_is_refused) {
  EXPECT_EQ(law_at({}, {0.25, 0.75}, 9), (std::vector<double>{0.25, 0.75}));
  const std::vector<Transition> none{{0, 1, 0}};
  EXPECT_EQ(law_at(none, {0.25, 0.75}, 9), (std::vector<double>{0.25, 0.75}));
  const std::vector<Transition> beyond{{0, 2, 1}};
  const std::vector<Transition> negative{{0, 1, -1}};
  const std::vector<Transition> one{{0, 1, 1}};
  EXPECT_THROW(law_at(beyond, {1, 0}, 1), std::invalid_argument);
  EXPECT_THROW(law_at(negative, {1, 0}, 1), std::invalid_argument);
  EXPECT_THROW(law_at(one, {1, 0}, -1), std::invalid_argument);
  EXPECT_THROW(law_at(one, {1, 0}, std::numeric_limits<double>::infinity()), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
