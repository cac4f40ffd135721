// What it costs to randomise groups of people: design effects, and the stepped wedge.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// Clusters of people who resemble each other.
struct ClusterSizes {
  double mean = 1;
  double correlation = 0;  // intraclass
  double variation = 0;    // coefficient of variation of the sizes
};

/// 1 + ((cv^2 + 1) m - 1) icc (Eldridge, Ashby & Kerry 2006, eq. 4; cv = 0: Donner & Klar 2000). Empty where m < 1, the
/// correlation is outside [0, 1] or the variation is below 0. Verified by: design_reference cluster
std::optional<double> design_effect(const ClusterSizes& clusters);

/// People in a group that would be `people` independent ones, and the whole clusters that hold them.
/// Verified by: design_reference cluster
struct ClusteredSize {
  double people = 0;
  std::int64_t clusters = 0;
};
std::optional<ClusteredSize> clustered_size(double people, const ClusterSizes& clusters);

/// How many independent people a group in clusters is worth; power and detectable differences of a clustered design are
/// those of its effective sizes. Verified by: design_reference cluster
std::optional<double> effective_size(double people, const ClusterSizes& clusters);

/// People a cluster when the number of clusters in a group is given: m = n (1 - icc)/(k - n icc) (Hemming et al. 2011,
/// eq. 6, equal sizes). Empty where k <= n icc: no size is enough, however large. Verified by: design_test
std::optional<double> cluster_size_needed(double people, std::int64_t clusters, double correlation);

/// A cross-sectional stepped wedge: all clusters untreated at first, `clusters_per_step` cross over at each step.
struct SteppedWedge {
  std::int64_t steps = 1;
  double clusters_per_step = 1;
  std::int64_t periods_before = 1;
  std::int64_t periods_a_step = 1;
  double people = 1;            // in each cluster and period
  double within_variance = 1;   // of a person's outcome: p (1 - p) of a proportion
  double between_variance = 0;  // of cluster means: within icc/(1 - icc)
};

/// Variance of the effect with period and cluster effects, with I clusters, T periods, X_ij = 1 where treated, s^2 =
/// within/people, t^2 = between, U = sum X, W = sum_j (sum_i X_ij)^2, V = sum_i (sum_j X_ij)^2:
/// I s^2 (s^2 + T t^2)/((I U - W) s^2 + (U^2 + I T U - T W - I V) t^2) (Hussey & Hughes 2007, eq. 8).
/// Empty where a number is outside its range, or nothing separates the effect from time. Verified by: design_test
std::optional<double> stepped_wedge_variance(const SteppedWedge& design);

/// Power of the two-sided Wald test in the direction of the true effect (Hussey & Hughes 2007, eq. 9).
/// Verified by: design_test
std::optional<double> stepped_wedge_power(const SteppedWedge& design, double effect, double alpha = 0.05);

/// Clusters at each step, before rounding up, that reach the power wanted; `clusters_per_step` is not read.
/// Verified by: design_test
std::optional<double> stepped_wedge_clusters_needed(const SteppedWedge& design, double effect,
                                                    const Precision& precision = {});

/// The least effect that is shown with the power wanted. Verified by: design_test
std::optional<double> stepped_wedge_detectable(const SteppedWedge& design, const Precision& precision = {});

}  // namespace desist::statistics
