// Who completes a course that does nothing: against closed forms, a naive quadrature and people simulated one by one.
#include "engine/statistics/selection_mechanism.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/course_drop_out.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

SelectionShares table(double x0, double n0, double xb, double nb, double nc) {
  const double pi = nc / (nb + nc);
  return {x0 / n0, pi, completer_risk_without_effect(x0 / n0, xb / nb, pi)};
}
const SelectionShares cara = table(10, 49, 7, 16, 54);
const SelectionShares arv = table(124, 318, 40, 87, 164);
const SelectionShares arda = table(40, 134, 3, 35, 20);

TEST(selection_mechanism_test, shares_in_proportion_are_the_closed_forms) {
  for (const double k : {0.3, 1.0, 4.0, infinity})
    for (const double beta : {0.0, 0.4, 1.0}) {
      const CourseRisks closed = course_risks({k, 0.3, 0.9, beta, 0.25, 1.5});
      const SelectionYield ours = selection_yield({k, 0.3, 0.9, 1, beta, 0.25, 1.5});
      EXPECT_NEAR(ours.completed_share, closed.completed_share, 1e-11);
      EXPECT_NEAR(ours.referred.risk, closed.referred_risk, 1e-11);
      EXPECT_NEAR(ours.completers.risk, closed.completer_risk, 1e-11);
      EXPECT_NEAR(ours.breachers->risk, *closed.breach_risk, 1e-10);
      EXPECT_NEAR(ours.referred.offences, 0.3 * 1.5, 1e-11);
    }
}

TEST(selection_mechanism_test, other_powers_are_integrals_over_people) {
  for (const double gamma : {0.0, 0.5, 2.0}) {
    const SelectionMechanism m{0.8, 0.6, 0.9, gamma, 0.3, 0.5, 2};
    const auto over = [](auto f) { return frailty_integral(0.8, 1, f); };
    const auto drop = [&](double z) { return 0.5 * 0.9 * std::pow(z, gamma); };
    const double completed = over([&](double z) { return std::exp(-drop(z) - 0.5 * 0.3 * 0.6 * z); });
    const double calm = over([&](double z) { return std::exp(-drop(z) - 2 * 0.6 * z); });
    const SelectionYield ours = selection_yield(m);
    EXPECT_NEAR(ours.completed_share, completed, 1e-9);
    EXPECT_NEAR(ours.completers.risk, 1 - calm / completed, 1e-9);
    // Times by Simpson's rule over the density of a completer's first offence.
    const auto density = [&](double t) {
      return over([&](double z) {
        const double a = 0.6 * z;
        return t < 0.5 ? 0.7 * a * std::exp(-drop(z) - a * t - 0.3 * a * (0.5 - t)) : a * std::exp(-drop(z) - a * t);
      });
    };
    const double sum = simpson(
                           0, 0.5 - 1e-12, [&](double t) { return t * density(t); }, 40) +
                       simpson(
                           0.5, 2, [&](double t) { return t * density(t); }, 40);
    EXPECT_NEAR(ours.completers.first_time, sum / (completed - calm), 1e-6);
  }
}

