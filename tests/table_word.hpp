// A word of a table, for tests that read tables.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/core/table.hpp"

namespace desist::tests {

inline const std::string& word(const Table& table, std::size_t row, std::string_view column) {
  return std::get<std::string>(table.at(row, column));
}

}  // namespace desist::tests
