// Where a function of one argument is greatest.
#pragma once

#include <algorithm>
#include <cmath>

#include <boost/math/tools/minima.hpp>

namespace desist::statistics {

/// The argument in [low, high] at which a function with one hill is greatest, by Brent's method (Brent 1973, chapter
/// 5), to half the digits of a double: a hill is flat beyond. Where it has no number, or is -infinity, it counts as
/// very low.
template <class F>
double greatest_between(F f, double low, double high) {
  constexpr double very_low = -1e100;  // its differences and products are finite
  constexpr int bits = 26;
  const auto turned = [&](double x) {
    const double value = f(x);
    return value > very_low ? -value : -very_low;
  };
  return boost::math::tools::brent_find_minima(turned, low, high, bits).first;
}

/// The same of a function with several hills: the best of `steps` + 1 even points, then between its neighbours.
template <class F>
double greatest_of(F f, double low, double high, int steps) {
  if (!(low < high)) return low;
  const double step = (high - low) / steps;
  int best = 0;
  double most = f(low);
  for (int i = 1; i <= steps; ++i) {
    const double value = f(low + i * step);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return greatest_between(f, low + std::max(0, best - 1) * step, low + std::min(steps, best + 1) * step);
}

}  // namespace desist::statistics
