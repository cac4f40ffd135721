// What completers and comparison groups look like when the programme does nothing.
#pragma once

#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// Risk of completers if the programme changes nothing and the controls are exchangeable with everybody referred:
/// p_C = (p_0 - (1 - pi) p_B)/pi, an identity. Outside [0, 1] the breachers or the controls are not what that
/// hypothesis says. `completed_share` = pi in (0, 1]. Verified by: completer_selection_test
double completer_risk_without_effect(double control_risk, double breach_risk, double completed_share);

/// The least risk that completers can then have when the breachers' risk is unknown: max(0, 1 - (1 - p_0)/pi).
/// Verified by: completer_selection_test
double least_completer_risk_without_effect(double control_risk, double completed_share);

/// OR*: the odds of the referred, untreated, over the odds of the controls at which nothing is left of the effect; it
/// is the odds ratio of everybody referred against the controls. Empty for 0/0. Verified by: completer_selection_test
std::optional<double> nullifying_odds_ratio(const TwoByTwo& all_referred);

/// E-value (VanderWeele & Ding 2017): the risk ratio that an unmeasured confounder would need with both group and
/// outcome to explain the observed ratio away: R + sqrt(R (R - 1)) with R = ratio or its inverse, whichever is at
/// least 1. Infinite for a ratio of 0 or infinity. Verified by: completer_selection_test
double e_value(double risk_ratio);

/// E-value of the limit of the interval that is nearer to 1; 1 where the interval contains 1.
/// Verified by: completer_selection_test
double e_value(const Interval& risk_ratio);

}  // namespace desist::statistics
