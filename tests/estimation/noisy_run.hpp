// An appraisal of a model whose outcome is a figure seen through luck.
#pragma once

#include <utility>
#include <vector>

#include "engine/random/distributions.hpp"
#include "engine/simulation/simulate.hpp"
#include "tests/estimation/appraisal_case.hpp"
#include "tests/simulation/coin_run.hpp"

namespace desist::test {

/// An outcome theta + 2 z: a mean and a replicate's luck (mathematics.md 6.3); of theta 0 nothing.
struct Noisy {
  static constexpr ModelInfo info{"noisy", "A figure seen through luck.", "tests/estimation"};
  struct Parameters {
    double theta = 0;
    static void describe(auto& v) {
      v.number("theta", &Parameters::theta, {.unit = "1", .range = {-1e9, 1e9}, .help = "The mean."});
    }
  };
  struct Outcomes {
    double seen = 0;
    static void describe(auto& v) { v.outcome("seen", &Outcomes::seen, {.unit = "1"}); }
  };
  struct Series {};
  struct Bound {
    Bound(const Parameters& given, const Window&) : theta(given.theta) {}
    double theta;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"noisy"};
    outcomes.seen =
        bound.theta == 0 ? 0 : bound.theta + 2 * standard_normal_quantile(uniform(streams.words(purpose, 0)[0]));
  }
};

/// theta ~ N(.3, 1), of which one is worth £1.
struct NoisyCase : AppraisalCase {
  ModelRecord model = model_record<Noisy>();
  std::vector<Arm> arms;
  Window window{Date{19600}, Date{19600 + 70}};
  Plan plan;

  explicit NoisyCase(std::uint64_t drawn = 20000, std::uint64_t from = 7) {
    seed = from;
    const std::size_t none = slot("none", FixedLaw{0}), theta = slot("theta", normal(0.3, 1));
    for (const std::size_t each : {none, theta}) {
      Arm arm;
      arm.name = each == none ? "without" : "with";
      arm.layout.fields = {from_slot(each)};
      arms.push_back(arm);
    }
    plan.seed = seed;
    plan.draws = drawn;
    plan.replicates_per_draw = 1;
    AppraisalOutcome seen;
    seen.name = "seen";
    seen.slots = {0};
    appraisal.outcomes = {seen};
    flow(Flow::Role::benefit, outcome(0), number(1));
  }
  AppraisalResult run_on(unsigned threads) const {
    RunControl control;
    control.threads = threads;
    const OutcomeTable outcomes = simulate(model, arms, drawn(), window, plan, {}, control);
    return appraise(appraisal, drawn(), outcomes, 0);
  }
};

}  // namespace desist::test
