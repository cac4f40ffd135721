// From a difference in prevalence to a multiplier of a rate.
#pragma once

#include <functional>
#include <optional>

namespace desist::statistics {

/// The multiplier of everybody's rate that turns prevalence `control_risk` into `treated_risk`, with gamma frailty of
/// the given shape k, constant rates and no desistance: m = ((1 - p_1)^(-1/k) - 1)/((1 - p_0)^(-1/k) - 1). An infinite
/// shape gives the limit log(1 - p_1)/log(1 - p_0). A risk ratio is not a rate multiplier. Empty where control_risk is
/// 0 or either is 1. Verified by: completer_selection_test rate_multiplier
std::optional<double> rate_multiplier(double treated_risk, double control_risk, double frailty_shape);

/// A multiplier found by search, and whether one was.
struct SolvedMultiplier {
  enum class At { root, least, most };
  double multiplier = 1;
  At at = At::root;  // else there is none: this is the bound that comes nearest
};

/// The multiplier m, least <= m <= most, with prevalence(m) = treated_risk, for any prevalence that does not fall as
/// the rate rises (desistance, spells, lags, custody: what the closed form above leaves out). One prevalence can't tell
/// a lower rate from earlier desistance: m acts on the rate because we say so. Throws std::invalid_argument unless 0 <
/// least < most. Verified by: rate_multiplier_test
SolvedMultiplier solve_rate_multiplier(const std::function<double(double)>& prevalence, double treated_risk,
                                       double least, double most);

}  // namespace desist::statistics
