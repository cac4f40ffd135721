// Mean and variance of how many events people have in phases, when they differ and their offending comes in spells.
#pragma once

#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {

/// Mean and variance of a count.
struct CountMoments {
  double mean = 0;
  double variance = 0;
};

/// Of the number of events N_p in a phase: mean m = mu s, variance m + m^2/k. The exposure s = f_p t_p is the phase's
/// length times what multiplies everyone's rate in it. Verified by: phase_counts_test
CountMoments phase_count(const GammaFrailty& frailty, double exposure);

/// Cov(N_p, N_q) = m_p m_q/k of two phases of the same person. Verified by: phase_counts_test
double phase_covariance(const GammaFrailty& frailty, double exposure_p, double exposure_q);

/// Quiet and active spells: rates of becoming active and quiet, and what multiplies the rate in an active one. In quiet
/// ones it is what makes the long-run mean 1: b_Q = (1 - pi_A b_A)/(1 - pi_A), pi_A = to_active/(to_active + to_quiet).
struct Spells {
  double to_active = 0;
  double to_quiet = 0;
  double active_factor = 1;
};

/// b_Q. Throws std::invalid_argument unless both rates are above 0 and finite and b_A is from 0 to 1/pi_A.
double quiet_factor(const Spells& spells);

/// Of N in a time T begun in the long-run law of spells: mean r T, variance r T + r^2 ((1 + 1/k)(T^2 + V) - T^2) with V
/// = 2 s^2 (T/kappa - (1 - e^(-kappa T))/kappa^2) the variance of the time integral of the factor, kappa = to_active +
/// to_quiet, s^2 = pi_A (1 - pi_A)(b_A - b_Q)^2 (Cox & Isham 1980, Point Processes, 3.3). r is the frailty's mean.
/// Verified by: phase_counts_test
CountMoments count_with_spells(const GammaFrailty& frailty, const Spells& spells, double time);

}  // namespace desist::statistics
