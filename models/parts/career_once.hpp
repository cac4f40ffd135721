// A clock that rings once, at a hazard that may change.
#pragma once

#include <cstdint>

#include "engine/random/exponential.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// T = inf{t : integral of h >= E}, E ~ Exp(1) shared by all arms (mathematics.md 0.5).
///
/// Where the hazard stays what it was, so does the moment, to the bit. Verified by: career_parts_test
/// Rings_when_its_hazard_has_added_up.
class CareerClock {
 public:
  /// Set anew at a moment, with the word of its E.
  void begin(double now, std::uint64_t word) {
    left_ = standard_exponential(word);
    since_ = now;
    hazard_ = 0;
    rings_ = never;
  }
  /// The moment at which it rings if the hazard stays; `now` must not be before the last change.
  double set(double now, double hazard) {
    if (hazard == hazard_) return rings_;
    left_ -= hazard_ * (now - since_);
    if (left_ < 0) left_ = 0;
    since_ = now;
    hazard_ = hazard;
    rings_ = hazard > 0 ? now + left_ / hazard : never;
    return rings_;
  }
  double hazard() const { return hazard_; }

 private:
  double left_ = 0;
  double since_ = 0;
  double hazard_ = 0;
  double rings_ = never;
};

}  // namespace desist
