// What a programme does to a person's hazards now, from the sessions attended and the time since the end.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "models/parts/career_plan.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

/// log E = x_1 log m_1 + x_2 log m_2 + x_1 x_2 log i: x is a programme's dose, that of the first times the person's
/// strength, m its multiplier, i the interaction on the multiplicative scale (mathematics.md 3.1; Knol & VanderWeele
/// 2012).
///
/// The dose is the share of sessions attended so far, all of it where a programme has none; after the end it wanes. The
/// factors are those of the last `renew`. Verified by: career_law_test.
class CareerDose {
 public:
  /// Nothing is at work.
  void begin() {
    dose_ = second_dose_ = 0;
    strength_ = 1;
    desisting_ = severity_ = 1;
    change_.fill(1);
    effect_.fill(1);
    most_effect_ = 1;
  }
  void start(const ProgrammePlan& programme, double strength) {
    strength_ = strength;
    sessions_held_ = sessions_attended_ = 0;
    dose_ = programme.sessions == 0 ? 1 : 0;
  }
  /// The session after `sessions_held`.
  void hold_session(const ProgrammePlan& programme, bool attended) {
    ++sessions_held_;
    if (attended) ++sessions_attended_;
    dose_ = static_cast<double>(sessions_attended_) / programme.sessions;
  }
  int sessions_held() const { return sessions_held_; }
  void leave(const ProgrammePlan& programme) {
    dose_at_end_ = dose_;
    wane_step_ = 0;
    dose_ = dose_at_end_ * programme.waning.share(0);
  }
  void wane(const ProgrammePlan& programme) { dose_ = dose_at_end_ * programme.waning.share(++wane_step_); }
  bool is_at_work() const { return dose_ > 0; }

  void choose_second() { second_stage_ = 0; }
  /// The second programme starts, ends or wanes by a step: after how many weeks it goes on, never where it is over.
  double go_on_with_second(const ProgrammePlan& programme) {
    if (second_stage_++ == 0) {
      second_dose_ = 1;
      return programme.second_length;
    }
    second_dose_ = programme.second_waning.share(second_stage_ - 2);
    return second_dose_ > 0 ? programme.second_waning.step() : never;
  }

  void renew(const ProgrammePlan& programme, std::size_t types) {
    const double dose = dose_ * strength_;
    const double both = programme.log_interaction.empty() ? 0 : dose * second_dose_;
    most_effect_ = 0;
    for (std::size_t j = 0; j < types; ++j) {
      double log_effect = dose * programme.log_effect[j] + second_dose_ * programme.second_log_effect[j];
      if (both != 0) log_effect += both * programme.log_interaction[j];
      effect_[j] = log_effect == 0 ? 1 : std::exp(log_effect);
      most_effect_ = std::max(most_effect_, effect_[j]);
    }
    desisting_ = power(dose, programme.log_desistance);
    change_ = {power(dose, programme.log_recovery), power(dose, programme.log_relapse)};
    severity_ = power(dose, programme.log_severity);
  }

  // Factors of the rates of offending, by type; of the hazards of desisting and of changes of the drug state; of harm.
  const std::array<double, most_types>& effect() const { return effect_; }
  double most_effect() const { return most_effect_; }
  double desisting() const { return desisting_; }
  double change(std::size_t from, std::size_t to) const { return change_[to < from ? 1 : 0]; }
  double severity() const { return severity_; }

 private:
  static double power(double dose, double log_effect) {
    return log_effect == 0 || dose == 0 ? 1 : std::exp(dose * log_effect);
  }

  double strength_ = 1;  // of the first programme's effects on this person
  double dose_ = 0;      // share of the first programme's logarithms that is at work
  double dose_at_end_ = 0;
  int sessions_held_ = 0;
  int sessions_attended_ = 0;
  int wane_step_ = 0;
  double second_dose_ = 0;
  int second_stage_ = 0;
  std::array<double, most_types> effect_{};
  double most_effect_ = 1;
  double desisting_ = 1;
  std::array<double, 2> change_{1, 1};  // recovery, relapse
  double severity_ = 1;
};

}  // namespace desist
