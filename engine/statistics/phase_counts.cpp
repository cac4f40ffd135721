#include "engine/statistics/phase_counts.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

CountMoments phase_count(const GammaFrailty& frailty, double exposure) {
  require_frailty(frailty);
  require(is_amount(exposure), "an exposure is 0 or more, and finite");
  const double mean = frailty.mean * exposure;
  return {mean, mean + mean * mean / frailty.shape};
}

double phase_covariance(const GammaFrailty& frailty, double exposure_p, double exposure_q) {
  return phase_count(frailty, exposure_p).mean * phase_count(frailty, exposure_q).mean / frailty.shape;
}

double quiet_factor(const Spells& spells) {
  require(spells.to_active > 0 && spells.to_quiet > 0 && std::isfinite(spells.to_active + spells.to_quiet),
          "spells begin and end at rates above 0");
  const double active = spells.to_active / (spells.to_active + spells.to_quiet);
  require(spells.active_factor >= 0 && active * spells.active_factor <= 1,
          "the factor of an active spell is from 0 to 1 over the share of time that is active");
  return (1 - active * spells.active_factor) / (1 - active);
}

CountMoments count_with_spells(const GammaFrailty& frailty, const Spells& spells, double time) {
  const double mean = phase_count(frailty, time).mean;
  const double gap = spells.active_factor - quiet_factor(spells);
  const double kappa = spells.to_active + spells.to_quiet;
  const double active = spells.to_active / kappa;
  // (x - (1 - e^-x))/x^2 at x = kappa T, by its series where that cancels
  const double x = kappa * time;
  const double part = x < 1e-3 ? 0.5 - x / 6 + x * x / 24 : (x + std::expm1(-x)) / (x * x);
  const double relative = 2 * active * (1 - active) * gap * gap * part;  // V/T^2
  return {mean, mean + mean * mean * (relative + (1 + relative) / frailty.shape)};
}

}  // namespace desist::statistics
