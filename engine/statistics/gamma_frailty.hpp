// How people differ in how often something happens to them: a gamma law of rates.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace desist::statistics {

/// Rates Z of people: a gamma law of shape k and mean mu (Vaupel, Manton & Stallard 1979), variance mu^2/k. An infinite
/// shape is one rate for all. Functions of it throw std::invalid_argument unless shape > 0, mean >= 0 and finite.
struct GammaFrailty {
  double shape = std::numeric_limits<double>::infinity();
  double mean = 1;
};

/// Throws std::invalid_argument for a law that is none.
void require_frailty(const GammaFrailty& frailty);

/// E exp(-Z s) = (1 + s mu/k)^-k: the share without an event in an exposure s >= 0.
/// Verified by: gamma_frailty_test
double share_without_event(const GammaFrailty& frailty, double exposure);

/// 1 - E exp(-Z s), without cancellation for a small s. Verified by: gamma_frailty_test
double share_with_event(const GammaFrailty& frailty, double exposure);

/// P(Z <= rate). Verified by: gamma_frailty_test
double share_at_most(const GammaFrailty& frailty, double rate);

/// P(N = 0), ..., P(N = greatest) of the number N of events in an exposure s: negative binomial with mean m = mu s and
/// variance m + m^2/k (Greenwood & Yule 1920). Verified by: gamma_frailty_test
std::vector<double> count_shares(const GammaFrailty& frailty, double exposure, std::size_t greatest);

/// P(N >= count) of the same number, by the incomplete beta function (of infinite shape: gamma function).
/// Verified by: gamma_frailty_test
double share_with_at_least(const GammaFrailty& frailty, double exposure, std::size_t count);

/// A rate, and the share of people that it stands for.
struct FrailtyPoint {
  double rate = 0;
  double share = 0;
};

/// Points and shares whose weighted sum gives E f(Z), for an f that is smooth and bounded by a power of Z.
///
/// The trapezoidal rule after Z = (mu/k) exp(t - exp(-t)) (Takahasi & Mori 1974, for half-infinite integrals that decay
/// like exp(-x)), its step 1/16 and at most 1/(2 sqrt k): some hundred points, error below 1e-12 of the integral of |f|
/// for shapes from 0.01 up. One point for an infinite shape. Verified by: gamma_frailty_test
std::vector<FrailtyPoint> frailty_points(const GammaFrailty& frailty);

/// E f(Z) by `frailty_points`.
template <class F>
double mean_over(const GammaFrailty& frailty, F f) {
  double sum = 0;
  for (const FrailtyPoint& point : frailty_points(frailty)) sum += point.share * f(point.rate);
  return sum;
}

}  // namespace desist::statistics
