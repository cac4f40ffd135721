// Task T7 through the engine's public functions: Cox regression, Kaplan-Meier and log-rank of 100,000 people with heavy
// ties. The recipe is that of R's `cox_data.R`, drawn from our own streams: another data set of the same law. By hand:
// build/dev/tests/bench/survival_bench
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/random/samplers.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"

namespace {

using namespace desist;
using namespace desist::statistics;

constexpr std::size_t people = 100'000;

/// x1 to x3 normal, x4 and x5 Bernoulli(1/2); events at rate 0.001 exp(x'b) a day, censored uniformly on (0, 1095)
/// days; times rounded up to whole days. `tied` false: not rounded, so that hardly any two times are equal.
struct Persons {
  explicit Persons(bool tied) : x(people, 5), time(people), event(people), group(people) {
    Eigen::VectorXd b(5);
    b << .3, -.2, .1, .4, -.3;
    Stream stream = Streams(20261120, 0, 0).open(Purpose("persons of task T7"), 0);
    const NormalSampler normal(0, 1);
    for (std::size_t i = 0; i < people; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      for (Eigen::Index j = 0; j < 3; ++j) x(row, j) = normal(stream);
      for (Eigen::Index j = 3; j < 5; ++j) x(row, j) = uniform(stream()) < .5 ? 1 : 0;
      const double until = -std::log(uniform(stream())) / (0.001 * std::exp(x.row(row).dot(b)));
      const double censored = 1095 * uniform(stream());
      time[i] = std::min(until, censored);
      if (tied) time[i] = std::ceil(time[i]);
      event[i] = until <= censored ? 1 : 0;
      group[i] = static_cast<int>(x(row, 3));
    }
  }
  FollowUp follow_up() const { return {time, event, {}}; }
  Eigen::MatrixXd x;
  std::vector<double> time;
  std::vector<int> event, group;
};

const Persons& persons(bool tied) {
  static const Persons days(true), instants(false);
  return tied ? days : instants;
}

void cox_efron(benchmark::State& state) {
  const Persons& data = persons(state.range(0) != 0);
  for (auto _ : state) {
    const auto fit = cox(data.follow_up(), data.x);
    state.counters["x1"] = fit->coefficients[0];
    state.counters["se_x1"] = fit->errors()[0];
    state.counters["steps"] = fit->steps;
  }
}
void kaplan_meier_by_group(benchmark::State& state) {
  const Persons& data = persons(state.range(0) != 0);
  const std::vector<double> year{365};
  for (auto _ : state) {
    const auto curves = kaplan_meier(data.follow_up(), data.group, 2);
    state.counters["S0"] = survival_at((*curves)[0], year)[0].step.survival;
    state.counters["S1"] = survival_at((*curves)[1], year)[0].step.survival;
  }
}
void log_rank_by_group(benchmark::State& state) {
  const Persons& data = persons(state.range(0) != 0);
  for (auto _ : state) state.counters["chisq"] = log_rank(data.follow_up(), data.group, {})->statistic;
}

BENCHMARK(cox_efron)->ArgName("tied")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(kaplan_meier_by_group)->ArgName("tied")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(log_rank_by_group)->ArgName("tied")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
