// A pathway with its parameters bound: every table that one draw and arm needs, built once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/pathway.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// One stage of a pathway, bound.
struct PathwayStage {
  std::int64_t servers = 0;  // at the start
  Steps time;                // mean
  double spread = 0;         // of the logarithm of a time
  Steps continues;
  double patience = 0;  // mean; 0: nobody gives up
  double cost = 0;
  int waiting = 0;          // cases at the start
  double longest_wait = 0;  // of the first of them
  int served = 0;           // cases with a server at the start
  double server_weeks = 0;  // integral of the number of servers over the window

  /// When the i-th case that waits at the start came, the first (0) longest_wait before it, the others evenly since.
  double came_before_start(int i) const { return longest_wait * (static_cast<double>(i) / waiting - 1) - 1e-9; }
};

/// The number of a stage's servers from a moment on.
struct ServersChange {
  double time = 0;
  std::uint32_t stage = 0;
  std::int64_t servers = 0;
};

struct PathwayPlan {
  /// Throws std::invalid_argument for what can't be together, in a sentence that names the parameters.
  PathwayPlan(const PathwayParameters& parameters, const Window& window);

  /// Time for which a case with this word takes up a server of the stage, from `now` on.
  ///
  /// Lognormal of mean m and coefficient of variation c: m exp(s z - s^2/2), s^2 = log(1 + c^2), z the normal quantile
  /// of the word's uniform; exponential: -m log u.
  double time_of(const PathwayStage& stage, std::uint64_t word, double now) const;

  /// What is left, at the start, of the time of a case that is met at a random moment of it.
  ///
  /// Longer times are met more often: the time met has density x f(x)/m, and what is left is a uniform share of it (Cox
  /// 1962, Renewal Theory, 5.4). Lognormal: the time met is m exp(s z + s^2/2); exponential: what is left is again
  /// exponential, with mean m.
  double time_left(const PathwayStage& stage, Words words) const;

  WaitingPlan waiting;
  DemandPlan demand;
  bool exponential = false;
  bool deterred = false;
  std::vector<PathwayStage> stages;
  std::vector<ServersChange> changes;  // after the start, in order of (time, stage)
  std::size_t waits_until = 0;         // the stage at which a case counts as seen
  double return_share = 0;
  double return_delay = 0;  // mean
};

}  // namespace desist
