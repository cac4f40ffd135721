// Whether two group sizes are what the stated allocation would give.
#pragma once

#include <cstdint>

namespace desist::statistics {

/// Two-sided exact binomial test of `n1` against `n0` people under an allocation share `share1` to group 1: the
/// probability of splits no more probable than this one, with a relative slack of 1e-7 (R's binom.test). 70 to 49 under
/// 1:1 gives 0.066. Verified by: allocation_check_test
double allocation_p(std::int64_t n1, std::int64_t n0, double share1 = 0.5);

}  // namespace desist::statistics
