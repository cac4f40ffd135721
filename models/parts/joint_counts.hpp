// Offences counted by several things at once: year, phase, and type or kind of victim.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"

namespace desist {

/// By what a cohort's offences are counted beside its totals.
struct CohortBreakdown {
  CohortBreakdown() = default;
  /// Throws std::invalid_argument for years beyond the window and for phases that are none.
  CohortBreakdown(const std::vector<std::string>& years, const std::vector<std::string>& phases,
                  const CareerPlan& career);

  /// Whether anything is asked for that needs more than one thing at once.
  bool is_joint() const { return years > 0 && (!phases.empty() || kinds > 0); }

  std::vector<std::size_t> year_of_week;  // `years` where it is of none
  std::size_t years = 0;
  std::vector<CareerPhase> phases;  // as listed; none: phases are not told apart
  std::size_t types = 0;
  std::size_t kinds = 0;  // of victims
};

/// Counts by year, phase and type, and by year, phase and kind of victim; nothing is kept where nothing is asked for.
///
/// Verified by: career_joint_test.
class JointCounts {
 public:
  void begin(const CohortBreakdown& by);
  /// One offence, seen or told one by one.
  void add(std::size_t week, CareerPhase phase, std::size_t type, std::optional<std::size_t> victim) {
    if (!is_on_) return;
    const std::size_t cell = cell_of(week, static_cast<std::size_t>(phase));
    ++by_type_[cell * by_.types + type];
    if (victim) ++by_kind_[cell * by_.kinds + *victim];
  }
  void scale_by(double scale);
  /// Offences of a type that nobody sees, in bulk.
  void add_unseen(std::size_t week, std::size_t phase, std::size_t type, double offences) {
    if (!is_on_) return;
    by_type_[cell_of(week, phase) * by_.types + type] += offences;
    unseen_[type * cells_ + cell_of(week, phase)] += static_cast<std::int64_t>(offences);
  }
  /// Of offences of a type that are counted by their expected number.
  void add_expected(std::size_t week, std::size_t phase, std::size_t type, double offences,
                    const std::vector<CareerPlan::Victim>* victims) {
    if (!is_on_) return;
    const std::size_t cell = cell_of(week, phase);
    by_type_[cell * by_.types + type] += offences;
    if (victims == nullptr) return;
    for (const CareerPlan::Victim& each : *victims) by_kind_[cell * by_.kinds + each.place] += offences * each.share;
  }
  /// So many of a type's unseen offences have this kind of victim: which years and phases they are of. Given how many
  /// there are of each kind and in each cell, all ways are alike: multivariate hypergeometric, cell by cell. So what is
  /// asked for here moves no total.
  void place_victims(const Streams& streams, std::size_t type, std::size_t kind, std::int64_t offences);

  /// Offences of a year (of all phases, where none is named) and type, or kind of victim.
  double of_type(std::size_t year, std::optional<CareerPhase> phase, std::size_t type) const {
    return sum(by_type_, by_.types, year, phase, type);
  }
  double of_kind(std::size_t year, std::optional<CareerPhase> phase, std::size_t kind) const {
    return sum(by_kind_, by_.kinds, year, phase, kind);
  }

 private:
  std::size_t cell_of(std::size_t week, std::size_t phase) const {
    return by_.year_of_week[week] * career_phases + phase;
  }
  double sum(const std::vector<double>& counts, std::size_t width, std::size_t year, std::optional<CareerPhase> phase,
             std::size_t at) const;

  CohortBreakdown by_;
  bool is_on_ = false;
  std::size_t cells_ = 0;             // of years, that of none among them, and phases
  std::vector<double> by_type_;       // by cell, type
  std::vector<double> by_kind_;       // by cell, kind of victim
  std::vector<std::int64_t> unseen_;  // by type, cell: those whose victims are still to be placed
};

}  // namespace desist
