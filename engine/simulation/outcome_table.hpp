// What a simulation leaves: folded accumulators by arm, never a row a replicate.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist {

/// One thing that is compared. The first arm of an experiment is the comparator.
struct Arm {
  std::string name;
  std::string label;
  ArmLayout layout;
  /// An internal arm of a tornado or a search: never recommended, not reported as an arm, no quantiles kept.
  bool variant = false;
  /// Slots of the draw's row that this arm replaces (slot, value): tornado ends and search levels on common luck.
  std::vector<std::pair<std::size_t, double>> overrides;
};

/// Moments of an outcome over draws and replicates (mathematics.md 6.1).
///
/// Replicates without a value (NaN) are left out. Of an outcome of kind time_until these are the moments of the
/// indicator that it happened in the window: a chance, whose time has quantiles but no mean.
struct Moments {
  std::uint64_t draws = 0;
  std::uint64_t values = 0;
  double mean = 0;          // of the draw means
  double between = 0;       // variance of the draw means x_d
  double within = 0;        // mean of the within-draw variances s2_d (0 with one replicate a draw)
  double within_error = 0;  // standard error of `within`, draws being the units
  double replicates = 1;    // per draw
  /// Monte Carlo error of the mean: sqrt(between / draws); with a single draw sqrt(within / values). NaN of one value.
  double standard_error() const;
  double parameter_variance() const;  // max(0, between - within / replicates)
  double total_variance() const;      // of one replicate: parameter_variance() + within
};

/// A quantile with its Monte Carlo error and, where it was read from a histogram, the width of its bin.
///
/// The value is the order statistic ceil(q N) of the N replicates that have one, exactly or as the middle of its bin
/// (histogram.hpp). N_eff = p (1 - p) / Var(mean of p_d), p_d = share of draw d at or below the value, at most N
/// (mathematics.md 6.5). Where the values are not kept p_d is not known: then N_eff is N with one replicate a draw or
/// one draw, else the number of draws, which is too few (an error too large) unless luck plays no part.
struct QuantileEstimate {
  double value = 0;
  double standard_error = 0;  // half the distance of the order statistics ceil(N (q -/+ sqrt(q (1 - q) / N_eff)))
  double bin_width = 0;       // 0: exact
};

/// The result of `simulate`. Arms in the order given, variants included.
class OutcomeTable {
 public:
  struct Data;  // defined in folding.hpp: accumulators that fold chunks and serialise
  OutcomeTable() = default;
  explicit OutcomeTable(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  bool empty() const { return data_ == nullptr; }
  std::uint64_t draws() const;
  std::uint64_t replicates_per_draw() const;
  bool complete() const;  // false after an interruption: the numbers are those of the draws that were done
  const std::vector<Arm>& arms() const;
  const std::vector<OutcomeField>& outcome_fields() const;
  const std::vector<OutcomeSlot>& outcomes() const;
  const std::vector<SeriesField>& series() const;
  std::size_t weeks() const;  // points of every series; a week is counted from 1 and means its end

  Moments moments(std::size_t arm, std::size_t outcome) const;
  Moments difference(std::size_t arm, std::size_t outcome) const;  // arm less comparator, pair by pair
  /// Quantiles need an arm that is not a variant. +infinity: "not in the window". A time less another that never came
  /// is infinite; two that never came have no difference.
  ///
  /// `shared_variance`: of the share of values up to the quantile, what draws have in common and their number doesn't
  /// average out; it is added to the variance of its mean.
  QuantileEstimate quantile(std::size_t arm, std::size_t outcome, double q, double shared_variance = 0) const;
  QuantileEstimate difference_quantile(std::size_t arm, std::size_t outcome, double q) const;
  Moments series_moments(std::size_t arm, std::size_t series, std::size_t week) const;
  QuantileEstimate series_quantile(std::size_t arm, std::size_t series, std::size_t week, double q) const;
  /// Share of each draw's values that are not above a limit, draw 0 first; empty where values are not kept one by one
  /// or some draw has none.
  std::vector<double> shares_up_to(std::size_t arm, std::size_t outcome, double limit) const;
  /// Mean of an outcome in each draw, draw 0 first (NaN: no value); empty if there are more than keep_draw_means.
  std::span<const double> draw_means(std::size_t arm, std::size_t outcome) const;
  /// Every number folded so far as bytes: equal for equal results, whatever made them.
  std::string bytes() const;

 private:
  std::shared_ptr<const Data> data_;
};

}  // namespace desist
