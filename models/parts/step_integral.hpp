// The integral of a step function of time: what a rate comes to within a week.
#pragma once

#include <algorithm>
#include <cstddef>

#include "engine/simulation/profile.hpp"

namespace desist {

/// Integral of `steps` over [from, to], exact.
inline double step_integral(const Steps& steps, double from, double to) {
  const auto pieces = steps.steps();
  double sum = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const double begin = i == 0 ? from : std::max(from, pieces[i].from);
    const double finish = i + 1 == pieces.size() ? to : std::min(to, pieces[i + 1].from);
    if (begin < finish) sum += pieces[i].value * (finish - begin);
  }
  return sum;
}

}  // namespace desist
