// A cohort joined to a caseload against closed forms.
//
// Tolerance: 4.9 standard errors between replicates (mean_check.hpp: false alarm 1e-6); each check also asks that its
// error is small enough to find the bias that it names.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

/// People who come evenly over the window to a service whose supports are exponential with mean `support` weeks:
/// planned for ever, and left at a hazard.
CohortCaseloadParameters exponential_service(int people, double rate, int weeks, double slots, double support) {
  CohortCaseloadParameters p = plain_joined(people, rate, slots, 1000);
  p.arrive_over = weeks;
  static_cast<ProgrammeParameters&>(p).drop_out = weeks_per_year / support;
  return p;
}

/// Mean number waiting in M/M/c (Erlang C): C rho / (1 - rho).
double erlang_queue(double load, int servers) {
  double term = 1;
  double below = 0;
  for (int k = 0; k < servers; ++k) {
    below += term;
    term *= load / (k + 1);
  }
  const double rho = load / servers;
  const double all_busy = term / (1 - rho);
  return all_busy / (below + all_busy) * rho / (1 - rho);
}

// 2,400 people come over 500 weeks, 4.8 a week, to 4 slots with supports of mean half a week: load 2.4, rho 0.6. What
// is left of an empty start after 100 weeks is nothing: relaxation is 0.5 / (sqrt 4 - sqrt 2.4)^2 = 2.5 weeks. Erlang's
// Lq is a mean over numbers of people N ~ Poisson; of N as fixed as here it is Lq - Lq''(load) load^2 / (2 N). A bias
// of a fifth is found.
TEST(CohortCaseloadLaw, Waits_as_in_a_queue_and_offends_meanwhile) {
  constexpr double rate = 6;
  const double curvature = (erlang_queue(2.41, 4) - 2 * erlang_queue(2.4, 4) + erlang_queue(2.39, 4)) / 1e-4;
  const double waiting = erlang_queue(2.4, 4) - curvature * 2.4 * 2.4 / 2 / 2400;
  EXPECT_NEAR(waiting, 0.4284, 5e-5);
  const CohortCaseloadPlan plan(exponential_service(2400, rate, 500, 4, 0.5), weeks_from_january(500));
  std::vector<double> queue;
  std::vector<double> surplus;
  for (std::uint64_t r = 0; r < 150; ++r) {
    const auto [outcomes, series] = run(plan, r);
    double sum = 0;
    for (std::size_t week = 100; week < 500; ++week) sum += series.backlog[week];
    queue.push_back(sum / 400);
    // Offences while waiting: rate x mean wait x referrals.
    surplus.push_back(outcomes.offences_waiting - rate * outcomes.years_waiting);
    EXPECT_NEAR(outcomes.years_waiting, outcomes.mean_wait * outcomes.referred / weeks_per_year, 0.1);
  }
  EXPECT_TRUE(agrees(queue, waiting)) << mean_of(queue).value;
  EXPECT_LT(mean_of(queue).standard_error, 0.04 * waiting);
  EXPECT_TRUE(agrees(surplus, 0)) << mean_of(surplus).value;
  EXPECT_LT(mean_of(surplus).standard_error, 0.02 * rate * waiting * 500 / weeks_per_year);
}

// An effect m on the rate that lasts as long as support does: each year of support averts rate x (1 - m) offences, so
// what waiting costs is that times the years of support that it takes away.
TEST(CohortCaseloadLaw, What_waiting_costs_is_the_effect_of_the_support_that_is_lost) {
  constexpr double rate = 8;
  constexpr double effect = 0.4;
  CohortCaseloadParameters parameters = exponential_service(300, rate, 100, 18, 10);
  parameters.rate_effect.values = {effect};
  parameters.patience = 10;
  const CohortCaseloadPlan scarce(parameters, weeks_from_january(120));
  parameters.clients_each = 1000;
  const CohortCaseloadPlan unlimited(parameters, weeks_from_january(120));
  std::vector<double> cost;
  std::vector<double> surplus;
  for (std::uint64_t r = 0; r < 400; ++r) {
    const auto a = run(scarce, r);
    const auto b = run(unlimited, r);
    const double lost = (std::accumulate(b.series.in_programme.begin(), b.series.in_programme.end(), 0.0) -
                         std::accumulate(a.series.in_programme.begin(), a.series.in_programme.end(), 0.0)) /
                        weeks_per_year;
    cost.push_back(a.outcomes.offences - b.outcomes.offences);
    surplus.push_back(cost.back() - rate * (1 - effect) * lost);
  }
  EXPECT_TRUE(agrees(surplus, 0)) << mean_of(surplus).value;
  EXPECT_GT(mean_of(cost).value, 50);
  EXPECT_LT(mean_of(surplus).standard_error, 0.01 * mean_of(cost).value);
}

// Offences that nobody sees, while waiting: all together are one Poisson number around rate x time, whatever is seen.
TEST(CohortCaseloadLaw, Offences_while_waiting_count_those_that_nobody_sees) {
  CohortCaseloadParameters parameters = plain_joined(200, 5, 20, 10);
  parameters.detected.values = {0.3};
  for (const auto record : {CareerParameters::Record::totals, CareerParameters::Record::every_offence}) {
    parameters.record = record;
    const CohortCaseloadPlan plan(parameters, weeks_from_january(60));
    std::vector<double> expected, surplus, squares, recorded;
    for (std::uint64_t r = 0; r < 400; ++r) {
      const auto [outcomes, series] = run(plan, r);
      surplus.push_back(outcomes.offences_waiting - 5 * outcomes.years_waiting);
      squares.push_back(surplus.back() * surplus.back());
      recorded.push_back(outcomes.recorded_waiting - 1.5 * outcomes.years_waiting);
      expected.push_back(5 * outcomes.years_waiting);
    }
    EXPECT_TRUE(agrees(surplus, 0)) << mean_of(surplus).value;
    EXPECT_TRUE(agrees(recorded, 0)) << mean_of(recorded).value;
    EXPECT_TRUE(agrees(squares, mean_of(expected).value)) << mean_of(squares).value;  // a Poisson number's variance
  }
}

// People who come evenly over A of the window's T weeks are seen for T - A/2 weeks on average.
TEST(CohortCaseloadLaw, People_come_evenly) {
  CohortCaseloadParameters parameters = plain_joined(200, 5, 0, 10);
  parameters.arrive_over = 60;
  const CohortCaseloadPlan plan(parameters, weeks_from_january(100));
  std::vector<double> offences;
  std::vector<double> early;
  for (std::uint64_t r = 0; r < 400; ++r) {
    const auto [outcomes, series] = run(plan, r);
    offences.push_back(outcomes.offences);
    early.push_back(series.backlog[14]);  // after 15 weeks a quarter
  }
  EXPECT_TRUE(agrees(offences, 200 * 5 / weeks_per_year * 70)) << mean_of(offences).value;
  EXPECT_LT(mean_of(offences).standard_error, 0.002 * mean_of(offences).value);
  EXPECT_TRUE(agrees(early, 50)) << mean_of(early).value;
}

}  // namespace
}  // namespace desist
