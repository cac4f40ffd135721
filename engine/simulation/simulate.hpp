// The runner: draws, arms and replicates in chunks, folded in order, stopped by a rule, resumed from a checkpoint.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/executor.hpp"
#include "engine/simulation/contract.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/plan.hpp"

namespace desist {

/// What surrounds a run and can never change its results.
struct RunControl {
  unsigned threads = 1;
  const StopFlag* stop = nullptr;  // Ctrl-C
  std::string checkpoint;          // path of the checkpoint file; empty: none
  std::uint64_t digest = 0;        // of spec and build: a checkpoint of another is refused
  double checkpoint_seconds = 5;   // at most so often
  /// Called now and then with draws done and draws that are planned so far.
  std::function<void(std::uint64_t done, std::uint64_t planned)> progress;
};

/// Looks at the table after n0 2^k whole draws: true to stop. Handed in by `program`.
using StoppingRule = std::function<bool(const OutcomeTable&)>;

/// Runs every arm on common luck until the plan's draws are done or the rule is satisfied.
///
/// The bytes of the result depend on (model, arms, draws, plan) alone: not on threads, interruptions or resumptions.
/// Verified by: simulate_test, reproducibility_test.
OutcomeTable simulate(const ModelRecord& model, const std::vector<Arm>& arms, const ParameterDraws& draws,
                      const Window& window, const Plan& plan, const StoppingRule& rule, const RunControl& control);

/// The outcomes and series of one replicate, run again alone.
struct Replay {
  std::vector<double> row;       // the draw's parameters
  std::vector<double> outcomes;  // as outcome_slots
  std::vector<double> series;    // series by week, series-major
};
Replay replay(const ModelRecord& model, const Arm& arm, const ParameterDraws& draws, const Window& window,
              std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate);

}  // namespace desist
