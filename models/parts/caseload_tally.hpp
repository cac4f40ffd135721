// What one replicate of a caseload leaves: waits as every service reports them, and what became of the clients.
#pragma once

#include <cstddef>
#include <vector>

#include "models/parts/caseload_plan.hpp"
#include "models/parts/caseload_run.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// Counts one replicate. Kept from replicate to replicate for its memory: `begin` empties it.
///
/// Identities, checked over runs of every kind by caseload_test: starting clients + started = completed + dropped out +
/// clients at the end; client_weeks is the sum of the parts of all stays in a slot that lie in the window.
struct CaseloadTally : WaitingTally {
  void begin(const CaseloadServicePlan& plan);
  void seen(double referred, double start) {
    WaitingTally::seen(referred, start);
    if (week < started.size()) started[week] += 1;
  }
  /// A client's support ended, with so much of its effect.
  void left(double start_of_support, double now, bool is_completed, double effect) {
    if (week >= started.size()) return;
    if (is_completed) {
      completed += 1;
      effective += effect;
    } else {
      dropped_out += 1;
    }
    ended_client_weeks += now - start_of_support;
  }
  void week_ended(int ended, const CaseloadWeek& service);

  std::size_t week = 0;  // that is going on; all sums are of the window
  double completed = 0;
  double effective = 0;
  double dropped_out = 0;
  double ended_client_weeks = 0;  // in the slots of those whose support ended
  double client_weeks = 0;        // of all clients
  double slot_weeks = 0;
  double worker_weeks = 0;
  std::vector<double> started;  // by week
  std::vector<double> clients;  // at the end of the week
  std::vector<double> at_work;  // in the week
};

}  // namespace desist
