#include "engine/statistics/unit_comparison.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

constexpr int spread_points = 48;
constexpr double spread_reach = 4;  // scales
constexpr double most_points = 4096;
constexpr double least_weight = 1e-8;  // of theta and tau, against the greatest

/// Values of x in equal steps, with the likelihood of each unit there.
struct Grid {
  double low = 0;
  double step = 0;
  std::size_t size = 0;
  std::vector<std::vector<double>> likelihood;  // by unit, the greatest 1
  double at(double index) const { return low + index * step; }
};

Grid grid_of(const std::vector<UnitLikelihood>& units) {
  double low = units.front().centre, high = low, least_error = units.front().error;
  for (const UnitLikelihood& unit : units) {
    require(unit.error > 0 && std::isfinite(unit.error) && std::isfinite(unit.centre), "a unit's data have a width");
    low = std::min(low, unit.centre - 8 * unit.error);
    high = std::max(high, unit.centre + 8 * unit.error);
    least_error = std::min(least_error, unit.error);
  }
  const double points = std::min(most_points, std::ceil((high - low) / (least_error / 6)));
  Grid grid{low, (high - low) / points, static_cast<std::size_t>(points) + 1, {}};
  require(grid.step <= least_error / 2, "units differ so much more than chance explains that no model is needed");
  for (const UnitLikelihood& unit : units) {
    std::vector<double> row(grid.size);
    for (std::size_t i = 0; i < grid.size; ++i) row[i] = unit.log_likelihood(grid.at(static_cast<double>(i)));
    const double most = *std::max_element(row.begin(), row.end());
    for (double& value : row) value = std::exp(value - most);
    grid.likelihood.push_back(std::move(row));
  }
  return grid;
}

/// A value of theta and tau: theta stands for `stride` points of the grid around `centre`.
struct Node {
  std::size_t centre = 0;
  std::size_t stride = 1;
  std::size_t spread = 0;  // index of tau
  double weight = 0;
};

/// The law of x in units like these: normal on the grid's points, so that a small tau leaves theta alone.
class BetweenUnits {
 public:
  BetweenUnits(double tau, const Grid& grid) {
    const double width = tau / grid.step;
    double sum = 0;
    for (std::size_t d = 0; d <= static_cast<std::size_t>(9 * width); ++d) {
      density_.push_back(std::exp(-0.5 * std::pow(static_cast<double>(d) / width, 2)));
      sum += (d == 0 ? 1 : 2) * density_.back();
    }
    for (double& value : density_) value /= sum;
  }
  std::size_t reach() const { return density_.size() - 1; }
  double operator()(std::size_t i, std::size_t centre) const { return density_[i > centre ? i - centre : centre - i]; }

 private:
  std::vector<double> density_;
};

/// Nodes with their weights, scaled so that they add up to 1.
std::vector<Node> nodes_of(const std::vector<UnitLikelihood>& units, const Grid& grid, double scale,
                           const std::vector<BetweenUnits>& between, const std::vector<double>& taus) {
  std::vector<Node> nodes;
  std::vector<double> logs;
  for (std::size_t t = 0; t < taus.size(); ++t) {
    double precision = 0, sum = 0;
    for (const UnitLikelihood& unit : units) {
      const double weight = 1 / (unit.error * unit.error + taus[t] * taus[t]);
      precision += weight;
      sum += weight * unit.centre;
    }
    const double error = 1 / std::sqrt(precision);
    // Odd, so that a node stands in the middle of its points.
    const std::size_t stride = 2 * static_cast<std::size_t>(error / 4 / grid.step) + 1;
    const double middle = (sum / precision - grid.low) / grid.step;
    const double reach = std::ceil(8 * error / grid.step / static_cast<double>(stride));
    for (double j = -reach; j <= reach; j += 1) {
      const double place = std::round(middle) + j * static_cast<double>(stride);
      if (place < 0 || place >= static_cast<double>(grid.size)) continue;
      const auto centre = static_cast<std::size_t>(place);
      const std::size_t far = between[t].reach();
      const std::size_t first = centre > far ? centre - far : 0, last = std::min(grid.size - 1, centre + far);
      double log_weight = std::log(static_cast<double>(stride)) - 0.5 * std::pow(taus[t] / scale, 2);
      for (const std::vector<double>& likelihood : grid.likelihood) {
        double all = 0;
        for (std::size_t i = first; i <= last; ++i) all += likelihood[i] * between[t](i, centre);
        log_weight += std::log(all);
      }
      nodes.push_back({centre, stride, t, 0});
      logs.push_back(log_weight);
    }
  }
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    nodes[n].weight = std::exp(logs[n] - most);
    sum += nodes[n].weight;
  }
  for (Node& node : nodes) node.weight /= sum;
  std::erase_if(nodes, [&](const Node& node) { return node.weight < least_weight / sum; });
  return nodes;
}

/// The chances that 0, 1, ... of the others lie below: those of all, less one unit's own part. Divided out from the end
/// at which nothing grows. `chances` is of size units + 1.
void without_one(const std::vector<double>& chances, double p, std::vector<double>& others) {
  const std::size_t n = chances.size() - 1;
  others.resize(n);
  if (p < 0.5) {
    double before = 0;
    for (std::size_t r = 0; r < n; ++r) others[r] = before = (chances[r] - p * before) / (1 - p);
  } else {
    double after = 0;
    for (std::size_t r = n; r-- > 0;) others[r] = after = (chances[r + 1] - (1 - p) * after) / p;
  }
}

