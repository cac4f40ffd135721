// The runner against a second, naive computation from the raw stream: every draw, arm, replicate and number.
#include "engine/simulation/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "tests/simulation/coin_run.hpp"

namespace desist::test {
namespace {

enum Slot : std::size_t { reoffenders, any, first_week, mean_week };
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// The coin written again: nothing of the engine but the words of a stream.
struct Recomputed {
  std::vector<double> outcomes;
  std::vector<double> series;
};
Recomputed recompute(std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate, double risk, int people,
                     int weeks) {
  std::vector<int> in_week(static_cast<std::size_t>(weeks), 0);
  int count = 0, sum = 0;
  double first = infinity;
  for (int person = 0; person < people; ++person) {
    const auto words = Streams(seed, draw, replicate).words(Purpose{"coin"}, static_cast<std::uint64_t>(person));
    if ((static_cast<double>(words[0] >> 11) + 0.5) / 9007199254740992.0 < risk) {
      const int week = static_cast<int>((static_cast<double>(words[1] >> 11) + 0.5) / 9007199254740992.0 * weeks);
      ++in_week[static_cast<std::size_t>(week)];
      ++count;
      sum += week + 1;
      first = std::min(first, week + 1.0);
    }
  }
  Recomputed result;
  result.outcomes = {static_cast<double>(count), count > 0 ? 1.0 : 0.0, first,
                     count > 0 ? static_cast<double>(sum) / count : nan};
  int so_far = 0;
  for (const int n : in_week) result.series.push_back(so_far += n);
  return result;
}

// Values by draw and replicate; NaN where there was none.
using Values = std::vector<std::vector<double>>;

// Textbook two-pass formulas of mathematics.md 6.1.
struct Naive {
  double draws = 0, values = 0, mean = 0, between = 0, within = 0;
  explicit Naive(const Values& all) {
    std::vector<double> means, variances;
    for (const auto& draw : all) {
      std::vector<double> have;
      for (const double value : draw)
        if (!std::isnan(value)) have.push_back(value);
      if (have.empty()) continue;
      values += static_cast<double>(have.size());
      means.push_back(mean_of(have));
      if (have.size() > 1) variances.push_back(variance_of(have));
    }
    draws = static_cast<double>(means.size());
    mean = mean_of(means);
    between = variance_of(means);
    within = variances.empty() ? 0 : mean_of(variances);
  }
  static double mean_of(const std::vector<double>& x) {
    double sum = 0;
    for (const double value : x) sum += value;
    return sum / static_cast<double>(x.size());
  }
  static double variance_of(const std::vector<double>& x) {
    const double mean = mean_of(x);
    double sum = 0;
    for (const double value : x) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(x.size() - 1);
  }
};

void expect_moments(const Moments& moments, const Values& values, const std::string& of) {
  const Naive naive(values);
  SCOPED_TRACE(of);
  EXPECT_EQ(static_cast<double>(moments.draws), naive.draws);
  EXPECT_EQ(static_cast<double>(moments.values), naive.values);
  // Rounding only: 1e-12 of the size of numbers that are at most 20 here.
  EXPECT_NEAR(moments.mean, naive.mean, 2e-11);
  EXPECT_NEAR(moments.between, naive.between, 2e-11);
  EXPECT_NEAR(moments.within, naive.within, 2e-11);
}

struct Expected {
  std::vector<std::vector<Values>> outcomes;  // by arm, slot
  std::vector<std::vector<Values>> series;    // by arm, week
};
Expected expected_of(const CoinRun& run) {
  Expected expected;
  const auto draws = run.draws();
  for (const Arm& arm : run.arms) {
    std::vector<Values> outcomes(4), series(10);
    for (std::uint64_t d = 0; d < run.plan.draws; ++d) {
      const auto row = draws.row(d);
      double risk = row[arm.layout.fields[0].pieces[0].slot];
      if (!arm.overrides.empty()) risk = arm.overrides[0].second;
      for (auto* values : {&outcomes, &series})
        for (auto& of_column : *values) of_column.emplace_back();
      for (std::uint64_t r = 0; r < run.plan.replicates_per_draw; ++r) {
        const Recomputed again = recompute(run.plan.seed, d, r, risk, static_cast<int>(row[1]), 10);
        for (std::size_t s = 0; s < 4; ++s) outcomes[s].back().push_back(again.outcomes[s]);
        for (std::size_t w = 0; w < 10; ++w) series[w].back().push_back(again.series[w]);
      }
    }
    expected.outcomes.push_back(outcomes);
    expected.series.push_back(series);
  }
  return expected;
}

Values indicator(Values values) {
  for (auto& draw : values)
    for (double& value : draw) value = std::isnan(value) ? nan : (std::isinf(value) ? 0 : 1);
  return values;
}
Values minus(Values a, const Values& b) {
  for (std::size_t d = 0; d < a.size(); ++d)
    for (std::size_t r = 0; r < a[d].size(); ++r) a[d][r] -= b[d][r];
  return a;
}

void expect_all_moments(const CoinRun& run) {
  const OutcomeTable table = run.run();
  const Expected expected = expected_of(run);
  EXPECT_TRUE(table.complete());
  EXPECT_EQ(table.draws(), run.plan.draws);
  for (std::size_t a = 0; a < run.arms.size(); ++a) {
    for (std::size_t s = 0; s < 4; ++s) {
      const auto measured = [&](std::size_t arm) {
        return s == first_week ? indicator(expected.outcomes[arm][s]) : expected.outcomes[arm][s];
      };
      const Values of_arm = measured(a);
      const std::string of = run.arms[a].name + ", outcome " + std::to_string(s);
      expect_moments(table.moments(a, s), of_arm, of);
      expect_moments(table.difference(a, s), minus(of_arm, measured(0)), of + ", difference");
      const auto means = table.draw_means(a, s);
      ASSERT_EQ(means.size(), run.plan.draws);
      for (std::size_t d = 0; d < means.size(); ++d) {
        Values one{of_arm[d]};
        if (Naive(one).values > 0)
          EXPECT_NEAR(means[d], Naive(one).mean, 2e-11);
        else
          EXPECT_TRUE(std::isnan(means[d]));
      }
    }
    for (std::size_t w = 0; w < 10; ++w)
      expect_moments(table.series_moments(a, 0, w + 1), expected.series[a][w], "week " + std::to_string(w + 1));
  }
}

TEST(Simulate, equals_a_second_computation_from_the_raw_stream) { expect_all_moments(CoinRun()); }

TEST(Simulate, equals_it_with_one_replicate_a_draw) {
  CoinRun run;
  run.plan.replicates_per_draw = 1;
  run.plan.draws = 2500;  // several chunks
  expect_all_moments(run);
}

TEST(Simulate, equals_it_with_draws_in_slices) {
  CoinRun run;
  run.plan.replicates_per_draw = 5000;
  run.plan.draws = 3;
  expect_all_moments(run);
}

}  // namespace
}  // namespace desist::test
