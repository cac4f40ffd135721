// What a stream, a draw and each sampler cost. By hand: build/release/tests/random_bench
#include <benchmark/benchmark.h>

#include "engine/random/counts.hpp"
#include "engine/random/samplers.hpp"
#include "engine/random/thinned_process.hpp"

namespace {

using namespace desist;
constexpr Purpose purpose("bench");

void words(benchmark::State& state) {
  const Streams streams(1, 2, 3);
  std::uint64_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(streams.words(purpose, i++));
}
void open_stream(benchmark::State& state) {
  const Streams streams(1, 2, 3);
  std::uint64_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(streams.open(purpose, i++));
}
void open_and_draw(benchmark::State& state) {
  const Streams streams(1, 2, 3);
  std::uint64_t i = 0;
  for (auto _ : state) {
    Stream stream = streams.open(purpose, i++);
    benchmark::DoNotOptimize(stream());
  }
}
BENCHMARK(words);
BENCHMARK(open_stream);
BENCHMARK(open_and_draw);

template <class Sample>
void measure(benchmark::State& state, const Sample& sample) {
  Stream stream = Streams(1, 2, 3).open(purpose, 0);
  for (auto _ : state) benchmark::DoNotOptimize(sample(stream));
}

void draw(benchmark::State& state) {
  measure(state, [](Stream& s) { return s(); });
}
void poisson_table(benchmark::State& state) {
  const PoissonTable sample(static_cast<double>(state.range(0)));
  measure(state, [&](Stream& s) { return sample(s()); });
}
void make_poisson_table(benchmark::State& state) {
  measure(state, [&](Stream&) { return PoissonTable(static_cast<double>(state.range(0)))(1); });
}
void poisson_search(benchmark::State& state) {
  const auto mean = static_cast<double>(state.range(0));
  measure(state, [=](Stream& s) { return poisson_by_search(uniform(s()), mean); });
}
void binomial_search(benchmark::State& state) {
  measure(state, [&](Stream& s) { return binomial_by_search(uniform(s()), state.range(0), 0.3); });
}
void negative_binomial_search(benchmark::State& state) {
  const auto mean = static_cast<double>(state.range(0));
  measure(state, [=](Stream& s) { return negative_binomial_by_search(uniform(s()), mean, 2); });
}
BENCHMARK(draw);
BENCHMARK(poisson_table)->Arg(1)->Arg(5)->Arg(50)->Arg(500);
BENCHMARK(make_poisson_table)->Arg(5)->Arg(50)->Arg(500);
BENCHMARK(poisson_search)->Arg(1)->Arg(5)->Arg(50)->Arg(500)->Arg(1'000'000);
BENCHMARK(binomial_search)->Arg(50)->Arg(500);
BENCHMARK(negative_binomial_search)->Arg(5)->Arg(500);

void clock(benchmark::State& state) {
  const ExponentialClock ring(1);
  measure(state, [&](Stream& s) { return ring(s()); });
}
void exponential(benchmark::State& state) { measure(state, ExponentialSampler(1)); }
void normal(benchmark::State& state) { measure(state, NormalSampler(0, 1)); }
void gamma(benchmark::State& state) { measure(state, GammaSampler(static_cast<double>(state.range(0)) / 10, 1)); }
void beta(benchmark::State& state) { measure(state, BetaSampler(8.5, 62.5)); }
void thinned_event(benchmark::State& state) {  // rate 4, base 1: four strips
  ThinnedProcess process(Streams(1, 2, 3), purpose, 0, 1);
  for (auto _ : state) benchmark::DoNotOptimize(process.next(1e12, 4, [](double) { return 4.0; }));
}
BENCHMARK(clock);
BENCHMARK(exponential);
BENCHMARK(normal);
BENCHMARK(gamma)->Arg(5)->Arg(25);
BENCHMARK(beta);
BENCHMARK(thinned_event);

}  // namespace

BENCHMARK_MAIN();
