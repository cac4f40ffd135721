// Task T6, drawn, modelled and analysed; and the value of partial information on 100,000 draws of 20 parameters, each
// alone. By hand: tests/bench/psa_bench; beside NumPy: tests/bench/compare_psa.sh
#include <functional>

#include <benchmark/benchmark.h>

#include "engine/statistics/value_of_information.hpp"
#include "tests/bench/psa_model.hpp"

namespace {

using namespace desist;
using Eigen::Index;

constexpr std::size_t blocks = 245;  // 1,003,520 draws

void task_t6(benchmark::State& state) {
  std::uint64_t seed = 20261122;
  std::vector<statistics::ThresholdResult> found;
  for (auto round : state) found = bench::PsaTask(seed++).run(blocks, static_cast<unsigned>(state.range(0))).results();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(blocks) * bench::PsaTask::block);
  state.counters["evpi_0"] = found[0].evpi();
  state.counters["evpi_1000"] = found[5].evpi();
  state.counters["evpi_1000_error"] = found[5].evpi_error();
  state.counters["evpi_5000"] = found[25].evpi();
  for (std::size_t arm = 0; arm < 5; ++arm)
    state.counters["best_1000_" + std::to_string(arm)] = found[5].best_share[arm].value;
}
BENCHMARK(task_t6)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void task_t6_draws_only(benchmark::State& state) {
  double sum = 0;
  for (auto round : state) sum += bench::PsaTask(20261122).floor(blocks);
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(blocks) * bench::PsaTask::block);
}
BENCHMARK(task_t6_draws_only)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Twenty parameters, three arms; every parameter alone, one task each.
void partial_information_of_20(benchmark::State& state) {
  constexpr Index draws = 100'000, parameters = 20;
  Eigen::MatrixXd theta(draws, parameters), net = Eigen::MatrixXd::Zero(draws, 3);
  Stream stream = Streams(20261122, 0, 0).open(Purpose("parameters to learn"), 0);
  const NormalSampler normal(0, 1);
  for (Index d = 0; d < draws; ++d) {
    for (Index j = 0; j < parameters; ++j) {
      theta(d, j) = normal(stream);
      net(d, 1) += theta(d, j) * static_cast<double>(j) / 20;
      net(d, 2) += std::exp(theta(d, j) / 4) - 1.04;
    }
    net(d, 1) += normal(stream);
  }
  const StopFlag never = false;
  double sum = 0;
  for (auto round : state) {
    std::vector<double> values(parameters);
    const auto task = [&](std::size_t j, std::size_t) {
      values[j] = statistics::partial_information(net, theta.col(static_cast<Index>(j))).value;
    };
    run_in_order(
        0, parameters, static_cast<unsigned>(state.range(0)), parameters, task, [](auto, auto) {}, never);
    sum += values.back();
  }
  state.counters["last"] = sum / static_cast<double>(state.iterations());
}
BENCHMARK(partial_information_of_20)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
