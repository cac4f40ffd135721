#include "engine/statistics/survival_data.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

namespace desist::statistics {

std::optional<SurvivalProblem> fault_of(const FollowUp& follow_up, int last_code) {
  const std::size_t n = follow_up.size();
  if (n == 0) return SurvivalProblem{SurvivalFault::no_rows};
  if (follow_up.event.size() != n) return SurvivalProblem{SurvivalFault::lengths_differ, follow_up.event.size()};
  const bool entries = !follow_up.start.empty();
  if (entries && follow_up.start.size() != n)
    return SurvivalProblem{SurvivalFault::lengths_differ, follow_up.start.size()};
  for (std::size_t i = 0; i < n; ++i) {
    const double stop = follow_up.stop[i];
    if (!std::isfinite(stop)) return SurvivalProblem{SurvivalFault::not_a_number, i};
    if (stop < 0) return SurvivalProblem{SurvivalFault::negative_time, i};
    if (follow_up.event[i] < 0 || follow_up.event[i] > last_code)
      return SurvivalProblem{SurvivalFault::unknown_event_code, i};
    if (!entries) continue;
    const double start = follow_up.start[i];
    if (!std::isfinite(start)) return SurvivalProblem{SurvivalFault::not_a_number, i};
    if (start < 0) return SurvivalProblem{SurvivalFault::negative_time, i};
    if (stop <= start) return SurvivalProblem{SurvivalFault::stop_not_after_start, i};
  }
  return std::nullopt;
}

std::optional<SurvivalProblem> fault_of_labels(std::span<const int> labels, std::size_t rows, int count) {
  if (labels.empty()) return std::nullopt;
  if (labels.size() != rows) return SurvivalProblem{SurvivalFault::lengths_differ, labels.size()};
  for (std::size_t i = 0; i < rows; ++i) {
    if (labels[i] < 0 || (count > 0 && labels[i] >= count)) return SurvivalProblem{SurvivalFault::unknown_group, i};
  }
  return std::nullopt;
}

int label_count(std::span<const int> labels) {
  return labels.empty() ? 1 : *std::max_element(labels.begin(), labels.end()) + 1;
}

RowsByLabel rows_by_label(std::span<const int> labels, std::size_t rows) {
  RowsByLabel sorted;
  sorted.rows.resize(rows);
  const auto count = static_cast<std::size_t>(label_count(labels));
  sorted.begin.assign(count + 1, 0);
  const auto label = [&](std::size_t i) { return labels.empty() ? 0 : static_cast<std::size_t>(labels[i]); };
  for (std::size_t i = 0; i < rows; ++i) ++sorted.begin[label(i) + 1];
  for (std::size_t s = 0; s < count; ++s) sorted.begin[s + 1] += sorted.begin[s];
  std::vector<std::size_t> next(sorted.begin);
  for (std::size_t i = 0; i < rows; ++i) sorted.rows[next[label(i)]++] = static_cast<std::uint32_t>(i);
  return sorted;
}

namespace {

constexpr int digit_bits = 11;
constexpr std::uint64_t digit_mask = (1U << digit_bits) - 1;

struct Keyed {
  std::uint64_t key;
  std::uint32_t row;
};

/// Keys in the order of the times: of non-negative doubles the bits are ordered as the numbers are.
std::vector<Keyed> keys_of(std::span<const double> times) {
  constexpr double most = 4294967295.0;
  const bool whole = std::all_of(times.begin(), times.end(), [](double t) {
    return t <= most && static_cast<double>(static_cast<std::uint32_t>(t)) == t;
  });
  std::vector<Keyed> keys(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    // Adding zero makes -0 into 0.
    const std::uint64_t key = whole ? static_cast<std::uint32_t>(times[i]) : std::bit_cast<std::uint64_t>(times[i] + 0);
    keys[i] = {key, static_cast<std::uint32_t>(i)};
  }
  return keys;
}

/// Least significant digit first, each pass stable; a digit that is the same everywhere needs no pass.
std::vector<Keyed> sorted_keys(std::span<const double> times) {
  std::vector<Keyed> keys = keys_of(times);
  std::uint64_t differing = 0;
  for (const Keyed& k : keys) differing |= k.key ^ keys.front().key;
  std::vector<Keyed> other(keys.size());
  for (int shift = 0; shift < 64; shift += digit_bits) {
    if (((differing >> shift) & digit_mask) == 0) continue;
    std::array<std::uint32_t, digit_mask + 1> place{};
    for (const Keyed& k : keys) ++place[(k.key >> shift) & digit_mask];
    std::exclusive_scan(place.begin(), place.end(), place.begin(), std::uint32_t{0});
    for (const Keyed& k : keys) other[place[(k.key >> shift) & digit_mask]++] = k;
    keys.swap(other);
  }
  return keys;
}

}  // namespace

std::vector<std::uint32_t> order_by_time(std::span<const double> times) {
  const std::vector<Keyed> keys = sorted_keys(times);
  std::vector<std::uint32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const Keyed& k) { return k.row; });
  return order;
}

DistinctTimes distinct_times(std::span<const double> times) {
  const std::vector<Keyed> keys = sorted_keys(times);
  DistinctTimes found;
  found.place.resize(times.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i == 0 || keys[i].key != keys[i - 1].key) found.time.push_back(times[keys[i].row]);
    found.place[keys[i].row] = static_cast<std::uint32_t>(found.time.size() - 1);
  }
  return found;
}

}  // namespace desist::statistics
