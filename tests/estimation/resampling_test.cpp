// Resamples: the same for any number of threads, uniform, within strata and clusters; intervals that can't be given.
#include "engine/estimation/resampling.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/estimation/uniform_index.hpp"

namespace desist::estimation {
namespace {

using statistics::BootstrapProblem;
using statistics::BootstrapReplicates;
using testing::Each;

const double nan_value = std::numeric_limits<double>::quiet_NaN();

/// 60 people: events, years.
SummedRows people() {
  SummedRows rows{2, {}};
  for (int i = 0; i < 60; ++i) {
    rows.values.push_back((i * i + 3 * i) % 5);
    rows.values.push_back(0.5 + (i * 7 % 11) / 10.0);
  }
  return rows;
}
double rate(std::span<const double> s) { return s[0] / s[1]; }

TEST(resampling_test, the_same_numbers_for_any_number_of_threads) {
  const ResamplingPlan one{1000, 5, {}, 1};
  const auto found = bootstrap_of_sums(people(), rate, one);
  ASSERT_EQ(found.replicates.size(), 1000u);
  for (const unsigned threads : {2U, 3U, 8U}) {
    ResamplingPlan plan = one;
    plan.threads = threads;
    EXPECT_EQ(bootstrap_of_sums(people(), rate, plan).replicates, found.replicates);
  }
  ResamplingPlan fewer = one;
  fewer.resamples = 300;
  const auto first = bootstrap_of_sums(people(), rate, fewer).replicates;
  EXPECT_TRUE(std::equal(first.begin(), first.end(), found.replicates.begin()));  // more resamples move none
  ResamplingPlan other = one;
  other.seed = 6;
  EXPECT_NE(bootstrap_of_sums(people(), rate, other).replicates, found.replicates);
}

TEST(resampling_test, counts_and_sums_see_the_same_draws) {
  const SummedRows rows = people();
  for (const bool strata : {false, true}) {
    ResamplingPlan plan{200, 9, {}, 2};
    if (strata)
      for (std::uint32_t i = 0; i < 60; ++i) plan.stratum.push_back(i * 5 % 3);
    const auto by_counts = bootstrap_of_counts(
        60,
        [&](std::span<const std::uint32_t> counts) {
          double events = 0, years = 0;
          for (std::size_t i = 0; i < 60; ++i) {
            events += counts[i] * rows.values[2 * i];
            years += counts[i] * rows.values[2 * i + 1];
          }
          return events / years;
        },
        plan);
    const auto by_sums = bootstrap_of_sums(rows, rate, plan);
    EXPECT_NEAR(by_counts.observed, by_sums.observed, 1e-14);
    for (std::size_t r = 0; r < 200; ++r) EXPECT_NEAR(by_counts.replicates[r], by_sums.replicates[r], 1e-13);
    for (std::size_t i = 0; i < 60; ++i) EXPECT_NEAR(by_counts.left_out[i], by_sums.left_out[i], 1e-13);
  }
}

TEST(resampling_test, every_width_sums_alike) {
  for (std::size_t columns = 1; columns <= 10; ++columns) {
    SummedRows wide{columns, {}};
    for (std::size_t i = 0; i < 17; ++i)
      for (std::size_t c = 0; c < columns; ++c) wide.values.push_back(static_cast<double>(i * i % 13));
    const auto last = [](std::span<const double> s) { return s.back(); };
    const SummedRows one{1, [&] {
                           std::vector<double> v;
                           for (std::size_t i = 0; i < 17; ++i) v.push_back(static_cast<double>(i * i % 13));
                           return v;
                         }()};
    EXPECT_EQ(bootstrap_of_sums(wide, last, {50, 1, {}, 1}).replicates,
              bootstrap_of_sums(one, last, {50, 1, {}, 1}).replicates);
  }
}

TEST(resampling_test, strata_keep_their_sizes_and_clusters_stay_whole) {
  ResamplingPlan plan{300, 3, {}, 1};
  for (std::uint32_t i = 0; i < 60; ++i) plan.stratum.push_back(i < 11 ? 7 : 2);
  SummedRows rows{2, {}};
  for (std::size_t i = 0; i < 60; ++i) rows.values.insert(rows.values.end(), {i < 11 ? 1.0 : 0.0, i < 11 ? 0.0 : 1.0});
  EXPECT_THAT(bootstrap_of_sums(
                  rows, [](std::span<const double> s) { return s[0]; }, plan)
                  .replicates,
              Each(11.0));
  EXPECT_THAT(bootstrap_of_sums(
                  rows, [](std::span<const double> s) { return s[1]; }, plan)
                  .replicates,
              Each(49.0));

  std::vector<std::uint32_t> cluster;
  for (std::uint32_t i = 0; i < 60; ++i) cluster.push_back(i / 12);
  const SummedRows clusters = sums_by_cluster(people(), cluster);
  ASSERT_EQ(clusters.rows(), 5u);
  double events = 0;
  for (std::size_t i = 12; i < 24; ++i) events += people().values[2 * i];
  EXPECT_EQ(clusters.values[2], events);
}

/// Pearson's chi-square over where 128,000 draws below n fall: within 5 sd of its mean n - 1 with chance 1 - 1e-6; a
/// share moved by 3% of itself would be seen.
TEST(resampling_test, indices_are_uniform) {
  for (const std::uint32_t n : {2U, 3U, 7U, 60U}) {
    UniformIndex index(Streams(1, 0, n).open(Purpose("test"), 0));
    std::vector<double> seen(n);
    const double each = 128000.0 / n;
    for (int i = 0; i < 128000; ++i) ++seen[index.below(n, UniformIndex::threshold(n))];
    double statistic = 0;
    for (const double s : seen) statistic += (s - each) * (s - each) / each;
    EXPECT_NEAR(statistic, n - 1.0, 5 * std::sqrt(2 * (n - 1.0)) + 12);
  }
  // A number of which few halves of words are a multiple: rejection must happen, and the mean stays in the middle.
  const std::uint32_t large = 3'000'000'000U;
  UniformIndex index(Streams(1, 0, 0).open(Purpose("test"), 1));
  double sum = 0;
  for (int i = 0; i < 100000; ++i) sum += index.below(large, UniformIndex::threshold(large));
  EXPECT_NEAR(sum / 100000 / large, 0.5, 5 * std::sqrt(1.0 / 12 / 100000));
  EXPECT_EQ(UniformIndex::threshold(large), 1294967296U);
}

/// The bootstrap mean has variance sum (x - mean)^2/n^2 exactly.
TEST(resampling_test, the_error_of_a_mean_is_the_known_one) {
  SummedRows rows{1, {}};
  for (int i = 0; i < 40; ++i) rows.values.push_back(i * i % 23);
  const double mean = std::accumulate(rows.values.begin(), rows.values.end(), 0.0) / 40;
  double squares = 0;
  for (const double v : rows.values) squares += (v - mean) * (v - mean);
  const auto summary = statistics::intervals(
      bootstrap_of_sums(rows, [](std::span<const double> s) { return s[0] / 40; }, {40000, 11, {}, 2}));
  EXPECT_NEAR(*summary.error, std::sqrt(squares) / 40, 5 * *summary.error_mc_error);
  EXPECT_NEAR(*summary.mean, mean, 5 * *summary.error / 200);
}

/// Ends of 300 seeds scatter as their stated Monte Carlo errors; the standard deviation of 300 has an error of 4%.
TEST(resampling_test, monte_carlo_errors_are_the_scatter_over_seeds) {
  constexpr std::size_t seeds = 300;
  double sum[4] = {}, squares[4] = {}, stated[4] = {};
  for (std::size_t seed = 0; seed < seeds; ++seed) {
    const auto s = statistics::intervals(bootstrap_of_sums(people(), rate, {1999, seed, {}, 2}));
    const double ends[4] = {s.percentile.limits.low, s.percentile.limits.high, s.bca.limits.low, s.bca.limits.high};
    const double errors[4] = {s.percentile.monte_carlo_error[0], s.percentile.monte_carlo_error[1],
                              s.bca.monte_carlo_error[0], s.bca.monte_carlo_error[1]};
    for (int i = 0; i < 4; ++i) {
      sum[i] += ends[i];
      squares[i] += ends[i] * ends[i];
      stated[i] += errors[i];
    }
  }
  for (int i = 0; i < 4; ++i) {
    const double mean = sum[i] / seeds;
    const double scatter = std::sqrt((squares[i] / seeds - mean * mean) * seeds / (seeds - 1));
    EXPECT_NEAR(stated[i] / seeds / scatter, 1, 0.2) << i;
  }
}

TEST(resampling_test, intervals_that_cannot_be_given_are_named) {
  struct Case {
    BootstrapReplicates found;
    BootstrapProblem percentile, normal, bca;
  };
  std::vector<double> spread(999), above(999), few = {1, 2, 3}, with_infinite, with_nan;
  std::iota(spread.begin(), spread.end(), 0.0);
  std::iota(above.begin(), above.end(), 600.0);
  with_infinite = with_nan = spread;
  with_infinite[4] = infinity;
  with_nan[7] = nan_value;
  const std::vector<double> rows = {1, 2, 4, 9};
  using P = BootstrapProblem;
  const std::vector<Case> cases = {
      {{500, spread, rows}, P::none, P::none, P::none},
      {{500, {}, rows}, P::too_few_replicates, P::too_few_replicates, P::too_few_replicates},
      {{2, few, rows}, P::too_few_replicates, P::none, P::too_few_replicates},
      {{500, with_nan, rows}, P::undefined_statistic, P::undefined_statistic, P::undefined_statistic},
      {{nan_value, spread, rows}, P::undefined_statistic, P::undefined_statistic, P::undefined_statistic},
      {{500, with_infinite, rows}, P::none, P::unbounded_replicates, P::none},
      {{3, std::vector<double>(999, 3.0), rows}, P::no_scatter, P::no_scatter, P::no_scatter},
      {{500, above, rows}, P::none, P::none, P::all_on_one_side},
      {{500, spread, {}}, P::none, P::none, P::no_acceleration},
      {{500, spread, {3, 3, 3}}, P::none, P::none, P::no_acceleration},
      {{500, spread, {1, nan_value, 3}}, P::none, P::none, P::no_acceleration},
      {{998, spread, rows}, P::none, P::none, P::too_few_replicates},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto s = statistics::intervals(cases[i].found);
    EXPECT_EQ(s.percentile.problem, cases[i].percentile) << i;
    EXPECT_EQ(s.basic.problem, cases[i].percentile) << i;
    EXPECT_EQ(s.normal.problem, cases[i].normal) << i;
    EXPECT_EQ(s.bca.problem, cases[i].bca) << i << " " << statistics::bootstrap_problem_words(s.bca.problem);
  }
  EXPECT_THROW(bootstrap_of_sums({1, {}}, rate, {}), std::invalid_argument);
  EXPECT_THROW(bootstrap_of_sums({1, {1, nan_value}}, rate, {}), std::invalid_argument);
  EXPECT_THROW(bootstrap_of_sums({1, {1, 2}}, rate, {9, 1, {1}, 1}), std::invalid_argument);
  EXPECT_THROW(bootstrap_of_counts(0, [](std::span<const std::uint32_t>) { return 0.0; }, {}), std::invalid_argument);
  EXPECT_THROW(sums_by_cluster({1, {1, 2}}, std::vector<std::uint32_t>{1}), std::invalid_argument);
}

}  // namespace
}  // namespace desist::estimation
