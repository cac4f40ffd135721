// Numbers of the JSON that the product writes: what is not finite is null.
#pragma once

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

namespace desist {

inline nlohmann::ordered_json json_number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

inline nlohmann::ordered_json json_maybe(const std::optional<double>& value) {
  return value ? json_number(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace desist