/// Median and limits of a law on cells of equal width, the first from `low`.
struct Summary {
  double median = 0;
  Interval limits;
};
Summary summary_of(const std::vector<double>& law, double low, double width, double confidence) {
  double all = 0;
  for (const double mass : law) all += mass;
  const auto quantile = [&](double p) {
    double sum = 0;
    for (std::size_t i = 0; i < law.size(); ++i) {
      if (sum + law[i] >= p * all && law[i] > 0)
        return low + width * (static_cast<double>(i) + (p * all - sum) / law[i]);
      sum += law[i];
    }
    return low + width * static_cast<double>(law.size());
  };
  return {quantile(0.5), {quantile((1 - confidence) / 2), quantile((1 + confidence) / 2)}};
}

}  // namespace

UnitComparison compare_units(const std::vector<UnitLikelihood>& units, double spread_scale, double confidence) {
  require(units.size() >= 3 && units.size() <= 100, "3 to 100 units can be compared");
  require(spread_scale > 0 && std::isfinite(spread_scale), "the scale of the spread is above 0, and finite");
  const Grid grid = grid_of(units);
  const std::size_t count = units.size();
  const double spread_step = spread_reach * spread_scale / spread_points;
  std::vector<double> taus;
  std::vector<BetweenUnits> between;
  for (int t = 0; t < spread_points; ++t) {
    taus.push_back((t + 0.5) * spread_step);
    between.emplace_back(taus.back(), grid);
  }

  std::vector<std::vector<double>> law(count, std::vector<double>(grid.size, 0.0));  // of x by unit
  std::vector<double> typical(grid.size, 0.0), spread(taus.size(), 0.0);
  UnitComparison result;
  result.units.resize(count);
  for (UnitAmongOthers& unit : result.units) unit.rank_chances.assign(count, 0.0);
  result.below.assign(count, std::vector<double>(count, 0.0));
  std::vector<double> below(count), chances, others, density(count), sum(count);
  for (const Node& node : nodes_of(units, grid, spread_scale, between, taus)) {
    const BetweenUnits& likely = between[node.spread];
    const std::size_t far = likely.reach();
    const std::size_t first = node.centre > far ? node.centre - far : 0;
    const std::size_t last = std::min(grid.size - 1, node.centre + far);
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t u = 0; u < count; ++u)
      for (std::size_t i = first; i <= last; ++i) sum[u] += grid.likelihood[u][i] * likely(i, node.centre);
    std::fill(below.begin(), below.end(), 0.0);
    for (std::size_t i = first; i <= last; ++i) {
      const double prior = likely(i, node.centre);
      bool any = false;
      for (std::size_t u = 0; u < count; ++u) {
        density[u] = grid.likelihood[u][i] * prior / sum[u];
        below[u] += density[u] / 2;  // ties count half
        any = any || density[u] > 1e-14;
      }
      if (any) {
        chances.assign(1, 1.0);
        for (std::size_t v = 0; v < count; ++v) {
          const double p = std::min(below[v], 1.0);
          chances.push_back(0);
          for (std::size_t r = chances.size(); r-- > 0;)
            chances[r] = chances[r] * (1 - p) + (r > 0 ? chances[r - 1] * p : 0.0);
        }
        for (std::size_t u = 0; u < count; ++u) {
          const double mass = node.weight * density[u];
          law[u][i] += mass;
          if (density[u] <= 1e-14) continue;
          without_one(chances, std::min(below[u], 1.0), others);
          for (std::size_t r = 0; r < count; ++r) result.units[u].rank_chances[r] += mass * others[r];
          for (std::size_t v = 0; v < count; ++v) result.below[v][u] += mass * std::min(below[v], 1.0);
        }
      }
      for (std::size_t u = 0; u < count; ++u) below[u] += density[u] / 2;
    }
    spread[node.spread] += node.weight;
    const std::size_t half = node.stride / 2;
    for (std::size_t k = 0; k < node.stride; ++k) {
      const std::size_t i = node.centre + k;
      if (i >= half && i - half < grid.size) typical[i - half] += node.weight / static_cast<double>(node.stride);
    }
  }
  for (std::size_t u = 0; u < count; ++u) {
    for (double& chance : result.units[u].rank_chances) chance = std::max(chance, 0.0);  // not below 0 by rounding
    const Summary x = summary_of(law[u], grid.at(-0.5), grid.step, confidence);
    result.units[u].x = x.median;
    result.units[u].limits = x.limits;
    result.below[u][u] = 0;
  }
  const Summary theta = summary_of(typical, grid.at(-0.5), grid.step, confidence);
  result.typical = theta.median;
  result.typical_limits = theta.limits;
  const Summary tau = summary_of(spread, 0, spread_step, confidence);
  result.spread = tau.median;
  result.spread_limits = tau.limits;
  double at_bound = 0;
  for (std::size_t t = taus.size() - taus.size() / 8; t < taus.size(); ++t) at_bound += spread[t];
  result.spread_at_bound = at_bound > 0.01;
  return result;
}

}  // namespace desist::statistics
