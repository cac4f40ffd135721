#include "engine/statistics/prevalence.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

double prevalence_with_never(const GammaFrailty& frailty, double never, double time) {
  require(is_share(never), "the share that never does it is from 0 to 1");
  return (1 - never) * share_with_event(frailty, time);
}

double proven_exposure(const Proof& proof) {
  require(is_amount(proof.within) && is_amount(proof.wait), "the times of a proven offence are 0 or more, and finite");
  require(proof.conviction_rate >= 0, "convictions come at a rate of 0 or more");
  const double v = proof.conviction_rate;
  if (v == 0) return 0;
  if (std::isinf(v)) return proof.within;
  return proof.within + std::exp(-v * proof.wait) * std::expm1(-v * proof.within) / v;
}

double proven_prevalence(const GammaFrailty& frailty, const Proof& proof) {
  return share_with_event(frailty, proven_exposure(proof));
}

}  // namespace desist::statistics
