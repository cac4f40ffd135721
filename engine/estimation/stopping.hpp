// When a run has simulated enough: to a precision, or until the best arm is known (mathematics.md 6.6).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// Stops when the Monte Carlo error of every chance of every reported arm is below `target` (Chow & Robbins 1965;
/// Glynn & Whitt 1992). A chance that all draws or none had counts with 1/draws, not with an error of 0.
/// Verified by: stopping_test
StoppingRule precision_rule(double target);

/// Which arm is best: the one with the greatest (or least) mean of an outcome.
struct Decision {
  std::size_t outcome = 0;     // index into the outcome slots; a chance or an amount
  bool more_is_better = true;  // else the arm with the least mean is looked for
  double within = 0;           // > 0, in the outcome's unit: two arms closer than this are as good as equal
  double alpha = 0.01;         // chance that Monte Carlo noise alone makes the verdict wrong
};

/// How the leader stands against one other arm, positive where the leader is better.
struct Rival {
  std::size_t arm = 0;
  double lead = 0;      // mean of the paired differences of draw means
  double mc_error = 0;  // its standard error
  double at_least = 0;  // one-sided lower t limit at the look's share of alpha
};

struct DecisionResult {
  enum class Verdict {
    settled,         // every lower limit is above 0
    settled_within,  // every lower limit is above -within: another arm may be better, by less than that
    not_settled,     // the plan's most draws came first
  } verdict = Verdict::not_settled;
  std::size_t leader = 0;  // arm
  std::vector<Rival> rivals;
  std::uint64_t look = 0;  // 0, 1, ...: looks before this one
  std::uint64_t draws = 0;
};

/// The verdict of one look, number `look` from 0, on the draw means of each arm (rows of equal length n >= 2; a draw in
/// which either arm has no value is left out of that pair). One-sided lower limits of the paired differences leader -
/// rival at alpha_k/(arms - 1), alpha_k = 6 alpha/(pi^2 (k + 1)^2): over all looks and rivals the verdict is wrong with
/// probability at most alpha (Bonferroni; normal theory). It concerns Monte Carlo noise only, not the figures.
/// Verified by: stopping_test
DecisionResult judge_look(const std::vector<std::span<const double>>& arms, const Decision& decision,
                          std::uint64_t look);

/// The same for a table's reported arms; the look is that of a plan whose first look is at `first_look` draws.
DecisionResult decide(const OutcomeTable& outcomes, const Decision& decision, std::uint64_t first_look);

/// Stops when `decide` settles it.
StoppingRule decision_rule(const Decision& decision, std::uint64_t first_look);

}  // namespace desist
