// One pass over virtual trials: set after set of people, in blocks on threads, added up in order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/simulation/simulate.hpp"
#include "engine/trial/characteristics.hpp"
#include "engine/trial/trial_run.hpp"

namespace desist {

/// One number a (design, analysis).
template <class T>
using ByAnalysis = std::vector<std::vector<T>>;

/// What is added up of one analysis.
struct AnalysisTally {
  std::vector<TrialTally> sizes;
  PowersTogether together;
};
using Tallies = ByAnalysis<AnalysisTally>;

/// The arms with one draw of every parameter.
using ArmsOfDraw = std::function<BoundArms(std::uint64_t)>;

/// What a pass runs.
struct Pass {
  std::uint64_t first = 0;  // replicate of its first people and groups
  std::uint64_t same = 1;   // trials of the same people
  ArmsOfDraw drawn;         // makes arms of draws: each trial then has the draw of its number
  bool both = false;        // own lives are asked for
};

/// Runs the trials of every design, held against the truth; nothing where it was stopped.
std::optional<Tallies> run_pass(const BoundArms& arms, const std::vector<RunDesign>& runs,
                                const ByAnalysis<KnownTruth>& truth, std::uint64_t seed, const Pass& pass,
                                const RunControl& control);

}  // namespace desist
