// Layouts of arms for tests.
#pragma once

#include <limits>

#include "engine/simulation/contract.hpp"

namespace desist::test {

inline constexpr double always = -std::numeric_limits<double>::infinity();

/// A field that takes one slot of the row at all times, for all items.
inline FieldLayout from_slot(std::size_t slot) {
  FieldLayout field;
  field.pieces = {{always, {}, slot}};
  return field;
}

}  // namespace desist::test
