// The plan of a caseload: what a draw and arm fix, worked out once.
#pragma once

#include <cmath>
#include <vector>

#include "engine/simulation/profile.hpp"
#include "models/parts/caseload.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/staff.hpp"
#include "models/parts/support_law.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// A caseload with the numbers of one draw and arm, whoever comes.
struct CaseloadServicePlan {
  /// Throws std::invalid_argument for parameters that contradict one another.
  CaseloadServicePlan(const CaseloadServiceParameters& parameters, const Window& window);

  /// Whole slots with `at_work` workers in a week: clients_each for each of them, and as many as `starts` a week take
  /// up in a full service: starts x mean time in a slot.
  double slots(double at_work, int week) const {
    return std::floor(at_work * clients_each + slots_of_starts[static_cast<std::size_t>(week)] + 1e-9);
  }
  /// Clients that can be supported well: the norm for each worker at work, and the slots of `starts`.
  double well_supported(double at_work, int week) const {
    return at_work * norm + slots_of_starts[static_cast<std::size_t>(week)];
  }
  /// Speed of support with `clients` of which `well` can be supported well: min(1, (well / clients)^slowing).
  double speed(double clients, double well) const {
    if (slowing == 0 || clients <= well) return 1;
    return slowing == 1 ? well / clients : std::pow(well / clients, slowing);
  }
  /// How much of its effect a completion has whose workers had `clients` on average of which `well` is well supported.
  double effect(double clients, double well) const {
    if (dilution == 0 || clients <= well) return 1;
    return std::pow(well / clients, dilution);
  }

  WaitingPlan waiting;
  StaffPlan staff;
  SupportLaw support;
  bool by_risk = false;
  double patience = 0;
  double clients_each = 0;
  double norm = 0;
  double slowing = 0;
  double dilution = 0;
  double return_share = 0;
  double return_delay = 0;
  int starting_clients = 0;
  double posts = 0;            // mean over the window
  double cost_per_worker = 0;  // a year
  double cost_per_start = 0;
  std::vector<double> slots_of_starts;  // by week
  std::vector<double> certain_at_work;  // by week; empty where it is left to chance
};

/// The same, and who is referred.
struct CaseloadPlan : CaseloadServicePlan {
  CaseloadPlan(const CaseloadParameters& parameters, const Window& window)
      : CaseloadServicePlan(parameters, window), demand(parameters, window, waiting.last_week) {}

  DemandPlan demand;
};

}  // namespace desist
