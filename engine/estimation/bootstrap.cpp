#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "engine/core/executor.hpp"
#include "engine/estimation/resampling.hpp"
#include "engine/estimation/uniform_index.hpp"

namespace desist::estimation {

namespace {

constexpr Purpose resample_purpose("bootstrap resample");
constexpr std::size_t resamples_a_task = 128;

/// Rows put in order of stratum, and where each stratum ends.
struct Strata {
  std::vector<std::size_t> row;   // the row at each place
  std::vector<std::size_t> ends;  // of the strata, in order of label
};

Strata strata_of(std::size_t rows, const std::vector<std::uint32_t>& stratum) {
  if (rows == 0) throw std::invalid_argument("there is no row to resample");
  if (rows > UniformIndex::most) throw std::invalid_argument("there are too many rows to resample");
  if (!stratum.empty() && stratum.size() != rows) throw std::invalid_argument("strata and rows differ in number");
  Strata found{std::vector<std::size_t>(rows), {}};
  std::iota(found.row.begin(), found.row.end(), std::size_t{0});
  if (!stratum.empty()) {
    std::stable_sort(found.row.begin(), found.row.end(),
                     [&](std::size_t a, std::size_t b) { return stratum[a] < stratum[b]; });
    for (std::size_t i = 1; i < rows; ++i)
      if (stratum[found.row[i]] != stratum[found.row[i - 1]]) found.ends.push_back(i);
  }
  found.ends.push_back(rows);
  return found;
}

/// Calls visit(place) for each draw of resample r.
template <class Visit>
void draw(const Strata& strata, std::uint64_t seed, std::size_t r, Visit visit) {
  UniformIndex index(Streams(seed, 0, r).open(resample_purpose, 0));
  std::size_t first = 0;
  for (const std::size_t end : strata.ends) {
    const auto size = static_cast<std::uint32_t>(end - first);
    const std::uint32_t threshold = UniformIndex::threshold(size);
    for (std::uint32_t i = 0; i < size; ++i) visit(first + index.below(size, threshold));
    first = end;
  }
}

/// Sums of resample r; the number of columns is a constant so that the sums stay in registers.
template <std::size_t columns>
void sum_resample(const std::vector<double>& values, const Strata& strata, std::uint64_t seed, std::size_t r,
                  std::span<double> sums) {
  double sum[columns] = {};
  draw(strata, seed, r, [&](std::size_t place) {
    const double* row = values.data() + place * columns;
    for (std::size_t c = 0; c < columns; ++c) sum[c] += row[c];
  });
  std::copy(sum, sum + columns, sums.begin());
}

void sum_resample_of_any_width(const std::vector<double>& values, const Strata& strata, std::uint64_t seed,
                               std::size_t r, std::span<double> sums) {
  std::fill(sums.begin(), sums.end(), 0.0);
  draw(strata, seed, r, [&](std::size_t place) {
    const double* row = values.data() + place * sums.size();
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += row[c];
  });
}

using Summer = void (*)(const std::vector<double>&, const Strata&, std::uint64_t, std::size_t, std::span<double>);

Summer summer_of(std::size_t columns) {
  static constexpr Summer fixed[] = {sum_resample<1>, sum_resample<2>, sum_resample<3>, sum_resample<4>,
                                     sum_resample<5>, sum_resample<6>, sum_resample<7>, sum_resample<8>};
  return columns <= 8 ? fixed[columns - 1] : sum_resample_of_any_width;
}

/// replicates[r] = one(r, slot) for all r, in tasks of many resamples.
template <class One>
void fill_replicates(std::vector<double>& replicates, unsigned threads, std::size_t slots, One one) {
  const std::size_t tasks = (replicates.size() + resamples_a_task - 1) / resamples_a_task;
  const StopFlag never{false};
  run_in_order(
      0, tasks, threads, slots,
      [&](std::size_t task, std::size_t slot) {
        const std::size_t last = std::min(replicates.size(), (task + 1) * resamples_a_task);
        for (std::size_t r = task * resamples_a_task; r < last; ++r) replicates[r] = one(r, slot);
      },
      [](std::size_t, std::size_t) {}, never);
}

}  // namespace

SummedRows sums_by_cluster(const SummedRows& rows, std::span<const std::uint32_t> cluster) {
  if (cluster.size() != rows.rows()) throw std::invalid_argument("clusters and rows differ in number");
  std::map<std::uint32_t, std::vector<double>> sums;
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    std::vector<double>& sum = sums[cluster[i]];
    sum.resize(rows.columns);
    for (std::size_t c = 0; c < rows.columns; ++c) sum[c] += rows.values[i * rows.columns + c];
  }
  SummedRows found{rows.columns, {}};
  for (const auto& [label, sum] : sums) found.values.insert(found.values.end(), sum.begin(), sum.end());
  return found;
}

