// Cells of the tidy tables: what is not there is an empty cell.
#pragma once

#include <cmath>
#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/table.hpp"

namespace desist {

inline Cell number(double value) { return std::isnan(value) ? Cell{} : Cell{value}; }
inline Cell finite(double value) { return std::isfinite(value) ? Cell{value} : Cell{}; }
inline Cell whole(std::integral auto value) { return static_cast<double>(value); }
inline Cell word(std::string text) { return text.empty() ? Cell{} : Cell{std::move(text)}; }
inline Cell yes(bool value) { return std::string(value ? "yes" : "no"); }

template <class T>
Cell maybe(const std::optional<T>& value) {
  return value ? number(static_cast<double>(*value)) : Cell{};
}

/// Columns without units.
inline std::vector<Column> named(std::initializer_list<const char*> names) {
  std::vector<Column> columns;
  for (const char* name : names) columns.push_back({name, ""});
  return columns;
}

/// Several words in one cell, a space between two.
inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& each : words) text += (text.empty() ? "" : " ") + each;
  return text;
}

}  // namespace desist
