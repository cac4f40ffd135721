// Closed forms of careers (mathematics.md 1.9) against quadratures, a discrete chain and uniformisation.
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/desistance.hpp"
#include "engine/statistics/phase_counts.hpp"
#include "engine/statistics/presence.hpp"
#include "engine/statistics/prevalence.hpp"
#include "engine/statistics/rate_multiplier.hpp"
#include "engine/statistics/uniformisation.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

TEST(phase_counts_test, moments_are_those_of_mixed_Poisson_counts) {
  const double k = 0.7, mu = 1.9, s = 1.5, q = 0.2;
  const double mean = frailty_integral(k, mu, [&](double z) { return z * s; });
  const double square = frailty_integral(k, mu, [&](double z) { return z * s + z * s * z * s; });
  const double both = frailty_integral(k, mu, [&](double z) { return z * s * z * q; });
  EXPECT_NEAR(phase_count({k, mu}, s).mean, mean, 1e-9);
  EXPECT_NEAR(phase_count({k, mu}, s).variance, square - mean * mean, 1e-8);
  EXPECT_NEAR(phase_covariance({k, mu}, s, q), both - mean * mu * q, 1e-9);
  EXPECT_EQ(phase_count({infinity, 2}, 3).variance, 6);
  EXPECT_EQ(phase_covariance({infinity, 2}, 3, 1), 0);
  EXPECT_EQ(phase_count({1, 2}, 0).variance, 0);  // a phase of no length
  EXPECT_THROW(phase_count({1, 2}, -1), std::invalid_argument);
  EXPECT_THROW(phase_covariance({1, 2}, 1, missing), std::invalid_argument);
}

/// Mean and mean square of the time integral of a spell's factor, by steps of the chain.
std::array<double, 2> of_integral(const Spells& s, double b_quiet, double time) {
  constexpr int steps = 20000;
  const double h = time / steps;
  const double kappa = s.to_active + s.to_quiet;
  const double active = s.to_active / kappa;
  const double back = -std::expm1(-kappa * h);  // share that forgets its state in a step
  const std::array<double, 2> stationary{1 - active, active};
  const std::array<double, 2> factor{b_quiet, s.active_factor};
  std::array<double, 2> first{}, second{};  // of what is left of the integral, by state
  for (int i = 0; i < steps; ++i) {
    const double first_any = stationary[0] * first[0] + stationary[1] * first[1];
    const double second_any = stationary[0] * second[0] + stationary[1] * second[1];
    std::array<double, 2> one{}, two{};
    for (const std::size_t x : {0u, 1u}) {
      const double then = (1 - back) * first[x] + back * first_any;
      one[x] = factor[x] * h + then;
      two[x] = factor[x] * h * factor[x] * h + 2 * factor[x] * h * then + (1 - back) * second[x] + back * second_any;
    }
    first = one;
    second = two;
  }
  return {stationary[0] * first[0] + stationary[1] * first[1], stationary[0] * second[0] + stationary[1] * second[1]};
}

TEST(phase_counts_test, spells_add_the_variance_of_their_integral) {
  const Spells spells{0.8, 2.4, 3.1};
  const double quiet = quiet_factor(spells);
  EXPECT_NEAR(0.25 * 3.1 + 0.75 * quiet, 1, 1e-15);
  for (const double time : {0.4, 3.0, 11.0}) {
    const auto [first, second] = of_integral(spells, quiet, time);
    EXPECT_NEAR(first, time, 1e-9);
    const double k = 0.6, r = 1.4;
    const double variance = r * time + r * r * ((1 + 1 / k) * second - time * time);
    const CountMoments ours = count_with_spells({k, r}, spells, time);
    EXPECT_NEAR(ours.mean, r * time, 1e-12);
    EXPECT_NEAR(ours.variance / variance, 1, 1e-6) << time;
  }
}

TEST(phase_counts_test, spells_without_contrast_or_time_add_nothing) {
  EXPECT_NEAR(count_with_spells({2, 3}, {0.1, 0.9, 1}, 5).variance, phase_count({2, 3}, 5).variance, 1e-12);
  EXPECT_EQ(count_with_spells({2, 3}, {0.1, 0.9, 4}, 0).variance, 0);
  // Both sides of the switch between the series and the formula.
  const Spells spells{1, 1, 2};
  const double below = count_with_spells({infinity, 1}, spells, 0.000499999).variance;
  const double above = count_with_spells({infinity, 1}, spells, 0.000500001).variance;
  EXPECT_NEAR((above - below) / 2e-9, 1 + 2 * 0.0005, 1e-5);
}

