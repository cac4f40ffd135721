// The coverage of intervals and the size of tests that can be enumerated, and at which sizes.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/coverage/result_table.hpp"

namespace desist::coverage {

/// People (or person-years) of two groups.
struct GroupPair {
  std::int64_t n1 = 1;
  std::int64_t n0 = 1;
};

struct Sizes {
  std::vector<std::int64_t> one;
  std::vector<GroupPair> two;
};

/// Of the published tables in experiments/: treated/comparison of CARA (those who breached; all sent), PIPT (violence),
/// ARDA, and the alcohol-violence course at two years and at 12 months.
Sizes source_sizes();

/// The pairs with fewer than 120 people together: where a penalty is wanted, and its cost can be paid.
Sizes small_groups(const Sizes& sizes);

/// "70/49".
std::string size_text(const GroupPair& pair);

/// Every interval of one share, one rate, two shares and two rates, then every test of two groups.
std::vector<ResultTable> exact_tables(const Sizes& sizes);

}  // namespace desist::coverage
