// Task T6, drawn, modelled and analysed; and the value of partial information on 100,000 draws of 20 parameters, each
// alone. By hand: tests/bench/psa_bench; beside NumPy: tests/bench/compare_psa.sh
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/statistics/value_of_information.hpp"
#include "tests/bench/psa_model.hpp"

namespace {

using namespace desist;
using Eigen::Index;

constexpr std::size_t million = 245;  // blocks of 4,096 draws
constexpr std::size_t ten_million = 2442;

void task_t6(benchmark::State& state) {
  std::uint64_t seed = 20261122;
  const auto blocks = static_cast<std::size_t>(state.range(1));
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
BENCHMARK(task_t6)
    ->Args({1, million})
    ->Args({2, million})
    ->Args({1, ten_million})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void task_t6_draws_only(benchmark::State& state) {
  double sum = 0;
  for (auto round : state) sum += bench::PsaTask(20261122).floor(million);
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(million) * bench::PsaTask::block);
}
BENCHMARK(task_t6_draws_only)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Twenty parameters and three arms.
struct Parameters20 {
  Eigen::MatrixXd theta{100'000, 20};
  Eigen::MatrixXd net = Eigen::MatrixXd::Zero(100'000, 3);
  Parameters20() {
    Stream stream = Streams(20261122, 0, 0).open(Purpose("parameters to learn"), 0);
    const NormalSampler normal(0, 1);
    for (Index d = 0; d < theta.rows(); ++d) {
      for (Index j = 0; j < theta.cols(); ++j) {
        theta(d, j) = normal(stream);
        net(d, 1) += theta(d, j) * static_cast<double>(j) / 20;
        net(d, 2) += std::exp(theta(d, j) / 4) - 1.04;
      }
      net(d, 1) += normal(stream);
    }
  }
};

/// Every parameter alone, one task each.
void information_on_each_of_20(benchmark::State& state) {
  const Parameters20 draws;
  const StopFlag never = false;
  std::vector<double> values(20);
  for (auto round : state) {
    const auto task = [&](std::size_t j, std::size_t) {
      values[j] = statistics::partial_information(draws.net, draws.theta.col(static_cast<Index>(j))).value;
    };
    run_in_order(
        0, values.size(), static_cast<unsigned>(state.range(0)), values.size(), task, [](auto, auto) {}, never);
  }
  state.counters["last"] = values.back();
}
BENCHMARK(information_on_each_of_20)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The first so many together.
void information_on_a_group(benchmark::State& state) {
  const Parameters20 draws;
  double value = 0;
  for (auto round : state)
    value = statistics::partial_information(draws.net, draws.theta.leftCols(state.range(0))).value;
  state.counters["value"] = value;
}
BENCHMARK(information_on_a_group)->Arg(2)->Arg(4)->Arg(20)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
