// One proportion: estimate and intervals.
#pragma once

#include <cstdint>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// `count` of `n` people; 0 <= count <= n and n >= 1 are the caller's duty everywhere in this folder.
struct Proportion {
  std::int64_t count = 0;
  std::int64_t n = 1;
  double estimate() const { return static_cast<double>(count) / static_cast<double>(n); }
  bool operator==(const Proportion&) const = default;
};

/// p -/+ z sqrt(p q / n) (Laplace 1812). Not clipped; of no width at 0 and n, so for comparison with others only.
/// Verified by: two_by_two_reference proportions
Interval wald(const Proportion& p, double confidence = usual_confidence);

/// Score interval (Wilson 1927): (p + z^2/2n -/+ z sqrt(pq/n + z^2/4n^2)) / (1 + z^2/n). Always within [0, 1].
/// Verified by: two_by_two_reference proportions; proportion_test
Interval wilson(const Proportion& p, double confidence = usual_confidence);

/// Wilson interval with continuity correction (Newcombe 1998a, method 4), as R's `prop.test` gives it: the correction
/// is min(1/2, |x - n/2|), so it vanishes where the estimate is one half. Clipped to [0, 1]. Verified by:
/// two_by_two_reference proportions
Interval wilson_continuity_corrected(const Proportion& p, double confidence = usual_confidence);

/// Exact interval (Clopper & Pearson 1934) by beta quantiles; coverage is never below `confidence`.
/// Verified by: two_by_two_reference proportions; operating_characteristics_test clopper_pearson_covers
Interval clopper_pearson(const Proportion& p, double confidence = usual_confidence);

/// Equal-tailed interval of the posterior Beta(x + 1/2, n - x + 1/2) (Brown, Cai & DasGupta 2001, eq. 6).
/// Its lower end is above 0 even for x = 0: see `jeffreys`.
/// Verified by: two_by_two_reference proportions
Interval jeffreys_equal_tailed(const Proportion& p, double confidence = usual_confidence);

/// As `jeffreys_equal_tailed`, with 0 as the lower end at x = 0 and 1 as the upper end at x = n (Brown, Cai & DasGupta
/// 2001, section 4.1.2): no data can exclude what they show.
/// Verified by: two_by_two_reference proportions
Interval jeffreys(const Proportion& p, double confidence = usual_confidence);

/// Wald interval after z^2/2 successes and z^2/2 failures are added (Agresti & Coull 1998). Not clipped.
/// Verified by: two_by_two_reference proportions
Interval agresti_coull(const Proportion& p, double confidence = usual_confidence);

}  // namespace desist::statistics