/// People one by one: rates exponential (k = 1), offences one after the other, coins for breaches.
struct Simulated {
  std::vector<double> completed, referred_time, completer_risk, completer_time, completer_offences, breacher_time,
      breacher_offences, by_definition;
};
Simulated simulate(const SelectionMechanism& m, int people) {
  std::mt19937_64 engine(20240607);
  const auto uniform = [&] { return (static_cast<double>(engine() >> 11U) + 0.5) * 0x1p-53; };
  Simulated all;
  for (int i = 0; i < people; ++i) {
    const double z = -std::log(uniform());
    const double leaves = -std::log(uniform()) / (m.drop_out * std::pow(z, m.by_rate));
    double end = std::min(leaves, m.course), first = -1, offences = 0;
    bool completed = leaves >= m.course, by_offence = false;
    for (double t = -std::log(uniform()) / (m.rate * z); t < m.followed; t -= std::log(uniform()) / (m.rate * z)) {
      if (first < 0) first = t;
      ++offences;
      if (t < end && uniform() < m.breach) {
        completed = false;
        by_offence = true;
        end = t;
      }
    }
    all.completed.push_back(completed);
    if (first >= 0) all.referred_time.push_back(first);
    if (completed) {
      all.completer_risk.push_back(first >= 0);
      all.completer_offences.push_back(offences);
      if (first >= 0) all.completer_time.push_back(first);
    } else {
      all.breacher_offences.push_back(offences);
      if (first >= 0) all.breacher_time.push_back(first);
      if (first >= 0) all.by_definition.push_back(by_offence);
    }
  }
  return all;
}
int disagreements(const Simulated& simulated, const SelectionYield& yield) {
  const auto wrong = [](const std::vector<double>& values, double expected) {
    return test::agrees(values, expected) ? 0 : 1;
  };
  return wrong(simulated.completed, yield.completed_share) + wrong(simulated.referred_time, yield.referred.first_time) +
         wrong(simulated.completer_risk, yield.completers.risk) +
         wrong(simulated.completer_time, yield.completers.first_time) +
         wrong(simulated.completer_offences, yield.completers.offences) +
         wrong(simulated.breacher_time, yield.breachers->first_time) +
         wrong(simulated.breacher_offences, yield.breachers->offences) +
         wrong(simulated.by_definition, yield.by_definition);
}

// Shares have a deviation of at most .5, so 400,000 people find a bias of 8 x .5/sqrt(200,000) = .009 with a chance of
// .999 in every one of them; a false alarm has 1 in a million each.
TEST(selection_mechanism_test, people_one_by_one) {
  const SelectionMechanism m{1, 0.7, 0.8, 1.5, 0.5, 0.5, 2};
  const Simulated simulated = simulate(m, 400000);
  EXPECT_EQ(disagreements(simulated, selection_yield(m)), 0);
  for (double SelectionMechanism::*field : {&SelectionMechanism::rate, &SelectionMechanism::drop_out,
                                            &SelectionMechanism::by_rate, &SelectionMechanism::breach}) {
    SelectionMechanism other = m;
    other.*field *= 1.1;  // it can fail
    EXPECT_GT(disagreements(simulated, selection_yield(other)), 0);
  }
}

/// Why a shape and a chance to breach have no mechanism, from what its ends leave; nothing where they have one.
///
/// With no drop-out beyond breaches too few complete; with drop-out alike for all (gamma = 0) completers offend the
/// most that selection leaves them: 1 - E exp(-rTZ)/E exp(-beta r L Z), each (1 + s/k)^-k; at gamma = 5 the least, by
/// naive integrals and bisection.
std::optional<NoMechanism> why_none(const SelectionShares& shares, double k, double beta, double course,
                                    double followed) {
  const double calm = 1 - shares.referred_risk;
  const double rate = k * (std::pow(calm, -1 / k) - 1) / followed, breached = beta * rate * course;
  const double not_breached = std::pow(1 + breached / k, -k);
  if (not_breached < shares.completed_share) return NoMechanism::breaches_end_too_many;
  if (1 - calm / not_breached < shares.completer_risk) return NoMechanism::completers_offend_more;
  const auto left = [&](double drop, double exposure) {
    return frailty_integral(k, 1, [&](double z) { return std::exp(-drop * std::pow(z, 5) - exposure * z); });
  };
  double low = -60, high = 60;  // of the logarithm of the course's drop-out
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (left(std::exp(middle), breached) > shares.completed_share ? low : high) = middle;
  }
  const double risk = 1 - left(std::exp(low), rate * followed) / shares.completed_share;
  return risk > shares.completer_risk ? std::optional(NoMechanism::too_strong) : std::nullopt;
}

