// The ratio of two risks, risk1/risk0, and its intervals.
#pragma once

#include <optional>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// risk1/risk0: infinite where only x0 is 0, empty where both counts are 0.
std::optional<double> risk_ratio(const TwoByTwo& table);

/// sqrt(1/x1 - 1/n1 + 1/x0 - 1/n0), the error of the log ratio (Katz et al. 1978); empty where a count is 0.
std::optional<double> log_risk_ratio_error(const TwoByTwo& table);

/// exp(log ratio -/+ z times its error) (Katz et al. 1978); empty where a count is 0.
/// Verified by: two_by_two_reference risk_ratio
std::optional<Interval> log_wald_ratio(const TwoByTwo& table, double confidence = usual_confidence);

/// Score interval with the factor N/(N - 1) (Miettinen & Nurminen 1985, eqs. 10 to 12): all r with
/// (p1 - r p0)^2 <= z^2 N/(N-1) (p1~ q1~/n1 + r^2 p0~ q0~/n0), p~ being the maximum-likelihood fit under p1 = r p0.
/// Lower end 0 where x1 = 0, upper end infinite where x0 = 0.
/// Verified by: two_by_two_reference risk_ratio; risk_ratio_test
Interval miettinen_nurminen_ratio(const TwoByTwo& table, double confidence = usual_confidence);

/// The same without the factor N/(N - 1) (Koopman 1984).
/// Verified by: two_by_two_reference risk_ratio
Interval koopman(const TwoByTwo& table, double confidence = usual_confidence);

}  // namespace desist::statistics
