// From a difference in prevalence to a multiplier of a rate.
#pragma once

#include <optional>

namespace desist::statistics {

/// The multiplier of everybody's rate that turns prevalence `control_risk` into `treated_risk`, with gamma frailty of
/// the given shape k, constant rates and no desistance: m = ((1 - p_1)^(-1/k) - 1)/((1 - p_0)^(-1/k) - 1). An infinite
/// shape gives the limit log(1 - p_1)/log(1 - p_0). A risk ratio is not a rate multiplier. Empty where control_risk is
/// 0 or either is 1. Verified by: completer_selection_test rate_multiplier
std::optional<double> rate_multiplier(double treated_risk, double control_risk, double frailty_shape);

}  // namespace desist::statistics
