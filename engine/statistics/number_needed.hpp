// The number needed to treat, as plain data: which way, and between what numbers.
#pragma once

#include <optional>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// How many people must be sent for one to be spared the outcome (benefit) or to suffer it (harm). The numbers are
/// positive reals; rounding and words are the reader's.
struct NumberNeeded {
  enum class Kind {
    benefit,  // both limits of the difference are below 0: `benefit` is the interval
    harm,     // both are above 0: `harm` is the interval
    either    // 0 is within the limits: from benefit.low through infinity to harm.low
  };
  Kind kind = Kind::either;
  std::optional<Interval> benefit;  // upper end infinite for `either`; empty for `harm`
  std::optional<Interval> harm;     // upper end infinite for `either`; empty for `benefit`
};

/// NNT from the limits (l, u) of a risk difference in which benefit is negative (Altman 1998): u < 0 gives benefit -1/l
/// to -1/u, l > 0 harm 1/u to 1/l, else "NNTB -1/l to infinity to NNTH 1/u". A limit of exactly 0 gives infinity. Needs
/// l <= u; never averaged over draws.
/// Verified by: number_needed_test
NumberNeeded number_needed(const Interval& difference);

}  // namespace desist::statistics