TEST(phase_counts_test, spells_that_are_none_are_refused) {
  for (const Spells& wrong : {Spells{0, 1, 1}, Spells{1, 0, 1}, Spells{-1, 1, 1}, Spells{1, infinity, 1},
                              Spells{missing, 1, 1}, Spells{1, 3, 4.01}, Spells{1, 1, -0.1}, Spells{1, 1, missing}})
    EXPECT_THROW(count_with_spells({1, 1}, wrong, 1), std::invalid_argument);
  EXPECT_EQ(quiet_factor({1, 3, 4}), 0);  // all offending in active spells
}

/// E f(min(S, T)) over an exponential time S of hazard delta.
template <class F>
double over_desistance(double delta, double time, F f) {
  return simpson(0, time, [&](double s) { return delta * std::exp(-delta * s) * f(s); }) +
         std::exp(-delta * time) * f(time);
}

TEST(desistance_test, are_means_over_the_time_of_desistance) {
  for (const double delta : {0.05, 0.9, 4.0}) {
    for (const double time : {0.5, 3.0, 20.0}) {
      const ConstantCareer career{1.3, delta};
      EXPECT_NEAR(mean_events(career, time), over_desistance(delta, time, [](double s) { return 1.3 * s; }), 1e-8);
      EXPECT_NEAR(share_without_event(career, time),
                  over_desistance(delta, time, [](double s) { return std::exp(-1.3 * s); }), 1e-8);
    }
  }
  EXPECT_DOUBLE_EQ(mean_events({2, 0}, 3), 6);
  EXPECT_DOUBLE_EQ(share_without_event(ConstantCareer{2, 0}, 3), std::exp(-6));
  EXPECT_EQ(share_without_event(ConstantCareer{0, 0}, 3), 1);
}

TEST(desistance_test, first_events_are_those_of_a_split_population) {
  const double r = 0.8, delta = 0.3;
  for (const double time : {0.1, 2.0, 9.0}) {
    const double split = 1 - r / (r + delta) * (1 - std::exp(-(r + delta) * time));
    EXPECT_NEAR(share_without_event(ConstantCareer{r, delta}, time), split, 1e-14);
  }
}

TEST(desistance_test, frailty_is_averaged) {
  const double naive = frailty_integral(0.5, 2, [](double z) {
    return share_without_event(ConstantCareer{z, 0.4}, 3);
  });
  EXPECT_NEAR(share_without_event(GammaFrailty{0.5, 2}, 0.4, 3), naive, 1e-10);
  EXPECT_NEAR(share_without_event(GammaFrailty{0.5, 2}, 0, 3), share_without_event(GammaFrailty{0.5, 2}, 3), 1e-12);
  EXPECT_EQ(share_without_event(GammaFrailty{infinity, 2}, 0.4, 3), share_without_event(ConstantCareer{2, 0.4}, 3));
}

TEST(desistance_test, careers_that_are_none_are_refused) {
  for (const double wrong : {-1.0, missing, infinity}) {
    EXPECT_THROW(mean_events({wrong, 1}, 1), std::invalid_argument);
    EXPECT_THROW(mean_events({1, wrong}, 1), std::invalid_argument);
    EXPECT_THROW(share_without_event(ConstantCareer{1, 1}, wrong), std::invalid_argument);
    EXPECT_THROW(share_without_event(GammaFrailty{1, 1}, wrong, 1), std::invalid_argument);
  }
}

TEST(prevalence_test, never_share_scales_it) {
  const double some = frailty_integral(0.6, 0.4, [](double z) { return -std::expm1(-z * 5); });
  EXPECT_NEAR(prevalence_with_never({0.6, 0.4}, 0.3, 5), 0.7 * some, 1e-10);
  EXPECT_EQ(prevalence_with_never({0.6, 0.4}, 1, 5), 0);
  for (const double wrong : {-0.1, 1.1, missing})
    EXPECT_THROW(prevalence_with_never({1, 1}, wrong, 1), std::invalid_argument);
}

TEST(prevalence_test, proven_in_time) {
  EXPECT_NEAR(proven_prevalence({infinity, 0.05}, {12, 6, 0.3}), 0.436, 5e-4);
  for (const double v : {0.05, 0.3, 5.0}) {
    const double naive = simpson(0, 12, [&](double u) { return -std::expm1(-v * (18 - u)); });
    EXPECT_NEAR(proven_exposure({12, 6, v}), naive, 1e-9) << v;
  }
  EXPECT_EQ(proven_exposure({12, 6, infinity}), 12);
  EXPECT_EQ(proven_exposure({12, 6, 0}), 0);
  EXPECT_EQ(proven_exposure({0, 6, 1}), 0);
  EXPECT_NEAR(proven_prevalence({0.8, 0.05}, {12, 6, 0.3}),
              frailty_integral(0.8, 0.05,
                               [](double z) {
                                 return -std::expm1(-z * proven_exposure({12, 6, 0.3}));
                               }),
              1e-10);
  for (const Proof& wrong : {Proof{-1, 6, 1}, Proof{12, infinity, 1}, Proof{12, 6, -1}, Proof{12, 6, missing}})
    EXPECT_THROW(proven_exposure(wrong), std::invalid_argument);
}

