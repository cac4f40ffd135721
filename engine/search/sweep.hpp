// Sweeps: an outcome at several levels of one quantity, on common luck, and what each adds to the first and to the one
// before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// Which quantity is held at which levels, and what is looked at. Levels are internal variants, never recommended.
struct Sweep {
  std::string name, label;
  std::string vary;                // "workers", "referrals a week"
  std::size_t field = 0;           // the model's parameter that is set
  double from_week = 0;            // from this week on; minus infinity for what cannot change in time
  std::vector<std::size_t> items;  // for these of the field's list; empty: for each
  double per_unit = 1;             // level x per_unit is the value in the field's unit
  std::vector<double> levels;      // rising
  std::size_t outcome = 0;         // index into the outcome slots
  std::vector<std::size_t> arms;
  std::optional<double> target;   // a line to draw, in the outcome's unit
  std::optional<double> present;  // today's level, where it is a printed figure
  std::uint64_t draws = 1000;     // one replicate each
};

struct SweepLevel {
  double level = 0;
  double mean = 0, mc_error = 0;
  double low = 0, high = 0;  // of an amount: 95 in 100 futures; of a chance: Clopper & Pearson's 95% limits on draws
  std::optional<double> added, added_error;            // by this level to the one before, draw by draw
  std::optional<double> from_first, from_first_error;  // by this level to the first, draw by draw
};

/// One arm's levels. Of an outcome that is a time these are chances that it comes in the window.
struct SweepResult {
  std::size_t sweep = 0;
  std::string arm;
  std::vector<SweepLevel> levels;
  /// The level with the best mean, where a higher one is worse beyond the simulation's error: from there on more
  /// undoes its own effect. One-sided at 1 in 100 for all higher levels together (normal, Bonferroni), paired by draw.
  std::optional<std::size_t> turns_at;
};

/// The arms of a sweep, level by level of its first arm, then of the next, and the draws that they share: one known
/// figure more, which moves no other.
struct SweepArms {
  std::vector<Arm> arms;
  ParameterDraws draws;
};
SweepArms sweep_arms(const Sweep& sweep, const std::vector<Arm>& arms, const ParameterDraws& draws);

/// Runs every sweep. Fewer results than asked for: it was stopped. Throws ReplicateFailure for a replicate that fails;
/// its arm is one of sweep_arms.
/// Verified by: sweep_test.
std::vector<SweepResult> sweep(const std::vector<Sweep>& sweeps, const ModelRecord& model, const std::vector<Arm>& arms,
                               const ParameterDraws& draws, const Window& window, const Plan& plan,
                               const RunControl& control);

}  // namespace desist
