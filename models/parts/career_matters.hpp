// When each thing that may befall a person does, and which comes first.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

#include "models/parts/earliest.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Moments by matter, in weeks; never where a matter isn't on its way. Verified by: career_parts_test.
class CareerMatters {
 public:
  /// In the order in which they come at one moment.
  enum Matter : std::size_t {
    dying,
    desisting,
    drug_jump,
    spell_jump,
    new_mix,
    referral,
    opening,  // of referral
    entering,
    starting,
    session,
    wane,
    leaving,  // at the planned time
    dropping_out,
    breaching,
    residence_over,
    after_over,
    risk_over,
    second,
    sentence,
    release,
    end,
    matters
  };

  double operator[](Matter matter) const { return when_[matter]; }
  void set(Matter matter, double when) {
    when_[matter] = when;
    if (matter < often) return;
    const std::size_t place = matter - often;
    if (when < rest_.time || (when == rest_.time && place < rest_.place)) {
      rest_ = {when, place};
    } else if (place == rest_.place) {
      rest_is_known_ = when == rest_.time && rest_is_known_;
    }
  }
  void forget_all() {
    when_.fill(never);
    rest_is_known_ = false;
  }
  void forget(std::initializer_list<Matter> some) {
    for (const Matter matter : some) set(matter, never);
  }

  /// The matter that comes first, of several at one moment the first in order. Those from `opening` on seldom move:
  /// the first of them is kept.
  Matter first() {
    if (!rest_is_known_) {
      rest_ = earliest_of<slots - often>(when_.data() + often);
      rest_is_known_ = true;
    }
    const Earliest now = earliest_of<often>(when_.data());
    return static_cast<Matter>(either(rest_.time < now.time, often + rest_.place, now.place));
  }

 private:
  static constexpr std::size_t often = opening;  // those before it move at most matters
  static constexpr std::size_t slots = (matters + 1) / 2 * 2;

  bool rest_is_known_ = false;
  Earliest rest_{};
  std::array<double, slots> when_{};  // filled up with never
};

}  // namespace desist
