#include "engine/statistics/missing_outcomes.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/real.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::statistics {

namespace {}  // namespace

Shown shown(const TwoByTwo& table, double confidence) {
  const auto test = chi_square_n_minus_1(table);
  if (!test || test->p >= 1 - confidence) return Shown::neither;
  return table.risk1() < table.risk0() ? Shown::lower : Shown::higher;
}

TippingAnalysis tipping_analysis(const TwoByTwo& seen, std::int64_t absent1, std::int64_t absent0, double confidence) {
  const auto with = [&](std::int64_t events1, std::int64_t events0) {
    return shown({seen.x1 + events1, seen.n1 + absent1, seen.x0 + events0, seen.n0 + absent0}, confidence);
  };
  /// The fewest events1 that show at least `level`.
  const auto first_at_least = [&](Shown level, std::int64_t events0) {
    std::int64_t low = 0, high = absent1 + 1;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      if (with(middle, events0) >= level) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  };
  TippingAnalysis result;
  result.seen = shown(seen, confidence);
  const double expected1 = real(absent1) * seen.risk1();
  const double expected0 = real(absent0) * seen.risk0();
  double same = 0;
  for (std::int64_t events0 = 0; events0 <= absent0; ++events0) {
    const TippingRow row{events0, first_at_least(Shown::neither, events0), first_at_least(Shown::higher, events0)};
    result.rows.push_back(row);
    // The numbers of events1 that show lower, neither and higher, each a range.
    const std::int64_t from[4] = {0, row.neither_from, row.higher_from, absent1 + 1};
    for (std::size_t level = 0; level < 3; ++level) {
      const std::int64_t first = from[level], last = from[level + 1] - 1;
      if (first > last) continue;
      if (static_cast<Shown>(level) == result.seen) {
        same += real(last - first + 1);
        continue;
      }
      const auto below = static_cast<std::int64_t>(std::floor(expected1));
      for (const std::int64_t near : {below, below + 1}) {
        const std::int64_t events1 = std::clamp(near, first, last);
        const double people = std::abs(real(events1) - expected1) + std::abs(real(events0) - expected0);
        if (!result.nearest || people < result.nearest->people) result.nearest = TippingPoint{events1, events0, people};
      }
    }
  }
  result.kept = same / (real(absent1 + 1) * real(absent0 + 1));
  return result;
}

}  // namespace desist::statistics
