// How well a risk score orders people by the time of their event.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// Pairs of rows whose order in time is known: one has its event while the other is at risk and goes on.
struct Concordance {
  std::int64_t concordant = 0;  // the one with the event has the higher score
  std::int64_t discordant = 0;
  std::int64_t tied = 0;  // equal scores
  /// (concordant + tied/2) over all; empty without pairs.
  std::optional<double> value() const;
};

/// Harrell's index (1982) as survival::concordance counts it: pairs within a stratum, of an event at t and a row at
/// risk at t without an event there (a row censored at t goes on). n log n by a tree of ranks. Verified by:
/// cox_reference; cox_test concordance_counts_pairs
Checked<Concordance> concordance(const FollowUp& follow_up, std::span<const double> score,
                                 std::span<const int> stratum = {});

}  // namespace desist::statistics
