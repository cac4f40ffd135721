// A program of one run, for tests that need processes: it is killed, resumed, masked and built by another optimiser.
//
//   run_program DRAWS REPLICATES THREADS CHECKPOINT|- OUT|- [stop AFTER_DRAWS]
//
// Writes the bytes of the table to OUT ("-": only what it took). Says what a resumed run noted on standard error.
// Exits 6 when stopped.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "engine/simulation/simulate.hpp"
#include "tests/models/walk.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {
namespace {

std::vector<Arm> walk_arms() {
  std::vector<Arm> arms(3);
  arms[0].name = "as_it_was";
  arms[0].layout.fields = {from_slot(0), from_slot(1), from_slot(2)};
  arms[1] = arms[0];
  arms[1].name = "faster";
  arms[1].layout.fields[1] = from_slot(3);
  arms[2] = arms[0];
  arms[2].name = "rise_low";
  arms[2].variant = true;
  arms[2].overrides = {{0, 15.0}};
  return arms;
}

// Every kind of law, a correlation, and a study's posterior.
ParameterDraws walk_draws(std::uint64_t seed) {
  Posterior study;
  study.name = "study";
  study.columns = {{"completion", Posterior::Beta{54.5, 17.5}},
                   {"completed", Posterior::Beta{3.5, 52.5}},
                   {"breached", Posterior::Beta{6.5, 10.5}},
                   {"all", Posterior::Mixture{0, 1, 2}}};
  return ParameterDraws({{"rise", "", "case/week", UniformLaw{18, 24}},
                         {"fall", "", "case/week", TriangularLaw{18, 21, 26}},
                         {"spread", "", "1", CountLaw{49, 253}},
                         {"faster.fall", "", "case/week", UniformLaw{22, 30}},
                         {"all", "", "share", PosteriorLaw{0, 3}}},
                        {{{0, 1}, {1, 0.5, 0.5, 1}}}, {study}, seed);
}

int run(const std::vector<std::string>& words) {
  Plan plan;
  plan.seed = 5;
  plan.draws = std::stoull(words.at(0));
  plan.replicates_per_draw = std::stoull(words.at(1));
  StopFlag stop{false};
  RunControl control;
  control.threads = static_cast<unsigned>(std::stoul(words.at(2)));
  if (words.at(3) != "-") control.checkpoint = words[3];
  control.checkpoint_seconds = 0.01;
  control.stop = &stop;
  control.note = [](const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); };
  if (words.size() > 6)
    control.progress = [&stop, after = std::stoull(words[6])](std::uint64_t done, std::uint64_t) {
      if (done >= after) stop = true;
    };
  const auto arms = walk_arms();
  const ModelRecord model = model_record<Walk>();
  const Window window{Date{19600}, Date{19600 + 7 * 10}};
  const auto start = std::chrono::steady_clock::now();
  const OutcomeTable table = simulate(model, arms, walk_draws(plan.seed), window, plan, {}, control);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (words.at(4) == "-")
    std::printf("%llu draws, %.3f s\n", static_cast<unsigned long long>(table.draws()), seconds);
  else
    std::ofstream(words[4], std::ios::binary) << table.bytes();
  return table.complete() ? 0 : 6;
}

}  // namespace
}  // namespace desist::test

int main(int count, char** words) { return desist::test::run(std::vector<std::string>(words + 1, words + count)); }
