// Laws of a time T with log T = location + scale W, and their derivatives.
#pragma once

namespace desist::statistics {

/// W is: least extreme value with scale 1 (exponential), least extreme value (Weibull), normal, logistic.
enum class TimeLaw { exponential, weibull, lognormal, loglogistic };

/// The law of W at w, with what Newton's method needs.
struct TimeLawAt {
  double log_density = 0;
  double slope = 0;      // of log_density
  double curvature = 0;  // of log_density
  double log_survival = 0;
  double hazard = 0;  // minus the slope of log_survival
};

/// Kalbfleisch & Prentice 1980, 2.2; far tails of the normal by 1/w (1 - 1/w^2), w above 37.
/// Verified by: parametric_survival_test laws_have_these_derivatives
TimeLawAt time_law(TimeLaw law, double w);

}  // namespace desist::statistics
