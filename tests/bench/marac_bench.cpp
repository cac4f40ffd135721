// Task T2 through the engine's public functions, one and two threads. By hand: tests/bench/compare.sh
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/random/exponential_distribution.hpp>

#include "engine/random/counts.hpp"
#include "engine/simulation/simulate.hpp"
#include "tests/bench/marac_model.hpp"

namespace {

using namespace desist;

constexpr int conferences = 8;
constexpr int weeks = 260;
constexpr double referrals = 9153.0 / 8 / 52;

struct Setting {
  const char* name;
  bool bands;
  std::uint64_t replicates;
  ConferenceParameters::Record record;
  ConferenceParameters::Order order;
  std::vector<double> risk_levels;
  double repeat_share;
};

/// An arm that gives each number one fixed value, and the parameters that hold these values.
struct Fixed {
  Arm arm;
  std::vector<Parameter> parameters;
};
Fixed fixed(const ModelRecord& model, const Setting& setting) {
  const std::map<std::string, double> values{{"referrals", referrals * conferences},
                                             {"hearings", 20.0 * conferences},
                                             {"starting_backlog", 7},
                                             {"meeting_interval", 1},
                                             {"repeat_share", setting.repeat_share},
                                             {"return_delay", setting.repeat_share > 0 ? 16 : 0},
                                             {"clear_limit", 2},
                                             {"long_wait", 4}};
  Fixed made;
  made.arm.name = made.arm.label = setting.name;
  for (const ParameterField& field : model.parameters) {
    FieldLayout layout;
    if (const auto value = values.find(field.name); value != values.end()) {
      layout.pieces.push_back({-std::numeric_limits<double>::infinity(), {}, made.parameters.size()});
      made.parameters.push_back({field.name, field.name, field.unit.text(), FixedLaw{value->second}});
    }
    if (field.name == "conferences")
      for (int a = 1; a <= conferences; ++a) layout.items.push_back(std::to_string(a));
    if (field.name == "record") layout.choice = static_cast<int>(setting.record);
    if (field.name == "order") layout.choice = static_cast<int>(setting.order);
    if (field.name == "risk_levels") layout.shares = setting.risk_levels;
    made.arm.layout.fields.push_back(layout);
  }
  return made;
}

void run(benchmark::State& state, const Setting& setting) {
  const ModelRecord model = setting.bands ? model_record<bench::Marac<bench::BacklogSeries>>()
                                          : model_record<bench::Marac<bench::NoSeries>>();
  const Fixed task = fixed(model, setting);
  const Window window{Date::from_ymd(2024, 1, 1), Date{Date::from_ymd(2024, 1, 1).days + 7 * weeks}};
  RunControl control;
  control.threads = static_cast<unsigned>(state.range(0));
  Plan plan;
  plan.replicates_per_draw = 100;
  plan.draws = setting.replicates / plan.replicates_per_draw;
  Moments backlog;
  Moments wait;
  for (auto _ : state) {
    ++plan.seed;
    const ParameterDraws draws(task.parameters, {}, {}, plan.seed);
    const OutcomeTable table = simulate(model, {task.arm}, draws, window, plan, {}, control);
    backlog = table.moments(0, 0);
    wait = table.moments(0, 1);
  }
  state.counters["replicates/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * static_cast<std::int64_t>(setting.replicates)),
                         benchmark::Counter::kIsRate);
  state.counters["mean_backlog"] = backlog.mean;
  state.counters["mean_wait"] = wait.mean;
}

/// Only the random numbers of the count form: a word and a Poisson count an area and week.
void floor_of_counts(benchmark::State& state) {
  const PoissonTable sample(referrals);
  std::uint64_t replicate = 0;
  for (auto _ : state) {
    const Streams streams(1, 0, replicate++);
    std::int64_t sum = 0;
    for (std::uint64_t a = 0; a < conferences; ++a) {
      Stream numbers = streams.open(Purpose("referrals"), a);
      for (int w = 0; w < weeks; ++w) sum += sample(numbers());
    }
    benchmark::DoNotOptimize(sum);
  }
  state.counters["replicates/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// Only the random numbers of the case form: those, and a stream a week with a moment for every case.
void floor_of_cases(benchmark::State& state) {
  const PoissonTable sample(referrals);
  boost::random::exponential_distribution<double> sample_gap(1);
  std::uint64_t replicate = 0;
  for (auto _ : state) {
    const Streams streams(1, 0, replicate++);
    double sum = 0;
    for (std::uint64_t a = 0; a < conferences; ++a) {
      Stream numbers = streams.open(Purpose("referrals"), a);
      for (std::uint64_t w = 0; w < weeks; ++w) {
        Stream gaps = streams.open(Purpose("referral times"), a, w);
        for (std::int64_t n = sample(numbers()); n >= 0; --n) sum += sample_gap(gaps);
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  state.counters["replicates/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

using Record = ConferenceParameters::Record;
using Order = ConferenceParameters::Order;
const std::vector<double> three_levels{0.2, 0.5, 0.3};

void counts(benchmark::State& state) {
  run(state, {"counts", false, 20'000, Record::counts, Order::first_come, {}, 0});
}
void counts_with_bands(benchmark::State& state) {
  run(state, {"bands", true, 20'000, Record::counts, Order::first_come, {}, 0});
}
// With bands, rows are long and a chunk holds 100 replicates rather than 2,000: ten for two threads to share.
void every_case(benchmark::State& state) {
  run(state, {"cases", true, 1'000, Record::every_case, Order::first_come, {}, 0});
}
void three_levels_and_repeats(benchmark::State& state) {
  run(state, {"levels", true, 1'000, Record::every_case, Order::by_risk, three_levels, 0.3});
}
void own_risk(benchmark::State& state) { run(state, {"risk", true, 1'000, Record::every_case, Order::by_risk, {}, 0}); }
BENCHMARK(floor_of_counts);
BENCHMARK(counts)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(counts_with_bands)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(floor_of_cases);
BENCHMARK(every_case)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(three_levels_and_repeats)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(own_risk)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
