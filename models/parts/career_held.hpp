// What is held still after entry: means of the time before, and what they make of the offences expected then.
#pragma once

#include "models/parts/career_plan.hpp"

namespace desist {

/// A person's mean factors over the time before the programme, and the offences seen that are expected in it.
///
/// A rate is Z x state x age x free, with state = c b (drugs and spells), age = g, or 0 once desisted, free 0 in
/// custody and residence. Each factor is taken as it goes, or as its mean over the time before; the same choice holds
/// before and after, so that with everything held both rates are one number. Verified by: career_held_test.
class HeldMeans {
 public:
  /// A stretch of that time in which nothing changes but the season.
  struct Stretch {
    double weeks = 0;
    double season = 0;     // integral of h
    double seen_rate = 0;  // Z times the sum over types of q d
    double state = 1, age = 1;
    bool is_free = true;
  };

  void add(const HeldStill& held, const Stretch& s) {
    weeks_ += s.weeks;
    state_ += s.weeks * s.state;
    age_ += s.weeks * s.age;
    if (s.is_free) free_ += s.weeks;
    const double free = held.custody || s.is_free ? 1 : 0;
    expected_ += s.season * s.seen_rate * (held.states ? 1 : s.state) * (held.ageing ? 1 : s.age) * free;
  }

  // Means; where there was no such time, what is now.
  double state(double now) const { return weeks_ > 0 ? state_ / weeks_ : now; }
  double age(double now) const { return weeks_ > 0 ? age_ / weeks_ : now; }
  double free(double now) const { return weeks_ > 0 ? free_ / weeks_ : now; }
  double expected(const HeldStill& held) const {
    return expected_ * (held.states ? state(1) : 1) * (held.ageing ? age(1) : 1) * (held.custody ? free(1) : 1);
  }

 private:
  double weeks_ = 0, state_ = 0, age_ = 0, free_ = 0;  // integrals
  double expected_ = 0;                                // but for the means of what is held
};

}  // namespace desist
