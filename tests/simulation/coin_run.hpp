// A small experiment with the coin that several tests run.
#pragma once

#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"
#include "tests/models/coin.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist::test {

/// Twenty people with an uncertain risk; an arm with another uncertain risk, one equal to the comparator, and a
/// variant.
struct CoinRun {
  ModelRecord model = model_record<Coin>();
  std::vector<Arm> arms;
  std::vector<Parameter> parameters;
  Window window{Date{19600}, Date{19600 + 70}};  // ten weeks
  Plan plan;
  RunControl control;

  CoinRun() {
    parameters = {{"risk", "Risk", "share", UniformLaw{0.02, 0.1}},
                  {"people", "People", "person", FixedLaw{20}},
                  {"helped.risk", "Risk with help", "share", UniformLaw{0.01, 0.05}}};
    add_arm("as_it_was", 0);
    add_arm("helped", 2);
    add_arm("same", 0);
    add_arm("risk_low", 0);
    arms.back().variant = true;
    arms.back().overrides = {{0, 0.02}};
    plan.seed = 11;
    plan.draws = 60;
    plan.replicates_per_draw = 3;
  }
  void add_arm(const std::string& name, std::size_t risk_slot) {
    Arm arm;
    arm.name = name;
    arm.layout.fields = {from_slot(risk_slot), from_slot(1)};
    arms.push_back(arm);
  }
  ParameterDraws draws() const { return ParameterDraws(parameters, {}, {}, plan.seed); }
  OutcomeTable run(const StoppingRule& rule = {}) const {
    return simulate(model, arms, draws(), window, plan, rule, control);
  }
};

}  // namespace desist::test
