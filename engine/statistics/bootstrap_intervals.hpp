// Intervals from bootstrap replicates, however they were drawn.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// A statistic of the data as they are, of resamples, and of the data without each row (or cluster) in turn.
struct BootstrapReplicates {
  double observed = 0;
  std::vector<double> replicates;
  std::vector<double> left_out;
};

/// How a quantile lies between order statistics t_(k) and t_(k+1).
enum class QuantileRule {
  normal_scale,  // between the normal quantiles of k/(R + 1) (Davison & Hinkley 1997, eq. 5.8; R's boot.ci)
  type6,         // linear at (R + 1) p (Hyndman & Fan 1996)
  type7          // linear at 1 + (R - 1) p, R's default
};

/// The quantile of sorted values at level p in (0, 1), at most the largest and at least the smallest.
/// Verified by: bootstrap_reference
double quantile_of_sorted(std::span<const double> sorted, double p, QuantileRule rule);

/// How replicates that equal the observed statistic count in the bias correction.
enum class ObservedTies {
  not_below,  // share strictly below (boot.ci)
  half_below  // half of them below: for statistics of few values, such as differences of small counts
};

struct BootstrapMethod {
  double confidence = usual_confidence;
  QuantileRule quantiles = QuantileRule::normal_scale;
  ObservedTies ties = ObservedTies::not_below;
};

/// Why an interval is not given.
enum class BootstrapProblem {
  none,
  too_few_replicates,     // fewer than two, or none beyond a limit: 1/(R + 1) is above the tail's level
  undefined_statistic,    // NaN of the data or of a resample
  unbounded_replicates,   // an infinite one: no mean or error
  no_scatter,             // all replicates are the same
  all_on_one_side,        // every replicate is on one side of the observed: no bias correction
  no_acceleration,        // fewer than two left-out values, or one that is not finite
  acceleration_too_large  // 1 - a (z0 + z) is not positive
};
std::string_view bootstrap_problem_words(BootstrapProblem problem);

/// An interval, or why there is none, with the Monte Carlo errors of its ends.
struct BootstrapInterval {
  BootstrapProblem problem = BootstrapProblem::none;
  Interval limits;
  std::array<double, 2> levels{};             // of the order statistics
  std::array<double, 2> monte_carlo_error{};  // what another seed would move an end by; see `intervals`
  bool given() const { return problem == BootstrapProblem::none; }
};

struct BootstrapSummary {
  std::size_t replicates = 0;
  std::size_t undefined = 0;  // NaN
  std::size_t unbounded = 0;  // infinite
  std::size_t below = 0;
  std::size_t equal = 0;
  std::optional<double> mean;
  std::optional<double> bias;
  std::optional<double> error;           // standard deviation, divisor R - 1
  std::optional<double> error_mc_error;  // error/sqrt(2 (R - 1)), as for a normal law
  std::optional<double> jackknife_error;
  std::optional<double> jackknife_bias;
  std::optional<double> acceleration;
  std::optional<double> bias_correction;
  BootstrapInterval normal;  // observed - bias -/+ z error
  BootstrapInterval percentile;
  BootstrapInterval basic;  // 2 observed - percentile, ends exchanged
  BootstrapInterval bca;
};

/// Efron 1987, eqs. 2.3 and 3.8 (BCa): levels Phi(z0 + (z0 + z)/(1 - a (z0 + z))) with z0 = Phi^-1(share below the
/// observed), a = sum d^3/(6 (sum d^2)^1.5) with d = mean - value of the left-out values; Davison & Hinkley 1997,
/// chapter
/// 5. Monte Carlo error of an end: half the distance of the order statistics one standard error of the level to either
/// side, with variance l (1 - l)/R for a fixed level; for BCa the error of z0 and its covariance are in it, d level/d
/// z0 being phi(z) (1 + 1/(1 - a (z0 + z))^2). Verified by: bootstrap_reference; resampling_test
BootstrapSummary intervals(const BootstrapReplicates& found, const BootstrapMethod& method = {});

}  // namespace desist::statistics
