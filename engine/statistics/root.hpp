// The one root finder of the engine; for .cpp files only.
#pragma once

#include <cstdint>

#include <boost/math/tools/toms748_solve.hpp>

#include "engine/core/boost_policy.hpp"

namespace desist::statistics {

/// The point between `low` and `high` where `f` changes sign, to the last bits, by TOMS algorithm 748 (Alefeld, Potra &
/// Shi 1995). The signs at the ends are stated, not computed, since the functions here may be 0 or singular there.
template <class F>
double root_between(F f, double low, double high, double sign_at_low) {
  std::uintmax_t steps = 300;
  const auto tolerance = [](double a, double b) {
    const double scale = a < 0 ? -a : a;
    const double width = b - a;
    return width <= 4e-16 * scale || width <= 1e-18;
  };
  const auto [a, b] =
      boost::math::tools::toms748_solve(f, low, high, sign_at_low, -sign_at_low, tolerance, steps, BoostPolicy());
  return a + (b - a) / 2;
}

}  // namespace desist::statistics
