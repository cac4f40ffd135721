// What data say about an effect when nothing is assumed about those who were not seen or did not comply.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// Difference of risks if `absent1` and `absent0` further people belong to the groups and nothing is known of their
/// outcome: from none of group 1's and all of group 0's having it to the reverse (Manski 1990). Bounds of the estimate:
/// sampling error comes on top.
/// Verified by: causal_bounds_test
Interval worst_case_difference(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0);

/// Confidence limits of the whole of those bounds (Horowitz & Manski 2000, section 3): each end is a difference of two
/// shares of everyone assigned, so the lower limit is Miettinen & Nurminen's (1985) of the low end and the upper theirs
/// of the high end. Each misses its end with half of what `confidence` leaves, so that both hold with `confidence` as
/// far as that method keeps it; with nobody absent it is that method's interval. The true difference, which lies
/// between the ends, is held at least as often. Verified by: causal_bounds_test limits_hold_the_bounds
Interval worst_case_limits(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0,
                           double confidence = usual_confidence);

/// Bounds (Lee 2009) of the difference among those who would be seen under either assignment, when fewer are seen in
/// one arm: the arm with the larger share seen is trimmed by the excess, its worst or its best outcomes first. Needs
/// that assignment moves being seen in one direction only. With nobody absent the bounds meet at the plain difference;
/// empty where nobody is seen in an arm. Verified by: causal_bounds_test
std::optional<Interval> lee_bounds(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0);

/// Sharp bounds of the average effect of receipt on everybody, with assignment as instrument and no assumption on who
/// complies (Balke & Pearl 1997, eqs. 8 and 9: the largest and least of eight linear expressions each). Empty where the
/// frequencies break the instrumental inequality (Pearl 1995), so that no population fits, or where an arm is empty.
/// Verified by: causal_bounds_test balke_pearl_is_the_linear_programme
std::optional<Interval> balke_pearl_bounds(const ComplianceTable& table);

}  // namespace desist::statistics
