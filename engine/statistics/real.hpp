// Whole numbers as doubles, where arithmetic with counts should read like its formula.
#pragma once

#include <concepts>

namespace desist::statistics {

/// n as a double; exact up to 2^53.
constexpr double real(std::integral auto n) { return static_cast<double>(n); }

}  // namespace desist::statistics
