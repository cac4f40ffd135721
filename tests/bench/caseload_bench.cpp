// Tasks T1 and T3 through the engine's public functions, one and two threads. By hand: tests/bench/compare_caseload.sh
#include <cmath>
#include <map>
#include <string>

#include <benchmark/benchmark.h>

#include "engine/random/counts.hpp"
#include "engine/simulation/simulate.hpp"
#include "models/caseload.hpp"
#include "tests/bench/caseload_model.hpp"

namespace {

using namespace desist;

struct Setting {
  std::map<std::string, double> values;
  bool exponential = false;
  int weeks = 0;
  std::uint64_t draws = 1;
  std::uint64_t replicates = 1;  // a draw
};

const Setting mmc{{{"referrals", 900},
                   {"workers", 1},
                   {"clients_each", 10},
                   {"support_mean", 0.01},
                   {"yardstick", 0},
                   {"wanted_share", 0.95}},
                  true,
                  1112,
                  1,
                  1};
const Setting service{{{"referrals", 668.0 / 52},
                       {"workers", 12},
                       {"clients_each", 15},
                       {"support_mean", 16},
                       {"support_cv", 0.8},
                       {"patience", 26},
                       {"yardstick", 4},
                       {"wanted_share", 0.95}},
                      false,
                      260,
                      80,
                      100};

/// An arm that gives each number one fixed value, and the parameters that hold these values.
struct Fixed {
  Arm arm;
  std::vector<Parameter> parameters;
};
Fixed fixed(const ModelRecord& model, const Setting& setting) {
  Fixed made;
  made.arm.name = made.arm.label = "task";
  for (const ParameterField& field : model.parameters) {
    FieldLayout layout;
    if (const auto value = setting.values.find(field.name); value != setting.values.end()) {
      layout.pieces.push_back({-std::numeric_limits<double>::infinity(), {}, made.parameters.size()});
      made.parameters.push_back({field.name, field.name, field.unit.text(), FixedLaw{value->second}});
    }
    if (field.name == "take_up") {
      layout.pieces.push_back({-std::numeric_limits<double>::infinity(), {}, made.parameters.size()});
      made.parameters.push_back({field.name, field.name, field.unit.text(), FixedLaw{1}});
    }
    if (field.name == "routes") layout.items = {"all"};
    if (field.name == "support_law") layout.choice = setting.exponential ? 1 : 0;
    made.arm.layout.fields.push_back(layout);
  }
  return made;
}

void run(benchmark::State& state, const ModelRecord& model, const Setting& setting, const char* unit) {
  const Fixed task = fixed(model, setting);
  const Window window{Date::from_ymd(2024, 1, 1), Date{Date::from_ymd(2024, 1, 1).days + 7 * setting.weeks}};
  RunControl control;
  control.threads = static_cast<unsigned>(state.range(0));
  Plan plan;
  plan.draws = setting.draws;
  plan.replicates_per_draw = setting.replicates;
  double units = 0;
  const auto slots = outcome_slots(model, task.arm.layout);
  std::vector<double> means(slots.size());
  for (auto _ : state) {
    ++plan.seed;
    const ParameterDraws draws(task.parameters, {}, {}, plan.seed);
    const OutcomeTable table = simulate(model, {task.arm}, draws, window, plan, {}, control);
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += table.moments(0, i).mean;
    units += unit == std::string("customers")
                 ? static_cast<double>(setting.draws * setting.replicates) * table.moments(0, 0).mean
                 : static_cast<double>(setting.draws * setting.replicates);
  }
  state.counters[std::string(unit) + "/s"] = benchmark::Counter(units, benchmark::Counter::kIsRate);
  for (const char* name : {"mean_wait", "share_late", "gave_up"})  // a week of T1 is 100 mean services
    for (std::size_t i = 0; i < means.size(); ++i)
      if (model.outcomes[slots[i].field].name == name)
        state.counters[name] = means[i] / static_cast<double>(state.iterations()) *
                               (name == std::string("mean_wait") && setting.exponential ? 100 : 1);
}

/// Only the random numbers of a replicate of T3: a week's stream, four words a case, a normal, an exponential and a
/// log.
void floor_of_service(benchmark::State& state) {
  const PoissonTable sample(668.0 / 52);
  const SupportLaw support(SupportLaw::Form::lognormal, 16, 0.8, 0);
  std::uint64_t replicate = 0;
  for (auto _ : state) {
    const Streams streams(1, 0, replicate++);
    double sum = 0;
    Stream numbers = streams.open(Purpose("referrals"), 0);
    for (std::uint64_t week = 0; week < 260; ++week) {
      Stream people = streams.open(Purpose("people referred"), 0, week);
      for (std::int64_t n = sample(numbers()); n > 0; --n) {
        sum += uniform(people()) + static_cast<double>(people());
        sum += support(people());
        sum += -std::log(uniform(people()));
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  state.counters["replicates/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void ten_servers(benchmark::State& state) { run(state, model_record<bench::CaseloadTask>(), mmc, "customers"); }
void ten_servers_ten_times(benchmark::State& state) {
  Setting longer = mmc;
  longer.weeks *= 10;
  run(state, model_record<bench::CaseloadTask>(), longer, "customers");
}
void caseload(benchmark::State& state) { run(state, model_record<bench::CaseloadTask>(), service, "replicates"); }
void whole_model(benchmark::State& state) { run(state, model_record<Caseload>(), service, "replicates"); }
BENCHMARK(ten_servers)->Arg(1)->UseRealTime();
BENCHMARK(ten_servers_ten_times)->Arg(1)->UseRealTime();
BENCHMARK(floor_of_service);
BENCHMARK(caseload)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(whole_model)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