std::vector<double> resampled_sums(const SummedRows& rows, std::span<const std::size_t> indices) {
  std::vector<double> sums(rows.columns);
  for (const std::size_t i : indices)
    for (std::size_t c = 0; c < rows.columns; ++c) sums[c] += rows.values[i * rows.columns + c];
  return sums;
}

statistics::BootstrapReplicates bootstrap_of_sums(const SummedRows& rows, const StatisticOfSums& statistic,
                                                  const ResamplingPlan& plan) {
  const std::size_t columns = rows.columns;
  const Strata strata = strata_of(rows.rows(), plan.stratum);
  if (!std::all_of(rows.values.begin(), rows.values.end(), [](double v) { return std::isfinite(v); }))
    throw std::invalid_argument("a number to be summed is not finite");
  std::vector<double> sorted;
  sorted.reserve(rows.values.size());
  for (const std::size_t row : strata.row) {
    const auto begin = rows.values.begin() + static_cast<std::ptrdiff_t>(row * columns);
    sorted.insert(sorted.end(), begin, begin + static_cast<std::ptrdiff_t>(columns));
  }
  statistics::BootstrapReplicates found;
  std::vector<double> total(columns);
  for (std::size_t i = 0; i < rows.values.size(); ++i) total[i % columns] += rows.values[i];
  found.observed = statistic(total);
  std::vector<double> rest(columns);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t c = 0; c < columns; ++c) rest[c] = total[c] - rows.values[i * columns + c];
    found.left_out.push_back(statistic(rest));
  }
  found.replicates.resize(plan.resamples);
  const std::size_t slots = plan.threads + 2;
  std::vector<std::vector<double>> sums(slots, std::vector<double>(columns));
  const Summer sum = summer_of(columns);
  fill_replicates(found.replicates, plan.threads, slots, [&](std::size_t r, std::size_t slot) {
    sum(sorted, strata, plan.seed, r, sums[slot]);
    return statistic(sums[slot]);
  });
  return found;
}

statistics::BootstrapReplicates bootstrap_of_counts(std::size_t rows, const StatisticOfCounts& statistic,
                                                    const ResamplingPlan& plan) {
  const Strata strata = strata_of(rows, plan.stratum);
  statistics::BootstrapReplicates found;
  std::vector<std::uint32_t> once(rows, 1);
  found.observed = statistic(once);
  for (std::uint32_t& count : once) {
    count = 0;
    found.left_out.push_back(statistic(once));
    count = 1;
  }
  found.replicates.resize(plan.resamples);
  const std::size_t slots = plan.threads + 2;
  std::vector<std::vector<std::uint32_t>> counts(slots, std::vector<std::uint32_t>(rows));
  fill_replicates(found.replicates, plan.threads, slots, [&](std::size_t r, std::size_t slot) {
    std::fill(counts[slot].begin(), counts[slot].end(), 0U);
    draw(strata, plan.seed, r, [&](std::size_t place) { ++counts[slot][strata.row[place]]; });
    return statistic(counts[slot]);
  });
  return found;
}

}  // namespace desist::estimation
