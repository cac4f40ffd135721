// The difference of two risks, risk1 - risk0, and its intervals.
#pragma once

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// risk1 - risk0.
double risk_difference(const TwoByTwo& table);

/// sqrt(p1 q1/n1 + p0 q0/n0); zero where both groups are at 0 or n.
double risk_difference_error(const TwoByTwo& table);

/// Wald interval: difference -/+ z times its error. Not clipped; too narrow in small groups, so for comparison only.
/// Verified by: two_by_two_reference risk_difference
Interval wald_difference(const TwoByTwo& table, double confidence = usual_confidence);

/// Newcombe 1998b, method 10: Delta - sqrt((p1 - l1)^2 + (u0 - p0)^2), Delta + sqrt((u1 - p1)^2 + (p0 - l0)^2) with the
/// Wilson limits l, u of each group. Always within [-1, 1].
/// Verified by: two_by_two_reference risk_difference; risk_difference_test
Interval newcombe(const TwoByTwo& table, double confidence = usual_confidence);

/// Score interval with the factor N/(N - 1) (Miettinen & Nurminen 1985, eqs. 6 to 9): all d with
/// (Delta - d)^2 <= z^2 N/(N-1) (p1 q1/n1 + p0 q0/n0), the risks being the maximum-likelihood fit under p1 - p0 = d.
/// Its test of d = 0 is chi-square times (N-1)/N: `chi_square_n_minus_1`. Within [-1, 1] for every table.
/// Verified by: two_by_two_reference risk_difference; risk_difference_test
Interval miettinen_nurminen_difference(const TwoByTwo& table, double confidence = usual_confidence);

/// Whether that interval holds d, without looking for its ends: for simulations that ask nothing else.
/// Verified by: two_arm_counts_test holds_what_its_interval_holds
bool miettinen_nurminen_difference_holds(const TwoByTwo& table, double d, double confidence = usual_confidence);

/// The same without the factor N/(N - 1) (Mee 1984).
/// Verified by: two_by_two_reference risk_difference
Interval mee(const TwoByTwo& table, double confidence = usual_confidence);

}  // namespace desist::statistics
