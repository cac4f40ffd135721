// Age, desistance and death of a person.
#pragma once

#include <algorithm>
#include <cmath>

#include "engine/random/stream.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/career_person.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Where a person stands on the age grid, and the one-off clocks of desistance and death (mathematics.md 1.1, 1.4).
class CareerAgeing {
 public:
  void begin(const CareerPlan& plan, const Streams& streams, const CareerPerson& person) {
    plan_ = &plan;
    start_ = age_ = person.age;
    is_woman_ = person.is_woman;
    factor_ = plan.age_factor_at(age_);
    quarters_ = std::floor(age_ * age_steps_a_year + 1e-9);
    early_risk_ = 1;
    set_rate(person);
    if (plan.desistance == 0 && !plan.deaths) return;
    const Words words = streams.words(Purpose("ends of a career"), person.id);
    desist_clock_.begin(0, words[0]);
    death_clock_.begin(0, words[1]);
  }
  /// The person's own rate decides how fast they desist: Z^-eta.
  void set_rate(const CareerPerson& person) {
    by_rate_ =
        plan_->desistance_by_rate == 0 ? 1 : std::min(1e12, std::pow(person.relative, -plan_->desistance_by_rate));
  }

  /// Onto the middle of the next step of the grid; when the one after it begins.
  double take_step() {
    age_ = (quarters_ + 0.5) / age_steps_a_year;
    factor_ = plan_->age_factor_at(age_);
    ++quarters_;
    return (quarters_ / age_steps_a_year - start_) * weeks_per_year;
  }
  double factor() const { return factor_; }  // g of the rate
  void hold_factor(double factor) { factor_ = factor; }

  double desists_at(double now, bool clock_runs, double effect) {
    return desist_clock_.set(now, clock_runs ? plan_->desistance * by_rate_ * effect : 0);
  }
  double dies_at(double now) { return death_clock_.set(now, plan_->death_at(age_, is_woman_) * early_risk_); }
  /// Factor of the hazard of death, for a time.
  void set_early_risk(double factor) { early_risk_ = factor; }

 private:
  const CareerPlan* plan_ = nullptr;
  double start_ = 0;
  double age_ = 0;       // middle of the present step of the grid
  double quarters_ = 0;  // of a year of age, at the next step of it
  double factor_ = 1;
  double by_rate_ = 1;
  double early_risk_ = 1;
  bool is_woman_ = false;
  CareerClock desist_clock_, death_clock_;
};

}  // namespace desist
