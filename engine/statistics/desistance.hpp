// Counts and first events of people who offend at a constant rate until they stop for good.
#pragma once

#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {

/// Offending at rate r until an exponential time of hazard delta; both 0 or more, and finite, or std::invalid_argument.
struct ConstantCareer {
  double rate = 0;
  double desistance = 0;
};

/// E N(T) = r (1 - e^(-delta T))/delta, r T without desistance. Verified by: desistance_test
double mean_events(const ConstantCareer& career, double time);

/// P(none by T) = delta/(delta + r) + r/(delta + r) e^(-(delta + r) T).
///
/// For one rate this is the split exponential of Maltz (1984) and Schmidt & Witte (1988), with share r/(r + delta) and
/// hazard r + delta: times to a first event can't tell people who never reoffend from people who stop.
/// Verified by: desistance_test
double share_without_event(const ConstantCareer& career, double time);

/// The same where rates differ between people: the mean over the frailty, by quadrature. Verified by: desistance_test
double share_without_event(const GammaFrailty& frailty, double desistance, double time);

}  // namespace desist::statistics
