// The plan of a programme: what a draw and arm fix, worked out once. Times in weeks, hazards a week.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/declaration.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/programme.hpp"
#include "models/parts/support_law.hpp"

namespace desist {

/// Effects that wane after the end: the logarithm halves in every half-life (mathematics.md 3.1), in steps of a
/// quarter of one, each with the mean over its step.
class Waning {
 public:
  static constexpr double steps_in_half_life = 4;
  static constexpr double last_half_life = 10;  // what is then left, 1 in 1024, is dropped

  explicit Waning(double half_life = 0) : step_(half_life / steps_in_half_life) {
    if (half_life == 0) return;
    const double of_step = steps_in_half_life / std::log(2.0) * (1 - std::exp2(-1 / steps_in_half_life));
    for (int k = 0; k < steps_in_half_life * last_half_life; ++k)
      shares_.push_back(std::exp2(-k / steps_in_half_life) * of_step);
  }
  double step() const { return step_; }
  /// Share of the logarithm that is left in step k = 0, 1, ... after the end; 0 where nothing is.
  double share(int k) const {
    const auto step = static_cast<std::size_t>(k);
    return step < shares_.size() ? shares_[step] : 0;
  }

 private:
  double step_;
  std::vector<double> shares_;  // by step
};

/// Parameters that change nothing beside the others, because what they are of is switched off. What would
/// contradict the others is refused by the plan. Verified by: career_groups_test.
std::vector<IdleParameter> idle_parameters(const ProgrammeParameters& parameters);

/// A programme with the numbers of one draw and arm.
struct ProgrammePlan {
  /// Throws std::invalid_argument for parameters that contradict one another.
  ProgrammePlan(const ProgrammeParameters& parameters, const CareerPlan& career);

  /// Whether a person who might enter is eligible, is admitted and agrees: chance
  /// eligible x min(1, consent x (Z / mean)^consent_by_rate).
  /// `time` counts how often the person was referred before.
  bool takes_part(const CareerPerson& person, const Streams& streams, std::uint64_t time = 0) const;
  bool may_come_again(bool completed) const {
    return again == ProgrammeParameters::Again::everyone ||
           (completed && again == ProgrammeParameters::Again::those_who_complete);
  }
  /// Strength s of the effects on a person who starts now, by class, drug state and age: log m(group) = s log m
  /// (mathematics.md 3.1).
  double strength_on(const CareerPerson& person, DrugState drug, double now) const {
    double strength = strength_in_class.empty() ? 1 : strength_in_class[person.of_class];
    strength *= strength_in_drug_state[static_cast<std::size_t>(drug)];
    if (young_until > 0 && person.age + now / weeks_per_year < young_until) strength *= strength_young;
    return strength;
  }
  /// (Z / mean)^gamma times the hazard of dropping out.
  double drop_out_of(const CareerPerson& person) const {
    if (drop_out == 0 || drop_out_by_rate == 0) return drop_out;
    return drop_out * std::min(1e12, std::pow(person.relative, drop_out_by_rate));
  }

  ProgrammeParameters::Entry entry = ProgrammeParameters::Entry::everyone;
  double before = 0;
  double intake_window = 0;
  double list_least = 0;
  std::size_t list_of = 0;
  double referral = 0;
  double referral_at_arrest = 0;
  ProgrammeParameters::Again again = ProgrammeParameters::Again::not_again;
  double eligible = 1;
  double consent = 1;
  double consent_by_rate = 0;
  bool replaces_refused = false;
  double wait = 0;
  bool waits_are_exponential = false;

  SupportLaw length;
  double residence = 0;
  double after = 0;                   // 0: until the end
  bool ends_with_last_phase = false;  // people are followed no longer
  int sessions = 0;
  double attendance = 1;
  double drop_out = 0;
  double drop_out_by_rate = 0;
  double breach = 0;
  double breach_custody = 0;
  double breach_charged = 0;
  bool custody_ends_it = false;
  double death_left_early = 1;
  double death_left_early_for = 0;

  std::vector<double> detected;    // share of each type from the start on; none: as before
  std::vector<double> log_effect;  // on the rate, by type
  double log_desistance = 0;
  double log_relapse = 0;
  double log_recovery = 0;
  double log_severity = 0;
  std::vector<double> strength_in_class;  // none: no classes
  std::array<double, drug_states> strength_in_drug_state{1, 1, 1};
  double strength_young = 1;
  double young_until = 0;
  Waning waning;

  double second_share = 0;
  double second_after = 0;
  double second_length = 0;
  std::vector<double> second_log_effect;
  std::vector<double> log_interaction;  // of the two, by type; none: their logarithms add
  Waning second_waning;

 private:
  void bind_interaction(const ProgrammeParameters& parameters);
  void refuse_referrals_that_contradict(const CareerPlan& career) const;
};

}  // namespace desist
