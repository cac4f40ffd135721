// Task T8. By hand: tests/bench/ctstm_bench.
#include <benchmark/benchmark.h>

#include "tests/bench/ctstm_model.hpp"

namespace {

using namespace desist;

void task_t8(benchmark::State& state) {
  constexpr std::uint64_t people = 1'000;
  constexpr std::uint64_t draws = 1'000;
  std::uint64_t runs = 0;
  std::array<double, 4> sums{};
  for (auto _ : state) {
    const bench::StateTask task(++runs, people);
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      const bench::StateTask::Result result = task.run(draw);
      sums[0] += result.years_in[bench::StateTask::offending];
      sums[1] += result.years_in[bench::StateTask::custody];
      sums[2] += result.desisted;
      sums[3] += result.stays;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(runs * people * draws));
  const std::array<const char*, 4> names{"years_offending", "years_custody", "p_desisted", "stays"};
  for (std::size_t i = 0; i < sums.size(); ++i) state.counters[names[i]] = sums[i] / static_cast<double>(runs * draws);
}
BENCHMARK(task_t8)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
