// Searches that call simulate more than once: the smallest change that meets a target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// The smallest level of one quantity for which an outcome's chance reaches a target.
struct Need {
  std::string label;        // "hearings a week"
  std::size_t field = 0;    // the model's parameter that is set
  double from_week = 0;     // set from this week on
  double per_unit = 1;      // level x per_unit is the value in the field's unit
  std::size_t outcome = 0;  // index into the outcome slots; a chance
  double chance = 0.9;
  double within = 0.02;  // indifference: the verdict may be wrong by this much of the chance
  std::vector<std::size_t> arms;
  double alpha = 0.01;  // chance that Monte Carlo noise alone gives a wrong answer
  double most = 0;      // no level beyond this is tried (the field's range)
  double present = 0;   // the level today, to start from
};

struct NeedLevel {
  double level = 0;
  double chance = 0, low = 0, high = 0;  // Clopper-Pearson on draws at the look's alpha
  std::uint64_t draws = 0;
};

struct NeedResult {
  std::size_t need = 0;
  std::string arm;
  enum class Verdict { found, already_met, nothing_does, not_settled } verdict = Verdict::not_settled;
  std::optional<double> level;   // smallest level that reaches the target
  NeedLevel at, below;           // the level and the one below it
  bool monotone = true;          // as checked at the levels tried
  std::vector<NeedLevel> tried;  // in order of level
};

struct SearchResults {
  std::vector<NeedResult> needs;
};

SearchResults search(const std::vector<Need>& needs, const ModelRecord& model, const std::vector<Arm>& arms,
                     const ParameterDraws& draws, const Window& window, const Plan& plan, const RunControl& control);

}  // namespace desist
