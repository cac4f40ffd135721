// The survival curve of Kaplan & Meier with its errors, bands and quantiles, and the cumulative hazard of Nelson &
// Aalen.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// Survival at one distinct time of follow-up.
struct SurvivalStep {
  double time = 0;
  std::int64_t at_risk = 0;  // just before `time`
  std::int64_t events = 0;
  std::int64_t censored = 0;
  double survival = 1;                  // just after `time`
  double greenwood = 0;                 // variance of the log: sum of d/(n (n - d)); infinite once survival is 0
  double hazard = 0;                    // Nelson-Aalen: sum of d/n
  double hazard_variance = 0;           // sum of d/n^2 (Aalen 1978)
  std::optional<double> error() const;  // Greenwood's; empty once survival is 0
};

/// The curve of one group, a step for each distinct time, events or not.
struct SurvivalCurve {
  std::vector<SurvivalStep> steps;
  std::int64_t people = 0;  // rows
  std::int64_t events = 0;
};

/// The scale on which a band is symmetric.
enum class BandScale { plain, log, log_log };

/// S(t) = product of 1 - d/n over event times up to t (Kaplan & Meier 1958), with Greenwood's variance (1926), of each
/// group 0, ..., groups - 1. A row censored at an event time is at risk there. With starts, a row is at risk on
/// (start, stop], and the curve is of people still free of the event at the first start; should a risk set empty early
/// the curve stays at 0 afterwards. Empty `group`: one curve. A group without rows has no steps.
/// Verified by: survival_reference kaplan_meier; kaplan_meier_test
Checked<std::vector<SurvivalCurve>> kaplan_meier(const FollowUp& follow_up, std::span<const int> group = {},
                                                 int groups = 1);

/// Limits of survival at a step: plain S -/+ z se, cut to [0, 1]; log: on log S (cut at 1); log_log: on log(-log S)
/// (Kalbfleisch & Prentice 1980). [1, 1] before the first event; empty once survival is 0.
/// Verified by: survival_reference kaplan_meier
std::optional<Interval> survival_limits(const SurvivalStep& step, BandScale scale,
                                        double confidence = usual_confidence);

/// A row of the table below a survival figure.
struct SurvivalAt {
  double time = 0;
  std::int64_t at_risk = 0;  // rows with follow-up to `time` or longer
  SurvivalStep step;         // the last step up to `time`; survival 1 before the first
};

/// The curve read at these times, in their order. `at_risk` after the last time is 0.
/// Verified by: survival_reference kaplan_meier
std::vector<SurvivalAt> survival_at(const SurvivalCurve& curve, std::span<const double> times);

/// A quantile of the time to the event with its limits; empty where the curve does not reach it.
struct SurvivalQuantile {
  std::optional<double> time;
  std::optional<double> low;
  std::optional<double> high;
};

/// The first time at which survival is `1 - p` or lower; where it equals 1 - p over a stretch, the stretch's middle.
/// The limits are where the band crosses 1 - p (Brookmeyer & Crowley 1982), by the same rule, as R's survfit. Verified
/// by: survival_reference median; kaplan_meier_test
SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p, BandScale scale,
                                   double confidence = usual_confidence);

}  // namespace desist::statistics
