// The pathway follows its laws: exact results for queues and networks of queues, each check first shown to find a
// fault.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each. The bias found with
// probability .999 is 8 standard errors; it is stated where the number of replicates is chosen.
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/statistics/uniformisation.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/models/pathway_helpers.hpp"

namespace desist {
namespace {

using namespace test;

nlohmann::json queues() {
  std::ifstream file(DESIST_TEST_DATA "/reference/11_queues/expected.json");
  return nlohmann::json::parse(file);
}

double number(const nlohmann::json& of, const char* name) { return of.at(name).get<double>(); }

/// What happened in the later half of a run of 2 T weeks, by which the empty start is forgotten: the run of T weeks has
/// the same luck, so the difference of the two is what came after.
struct LaterHalf {
  std::vector<std::vector<double>> waiting;  // by stage: mean number
  std::vector<double> wait, late, gave_up;   // of all cases referred: until the stage where they count as seen
};
LaterHalf later_half(const PathwayParameters& parameters, int weeks, int replicates) {
  const PathwayPlan once(parameters, weeks_from(weeks));
  const PathwayPlan twice(parameters, weeks_from(2 * weeks));
  LaterHalf result;
  result.waiting.resize(parameters.stages.size());
  for (int r = 0; r < replicates; ++r) {
    const auto first = run(once, static_cast<std::uint64_t>(r), 21).outcomes;
    const auto both = run(twice, static_cast<std::uint64_t>(r), 21).outcomes;
    const auto later = [&](auto&& value) { return 2 * value(both) - value(first); };  // means over T weeks
    for (std::size_t s = 0; s < result.waiting.size(); ++s)
      result.waiting[s].push_back(later([&](auto& o) { return o.stage_backlog_mean[s]; }));
    const double cases = later([](auto& o) { return o.referred_a_week; });
    const auto staying = [](auto& o) { return o.referred_a_week * (1 - o.gave_up); };
    result.wait.push_back(later([&](auto& o) { return o.mean_wait * staying(o); }) / later(staying));
    result.late.push_back(1 - later([](auto& o) { return o.share_in_time * o.referred_a_week; }) / cases);
    result.gave_up.push_back(later([](auto& o) { return o.gave_up * o.referred_a_week; }) / cases);
  }
  return result;
}

/// Mean number waiting in M/M/c (Erlang 1917), by the recursion of Erlang B.
double waiting_in_mmc(double arrivals, double mean_time, int servers) {
  const double offered = arrivals * mean_time;
  double blocked = 1;
  for (int c = 1; c <= servers; ++c) blocked = offered * blocked / (c + offered * blocked);
  const double busy = offered / servers;
  return blocked / (1 - busy * (1 - blocked)) * busy / (1 - busy);
}

TEST(PathwayLaw, One_stage_is_the_plain_queue_with_many_servers) {
  // M/M/c. 8 errors are 13% of the mean wait (80% busy and less) to 40% (90% and more); a load 4% lower moves it by 18%
  // to 64%.
  const auto all = queues();
  for (const auto& queue : all["mmc"]) {
    const double rate = queue["lambda"];
    SCOPED_TRACE(rate);
    PathwayParameters parameters = pathway_of(1, rate);
    parameters.time_law = TimeLaw::exponential;
    parameters.time = {{Steps(1 / number(queue, "mu"))}};
    parameters.servers = {{Steps(number(queue, "servers"))}};
    EXPECT_NEAR(waiting_in_mmc(rate, 1 / number(queue, "mu"), queue["servers"]), queue["Lq"], 1e-9);
    const int weeks = rate < 1 ? 4000 : static_cast<int>(20'000 / rate);
    const int replicates = rate < 1 ? 100 : 60;
    const auto& beyond = queue["p_wait_exceeds"][1];
    parameters.yardstick = beyond["t"];
    const LaterHalf found = later_half(parameters, weeks, replicates);
    EXPECT_TRUE(agrees(found.late, number(beyond, "value")));
    EXPECT_TRUE(agrees(found.waiting[0], number(queue, "Lq")));
    EXPECT_TRUE(agrees(found.wait, number(queue, "Wq")));
    PathwayParameters fault = parameters;
    fault.referrals.values = {Steps(0.96 * rate)};
    EXPECT_FALSE(agrees(later_half(fault, weeks, replicates).wait, number(queue, "Wq")));
  }
}

TEST(PathwayLaw, One_server_and_any_law_of_time) {
  // Pollaczek-Khinchine: fixed times and lognormal ones. 8 errors are 5% to 18%; a cv higher by .3 makes waits longer
  // by 9% to 35%.
  const auto check = [](double rate, double mean, double cv, double wait) {
    SCOPED_TRACE(cv);
    PathwayParameters parameters = pathway_of(1, rate);
    parameters.time = {{Steps(mean)}};
    parameters.time_cv = {{cv}};
    const auto weeks = static_cast<int>(3000 / rate);
    EXPECT_TRUE(agrees(later_half(parameters, weeks, 150).wait, wait));
    parameters.time_cv = {{cv + 0.3}};
    EXPECT_FALSE(agrees(later_half(parameters, weeks, 150).wait, wait));
  };
  const auto all = queues();
  for (const auto& queue : all["md1"]) check(queue["lambda"], queue["service"], 0, queue["Wq"]);
  for (const auto& queue : all["mg1"])
    check(queue["lambda"], queue["mean"], std::sqrt(number(queue, "scv")), queue["Wq"]);
}

TEST(PathwayLaw, Impatient_cases) {
  // Erlang A: exponential patience. 8 errors are 5% to 9% of the share that gives up; patience half as long again moves
  // it by 9% to 25%.
  const auto all = queues();
  for (const auto& queue : all["erlang_a"]) {
    const double rate = queue["lambda"];
    SCOPED_TRACE(rate);
    PathwayParameters parameters = pathway_of(1, rate);
    parameters.time_law = TimeLaw::exponential;
    parameters.time = {{Steps(1 / number(queue, "mu"))}};
    parameters.servers = {{Steps(number(queue, "c"))}};
    parameters.patience = {{1 / number(queue, "theta")}};
    const auto weeks = static_cast<int>(20'000 / rate);
    const LaterHalf found = later_half(parameters, weeks, 50);
    EXPECT_TRUE(agrees(found.gave_up, number(queue, "p_abandon")));
    EXPECT_TRUE(agrees(found.waiting[0], number(queue, "Lq")));
    parameters.patience.values[0] *= 1.5;
    EXPECT_FALSE(agrees(later_half(parameters, weeks, 50).gave_up, number(queue, "p_abandon")));
  }
}

/// Three stages with exponential times: 2, 1 and 4 servers.
PathwayParameters three_stages(double rate) {
  PathwayParameters parameters = pathway_of(3, rate);
  parameters.time_law = TimeLaw::exponential;
  parameters.time = {{Steps(0.5), Steps(0.2), Steps(0.9)}};
  parameters.servers = {{Steps(2), Steps(1), Steps(4)}};
  return parameters;
}

TEST(PathwayLaw, Stages_in_a_row_wait_like_queues_of_their_own) {
  // Burke (1956): what leaves M/M/c is Poisson. 8 errors are 8% to 12% of each mean; fixed times at the first stage
  // make what leaves it smoother, and the second queue shorter by 38%.
  PathwayParameters parameters = three_stages(3);
  const LaterHalf found = later_half(parameters, 5000, 40);
  for (std::size_t s = 0; s < 3; ++s)
    EXPECT_TRUE(agrees(found.waiting[s],
                       waiting_in_mmc(3, parameters.time[s].at(0), static_cast<int>(parameters.servers[s].at(0)))))
        << s;
  PathwayParameters fault = parameters;
  fault.time_law = TimeLaw::lognormal;
  fault.time_cv = {{0, 1, 1}};
  EXPECT_FALSE(agrees(later_half(fault, 5000, 40).waiting[1], waiting_in_mmc(3, 0.2, 1)));
}

TEST(PathwayLaw, Some_leave_and_some_come_back) {
  // Jackson (1957): each stage is M/M/c at its effective rate a_1 = a + r a_3, a_2 = .8 a_1, a_3 = .6 a_2, whatever the
  // time until they come back. 8 errors are 7% to 12% of the first two means, 25% of the last (.03 cases); a share of
  // returns lower by .05 makes the first queue shorter by 18%.
  PathwayParameters parameters = three_stages(2.2);
  parameters.continues = {{Steps(0.8), Steps(0.6), Steps(1)}};
  parameters.return_share = 0.6;
  const double first = 2.2 / (1 - 0.6 * 0.8 * 0.6);
  const std::vector<double> rates{first, 0.8 * first, 0.48 * first};
  for (const double delay : {0.0, 4.0}) {
    SCOPED_TRACE(delay);
    parameters.return_delay = delay;
    const LaterHalf found = later_half(parameters, 5000, 40);
    for (std::size_t s = 0; s < 3; ++s)
      EXPECT_TRUE(agrees(found.waiting[s], waiting_in_mmc(rates[s], parameters.time[s].at(0),
                                                          static_cast<int>(parameters.servers[s].at(0)))))
          << s;
    PathwayParameters fault = parameters;
    fault.return_share = 0.55;
    EXPECT_FALSE(agrees(later_half(fault, 5000, 40).waiting[0], waiting_in_mmc(rates[0], 0.5, 2)));
  }
}

TEST(PathwayLaw, Numbers_at_stages_are_independent_at_a_moment) {
  // Product form: E[waiting at 1 x waiting at 2] = E[at 1] E[at 2]. 8 errors are .4 of .81; if both stages take the
  // same fixed time nobody ever waits at the second.
  PathwayParameters parameters = pathway_of(2, 6);
  parameters.time_law = TimeLaw::exponential;
  parameters.time = each(2, Steps(0.1));
  const auto products = [](const PathwayParameters& of) {
    const PathwayPlan plan(of, weeks_from(12));  // relaxation: 0.1 / (1 - sqrt(.6))^2 = 2 weeks
    std::vector<double> result;
    for (std::uint64_t r = 0; r < 5'000; ++r) {
      const auto o = run(plan, r, 22).outcomes;
      result.push_back(o.stage_backlog_end[0] * o.stage_backlog_end[1]);
    }
    return result;
  };
  const double each_waits = waiting_in_mmc(6, 0.1, 1);
  EXPECT_TRUE(agrees(products(parameters), each_waits * each_waits));
  parameters.time_law = TimeLaw::lognormal;
  EXPECT_FALSE(agrees(products(parameters), each_waits * each_waits));
}

TEST(PathwayLaw, Cases_met_at_the_start_have_the_time_left_of_a_random_moment) {
  // Mean m (1 + cv^2) / 2 (Cox 1962). 8 errors are 0.7% to 2.2%.
  for (const double cv : {0.0, 0.8, 1.6}) {
    SCOPED_TRACE(cv);
    PathwayParameters parameters = pathway_of(1, 0);
    parameters.time = {{Steps(3)}};
    parameters.time_cv = {{cv}};
    parameters.starting_served = {{500}};
    const PathwayPlan plan(parameters, weeks_from(2000));
    std::vector<double> left;
    for (std::uint64_t r = 0; r < 1000; ++r) left.push_back(follow(plan, r, 23).flows.stages[0].busy_weeks / 500);
    EXPECT_TRUE(agrees(left, 3 * (1 + cv * cv) / 2));
    EXPECT_FALSE(agrees(left, 3 * (1 + cv * cv) / 2 * 1.03));
  }
}

TEST(PathwayLaw, A_small_pathway_at_a_moment_by_the_matrix) {
  // Two stages from a full start: 2 servers then 1, exponential times, 30% leave after the first, patience at the
  // second. 8 errors are 5% to 12% of the means; patience twice as long makes the second queue longer by 19% to 62%.
  PathwayParameters parameters = pathway_of(2, 1.6);
  parameters.time_law = TimeLaw::exponential;
  parameters.time = {{Steps(1.1), Steps(0.9)}};
  parameters.servers = {{Steps(2), Steps(1)}};
  parameters.continues = {{Steps(0.7), Steps(1)}};
  parameters.patience = {{0, 2.5}};
  parameters.starting_backlog = {{3, 2}};
  parameters.starting_served = {{2, 1}};

  constexpr std::size_t most = 40;  // at a stage; more have a chance below 1e-9
  const auto state = [](std::size_t first, std::size_t second) { return first * most + second; };
  std::vector<statistics::Transition> moves;
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t j = 0; j < most; ++j) {
      if (i + 1 < most) moves.push_back({state(i, j), state(i + 1, j), 1.6});
      const double ends = std::min(static_cast<double>(i), 2.0) / 1.1;
      if (i > 0) moves.push_back({state(i, j), state(i - 1, j), 0.3 * ends});
      if (i > 0 && j + 1 < most) moves.push_back({state(i, j), state(i - 1, j + 1), 0.7 * ends});
      if (j > 0) moves.push_back({state(i, j), state(i, j - 1), 1 / 0.9 + (static_cast<double>(j) - 1) / 2.5});
    }
  }
  std::vector<double> start(most * most, 0.0);
  start[state(5, 3)] = 1;
  for (const int weeks : {1, 4, 12}) {
    SCOPED_TRACE(weeks);
    const auto law = statistics::law_at(moves, start, weeks);
    double first = 0;
    double second = 0;
    double none = 0;
    double edge = 0;
    for (std::size_t i = 0; i < most; ++i) {
      for (std::size_t j = 0; j < most; ++j) {
        const double p = law[state(i, j)];
        first += p * std::max(0.0, static_cast<double>(i) - 2);
        second += p * std::max(0.0, static_cast<double>(j) - 1);
        none += i <= 2 && j <= 1 ? p : 0;
        edge += i + 1 == most || j + 1 == most ? p : 0;
      }
    }
    ASSERT_LT(edge, 1e-6);
    const auto found = [&](const PathwayParameters& of) {
      const PathwayPlan plan(of, weeks_from(weeks));
      std::vector<std::vector<double>> numbers(3);
      for (std::uint64_t r = 0; r < 10'000; ++r) {
        const auto o = run(plan, r, 24).outcomes;
        numbers[0].push_back(o.stage_backlog_end[0]);
        numbers[1].push_back(o.stage_backlog_end[1]);
        numbers[2].push_back(o.stage_backlog_end[0] + o.stage_backlog_end[1] == 0);
      }
      return numbers;
    };
    const auto numbers = found(parameters);
    EXPECT_TRUE(agrees(numbers[0], first));
    EXPECT_TRUE(agrees(numbers[1], second));
    EXPECT_TRUE(agrees(numbers[2], none));
    PathwayParameters fault = parameters;
    fault.patience = {{0, 5}};
    EXPECT_FALSE(agrees(found(fault)[1], second));
  }
}

TEST(PathwayLaw, Demand_above_capacity_grows_by_the_difference_for_ever) {
  PathwayParameters parameters = pathway_of(2, 12);
  parameters.servers = {{Steps(5), Steps(1)}};
  parameters.time = {{Steps(0.25), Steps(0.1)}};  // 20 and 10 a week
  const PathwayPlan plan(parameters, weeks_from(500));
  std::vector<double> left;
  for (std::uint64_t r = 0; r < 400; ++r) left.push_back(run(plan, r, 25).outcomes.stage_backlog_end[1]);
  EXPECT_TRUE(agrees(left, 500 * (12 - 10.0)));  // sd sqrt(500 x 12) = 77: 8 errors are 31 of 1,000
  EXPECT_FALSE(agrees(left, 500 * (12.1 - 10)));
}

}  // namespace
}  // namespace desist
