// BCa interval of a rate ratio, 10,000 resamples of 1,000 people. Beside it: Rscript tests/bench/peers/bootstrap.R
#include <benchmark/benchmark.h>

#include "engine/estimation/resampling.hpp"

namespace {

using namespace desist;

/// The people of peers/bootstrap.R: events and years of the treated, then of the others.
estimation::SummedRows people() {
  estimation::SummedRows rows{4, {}};
  for (int i = 0; i < 1000; ++i) {
    const double years = 0.25 + 0.75 * (i * 37 % 101) / 100;
    const double events = (i * i * 7 + 3 * i) % 11 < (i % 2 == 1 ? 3 : 4) ? (i * 13 % 7) : 0;
    if (i % 2 == 1) {
      rows.values.insert(rows.values.end(), {events, years, 0, 0});
    } else {
      rows.values.insert(rows.values.end(), {0, 0, events, years});
    }
  }
  return rows;
}

void rate_ratio(benchmark::State& state) {
  const estimation::SummedRows rows = people();
  estimation::ResamplingPlan plan;
  plan.resamples = 10000;
  plan.threads = static_cast<unsigned>(state.range(0));
  statistics::BootstrapSummary found;
  for (auto _ : state) {
    ++plan.seed;
    found = statistics::intervals(estimation::bootstrap_of_sums(
        rows, [](std::span<const double> s) { return s[0] / s[1] / (s[2] / s[3]); }, plan));
  }
  state.counters["low"] = found.bca.limits.low;
  state.counters["high"] = found.bca.limits.high;
}
BENCHMARK(rate_ratio)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
