// One person's life in two arms on the same luck: an illustration, since what joins the two lives is our coupling and
// no data (mathematics.md 0.2; Robins & Greenland 1989).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simulation/contract.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/trace.hpp"

namespace desist {

/// The same person in each of two arms.
struct Twins {
  std::size_t number = 0;  // which of those looked at, from 1
  Trace first;
  Trace second;
};

struct TwinTraces {
  std::size_t looked_at = 0;  // people who are in both arms
  std::size_t differ = 0;     // of them, those whose two lives are not the same: a single moment makes no life
  std::vector<Twins> shown;   // by number
};

/// The most people among whom those to be shown are looked for.
inline constexpr std::size_t most_twins_looked_at = 200;

/// Traces of `people` persons in the first future of the first draw: the first whose lives differ between the arms, and
/// where these are too few the first of the others. The rule leaves nothing to choose. Throws what the model throws.
/// Verified by: cohort_trace_test.
TwinTraces twin_traces(const ModelRecord& model, const Arm& first, const Arm& second, const ParameterDraws& draws,
                       const Window& window, std::uint64_t seed, std::size_t people);

}  // namespace desist
