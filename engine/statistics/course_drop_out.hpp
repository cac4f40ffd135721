// Who completes a course that does nothing, if those who offend most drop out or breach first.
#pragma once

#include <optional>

namespace desist::statistics {

/// People's rates are gamma of shape k and mean `rate`. While the course lasts ([0, L], the first part of the follow-up
/// T) a person with rate z drops out at hazard chi z/rate, and each offence ends it with probability beta (it is
/// recorded, and a breach).
struct CourseDropOut {
  double shape = 1;     // k; may be infinite
  double rate = 1;      // r, a unit of time
  double drop_out = 0;  // chi, a unit of time, at the mean rate
  double breach = 0;    // beta
  double course = 0;    // L
  double followed = 1;  // T, from referral; at least L
};

/// What a table shows of them.
struct CourseRisks {
  double completed_share = 0;         // pi
  double referred_risk = 0;           // p_0, of everyone and of controls like them
  double completer_risk = 0;          // p_C
  std::optional<double> breach_risk;  // p_B, of the others; none where everybody completes
};

/// pi = (k/(k + L (chi + beta r)))^k; 1 - p_0 = (k/(k + r T))^k; 1 - p_C = ((k + L (chi + beta r))/(k + L chi + r
/// T))^k, since who does not offend in T has no offence to breach by; and p_0 = pi p_C + (1 - pi) p_B. With chi = 0
/// completers have the least risk that `least_completer_risk_without_effect` allows. Throws std::invalid_argument
/// unless k > 0, rates and times are 0 or more and finite, beta is from 0 to 1, L at most T. Verified by:
/// course_drop_out_test
CourseRisks course_risks(const CourseDropOut& course);

/// The shape k at which a course without effect, left at hazards in proportion to people's rates (beta = 0), gives
/// completers this risk: the root of pi (1 - p_C) = (pi^(-1/k) + (1 - p_0)^(-1/k) - 1)^-k, which falls from min(pi, 1 -
/// p_0) at k = 0 (all who offend drop out first) to pi (1 - p_0) (all alike). Infinite where completers are as
/// everyone; none where their risk is above that of everyone or below what the smallest shape allows: then no such
/// selection explains the table. Throws std::invalid_argument unless all are strictly between 0 and 1 (p_C may be 0).
/// Verified by: course_drop_out_test
std::optional<double> shape_behind_completers(double referred_risk, double completed_share, double completer_risk);

}  // namespace desist::statistics
