#include "engine/statistics/grim.hpp"

#include <algorithm>

namespace desist::statistics {

namespace {

__extension__ typedef __int128 Wide;  // 2 S n and 200 10^e x leave 64 bits behind

constexpr int most_decimals = 15;

Wide floor_divide(Wide a, Wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
Wide ceil_divide(Wide a, Wide b) { return -floor_divide(-a, b); }

std::int64_t power_of_ten(int e) {
  std::int64_t power = 1;
  while (e-- > 0) power *= 10;
  return power;
}

bool usable(const PrintedPercentage& printed, std::int64_t n) {
  return n >= 1 && printed.decimals >= 0 && printed.decimals <= most_decimals && printed.digits >= 0 &&
         printed.digits <= 100 * power_of_ten(printed.decimals);
}

CountRange within_group(Wide first, Wide last, std::int64_t n) {
  first = std::max<Wide>(first, 0);
  last = std::min<Wide>(last, n);
  if (last < first) return {};
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
}

}  // namespace

CountRange counts_by_rounding(const PrintedPercentage& printed, std::int64_t n) {
  if (!usable(printed, n)) return {};
  const Wide step = Wide{200} * power_of_ten(printed.decimals);
  const Wide centre = Wide{2} * printed.digits * n;
  return within_group(ceil_divide(centre - n, step), floor_divide(centre + n, step), n);
}

CountRange counts_by_truncation(const PrintedPercentage& printed, std::int64_t n) {
  if (!usable(printed, n)) return {};
  const Wide step = Wide{100} * power_of_ten(printed.decimals);
  const Wide floor = Wide{printed.digits} * n;
  return within_group(ceil_divide(floor, step), ceil_divide(floor + n, step) - 1, n);
}

PercentageCounts percentage_counts(const PrintedPercentage& printed, std::int64_t n) {
  PercentageCounts counts{counts_by_rounding(printed, n), counts_by_truncation(printed, n), printed.decimals, false};
  if (counts.possible() || printed.decimals == 0 || printed.digits % 10 != 0) return counts;
  const PrintedPercentage shorter{printed.digits / 10, printed.decimals - 1};
  const PercentageCounts tried{counts_by_rounding(shorter, n), counts_by_truncation(shorter, n), shorter.decimals,
                               true};
  return tried.possible() ? tried : counts;
}

}  // namespace desist::statistics
