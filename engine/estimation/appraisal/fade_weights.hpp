// How much of an effect is left in each year, draw by draw.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/estimation/appraisal/evaluator.hpp"

namespace desist {

/// The weight of each year of the horizon under a form (as main_fade says), in an arm's draws. Where forms have weights
/// draw d takes the one in which the uniform of the stream (seed, d, "appraisal/form"; 0, 0) falls by their cumulative
/// weights.
std::vector<DrawColumn> fade_weights(const Evaluator& evaluator, std::size_t fade, std::size_t arm, std::uint64_t seed);

/// The form that each draw at hand takes; empty where forms have no weights.
std::vector<std::size_t> drawn_forms(const Appraisal& appraisal, const DrawnFigures& figures, std::uint64_t seed);

}  // namespace desist
