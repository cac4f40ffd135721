// The share of people of whom something is seen at least once within a time.
#pragma once

#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {

/// P(any by T) = (1 - rho)(1 - (1 + mu T/k)^-k): a share rho never does it, the others at gamma rates.
/// Throws std::invalid_argument unless 0 <= never <= 1. Verified by: prevalence_test
double prevalence_with_never(const GammaFrailty& frailty, double never, double time);

/// When an offence counts as proven: done within `within`, its conviction no later than `wait` after that (12 and 6
/// months at the Ministry of Justice), convictions coming an exponential time of rate `conviction_rate` after it.
struct Proof {
  double within = 12;
  double wait = 6;
  double conviction_rate = 0.3;
};

/// A = T - (e^(-v w) - e^(-v (T + w)))/v: the time within T that an offence which is proven in time may fall in, in
/// effect. Throws std::invalid_argument unless all are 0 or more, T and w finite. Verified by: prevalence_test
double proven_exposure(const Proof& proof);

/// P(any proven) = 1 - E exp(-Z A), Z the rate of offences that end in a conviction (offences times detection times
/// conviction). Verified by: prevalence_test
double proven_prevalence(const GammaFrailty& frailty, const Proof& proof);

}  // namespace desist::statistics
