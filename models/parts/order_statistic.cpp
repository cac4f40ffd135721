#include "models/parts/order_statistic.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace desist {
namespace {

/// Four maxima at a time: one alone would wait for the comparison before.
double largest_of(std::span<const double> values) {
  std::array<double, 4> largest{};  // values are not negative
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) largest[lane] = std::max(largest[lane], values[i + lane]);
  for (; i < values.size(); ++i) largest[0] = std::max(largest[0], values[i]);
  return *std::max_element(largest.begin(), largest.end());
}

}  // namespace

double order_statistic(std::span<const double> values, std::size_t k) {
  constexpr std::size_t buckets = 1024;
  const double largest = largest_of(values);
  const double scale = largest > 1e-300 ? (buckets - 1) / largest : 0;  // finite
  const auto bucket_of = [&](double value) { return static_cast<std::size_t>(value * scale); };
  std::array<std::uint32_t, buckets> counts{};
  for (const double value : values) ++counts[bucket_of(value)];
  std::size_t bucket = 0;
  while (k >= counts[bucket]) k -= counts[bucket++];
  thread_local std::vector<double> inside;
  inside.clear();
  for (const double value : values)
    if (bucket_of(value) == bucket) inside.push_back(value);
  std::nth_element(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(k), inside.end());
  return inside[k];
}

}  // namespace desist
