// Tables for property tests: every small one, and large ones with zero and full cells.
#pragma once

#include <vector>

#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

inline std::vector<TwoByTwo> some_tables() {
  std::vector<TwoByTwo> tables;
  for (std::int64_t n1 = 1; n1 <= 5; ++n1) {
    for (std::int64_t n0 = 1; n0 <= 6; ++n0) {
      for (std::int64_t x1 = 0; x1 <= n1; ++x1) {
        for (std::int64_t x0 = 0; x0 <= n0; ++x0) tables.push_back({x1, n1, x0, n0});
      }
    }
  }
  for (const TwoByTwo& t : {TwoByTwo{1, 54, 10, 49},
                            {8, 70, 10, 49},
                            {15, 164, 124, 318},
                            {0, 300, 7, 20},
                            {300, 300, 7, 20},
                            {1, 1, 500, 1000},
                            {0, 1000000, 0, 1000000},
                            {0, 1000000, 3, 1000000},
                            {1000000, 1000000, 999990, 1000000},
                            {420000, 1000000, 421500, 1000000},
                            {12, 1000000, 500, 1000},
                            {1, 1, 0, 1000000},
                            {999999, 1000000, 1, 1000000}}) {
    tables.push_back(t);
  }
  return tables;
}

}  // namespace desist::statistics
