// The runner: draws, arms and replicates in chunks, folded in order, stopped by a rule, resumed from a checkpoint.
#pragma once

#include <functional>
#include <optional>
#include <span>
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
  const StopFlag* stop = nullptr;  // Ctrl-C: what is done is kept
  /// Path of the checkpoint file; empty: none. Written at most every `checkpoint_seconds`, when stopped and when
  /// complete: whoever writes the results removes it. One that is damaged, or of another experiment or build, is not
  /// used and is written over.
  std::string checkpoint;
  std::uint64_t digest = 0;  // of spec and build; the runner adds what it is given
  double checkpoint_seconds = 5;
  /// Called now and then with draws done and draws that are planned so far.
  std::function<void(std::uint64_t done, std::uint64_t planned)> progress;
  /// Called with a sentence for the user: why a checkpoint was not used.
  std::function<void(const std::string& sentence)> note;
  /// Called with the outcomes of every replicate of every arm, chunk by chunk in an order that the plan alone decides.
  /// A run that hands out its replicates neither reads nor writes a checkpoint: it would leave out those before it.
  std::function<void(std::uint64_t draw, std::uint64_t replicate, std::size_t arm, std::span<const double> outcomes)>
      each_replicate;
};

/// Looks at the table after n0 2^k whole draws: true to stop. Handed in by `program`.
using StoppingRule = std::function<bool(const OutcomeTable&)>;

/// Runs every arm on common luck until the plan's draws are done or the rule is satisfied.
///
/// A plan that does not run to a rule never asks it: exactly its draws are run. Without a rule, one that does runs to
/// its last look. Throws ReplicateFailure for the first replicate (by chunk, arm, draw) that fails, and
/// std::invalid_argument for arms or a plan that cannot be run.
/// The bytes of the result depend on (model, arms, draws, plan) alone: not on threads, interruptions or resumptions.
/// Verified by: simulate_test, reproducibility_test.
OutcomeTable simulate(const ModelRecord& model, const std::vector<Arm>& arms, const ParameterDraws& draws,
                      const Window& window, const Plan& plan, const StoppingRule& rule, const RunControl& control);

/// The outcomes and series of one replicate, run again alone. Throws what the model throws.
struct Replay {
  std::vector<double> row;       // the draw's parameters
  std::vector<double> outcomes;  // as outcome_slots
  std::vector<double> series;    // series by week, series-major
};
Replay replay(const ModelRecord& model, const Arm& arm, const ParameterDraws& draws, const Window& window,
              std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate);

}  // namespace desist
