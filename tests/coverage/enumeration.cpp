#include "tests/coverage/enumeration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace desist::coverage {

namespace {

/// `up(x)` is probability x + 1 over probability x.
template <class Up>
CountLaw law_from_mode(std::int64_t mode, std::int64_t most, Up up) {
  constexpr double negligible = 1e-18;
  std::vector<double> below;
  double weight = 1;
  for (std::int64_t x = mode; x > 0; --x) {
    weight /= up(x - 1);
    if (weight < negligible) break;
    below.push_back(weight);
  }
  CountLaw law{mode - static_cast<std::int64_t>(below.size()), {below.rbegin(), below.rend()}};
  weight = 1;
  for (std::int64_t x = mode; weight >= negligible; ++x) {
    law.probability.push_back(weight);
    if (x == most) break;
    weight *= up(x);
  }
  double sum = 0;
  for (const double each : law.probability) sum += each;
  for (double& each : law.probability) each /= sum;
  return law;
}

std::int64_t largest_count(std::span<const CountLaw> laws) {
  std::int64_t most = 0;
  for (const CountLaw& law : laws) most = std::max(most, law.last());
  return most;
}

std::size_t index(std::int64_t x) { return static_cast<std::size_t>(x); }

}  // namespace

CountLaw binomial_law(std::int64_t n, double p) {
  const auto mode = std::min(n, static_cast<std::int64_t>(std::floor(static_cast<double>(n + 1) * p)));
  const double odds = p / (1 - p);
  return law_from_mode(mode, n,
                       [&](std::int64_t x) { return static_cast<double>(n - x) / static_cast<double>(x + 1) * odds; });
}

CountLaw poisson_law(double mean) {
  return law_from_mode(static_cast<std::int64_t>(std::floor(mean)), std::numeric_limits<std::int64_t>::max(),
                       [&](std::int64_t x) { return mean / static_cast<double>(x + 1); });
}

CountLaw nobody() { return {0, {1.0}}; }

Coverage coverage_of(std::span<const CountLaw> laws1, std::span<const CountLaw> laws0, const IntervalOf& interval,
                     const TruthOf& truth) {
  const std::size_t rows = index(largest_count(laws1) + 1), columns = index(largest_count(laws0) + 1);
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<double> low(rows * columns, -infinite), high(rows * columns, infinite), missing(rows * columns, 1);
  for (std::size_t x1 = 0; x1 < rows; ++x1) {
    for (std::size_t x0 = 0; x0 < columns; ++x0) {
      const auto found = interval(static_cast<std::int64_t>(x1), static_cast<std::int64_t>(x0));
      if (!found) continue;
      low[x1 * columns + x0] = found->low;
      high[x1 * columns + x0] = found->high;
      missing[x1 * columns + x0] = 0;
    }
  }
  Coverage result;
  for (std::size_t i = 0; i < laws1.size(); ++i) {
    for (std::size_t j = 0; j < laws0.size(); ++j) {
      const double value = truth(i, j);
      double covered = 0, width = 0, not_given = 0;
      for (std::size_t a = 0; a < laws1[i].probability.size(); ++a) {
        const std::size_t begin = (index(laws1[i].first) + a) * columns + index(laws0[j].first);
        double row_covered = 0, row_width = 0, row_missing = 0;
        for (std::size_t b = 0; b < laws0[j].probability.size(); ++b) {
          const double probability = laws0[j].probability[b];
          const std::size_t k = begin + b;
          row_covered += low[k] <= value && value <= high[k] ? probability : 0;
          row_width += (high[k] - low[k]) * probability;
          row_missing += missing[k] * probability;
        }
        covered += laws1[i].probability[a] * row_covered;
        width += laws1[i].probability[a] * row_width;
        not_given += laws1[i].probability[a] * row_missing;
      }
      result.mean += covered;
      result.least = std::min(result.least, covered);
      result.width += width;
      result.not_given += not_given;
    }
  }
  const double pairs = static_cast<double>(laws1.size() * laws0.size());
  result.mean /= pairs;
  result.width /= pairs;
  result.not_given /= pairs;
  return result;
}

std::vector<double> rejection_of(std::span<const CountLaw> laws1, std::span<const CountLaw> laws0,
                                 const Rejects& rejects) {
  const std::size_t rows = index(largest_count(laws1) + 1), columns = index(largest_count(laws0) + 1);
  std::vector<double> rejected(rows * columns);
  for (std::size_t x1 = 0; x1 < rows; ++x1) {
    for (std::size_t x0 = 0; x0 < columns; ++x0)
      rejected[x1 * columns + x0] = rejects(static_cast<std::int64_t>(x1), static_cast<std::int64_t>(x0)) ? 1 : 0;
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < laws1.size(); ++i) {
    double sum = 0;
    for (std::size_t a = 0; a < laws1[i].probability.size(); ++a) {
      const std::size_t begin = (index(laws1[i].first) + a) * columns + index(laws0[i].first);
      double row = 0;
      for (std::size_t b = 0; b < laws0[i].probability.size(); ++b)
        row += rejected[begin + b] * laws0[i].probability[b];
      sum += laws1[i].probability[a] * row;
    }
    result.push_back(sum);
  }
  return result;
}

}  // namespace desist::coverage
