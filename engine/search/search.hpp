// Searches that call simulate more than once: the smallest change that meets a target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// The least or the greatest level of one quantity at which an outcome's chance reaches a target.
struct Need {
  enum class Extreme { least, greatest };
  std::string label;               // "hearings a week"
  std::size_t field = 0;           // the model's parameter that is set
  double from_week = 0;            // set from this week on; minus infinity for what cannot change in time
  std::vector<std::size_t> items;  // set for these of the field's list; empty: for each
  double per_unit = 1;             // level x per_unit is the value in the field's unit
  std::size_t outcome = 0;         // index into the outcome slots; a chance
  double chance = 0.9;
  double within = 0.02;  // indifference: the verdict may be wrong by this much of the chance
  std::vector<std::size_t> arms;
  double alpha = 0.01;           // chance that Monte Carlo noise alone gives a wrong answer
  double most = 0;               // no level beyond this is tried (the field's range)
  double present = 0;            // the level to start from
  bool present_is_known = true;  // it is today's: a printed figure, not a choice or the middle of a range
  Extreme look_for = Extreme::least;
  double step = 1;                 // levels are its multiples: 0.5, or the size of a team
  std::uint64_t first_look = 128;  // draws; then twice as many at each look
};

struct NeedLevel {
  double level = 0;
  double chance = 0, low = 0, high = 0;  // Clopper-Pearson on draws at the look's alpha
  std::uint64_t draws = 0;
};

struct NeedResult {
  std::size_t need = 0;
  std::string arm;
  enum class Verdict {
    found,
    already_met,   // found, and today's level reaches the target
    nothing_does,  // no level that was tried reaches it
    any_does,      // of a greatest level: the highest that may be tried still reaches it
    not_settled,   // the plan's cap came first
  } verdict = Verdict::not_settled;
  std::optional<double> level;     // that reaches the target
  NeedLevel at, beside;            // the level, and the one next to it that falls short, where it was tried
  std::optional<double> holds_to;  // the other end of the stretch in which the target holds, where there is one
  /// Where the chance rises and then falls with the level, beyond the simulation's error: the best level tried.
  std::optional<NeedLevel> best;
  bool monotone() const { return !best.has_value(); }
  std::vector<NeedLevel> tried;  // in order of level
};

struct SearchResults {
  std::vector<NeedResult> needs;
};

/// An arm whose searched quantity is held at one level: one more known figure of every draw, which moves no other.
struct LevelArm {
  Arm arm;
  ParameterDraws draws;  // with the level as last parameter
};
LevelArm at_level(const Need& need, const Arm& arm, const ParameterDraws& draws, double level);

/// A replicate that failed at a searched level: enough to run it again alone.
class LevelFailure : public ReplicateFailure {
 public:
  LevelFailure(const ReplicateFailure& failure, std::size_t need, double level)
      : ReplicateFailure(failure), need_(need), level_(level) {}
  std::size_t need() const { return need_; }  // which of the needs, from 0
  double level() const { return level_; }

 private:
  std::size_t need_;
  double level_;
};

/// Searches every need in its arms. Throws LevelFailure for a replicate that fails.
SearchResults search(const std::vector<Need>& needs, const ModelRecord& model, const std::vector<Arm>& arms,
                     const ParameterDraws& draws, const Window& window, const Plan& plan, const RunControl& control);

}  // namespace desist
