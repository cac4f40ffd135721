// Task T4, and what a person with everything in the career costs. By hand: tests/bench/cohort_bench; tests/bench/
// cohort_bench --memory prints the peak memory of a million people over ten years.
#include <cstdio>
#include <cstring>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "tests/bench/cohort_model.hpp"
#include "tests/models/cohort_helpers.hpp"

namespace {

using namespace desist;

/// Everything switched on; four recorded offences a year of freedom.
CohortParameters full_career(int people) {
  CohortParameters p = test::plain_cohort(people, 73);
  test::add_type(p, 0.3, 0.15);
  test::add_type(p, 0.1, 0.2);
  p.detected.values = {0.08, 0.15, 0.2};
  p.arrested.values = {0.3, 0.4, 0.5};
  p.charged.values = {0.6, 0.6, 0.7};
  p.convicted.values = {0.8, 0.8, 0.8};
  p.custody.values = {0.05, 0.2, 0.3};
  p.record_lag = 1;
  p.arrest_lag = 4;
  p.charge_lag = 8;
  p.conviction_lag = 12;
  p.proven_wait = 26;
  p.stay_mean = 12;
  p.stay_cv = 1;
  p.rate_shape = 0.8;
  p.age_mean = 32;
  p.age_sd = 8;
  p.onset_age = 8;
  p.peak_age = 19;
  p.age_sharpness = 1;
  p.season.assign(12, 1 / 12.0);
  p.start_abstinent = 0.2;
  p.rate_abstinent = 0.2;
  p.rate_reduced = 0.5;
  p.using_to_reduced = 0.4;
  p.using_to_abstinent = 0.3;
  p.reduced_to_using = 1;
  p.reduced_to_abstinent = 0.3;
  p.abstinent_to_using = 0.7;
  p.to_active = 1;
  p.to_quiet = 1;
  p.quiet_rate = 0.3;
  p.desistance = 0.05;
  p.desistance_by_rate = 0.3;
  p.death = 0.01;
  p.death_doubling = 8;
  p.women = 0.2;
  p.death_women = 0.6;
  p.mix_spread = 5;
  p.value_mean.values = {50, 200, 1000};
  p.harm.values = {1, 10, 300};
  p.entry = test::Entry::referral;
  p.before = 26;
  p.referral = 0.3;
  p.consent = 0.6;
  p.wait = 6;
  p.length = 26;
  p.drop_out = 0.5;
  p.drop_out_by_rate = 0.5;
  p.breach = 0.1;
  p.rate_effect.values = {0.7, 0.7, 0.8};
  p.half_life = 26;
  return p;
}

void task_t4(benchmark::State& state) {
  constexpr std::uint64_t people = 100'000;
  bench::CohortTask task;
  std::array<double, 3> sums{};
  std::uint64_t runs = 0;
  for (auto _ : state) {
    const auto found = task.run(Streams(1, 0, runs++), people);
    for (std::size_t phase = 0; phase < 3; ++phase) sums[phase] += found[phase];
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * people * bench::CohortTask::months));
  const std::array<const char*, 3> names{"phase1", "phase2", "phase3"};
  for (std::size_t phase = 0; phase < 3; ++phase)
    state.counters[names[phase]] = sums[phase] / static_cast<double>(runs);
}
BENCHMARK(task_t4)->Unit(benchmark::kMillisecond);

void people_for_five_years(benchmark::State& state, const CohortParameters& parameters) {
  const CohortPlan plan(parameters, test::weeks_from_january(260));
  double recorded = 0, free_years = 0;
  std::uint64_t runs = 0;
  for (auto _ : state) {
    const auto found = test::run(plan, runs++).outcomes;
    recorded += found.recorded;
    free_years += found.free_years;
  }
  const auto people = static_cast<double>(plan.people);
  state.counters["us_a_person"] =
      benchmark::Counter(people * 1e-6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["recorded_a_year"] = recorded / static_cast<double>(runs) / people / 5;
  state.counters["recorded_a_free_year"] = recorded / free_years;
}
void full_career_of(benchmark::State& state) {
  people_for_five_years(state, full_career(static_cast<int>(state.range(0))));
}
BENCHMARK(full_career_of)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
void plain_career(benchmark::State& state) {
  CohortParameters p = test::plain_cohort(1'000, 4);
  p.rate_shape = 0.8;
  people_for_five_years(state, p);
}
BENCHMARK(plain_career)->Unit(benchmark::kMillisecond);
void full_career_at_ten_times_the_rate(benchmark::State& state) {
  CohortParameters p = full_career(1'000);
  p.rate *= 10;
  for (double& detected : p.detected.values) detected /= 10;
  people_for_five_years(state, p);
}
BENCHMARK(full_career_at_ten_times_the_rate)->Unit(benchmark::kMillisecond);

/// T4 in continuous time: an offence leads with chance .05 to three months in custody at once, people desist at the
/// hazard that 2 in 100 a month make, who is in custody at the start starts at the release. Exact:
/// peers/cohort_careers_exact.py.
CohortParameters task_t4_parameters(int people) {
  CohortParameters p = test::plain_cohort(people, 4);
  p.rate_shape = 0.5;
  p.detected.values = {0.05};
  test::convict_all(p);
  p.custody.values = {1};
  p.stay_mean = 13;
  p.desistance = -std::log1p(-0.02) * 12;
  p.before = 52;
  p.length = 26;
  p.rate_effect.values = {0.5};
  p.second_share = 1;
  p.second_after = 26;
  p.second_length = 78;
  p.second_effect.values = {0.8};
  return p;
}
void task_t4_by_the_full_model(benchmark::State& state) {
  const CohortPlan plan(task_t4_parameters(100'000), test::weeks_from_january(156));
  std::uint64_t runs = 0;
  std::array<double, 3> sums{};
  for (auto _ : state) {
    const auto found = test::run(plan, runs++).outcomes;
    sums[0] += found.PhaseOutcomes<CareerPhase::before>::offences;
    sums[1] += found.PhaseOutcomes<CareerPhase::during>::offences;
    sums[2] += found.PhaseOutcomes<CareerPhase::after>::offences;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 100'000 * 36));
  const std::array<const char*, 3> names{"phase1", "phase2", "phase3"};
  for (std::size_t phase = 0; phase < 3; ++phase)
    state.counters[names[phase]] = sums[phase] / static_cast<double>(runs) / 100'000;
}
BENCHMARK(task_t4_by_the_full_model)->Unit(benchmark::kMillisecond);

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--memory") == 0) {
    for (const int people : {1'000, 1'000'000}) {
      const CohortPlan plan(full_career(people), test::weeks_from_january(521));
      const double recorded = test::run(plan, 0).outcomes.recorded;
      std::printf("%d people over ten years: %.0f recorded offences, peak %.0f MB\n", people, recorded,
                  peak_megabytes());
    }
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
