// Task T5: trials of two arms of 250 people with negative binomial counts, each fitted with estimated dispersion, by
// virtual trials as experiments run them. By hand: tests/bench/trial_bench
#include <cstdio>

#include <benchmark/benchmark.h>

#include "tests/trial/count_model.hpp"

namespace {

using namespace desist;

/// Means 2.0 and 1.5, variance mu + 0.8 mu^2; blocks of two, so that each arm has 250.
TrialDesign t5_design(std::uint64_t trials, std::uint64_t truth_people) {
  TrialDesign made = test::design({500}, {test::analysis("rate", "negative_binomial")}, trials);
  made.truth_people = truth_people;
  return made;
}

void t5(benchmark::State& state) {
  const test::CountTrial people({2.0, 1.5}, 1.25);
  const auto threads = static_cast<unsigned>(state.range(0));
  constexpr std::uint64_t trials = 20000;
  std::vector<TrialResult> results;
  for (auto round : state) results = people.run({t5_design(trials, 2000)}, threads);
  const TrialSize& size = results.front().sizes.front();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(trials));
  state.counters["power"] = size.power.value;
  state.counters["mean_log_rr"] = results.front().truth + size.bias.value;
  state.counters["failed"] = static_cast<double>(size.without_number);
}
BENCHMARK(t5)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The same through the estimator itself, table and all.
void t5_by_the_method(benchmark::State& state) {
  const test::CountTrial people({2.0, 1.5}, 1.25);
  constexpr std::uint64_t trials = 500;
  std::vector<TrialResult> results;
  TrialDesign design = t5_design(trials, 2000);
  design.analyses[0].analysis.words["errors"] = {"model"};
  for (auto round : state) results = people.run({design}, 1);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(trials));
  state.counters["power"] = results.front().sizes.front().power.value;
}
BENCHMARK(t5_by_the_method)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
