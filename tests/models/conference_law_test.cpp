// The conference follows its laws: exact results for simple queues, each check first shown to find a fault.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each. The bias found with
// probability .999 is 8 standard errors; it is stated where the number of replicates is chosen.
#include <cmath>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/models/conference_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

/// P(S = k), k = 0 .. most, for S Poisson.
std::vector<double> poisson_law(double mean, int most) {
  std::vector<double> law;
  double log_probability = -mean;
  for (int k = 0; k <= most; ++k) {
    law.push_back(std::exp(log_probability));
    log_probability += std::log(mean / (k + 1));
  }
  return law;
}

/// E[(S - c)+] for S Poisson.
double mean_excess(double mean, int c) {
  const auto law = poisson_law(mean, static_cast<int>(mean + 40 * std::sqrt(mean) + 40));
  double sum = 0;
  for (std::size_t k = static_cast<std::size_t>(c); k < law.size(); ++k) sum += (static_cast<double>(k) - c) * law[k];
  return sum;
}

/// Cases left after meeting n from empty (Spitzer 1956): sum over j <= n of E[(S_j - j c)+] / j, S_j ~ Poisson(j nu).
double left_after(int n, double nu, int c) {
  double sum = 0;
  for (int j = 1; j <= n; ++j) sum += mean_excess(j * nu, j * c) / j;
  return sum;
}

struct Row {
  double lambda, T, b, before, after, wait, all_served;
};
std::vector<Row> bulk_queues() {
  std::ifstream file(DESIST_TEST_DATA "/reference/bulk_queue.csv");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line[0] == 'l') continue;
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream cells(line);
    Row row{};
    cells >> row.lambda >> row.T >> row.b >> row.before >> row.after >> row.wait >> row.all_served;
    rows.push_back(row);
  }
  return rows;
}

/// One long run each: left after an epoch, share of epochs at which all were served, mean wait of those served.
struct Steady {
  std::vector<double> left, all_served, wait;
};
Steady steady_state(const Row& row, double referrals, Record record, int replicates) {
  const int epochs = 3000;  // as many again to forget the empty start: relaxation takes below 400
  const int weeks = static_cast<int>(row.T) * 2 * epochs;
  ConferenceParameters parameters = plain(1, referrals, row.b / row.T);
  parameters.meeting_interval = row.T;
  parameters.record = record;
  const ConferencePlan plan(parameters, window_of(weeks));
  Steady result;
  for (int r = 0; r < replicates; ++r) {
    const ConferenceTally sums = tally(plan, Streams(11, 0, static_cast<std::uint64_t>(r)));
    double left = 0;
    double none = 0;
    for (int k = weeks / 2; k < weeks; k += static_cast<int>(row.T)) {
      left += sums.left[static_cast<std::size_t>(k)];
      none += sums.left[static_cast<std::size_t>(k)] == 0;
    }
    WaitSum waits;
    for (std::size_t w = sums.by_hearing.size() / 2; w < sums.by_hearing.size(); ++w) {
      waits.cases += sums.by_hearing[w].cases;
      waits.weeks += sums.by_hearing[w].weeks;
    }
    result.left.push_back(left / epochs);
    result.all_served.push_back(none / epochs);
    result.wait.push_back(waits.mean());
  }
  return result;
}

TEST(ConferenceLaw, Stationary_bulk_service_queue) {
  const auto rows = bulk_queues();
  ASSERT_EQ(rows.size(), 3u);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.T);
    for (const Record record : {Record::counts, Record::every_case}) {
      const int replicates = record == Record::counts ? 200 : 20;  // rho = .9: sd 1.5, finds a bias of .8 (3) cases
      const Steady found = steady_state(row, row.lambda, record, replicates);
      EXPECT_TRUE(agrees(found.left, row.after));
      EXPECT_TRUE(agrees(found.all_served, row.all_served));
      EXPECT_TRUE(agrees(found.wait, row.wait));
    }
    const Steady fault = steady_state(row, 1.02 * row.lambda, Record::counts, 200);
    EXPECT_FALSE(agrees(fault.left, row.after));
    EXPECT_FALSE(agrees(fault.all_served, row.all_served));
  }
}

std::vector<double> left_at_end(const ConferenceParameters& parameters, int weeks, int replicates) {
  const ConferencePlan plan(parameters, window_of(weeks));
  std::vector<double> left;
  for (int r = 0; r < replicates; ++r)
    left.push_back(tally(plan, Streams(12, 0, static_cast<std::uint64_t>(r))).left[static_cast<std::size_t>(weeks)]);
  return left;
}

