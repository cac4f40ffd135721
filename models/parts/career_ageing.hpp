// Age, desistance and death of a person.
#pragma once

#include <algorithm>
#include <cmath>

#include "engine/core/rounding.hpp"
#include "engine/random/exponential.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Where a person stands on the age grid, and the one-off clocks of desistance and death (mathematics.md 1.1, 1.4).
///
/// What age does is known beforehand: the factor of the rate at any moment, and when the person dies. Verified by:
/// career_parts_test, career_law_test.
class CareerAgeing {
 public:
  /// For a walk up to `until`.
  void begin(const CareerPlan& plan, const Streams& streams, const CareerPerson& person, double until) {
    plan_ = &plan;
    until_ = until;
    quarters_at_start_ = person.age * age_steps_a_year + 1e-9;
    is_woman_ = person.is_woman;
    quarter_ = std::floor(quarters_at_start_);
    set_factor();
    early_risk_ = 1;
    set_rate(person);
    if (plan.desistance == 0 && !plan.deaths) return;
    const Words words = streams.words(Purpose("ends of a career"), person.id);
    desist_clock_.begin(0, words[0]);
    if (!plan.deaths) return;
    left_to_death_ = standard_exponential(words[1]);
    foresee_death(0);
  }
  /// The person's own rate decides how fast they desist: Z^-eta.
  void set_rate(const CareerPerson& person) {
    by_rate_ =
        plan_->desistance_by_rate == 0 ? 1 : std::min(1e12, std::pow(person.relative, -plan_->desistance_by_rate));
  }

  double factor() const { return factor_; }  // g of the rate, now
  /// When the present step of the grid ends; never where age changes no rate.
  double step_ends() const { return step_ends_; }
  void take_step() {
    ++quarter_;
    set_factor();
  }
  double factor_at(double time) const { return step_ends_ < never ? plan_->age_factor[place_of(time)] : factor_; }
  /// The highest factor between two moments, now or later: g rises up to its peak and falls after it.
  double most_factor(double from, double until) const {
    if (!(step_ends_ < never)) return factor_;
    const std::size_t first = place_of(from), last = place_of(until), peak = plan_->age_peak;
    if (first < peak && peak < last) return plan_->age_factor[peak];
    return std::max(plan_->age_factor[first], plan_->age_factor[last]);
  }
  void hold_factor(double factor) {
    factor_ = factor;
    step_ends_ = never;
  }

  double desists_at(double now, bool clock_runs, double effect) {
    return desist_clock_.set(now, clock_runs ? plan_->desistance * by_rate_ * effect : 0);
  }
  double dies_at() const { return death_; }
  /// Factor of the hazard of death, from now on.
  void set_early_risk(double factor, double now) {
    if (!plan_->deaths) return;
    left_to_death_ = std::max(0.0, left_to_death_ - (death_upto(now) - upto_since_) * death_factor());
    early_risk_ = factor;
    foresee_death(now);
  }

 private:
  // Steps are numbered by quarters of a year of age; those beyond the grid are like its last.
  double quarter_of(double time) const { return quarters_at_start_ + time * (1 / weeks_of_age_step); }
  double begin_of(double quarter) const { return (quarter - quarters_at_start_) * weeks_of_age_step; }
  std::size_t place(double quarter) const { return std::min(whole_part(quarter), plan_->age_factor.size() - 1); }
  std::size_t place_of(double time) const { return place(quarter_of(time)); }
  void set_factor() {
    factor_ = plan_->age_factor[place(quarter_)];
    step_ends_ = plan_->rates_change_with_age ? begin_of(quarter_ + 1) : never;
  }

  /// Integral of the hazard of death from birth on, but for the factors of this person.
  double death_upto(double time) const {
    if (!plan_->ages) return plan_->death_of_men[0] * time;
    const double quarter = quarter_of(time);
    const std::size_t at = place(quarter);
    return plan_->death_upto[at] + plan_->death_of_men[at] * weeks_of_age_step * (quarter - static_cast<double>(at));
  }
  double death_factor() const { return early_risk_ * (is_woman_ ? plan_->death_women : 1); }
  void foresee_death(double now) {
    upto_since_ = death_upto(now);
    death_ = never;
    const double factor = death_factor();
    const double reached = upto_since_ + left_to_death_ / factor;  // infinite where nobody dies
    if (!(reached < death_upto(until_))) return;
    if (!plan_->ages) {
      death_ = now + left_to_death_ / (factor * plan_->death_of_men[0]);
      return;
    }
    std::size_t at = place_of(now);
    while (at + 1 < plan_->death_upto.size() && plan_->death_upto[at + 1] <= reached) ++at;
    const double into_step = (reached - plan_->death_upto[at]) / plan_->death_of_men[at];  // weeks
    death_ = std::max(now, begin_of(static_cast<double>(at)) + into_step);
  }

  const CareerPlan* plan_ = nullptr;
  double until_ = 0;
  double quarters_at_start_ = 0;  // of age
  double quarter_ = 0;            // the present step
  double step_ends_ = never;
  double factor_ = 1;
  double by_rate_ = 1;
  bool is_woman_ = false;
  CareerClock desist_clock_;

  // The clock of death: what is left of its exponential at the last change of the early risk, and when it rings.
  double early_risk_ = 1;
  double left_to_death_ = 0;
  double upto_since_ = 0;
  double death_ = never;
};

}  // namespace desist
