// When each thing that may befall a person does, and which comes first.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "models/parts/instants.hpp"

namespace desist {

/// Moments by matter, in weeks; never where a matter isn't on its way.
class CareerMatters {
 public:
  /// In the order in which they come at one moment.
  enum Matter : std::size_t {
    dying,
    desisting,
    drug_jump,
    spell_jump,
    new_mix,
    birthday,
    opening,  // of referral
    referral,
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

  double& operator[](Matter matter) { return when_[matter]; }
  double operator[](Matter matter) const { return when_[matter]; }
  void forget_all() { when_.fill(never); }
  void forget(std::initializer_list<Matter> some) {
    for (const Matter matter : some) when_[matter] = never;
  }

  /// The matter that comes first, of several at one moment the first in order.
  ///
  /// No moment is below zero, so that moments are in the order of their bits: compared as whole numbers, in two lanes,
  /// and without branches, since nobody can foresee them.
  Matter first() const {
    constexpr std::size_t half = slots / 2;
    const auto bits = [this](std::size_t m) { return std::bit_cast<std::int64_t>(when_[m]); };
    std::array<std::int64_t, 2> least{bits(0), bits(half)};
    std::array<std::size_t, 2> first{0, half};
    for (std::size_t m = 1; m < half; ++m) {
      for (std::size_t lane = 0; lane < 2; ++lane) {
        const std::int64_t when = bits(m + lane * half);
        first[lane] = when < least[lane] ? m + lane * half : first[lane];
        least[lane] = when < least[lane] ? when : least[lane];
      }
    }
    return static_cast<Matter>(least[1] < least[0] ? first[1] : first[0]);
  }

 private:
  static constexpr std::size_t slots = (matters + 1) / 2 * 2;
  std::array<double, slots> when_{};  // filled up with never
};

}  // namespace desist
