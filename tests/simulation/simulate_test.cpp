// The runner against a second, naive computation from the raw stream: every draw, arm, replicate and number.
#include "engine/simulation/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "tests/sanitized.hpp"
#include "tests/simulation/coin_run.hpp"

namespace desist::test {
namespace {

enum Slot : std::size_t { reoffenders, any, first_week, mean_week };
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

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
  double draws = 0, values = 0, mean = 0, between = 0, within = 0, within_error = 0;
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
    if (variances.size() > 1) within_error = std::sqrt(variance_of(variances) / static_cast<double>(variances.size()));
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
  // A difference of squares: the root of rounding.
  if (std::isfinite(moments.within_error)) {
    EXPECT_NEAR(moments.within_error, naive.within_error, 1e-7);
  }
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

std::vector<double> rising(const Values& all) {
  std::vector<double> values;
  for (const auto& draw : all)
    for (const double value : draw)
      if (!std::isnan(value)) values.push_back(value);
  std::sort(values.begin(), values.end());
  return values;
}
double order_statistic(const std::vector<double>& rising, double q) {  // ceil(q N), mathematics.md 6.4
  return rising[static_cast<std::size_t>(std::max(1.0, std::ceil(q * static_cast<double>(rising.size())))) - 1];
}
constexpr std::array<double, 4> some_quantiles{0.025, 0.5, 0.9, 0.975};

void expect_quantiles(const Values& all, bool is_exact, const std::function<QuantileEstimate(double)>& found,
                      const std::string& of) {
  const std::vector<double> values = rising(all);
  for (const double q : some_quantiles) {
    const QuantileEstimate estimate = found(q);
    const double wanted = order_statistic(values, q);
    if (std::isinf(wanted))
      EXPECT_EQ(estimate.value, wanted) << of;
    else
      EXPECT_LE(std::abs(estimate.value - wanted), estimate.bin_width / 2) << of << ", " << q;
    EXPECT_EQ(estimate.bin_width == 0, is_exact || std::isinf(estimate.value)) << of;
  }
}

TEST(Simulate, quantiles_are_order_statistics) {
  for (const bool is_exact : {true, false}) {  // kept; counted in buckets
    if (!is_exact && slowness > 1) continue;   // equal_arms_differ_by_exactly_nothing goes through the buckets too
    CoinRun run;
    if (!is_exact) run.plan.draws = 22000;
    ASSERT_EQ(run.plan.exact_quantiles(), is_exact);
    const OutcomeTable table = run.run();
    const Expected expected = expected_of(run);
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t s = 0; s < 4; ++s) {
        const std::string of = std::to_string(a) + " " + std::to_string(s);
        const Values& outcome = expected.outcomes[a][s];
        expect_quantiles(
            outcome, is_exact, [&](double q) { return table.quantile(a, s, q); }, of);
        if (a > 0)
          expect_quantiles(
              minus(outcome, expected.outcomes[0][s]), is_exact,
              [&](double q) { return table.difference_quantile(a, s, q); }, of + ", difference");
      }
      for (std::size_t w = 0; w < 10; ++w) {
        const std::vector<double> values = rising(expected.series[a][w]);
        for (const double q : some_quantiles)
          EXPECT_EQ(table.series_quantile(a, 0, w + 1, q).value, order_statistic(values, q));
      }
    }
    EXPECT_THROW(table.quantile(3, 0, 0.5), std::invalid_argument);  // a variant
  }
}

TEST(Simulate, equal_arms_differ_by_exactly_nothing) {
  CoinRun run;
  run.plan.draws = 22000;
  const OutcomeTable table = run.run();
  for (std::size_t s = 0; s < 4; ++s) {
    EXPECT_EQ(table.difference(2, s).mean, 0);
    EXPECT_EQ(table.difference(2, s).between, 0);
    EXPECT_EQ(table.difference(2, s).within, 0);
    EXPECT_EQ(table.moments(2, s).mean, table.moments(0, s).mean);
  }
  EXPECT_EQ(table.difference_quantile(2, reoffenders, 0.975).value, 0);
  EXPECT_NE(table.difference(1, reoffenders).mean, 0);
}

TEST(Simulate, other_arms_parameters_and_draws_move_nobody) {
  const CoinRun run;
  const OutcomeTable table = run.run();
  CoinRun other;
  other.arms = {run.arms[0], run.arms[3], run.arms[1]};
  other.add_arm("more", 3);
  other.parameters.push_back({"more.risk", "", "share", UniformLaw{0, 1}});
  const OutcomeTable again = other.run();
  for (std::size_t s = 0; s < 4; ++s) {
    EXPECT_EQ(again.moments(0, s).mean, table.moments(0, s).mean);
    EXPECT_EQ(again.moments(2, s).between, table.moments(1, s).between);
    EXPECT_EQ(again.difference(2, s).mean, table.difference(1, s).mean);
    EXPECT_EQ(again.difference(1, s).within, table.difference(3, s).within);
  }
  CoinRun longer;
  longer.plan.draws = 100;
  const OutcomeTable more = longer.run();
  for (std::size_t d = 0; d < 60; ++d) EXPECT_EQ(more.draw_means(1, 0)[d], table.draw_means(1, 0)[d]);
}

