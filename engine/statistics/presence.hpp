// Who is where at a moment: free or in custody, engaged with a programme.
#pragma once

#include <span>

namespace desist::statistics {

/// P(free at t) = v/(v + eta) + eta/(v + eta) e^(-(v + eta) t) for someone free at 0 who goes into custody at rate eta
/// while free and stays for an exponential time of rate v. Throws std::invalid_argument unless both are 0 or more, and
/// finite. Verified by: presence_test
double share_free(double into_custody, double out_of_custody, double time);

/// The same in the long run, for any law of stays: 1/(1 + eta E[stay]) (renewal reward; Cox 1962, 7.3).
/// Verified by: presence_test
double long_run_share_free(double into_custody, double mean_stay);

/// Starts at a constant rate from one moment to another.
struct Starts {
  double from = 0;
  double to = 0;
  double rate = 0;
};

/// Mean of the Poisson number engaged at t: the integral of a(u) P(stay > t - u) over starts u before t (Palm 1943; any
/// law of stays). `stayed(x)` is the integral of P(stay > y) over y from 0 to x: (1 - e^(-v x))/v for exponential
/// stays, min(x, d) for stays of d. Verified by: presence_test
template <class Stayed>
double mean_engaged(std::span<const Starts> starts, Stayed stayed, double time) {
  double sum = 0;
  for (const Starts& piece : starts) {
    if (!(piece.from < time)) continue;
    sum += piece.rate * (stayed(time - piece.from) - (piece.to < time ? stayed(time - piece.to) : 0.0));
  }
  return sum;
}

}  // namespace desist::statistics
