// What people whose outcome is missing would have to do for a finding to change.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// What chi-square x (N - 1)/N says of a table at two-sided 5%, or at 1 - confidence: it is Miettinen-Nurminen's
/// interval of the difference that excludes 0.
enum class Shown { lower, neither, higher };

Shown shown(const TwoByTwo& table, double confidence = usual_confidence);

/// For `events0` outcomes among the absent of group 0: among the absent of group 1, fewer than `neither_from` outcomes
/// show a lower risk, and `higher_from` or more a higher risk; absent1 + 1 where none does.
struct TippingRow {
  std::int64_t events0 = 0;
  std::int64_t neither_from = 0;
  std::int64_t higher_from = 0;
};

/// The fewest people by which the absent must differ from those seen in their group.
struct TippingPoint {
  std::int64_t events1 = 0;
  std::int64_t events0 = 0;
  double people = 0;  // |events1 - absent1 risk1| + |events0 - absent0 risk0|, risks of those seen
};

struct TippingAnalysis {
  Shown seen = Shown::neither;          // among those seen alone
  std::vector<TippingRow> rows;         // for 0..absent0
  double kept = 1;                      // share of all (events1, events0) that show the same
  std::optional<TippingPoint> nearest;  // that shows something else; empty where none does
};

/// Every way in which the absent may have had the outcome (tipping-point analysis; Hollis 2002; Yan, Lee & Li 2009).
/// The statistic rises with events1, so each row needs two bisections. Groups without anybody are the caller's duty.
/// Verified by: missing_outcomes_test
TippingAnalysis tipping_analysis(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0,
                                 double confidence = usual_confidence);

}  // namespace desist::statistics
