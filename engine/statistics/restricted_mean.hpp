// Mean time free of the event up to a horizon, and its comparison between two arms.
#pragma once

#include <optional>

#include "engine/statistics/kaplan_meier.hpp"

namespace desist::statistics {

/// Area below a survival curve up to a horizon.
struct RestrictedMean {
  double mean = 0;
  double error = 0;
  Interval interval;
};

/// Mean = area of S up to `horizon`; variance = sum over event times t before it of (area from t to the horizon)^2
/// d/(n (n - d)) (Irwin 1949; Klein & Moeschberger 2003, 4.5). The horizon must be positive and must not lie after the
/// last time of follow-up unless survival is 0 there. Verified by: survival_reference restricted_mean
Checked<RestrictedMean> restricted_mean(const SurvivalCurve& curve, double horizon,
                                        double confidence = usual_confidence);

/// Treated against control.
struct RestrictedMeanContrast {
  RestrictedMean treated;
  RestrictedMean control;
  double difference = 0;
  double difference_error = 0;
  Interval difference_interval;
  double difference_p = 1;
  std::optional<double> ratio;  // empty where the control mean is 0
  double log_ratio_error = 0;
  Interval ratio_interval;
};

/// Difference, and ratio on the log scale by the delta method, of independent arms (Royston & Parmar 2013; Uno et al.
/// 2014). Where neither mean has an error, there is nothing to compare with: fault no_spread.
/// Verified by: survival_reference restricted_mean
Checked<RestrictedMeanContrast> compare_restricted_means(const SurvivalCurve& treated, const SurvivalCurve& control,
                                                         double horizon, double confidence = usual_confidence);

}  // namespace desist::statistics
