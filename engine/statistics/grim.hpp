// Which counts a printed percentage can come from.
#pragma once

#include <cstdint>

namespace desist::statistics {

/// A percentage as printed: 39.0% is digits 390 with 1 decimal.
struct PrintedPercentage {
  std::int64_t digits = 0;
  int decimals = 0;
};

/// The whole numbers from first to last; none where last < first.
struct CountRange {
  std::int64_t first = 0;
  std::int64_t last = -1;
  bool empty() const { return last < first; }
  bool contains(std::int64_t count) const { return first <= count && count <= last; }
  bool operator==(const CountRange&) const = default;
};

/// Counts x of n whose percentage rounds to the print: |200 10^e x - 2 S n| <= n, digits S, decimals e; half up and
/// half to even both pass. In whole numbers (128 bits): no rounding of our own. Needs n >= 1 and 0 <= e <= 15, else the
/// range is empty. Verified by: grim_test
CountRange counts_by_rounding(const PrintedPercentage& printed, std::int64_t n);

/// Counts x of n whose percentage is cut off to the print: S n <= 100 10^e x < (S + 1) n.
/// Verified by: grim_test
CountRange counts_by_truncation(const PrintedPercentage& printed, std::int64_t n);

/// The counts that a printed percentage leaves open.
struct PercentageCounts {
  CountRange rounded;
  CountRange truncated;
  int decimals = 0;            // those that count
  bool zero_appended = false;  // fits only with its trailing zero left off: 1.80% of 164 is 3, printed from 1.8%
  bool possible() const { return !rounded.empty() || !truncated.empty(); }  // GRIM (Brown & Heathers 2017)
};

/// Both ranges at the printed decimals; if no count fits and the last decimal is 0, at one decimal less.
/// Verified by: grim_test
PercentageCounts percentage_counts(const PrintedPercentage& printed, std::int64_t n);

}  // namespace desist::statistics
