// A whole appraisal: 100,000 draws of 20 figures, three arms, ten years, three forms of fading, an acceptability curve,
// a study at five sizes, switching values, shares of variance and the value of knowing each figure. By hand:
// tests/bench/appraisal_bench
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/estimation/appraisal.hpp"
#include "tests/estimation/appraisal_case.hpp"

namespace {

using namespace desist;
using namespace desist::test;
using Role = Flow::Role;

/// 20 figures that are not known: three risks by counts, 17 prices, hours and numbers of people.
AppraisalCase twenty_figures(std::uint64_t draws) {
  AppraisalCase made(10, 3);
  made.draws = draws;
  const auto in_arm = made.figure("in arm", {FixedLaw{0}, FixedLaw{1}, FixedLaw{1}}, "share");
  const auto people = made.figure("people", {UniformLaw{250, 350}}, "person");
  const auto risk = made.figure("risk", {CountLaw{49, 70}, CountLaw{40, 70}, CountLaw{35, 66}}, "share");
  const auto price = made.figure("price", {FixedLaw{0}, UniformLaw{200, 320}, UniformLaw{500, 900}});
  const auto time = made.figure("halves in", {UniformLaw{1, 4}}, "year");
  made.flow(Role::programme_cost, input(people) * input(in_arm), input(price)).optimism_bias = number(0.1);
  for (int flow = 0; flow < 12; ++flow) {
    const auto each = made.figure("worth " + std::to_string(flow), {TriangularLaw{100.0 + flow, 200, 900}});
    made.yearly(Role::cost, input(people) * input(risk), input(each)).fades = true;
  }
  const auto hours = made.figure("hours", {UniformLaw{4, 9}}, "hours");
  Flow& posts = made.yearly(Role::cost, input(people) * input(risk) * input(hours), number(25));
  posts.kind = Flow::Kind::cashable;
  posts.step = 160;
  made.appraisal.fades = {{"halves", "", Fade::Form::exponential, input(time), {}, {}},
                          {"stops", "", Fade::Form::stops, {}, {}, {}},
                          {"stays", "", Fade::Form::constant, {}, {}, {}}};
  Effect effect;
  effect.name = "averted";
  effect.quantity = input(people) * input(risk);
  for (int k = 0; k <= 20; ++k) effect.worth.push_back(500.0 * k);
  made.appraisal.effects = {effect};
  NextStudy study;
  study.name = "trial";
  study.control = study.treated = risk;
  study.sizes = {100, 200, 400, 800, 1600};
  study.cost_fixed = number(20000);
  study.cost_each = number(100);
  study.answer_after = 2;
  study.decision_lasts = 10;
  study.appraised_people = input(people);
  study.people_a_year = number(300);
  made.appraisal.studies = {study};
  return made;
}

void whole_appraisal(benchmark::State& state) {
  const AppraisalCase made = twenty_figures(static_cast<std::uint64_t>(state.range(0)));
  std::size_t figures = 0;
  for (auto round : state) figures = made.run().information->figures.size();
  state.counters["figures"] = static_cast<double>(figures);
}
BENCHMARK(whole_appraisal)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