TEST(selection_mechanism_test, every_point_gives_the_tables_shares_or_says_why_not) {
  for (const SelectionShares& shares : {cara, arv})
    for (const double k : {0.25, 0.5, 1.0, 3.0, 10.0})
      for (const double beta : {0.0, 0.5, 1.0}) {
        const auto behind = mechanism_behind(shares, k, beta, 4, 12);
        const auto expected = why_none(shares, k, beta, 4, 12);
        const auto* m = std::get_if<SelectionMechanism>(&behind);
        ASSERT_EQ(m == nullptr, expected.has_value()) << k << " " << beta;
        if (m == nullptr) {
          EXPECT_EQ(std::get<NoMechanism>(behind), *expected) << k << " " << beta;
          continue;
        }
        const SelectionYield yield = selection_yield(*m);
        EXPECT_NEAR(yield.completed_share, shares.completed_share, 1e-10);
        EXPECT_NEAR(yield.referred.risk, shares.referred_risk, 1e-10);
        EXPECT_NEAR(yield.completers.risk, shares.completer_risk, 1e-9);
      }
}

TEST(selection_mechanism_test, published_tables) {
  // mathematics.md 2.7: in proportion to rates, without breaches, CARA needs a shape of about .5 and ARV about 3.
  for (const auto& [shares, about] : {std::pair(cara, 0.5), std::pair(arv, 3.0)}) {
    const double k = *shape_behind_completers(shares.referred_risk, shares.completed_share, shares.completer_risk);
    EXPECT_NEAR(k, about, 0.2 * about);
    const auto behind = mechanism_behind(shares, k, 0, 4, 12);
    EXPECT_NEAR(std::get<SelectionMechanism>(behind).by_rate, 1, 1e-6);
    // smaller shapes select too hard: the power is below 1
    EXPECT_LT(std::get<SelectionMechanism>(mechanism_behind(shares, k / 2, 0, 4, 12)).by_rate, 1);
  }
  for (const double k : {0.1, 1.0, 10.0})
    EXPECT_EQ(std::get<NoMechanism>(mechanism_behind(arda, k, 0, 4, 12)), NoMechanism::completers_offend_more);
}

TEST(selection_mechanism_test, why_there_is_none) {
  // all alike: drop-out by rate tells nobody apart
  EXPECT_EQ(std::get<NoMechanism>(mechanism_behind(cara, infinity, 0, 4, 12)), NoMechanism::too_strong);
  // nearly everybody offends in the course, and each offence ends it
  EXPECT_EQ(std::get<NoMechanism>(mechanism_behind({0.9, 0.8, 0.89}, 5, 1, 12, 12)),
            NoMechanism::breaches_end_too_many);
  // completers as everyone: drop-out that has nothing to do with offending
  EXPECT_EQ(std::get<SelectionMechanism>(mechanism_behind({0.3, 0.6, 0.3}, 1, 0, 4, 12)).by_rate, 0);
}

TEST(selection_mechanism_test, nobody_leaving) {
  const SelectionYield yield = selection_yield({1, 0.5, 0, 1, 0, 1, 2});
  EXPECT_FALSE(yield.breachers);
  EXPECT_NEAR(yield.completers.risk, yield.referred.risk, 1e-15);
  EXPECT_NEAR(yield.completers.first_time, yield.referred.first_time, 1e-12);
  EXPECT_EQ(yield.by_definition, 0);
}

TEST(selection_mechanism_test, what_can_not_be_is_refused) {
  const SelectionMechanism good{1, 1, 1, 1, 0.5, 0.5, 1};
  for (double SelectionMechanism::*field :
       {&SelectionMechanism::shape, &SelectionMechanism::rate, &SelectionMechanism::drop_out,
        &SelectionMechanism::by_rate, &SelectionMechanism::breach, &SelectionMechanism::course,
        &SelectionMechanism::followed})
    for (const double wrong : {-1.0, missing}) {
      SelectionMechanism bad = good;
      bad.*field = wrong;
      EXPECT_THROW(selection_yield(bad), std::invalid_argument);
    }
  for (const double wrong : {0.0, 1.0, missing}) {
    EXPECT_THROW(mechanism_behind({wrong, 0.5, 0.2}, 1, 0, 1, 2), std::invalid_argument);
    EXPECT_THROW(mechanism_behind({0.3, wrong, 0.2}, 1, 0, 1, 2), std::invalid_argument);
  }
  EXPECT_THROW(mechanism_behind(cara, 1, 0, 3, 2), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
