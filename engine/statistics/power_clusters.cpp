#include "engine/statistics/power_clusters.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

std::optional<double> design_effect(const ClusterSizes& c) {
  if (!(c.mean >= 1) || !(c.correlation >= 0) || c.correlation > 1 || !(c.variation >= 0) || !std::isfinite(c.mean) ||
      !std::isfinite(c.variation))
    return std::nullopt;
  return 1 + ((c.variation * c.variation + 1) * c.mean - 1) * c.correlation;
}

std::optional<ClusteredSize> clustered_size(double people, const ClusterSizes& clusters) {
  const auto effect = design_effect(clusters);
  if (!effect || !(people > 0) || !std::isfinite(people)) return std::nullopt;
  const double grown = people * *effect;
  return ClusteredSize{grown, static_cast<std::int64_t>(std::ceil(grown / clusters.mean))};
}

std::optional<double> effective_size(double people, const ClusterSizes& clusters) {
  const auto effect = design_effect(clusters);
  if (!effect || !(people > 0)) return std::nullopt;
  return people / *effect;
}

std::optional<double> cluster_size_needed(double people, std::int64_t clusters, double correlation) {
  const double spare = static_cast<double>(clusters) - people * correlation;
  if (!(people > 0) || clusters < 1 || !(correlation >= 0) || correlation > 1 || !(spare > 0)) return std::nullopt;
  return people * (1 - correlation) / spare;
}

namespace {

bool possible(const SteppedWedge& d) {
  return d.steps >= 1 && d.clusters_per_step > 0 && d.periods_before >= 0 && d.periods_a_step >= 1 && d.people > 0 &&
         d.within_variance > 0 && d.between_variance >= 0 && std::isfinite(d.clusters_per_step) &&
         std::isfinite(d.people) && std::isfinite(d.within_variance) && std::isfinite(d.between_variance);
}

}  // namespace

std::optional<double> stepped_wedge_variance(const SteppedWedge& d) {
  if (!possible(d)) return std::nullopt;
  const auto steps = static_cast<double>(d.steps);
  const auto length = static_cast<double>(d.periods_a_step);
  const double clusters = steps * d.clusters_per_step;
  const double periods = static_cast<double>(d.periods_before) + steps * length;
  // Clusters that cross at step s are treated for (steps - s + 1) steps; at step s, s clusters' worth are treated.
  const double sum = steps * (steps + 1) / 2;
  const double squares = steps * (steps + 1) * (2 * steps + 1) / 6;
  const double u = d.clusters_per_step * length * sum;
  const double w = d.clusters_per_step * d.clusters_per_step * length * squares;
  const double v = d.clusters_per_step * length * length * squares;
  const double within = d.within_variance / d.people;
  const double between = d.between_variance;
  const double information =
      (clusters * u - w) * within + (u * u + clusters * periods * u - periods * w - clusters * v) * between;
  // At one step without a period before, every cluster is treated throughout: both brackets are 0.
  if (!(information > 1e-12 * clusters * u * (within + between))) return std::nullopt;
  return clusters * within * (within + periods * between) / information;
}

std::optional<double> stepped_wedge_power(const SteppedWedge& design, double effect, double alpha) {
  const auto variance = stepped_wedge_variance(design);
  if (!variance || !std::isfinite(effect)) return std::nullopt;
  return normal_cdf(std::abs(effect) / std::sqrt(*variance) + normal_quantile(alpha / 2));
}

std::optional<double> stepped_wedge_clusters_needed(const SteppedWedge& design, double effect,
                                                    const Precision& precision) {
  SteppedWedge one = design;
  one.clusters_per_step = 1;
  const auto variance = stepped_wedge_variance(one);  // in proportion to 1/clusters
  if (!variance || effect == 0 || !std::isfinite(effect)) return std::nullopt;
  const double z = wanted_z(precision) / effect;
  return z * z * *variance;
}

std::optional<double> stepped_wedge_detectable(const SteppedWedge& design, const Precision& precision) {
  const auto variance = stepped_wedge_variance(design);
  if (!variance) return std::nullopt;
  return wanted_z(precision) * std::sqrt(*variance);
}

}  // namespace desist::statistics
