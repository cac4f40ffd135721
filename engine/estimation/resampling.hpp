// Resampled and reassigned rows on keyed streams: bootstrap replicates and randomisation tests.
//
// Most statistics are functions of a few sums: a rate ratio of two events and two times, a correlation of five moments.
// So rows are columns of numbers to be summed, a resample is the sums over its rows, and the statistic sees only those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/statistics/bootstrap_intervals.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist::estimation {

/// Numbers of each row, row after row.
struct SummedRows {
  std::size_t columns = 1;
  std::vector<double> values;
  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
};

/// One row a cluster: the sums over its rows, clusters in order of label. What is then resampled or reassigned is the
/// cluster. Throws std::invalid_argument where there are not as many labels as rows.
SummedRows sums_by_cluster(const SummedRows& rows, std::span<const std::uint32_t> cluster);

/// A statistic of sums (of a bootstrap: one for each column).
using StatisticOfSums = std::function<double(std::span<const double>)>;

/// A statistic of how often each row is in the resample: for what is not a function of sums (a median, a model).
using StatisticOfCounts = std::function<double(std::span<const std::uint32_t>)>;

struct ResamplingPlan {
  std::size_t resamples = 9999;
  std::uint64_t seed = 0;
  std::vector<std::uint32_t> stratum;  // of each row: a stratum is resampled within itself; empty: all are one
  unsigned threads = 1;
};

/// Sums over the rows with these indices, in their order.
std::vector<double> resampled_sums(const SummedRows& rows, std::span<const std::size_t> indices);

/// Replicates by drawing rows with replacement (Efron 1979; within strata: Davison & Hinkley 1997, section 3.2), and
/// the statistic without each row (sums: total less the row). Resample r reads one stream, keyed by (seed, purpose
/// "bootstrap resample", r), strata in order of label; indices are uniform by Lemire's multiplication with rejection on
/// the halves of its words (Lemire 2019). So the replicates are the same for any number of threads. The statistic is
/// called from several threads at once. Throws std::invalid_argument for no row, a value that is not finite, or strata
/// of another length. Verified by: resampling_test; bootstrap_reference
statistics::BootstrapReplicates bootstrap_of_sums(const SummedRows& rows, const StatisticOfSums& statistic,
                                                  const ResamplingPlan& plan);

/// The same draws seen as counts. Without row i means a count of 0 there and 1 elsewhere.
statistics::BootstrapReplicates bootstrap_of_counts(std::size_t rows, const StatisticOfCounts& statistic,
                                                    const ResamplingPlan& plan);

/// Who was treated, as it was drawn.
struct Assignment {
  std::vector<bool> treated;         // each row
  std::vector<std::uint32_t> block;  // each row: as many are treated in a block as were; empty: all are one block
};

struct RandomisationPlan {
  statistics::Alternative alternative = statistics::Alternative::two_sided;
  std::size_t draws = 99999;           // where there are too many assignments to look at each
  std::uint64_t exact_most = 1000000;  // assignments
  std::uint64_t seed = 0;
  unsigned threads = 1;
};

enum class RandomisationProblem {
  none,
  one_assignment_only,  // everybody or nobody is treated in every block
  undefined_statistic   // NaN as assigned or in another assignment
};
std::string_view randomisation_problem_words(RandomisationProblem problem);

struct RandomisationTest {
  RandomisationProblem problem = RandomisationProblem::none;
  double observed = 0;
  std::optional<double> p;
  bool exact = false;            // every assignment was looked at
  double assignments = 0;        // how many there are
  std::uint64_t looked_at = 0;   // enumerated or drawn
  std::uint64_t as_extreme = 0;  // of those
  std::uint64_t undefined = 0;   // of those
  double monte_carlo_error = 0;  // of p; 0 where exact
};

/// Fisher's randomisation test of no effect on anybody (Fisher 1935, chapter 2). The statistic sees the sums over the
/// treated, then those over the others. Two-sided: |T| at least as large as observed, so T should be 0 where nothing
/// differs; less, greater: T itself. Values within 1e-9 relative of the observed count as equal to it. All assignments
/// with the same number treated in each block are equally likely; up to `exact_most` they are enumerated and p is a
/// share, else drawn (stream of draw r: purpose "random assignment") and p = (b + 1)/(B + 1), which keeps its level
/// (Phipson & Smyth 2010), with error sqrt(p (1 - p)/(B + 1)). For clusters: `sums_by_cluster` first. Throws
/// std::invalid_argument for lengths that differ. Verified by: randomisation_test
RandomisationTest randomisation_test(const SummedRows& rows, const Assignment& assignment,
                                     const StatisticOfSums& statistic, const RandomisationPlan& plan = {});

}  // namespace desist::estimation