TEST(presence_test, free_or_in_custody_is_a_chain_of_two_states) {
  const std::array<Transition, 2> moves{{{0, 1, 0.6}, {1, 0, 2.1}}};
  for (const double time : {0.0, 0.2, 1.0, 30.0})
    EXPECT_NEAR(share_free(0.6, 2.1, time), law_at(moves, {1, 0}, time)[0], 1e-11) << time;
  EXPECT_NEAR(share_free(0.6, 2.1, 1e3), long_run_share_free(0.6, 1 / 2.1), 1e-12);
  EXPECT_EQ(share_free(0, 0, 5), 1);
  EXPECT_NEAR(share_free(0.6, 0, 5), std::exp(-3), 1e-15);
  for (const double wrong : {-1.0, missing, infinity}) {
    EXPECT_THROW(share_free(wrong, 1, 1), std::invalid_argument);
    EXPECT_THROW(share_free(1, wrong, 1), std::invalid_argument);
    EXPECT_THROW(share_free(1, 1, wrong), std::invalid_argument);
    EXPECT_THROW(long_run_share_free(wrong, 1), std::invalid_argument);
    EXPECT_THROW(long_run_share_free(1, wrong), std::invalid_argument);
  }
}

TEST(presence_test, engaged_are_those_who_came_and_stayed) {
  const std::array<Starts, 3> starts{{{0, 4, 2.5}, {4, 7, 0.5}, {7, 12, 6}}};
  const auto exponential = [](double x) { return -std::expm1(-0.7 * x) / 0.7; };
  const auto fixed = [](double x) { return std::min(x, 2.0); };
  for (const double time : {1.0, 4.0, 5.5, 10.0, 14.0}) {
    double naive = 0, naive_fixed = 0;
    for (const Starts& s : starts) {
      if (s.from >= time) continue;
      const double to = std::min(s.to, time);
      naive += s.rate * simpson(s.from, to, [&](double u) { return std::exp(-0.7 * (time - u)); });
      naive_fixed += s.rate * std::max(0.0, to - std::max(s.from, time - 2));
    }
    EXPECT_NEAR(mean_engaged(starts, exponential, time), naive, 1e-10) << time;
    EXPECT_NEAR(mean_engaged(starts, fixed, time), naive_fixed, 1e-12) << time;
  }
  EXPECT_EQ(mean_engaged(starts, exponential, 0), 0);
}

TEST(rate_multiplier_test, solved_is_the_closed_form_where_there_is_one) {
  const double p1 = 8.0 / 70, p0 = 10.0 / 49;
  for (const double k : {0.5, 3.0}) {
    const double exposure = k * (std::pow(1 - p0, -1 / k) - 1);
    const auto found = solve_rate_multiplier(
        [&](double m) {
          return share_with_event({k, m}, exposure);
        },
        p1, 0.01, 100);
    EXPECT_EQ(found.at, SolvedMultiplier::At::root);
    EXPECT_NEAR(found.multiplier, *rate_multiplier(p1, p0, k), 1e-13);
  }
}

TEST(rate_multiplier_test, desistance_changes_the_multiplier_and_bounds_are_said) {
  const auto prevalence = [](double m) { return 1 - share_without_event(GammaFrailty{0.8, 0.6 * m}, 0.5, 2); };
  const auto found = solve_rate_multiplier(prevalence, 0.7 * prevalence(1), 1e-3, 10);
  EXPECT_NEAR(prevalence(found.multiplier), 0.7 * prevalence(1), 1e-13);
  EXPECT_EQ(solve_rate_multiplier(prevalence, 0, 1e-3, 10).at, SolvedMultiplier::At::least);
  EXPECT_EQ(solve_rate_multiplier(prevalence, 0, 1e-3, 10).multiplier, 1e-3);
  EXPECT_EQ(solve_rate_multiplier(prevalence, 1, 1e-3, 10).at, SolvedMultiplier::At::most);
  EXPECT_THROW(solve_rate_multiplier(prevalence, 0.2, 0, 10), std::invalid_argument);
  EXPECT_THROW(solve_rate_multiplier(prevalence, 0.2, 2, 2), std::invalid_argument);
  EXPECT_THROW(solve_rate_multiplier(prevalence, 1.2, 0.1, 2), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
