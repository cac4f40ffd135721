#include "engine/statistics/multiplicity.hpp"

#include <algorithm>
#include <numeric>

namespace desist::statistics {

namespace {

bool possible(std::span<const double> p_values) {
  return !p_values.empty() && std::all_of(p_values.begin(), p_values.end(), [](double p) { return p >= 0 && p <= 1; });
}

}  // namespace

std::optional<std::vector<double>> adjusted(std::span<const double> p_values, Adjustment adjustment) {
  if (!possible(p_values)) return std::nullopt;
  const std::size_t m = p_values.size();
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  const auto count = static_cast<double>(m);
  const auto factor = [&](std::size_t i) {
    const auto rank = static_cast<double>(i + 1);
    if (adjustment == Adjustment::bonferroni) return count;
    return adjustment == Adjustment::benjamini_hochberg ? count / rank : count - rank + 1;
  };
  std::vector<double> found(m);
  if (adjustment == Adjustment::hochberg || adjustment == Adjustment::benjamini_hochberg) {
    double least = 1;
    for (std::size_t i = m; i-- > 0;) found[order[i]] = least = std::min(least, factor(i) * p_values[order[i]]);
  } else {
    double largest = 0;
    for (std::size_t i = 0; i < m; ++i)
      found[order[i]] = largest = std::max(largest, std::min(1.0, factor(i) * p_values[order[i]]));
  }
  return found;
}

std::optional<std::vector<double>> fixed_sequence(std::span<const double> p_values) {
  if (!possible(p_values)) return std::nullopt;
  std::vector<double> found;
  double largest = 0;
  for (const double p : p_values) found.push_back(largest = std::max(largest, p));
  return found;
}

std::optional<std::vector<std::vector<double>>> gatekeeping(std::span<const std::vector<double>> families) {
  if (families.empty()) return std::nullopt;
  std::vector<std::vector<double>> found;
  double gate = 0;
  for (const std::vector<double>& family : families) {
    auto own = adjusted(family, Adjustment::holm);
    if (!own) return std::nullopt;
    for (double& p : *own) p = std::max(p, gate);
    gate = *std::max_element(own->begin(), own->end());
    found.push_back(std::move(*own));
  }
  return found;
}

}  // namespace desist::statistics