TEST(Simulate, looks_only_at_whole_draws_of_doubling_numbers) {
  CoinRun run;
  run.plan.to_a_rule = true;
  run.plan.first_look = 10;
  run.plan.most_draws = 100;
  std::vector<std::uint64_t> seen;
  const auto never = [&](const OutcomeTable& table) {
    seen.push_back(table.draws());
    return false;
  };
  EXPECT_EQ(run.run(never).draws(), 80U);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{10, 20, 40, 80}));
  const auto at_twenty = [](const OutcomeTable& table) { return table.draws() >= 20; };
  const OutcomeTable stopped = run.run(at_twenty);
  EXPECT_EQ(stopped.draws(), 20U);
  EXPECT_TRUE(stopped.complete());
  run.plan.to_a_rule = false;
  EXPECT_EQ(run.run(at_twenty).draws(), 60U);  // to no rule: exactly the plan's
}

std::string failure_of(const CoinRun& run) {
  try {
    run.run();
  } catch (const ReplicateFailure& failure) {
    EXPECT_EQ(failure.id().arm, "helped");
    return failure.what();
  }
  return "none";
}

// Wraps the coin: one replicate goes wrong, as told.
struct Faulty : Coin {
  static inline std::function<void(const Streams&, Outcomes&, Series&)> fault;
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series& series) {
    Coin::replicate(bound, streams, outcomes, series);
    if (bound.parameters.risk < 0.02 && streams.replicate() == 1) fault(streams, outcomes, series);
  }
};

TEST(Simulate, names_the_first_replicate_that_fails) {
  CoinRun run;
  run.model = model_record<Faulty>();
  std::uint64_t draw = 0;  // the first in which the fault strikes
  while (run.draws().row(draw)[2] >= 0.02) ++draw;
  const std::string where = "replicate 1 of draw " + std::to_string(draw) + " in arm 'helped' failed: ";
  for (const unsigned threads : {1U, 3U}) {
    run.control.threads = threads;
    Faulty::fault = [](const Streams&, Coin::Outcomes&, Coin::Series&) {
      throw std::runtime_error("the queue is torn");
    };
    EXPECT_EQ(failure_of(run), where + "the queue is torn");
    Faulty::fault = [](const Streams&, Coin::Outcomes& o, Coin::Series&) { o.reoffenders = nan; };
    EXPECT_EQ(failure_of(run), where + "'reoffenders' gave no number");
    Faulty::fault = [](const Streams&, Coin::Outcomes& o, Coin::Series&) { o.reoffenders = infinity; };
    EXPECT_EQ(failure_of(run), where + "'reoffenders' gave Inf, which is not finite");
    Faulty::fault = [](const Streams&, Coin::Outcomes& o, Coin::Series&) { o.any = 0.5; };
    EXPECT_EQ(failure_of(run), where + "'any' gave 0.5, where a chance is 0 or 1");
    Faulty::fault = [](const Streams&, Coin::Outcomes&, Coin::Series& s) { s.reoffenders[3] = infinity; };
    EXPECT_EQ(failure_of(run), where + "'reoffenders' gave Inf, which is not finite (week 4)");
    Faulty::fault = [](const Streams&, Coin::Outcomes&, Coin::Series& s) { s.reoffenders.push_back(1); };
    EXPECT_EQ(failure_of(run), where + "the model changed the length of a result");
    Faulty::fault = [](const Streams&, Coin::Outcomes& o, Coin::Series& s) { o.mean_week = s.reoffenders[0] = nan; };
    CoinRun allowed = run;
    EXPECT_NO_THROW(allowed.run());
  }
}

TEST(Simulate, replays_one_replicate_alone) {
  const CoinRun run;
  std::map<std::uint64_t, std::vector<double>> kept;
  CoinRun keeping;
  keeping.control.each_replicate = [&](std::uint64_t draw, std::uint64_t replicate, std::size_t arm,
                                       std::span<const double> outcomes) {
    kept[(draw * 3 + replicate) * 4 + arm].assign(outcomes.begin(), outcomes.end());
  };
  keeping.run();
  ASSERT_EQ(kept.size(), 60U * 3 * 4);
  const Replay again = replay(run.model, run.arms[3], run.draws(), run.window, run.plan.seed, 41, 2);
  EXPECT_EQ(again.row[0], 0.02);  // the variant's
  const auto& then = kept[(41 * 3 + 2) * 4 + 3];
  for (std::size_t s = 0; s < 4; ++s) EXPECT_TRUE(again.outcomes[s] == then[s] || std::isnan(then[s]));
  EXPECT_EQ(again.series.size(), 10U);
  EXPECT_EQ(again.series[9], again.outcomes[reoffenders]);
}

TEST(Simulate, refuses_what_cannot_be_run) {
  CoinRun run;
  run.plan.draws = 0;
  EXPECT_THROW(run.run(), std::invalid_argument);
  run = CoinRun();
  run.plan.draws = 3000000000;
  EXPECT_THROW(run.run(), std::invalid_argument);
  run = CoinRun();
  run.arms.clear();
  EXPECT_THROW(run.run(), std::invalid_argument);
  run = CoinRun();
  run.arms[0].variant = true;
  EXPECT_THROW(run.run(), std::invalid_argument);
}

}  // namespace
}  // namespace desist::test
