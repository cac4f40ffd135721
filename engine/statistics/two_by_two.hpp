// A two-by-two table: how many of each of two groups had the outcome.
#pragma once

#include <cstdint>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist::statistics {

/// Group 1 (treated, x1 of n1) against group 0 (comparison, x0 of n0); differences are risk1 - risk0, ratios
/// risk1/risk0.
struct TwoByTwo {
  std::int64_t x1 = 0;
  std::int64_t n1 = 1;
  std::int64_t x0 = 0;
  std::int64_t n0 = 1;

  Proportion group1() const { return {x1, n1}; }
  Proportion group0() const { return {x0, n0}; }
  double risk1() const { return group1().estimate(); }
  double risk0() const { return group0().estimate(); }
  std::int64_t people() const { return n1 + n0; }
  std::int64_t events() const { return x1 + x0; }
  /// Nobody or everybody had the outcome: the table says nothing about a difference.
  bool degenerate() const { return events() == 0 || events() == people(); }
  /// What conditional inference holds fixed.
  Margins margins() const { return {n1, n0, events()}; }
  bool has_zero_cell() const { return x1 == 0 || x1 == n1 || x0 == 0 || x0 == n0; }
  /// The same table with the groups exchanged.
  TwoByTwo groups_exchanged() const { return {x0, n0, x1, n1}; }
  /// The same table with the outcome replaced by its absence.
  TwoByTwo outcome_reversed() const { return {n1 - x1, n1, n0 - x0, n0}; }
  /// N/(N - 1), by which Miettinen & Nurminen (1985, eq. 6) multiply the variance of a score statistic.
  double score_factor() const { return static_cast<double>(people()) / static_cast<double>(people() - 1); }
  bool operator==(const TwoByTwo&) const = default;
};

/// What a test holds against the hypothesis of no difference: `less` means risk1 < risk0.
enum class Alternative { two_sided, less, greater };

}  // namespace desist::statistics
