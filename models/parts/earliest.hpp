// Which of a few moments comes first, found without branches.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace desist {

struct Earliest {
  double time;
  std::size_t place;
};

/// `a` or `b` without a branch, which compilers like to make of a?b:c.
inline std::uint64_t either(bool first, std::uint64_t a, std::uint64_t b) {
  return b ^ ((a ^ b) & (0 - static_cast<std::uint64_t>(first)));
}

/// The first of `n` moments, of several at one moment the first in order.
///
/// No moment is below zero, so that moments are in the order of their bits: compared as whole numbers, in two lanes,
/// and without branches, since nobody can foresee them.
template <std::size_t n>
Earliest earliest_of(const double* moments) {
  static_assert(n % 2 == 0);
  constexpr std::size_t half = n / 2;
  const auto bits = [&](std::size_t i) { return std::bit_cast<std::uint64_t>(moments[i]); };
  std::array<std::uint64_t, 2> least{bits(0), bits(half)};
  std::array<std::uint64_t, 2> place{0, half};
  for (std::size_t i = 1; i < half; ++i) {
    for (std::size_t lane = 0; lane < 2; ++lane) {
      const std::uint64_t moment = bits(i + lane * half);
      place[lane] = moment < least[lane] ? i + lane * half : place[lane];
      least[lane] = moment < least[lane] ? moment : least[lane];
    }
  }
  const bool second = least[1] < least[0];
  return {std::bit_cast<double>(either(second, least[1], least[0])), either(second, place[1], place[0])};
}

}  // namespace desist