TEST(ConferenceLaw, Spitzer_formula_below_at_and_above_capacity) {
  EXPECT_NEAR(left_after(52, 22.0024, 22), 24.43, 0.005);  // mathematics.md 4.4
  for (const double nu : {20.0, 22.0, 22.0024, 25.0}) {
    SCOPED_TRACE(nu);
    ConferenceParameters parameters = plain(1, nu, 22);
    parameters.record = Record::counts;
    const int replicates = 20'000;  // sd up to 35: finds a bias of about 2 cases at nu = 25, .01 at nu = 20
    EXPECT_TRUE(agrees(left_at_end(parameters, 52, replicates), left_after(52, nu, 22)));
    parameters.referrals = Steps(nu + 0.25);
    EXPECT_FALSE(agrees(left_at_end(parameters, 52, replicates), left_after(52, nu, 22)));
  }
}

TEST(ConferenceLaw, Overload_drifts_by_demand_less_capacity_for_ever) {
  ConferenceParameters parameters = plain(1, 25, 22);
  parameters.record = Record::counts;
  parameters.starting_backlog = 10;                       // never empty again
  const auto left = left_at_end(parameters, 500, 2'000);  // sd sqrt(500 * 25) = 112: finds a bias of 20 in 1,720
  EXPECT_TRUE(agrees(left, 220 + 500 * (25 - 22)));
  EXPECT_FALSE(agrees(left, 220 + 500 * (25.1 - 22)));
}

/// The law of the number left after `meetings` weekly meetings, by repeated multiplication with the transition matrix:
/// Poisson(nu) arrive, and a meeting hears up to c with probability p for each (c, p) of `hearings`.
std::vector<double> law_by_matrix(std::vector<double> law, int meetings, double nu,
                                  const std::vector<std::pair<std::size_t, double>>& hearings) {
  const auto arrivals = poisson_law(nu, 80);
  for (int n = 0; n < meetings; ++n) {
    std::vector<double> next(law.size() + arrivals.size(), 0.0);
    for (std::size_t i = 0; i < law.size(); ++i) {
      for (std::size_t a = 0; a < arrivals.size(); ++a) {
        const std::size_t before = i + a;
        for (const auto& [c, p] : hearings) next[before > c ? before - c : 0] += law[i] * arrivals[a] * p;
      }
    }
    law = std::move(next);
  }
  return law;
}

double mean_of_law(const std::vector<double>& law) {
  double mean = 0;
  for (std::size_t i = 0; i < law.size(); ++i) mean += static_cast<double>(i) * law[i];
  return mean;
}

TEST(ConferenceLaw, Small_system_with_filter_and_cancelled_meetings_by_matrix) {
  ConferenceParameters parameters = plain(1, 12, 10);
  parameters.starting_backlog = 2;
  parameters.cancelled_meetings = 0.2;
  parameters.filtered_out.values = {Steps(0.35)};
  const std::vector<double> start = [] {
    std::vector<double> law(21, 0.0);
    law[20] = 1;
    return law;
  }();
  const auto law = law_by_matrix(start, 12, 12 * 0.65, {{10, 0.8}, {0, 0.2}});
  const double mean = mean_of_law(law);
  for (const Record record : {Record::counts, Record::every_case}) {
    parameters.record = record;
    const auto left = left_at_end(parameters, 12, 40'000);  // finds a bias of 8/200 of the sd
    std::vector<double> is_empty;
    std::vector<double> is_long;
    for (const double cases : left) {
      is_empty.push_back(cases == 0);
      is_long.push_back(cases > 20);
    }
    double longer = 0;
    for (std::size_t i = 21; i < law.size(); ++i) longer += law[i];
    EXPECT_TRUE(agrees(left, mean));
    EXPECT_TRUE(agrees(is_empty, law[0]));
    EXPECT_TRUE(agrees(is_long, longer));
    ConferenceParameters fault = parameters;
    fault.cancelled_meetings = 0.17;
    EXPECT_FALSE(agrees(left_at_end(fault, 12, 40'000), mean));
  }
}

/// Chance that fewer than `quorum` of n come, each with chance p: by going through all 2^n ways.
double too_few(int n, double p, int quorum) {
  double sum = 0;
  for (unsigned who = 0; who < 1U << static_cast<unsigned>(n); ++who) {
    const int came = __builtin_popcount(who);
    if (came < quorum) sum += std::pow(p, came) * std::pow(1 - p, n - came);
  }
  return sum;
}

TEST(ConferenceLaw, Quorum_and_overrun_by_matrix) {
  ConferenceParameters parameters = plain(1, 10, 10);
  parameters.agencies = 7;
  parameters.attendance = Steps(0.8);
  parameters.quorum = 5;
  parameters.overrun = 0.3;
  parameters.overrun_hearings = 4;
  const double q = too_few(7, 0.8, 5);
  EXPECT_NEAR(q, 0.148, 0.001);
  const double mean = mean_of_law(law_by_matrix({1.0}, 12, 10, {{0, q}, {10, (1 - q) * 0.7}, {14, (1 - q) * 0.3}}));
  for (const Record record : {Record::counts, Record::every_case}) {
    parameters.record = record;
    EXPECT_TRUE(agrees(left_at_end(parameters, 12, 40'000), mean));  // sd 14: finds a bias of .6 cases
    ConferenceParameters fault = parameters;
    fault.quorum = 4;
    EXPECT_FALSE(agrees(left_at_end(fault, 12, 40'000), mean));
    fault = parameters;
    fault.overrun = 0.2;
    EXPECT_FALSE(agrees(left_at_end(fault, 12, 40'000), mean));
  }
}

TEST(ConferenceLaw, Settled_at_once_is_a_smaller_stream_of_referrals) {
  for (const Order order : {Order::first_come, Order::by_risk}) {
    ConferenceParameters parameters = plain(1, 30, 22);
    parameters.order = order;
    parameters.settled_outside.values = {Steps(0.25)};  // nobody waits for it
    const auto left = left_at_end(parameters, 52, 10'000);
    EXPECT_TRUE(agrees(left, left_after(52, 22.5, 22)));  // sd 28: finds a bias of 2 in 40
    parameters.settled_outside.values = {Steps(0.24)};
    EXPECT_FALSE(agrees(left_at_end(parameters, 52, 10'000), left_after(52, 22.5, 22)));
  }
}

TEST(ConferenceLaw, Settled_without_hearings_is_a_queue_without_end_and_one_of_fixed_stays) {
  // Of nu a week a share s stays for d weeks, and from week 10 on a share r; the others stay for ever.
  const double nu = 12;
  const double s = 0.3;
  const double r = 0.5;
  const double d = 4.3;
  for (const Order order : {Order::first_come, Order::by_risk}) {
    ConferenceParameters parameters = plain(1, nu, 0);
    parameters.order = order;
    parameters.settled_outside.values = {Steps({{0, s}, {10, r}})};
    parameters.settled_after = d;
    parameters.harm_rate = 2;
    const ConferencePlan plan(parameters, window_of(16));
    std::vector<double> before, after, weeks, harm;
    for (std::uint64_t replicate = 0; replicate < 5'000; ++replicate) {  // sd 10: finds a bias of 1.1 in 90
      const Result result = run(plan, replicate, 31);
      before.push_back(result.series.backlog[8]);
      after.push_back(result.series.backlog[11]);
      weeks.push_back(result.outcomes.person_weeks);
      harm.push_back(result.outcomes.harm_while_waiting);
    }
    EXPECT_TRUE(agrees(before, nu * (9 * (1 - s) + s * d)));
    EXPECT_TRUE(agrees(after, nu * (12 * (1 - r) + r * d)));
    EXPECT_FALSE(agrees(before, nu * (9 * (1 - s) + s * (d + 0.5))));
    EXPECT_FALSE(agrees(after, nu * (12 * (1 - s) + s * d)));
    // The mean number at t is nu ((1 - s) t + s min(t, d)) before week 10, nu ((1 - r) t + r d) after it.
    const double integral = nu * ((1 - s) * 50 + s * (10 * d - d * d / 2) + (1 - r) * (256 - 100) / 2 + r * d * 6);
    EXPECT_TRUE(agrees(weeks, integral));
    EXPECT_TRUE(agrees(harm, 2 * integral / weeks_per_year));
  }
}

TEST(ConferenceLaw, Repeats_are_inside_the_referrals_of_a_base_year_that_adds_up) {
  ConferenceParameters parameters = plain(2, 22, 22);
  parameters.starting_backlog = 30;  // a full list at every meeting
  parameters.repeat_share = 0.3;
  parameters.return_delay = 17.3;
  for (const Record record : {Record::counts, Record::every_case}) {
    parameters.record = record;
    const int replicates = record == Record::counts ? 4'000 : 1'000;  // sd 48: finds a bias of 6 (12) in 1,320
    EXPECT_TRUE(agrees(left_at_end(parameters, 52, replicates), 2 * 30 * 22));
    ConferenceParameters extra = parameters;
    extra.extra_hearings = Steps(0.5);
    // Extra hearings bring extra returns: of the meetings 1 .. 52 those that the law has let come back by week 52.
    const double still = std::exp(-1 / 17.3);
    const double in_time = 52 - (1 - std::pow(still, 52)) / (1 - still);
    const double eventual = 0.3 / (1 - std::exp(-weeks_per_year / 17.3));
    const auto left = left_at_end(extra, 52, replicates);
    const double without = 2 * (30 * 22 - 52 * 11);
    EXPECT_TRUE(agrees(left, without + 2 * 11 * eventual * in_time));
    EXPECT_FALSE(agrees(left, without + 2 * 11 * 0.3 * in_time));  // the share of a year, taken for that of all
  }
}

}  // namespace
}  // namespace desist
