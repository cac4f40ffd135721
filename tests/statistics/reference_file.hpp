// Reads tests/data/reference and compares in its convention.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/statistics/interval.hpp"

namespace desist::statistics::reference {

inline nlohmann::json read(const std::string& path) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/" + path);
  return nlohmann::json::parse(file);
}

inline double number(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  const auto text = value.get<std::string>();
  if (text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::quiet_NaN();
}

/// Counts the comparisons made, so that a test can say that it compared every field it meant to.
class Comparison {
 public:
  explicit Comparison(std::string where) : where_(std::move(where)) {}

  /// |a - b| <= tolerance max(1, |b|); infinities must agree; an empty value stands for NaN.
  void near(const nlohmann::json& group, const std::string& field, std::optional<double> ours, double tolerance) {
    ASSERT_TRUE(group.contains(field)) << where_ << " " << field;
    check(field, ours, number(group.at(field)), tolerance);
  }
  void near(const nlohmann::json& group, const std::string& field, const Interval& ours, double tolerance) {
    ASSERT_TRUE(group.contains(field)) << where_ << " " << field;
    check(field + " low", ours.low, number(group.at(field).at(0)), tolerance);
    check(field + " high", ours.high, number(group.at(field).at(1)), tolerance);
  }
  double worst() const { return worst_; }

 private:
  void check(const std::string& field, std::optional<double> ours, double theirs, double tolerance) {
    if (std::isnan(theirs)) {
      EXPECT_FALSE(ours.has_value()) << where_ << " " << field;
      return;
    }
    ASSERT_TRUE(ours.has_value()) << where_ << " " << field;
    if (std::isinf(theirs) || std::isinf(*ours)) {
      EXPECT_EQ(*ours, theirs) << where_ << " " << field;
      return;
    }
    const double distance = std::abs(*ours - theirs) / std::max(1.0, std::abs(theirs));
    EXPECT_LE(distance, tolerance) << where_ << " " << field << ": " << *ours << " against " << theirs;
    worst_ = std::max(worst_, distance);
  }
  std::string where_;
  double worst_ = 0;
};

}  // namespace desist::statistics::reference
