// What theory promises of intervals and tests, and that docs/methods.md says what they do.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/estimation/estimator.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/statistics/unconditional_tests.hpp"
#include "tests/coverage/enumeration.hpp"
#include "tests/coverage/exact_tables.hpp"
#include "tests/coverage/simulation.hpp"

namespace desist::coverage {
namespace {

using namespace statistics;

/// Enumeration adds up to a few thousand probabilities, each rounded.
constexpr double rounding = 1e-12;

std::vector<double> shares(int steps) {
  std::vector<double> values;
  for (int i = 1; i < steps; ++i) values.push_back(static_cast<double>(i) / steps);
  return values;
}

std::vector<CountLaw> binomials(std::int64_t n, const std::vector<double>& risks) {
  std::vector<CountLaw> laws;
  for (const double p : risks) laws.push_back(binomial_law(n, p));
  return laws;
}

// --- The enumerator
// ----------------------------------------------------------------------------------------------------

TEST(coverage_test, laws) {
  for (const std::int64_t n : {1, 16, 318}) {
    for (const double p : {1e-4, 0.02, 0.5, 0.93}) {
      const CountLaw law = binomial_law(n, p);
      double outside = 0;
      for (std::int64_t x = 0; x <= n; ++x) {
        const double exact = binomial_probability(x, n, p);
        if (x < law.first || x > law.last())
          outside += exact;
        else
          EXPECT_NEAR(law.probability[static_cast<std::size_t>(x - law.first)], exact, rounding * exact)
              << n << " " << p;
      }
      EXPECT_LT(outside, 1e-13);
    }
  }
  for (const double mean : {0.01, 0.7, 12.0, 636.0}) {
    const CountLaw law = poisson_law(mean);
    double sum = 0, first_moment = 0;
    for (std::size_t i = 0; i < law.probability.size(); ++i) {
      sum += law.probability[i];
      first_moment += law.probability[i] * static_cast<double>(law.first + static_cast<std::int64_t>(i));
    }
    EXPECT_NEAR(sum, 1, rounding);
    EXPECT_NEAR(first_moment, mean, rounding * mean);
    if (law.first == 0) {
      EXPECT_NEAR(law.probability[0], std::exp(-mean), rounding);
    }
  }
}

TEST(coverage_test, agrees_with_the_engine) {
  const std::vector<double> risks{0.03, 0.4, 0.95};
  const auto interval = [](const TwoByTwo& t) { return newcombe(t); };
  double mean = 0, least = 1;
  for (const double p1 : risks) {
    for (const double p0 : risks) {
      const RiskPair pair[] = {{p1, p0}};
      const double one =
          statistics::coverage(16, 49, pair, interval, [](const RiskPair& r) { return r.risk1 - r.risk0; })[0];
      mean += one / 9;
      least = std::min(least, one);
    }
  }
  const Coverage found = coverage_of(
      binomials(16, risks), binomials(49, risks),
      [&](std::int64_t x1, std::int64_t x0) {
        return std::optional(interval({x1, 16, x0, 49}));
      },
      [&](std::size_t i, std::size_t j) { return risks[i] - risks[j]; });
  EXPECT_NEAR(found.mean, mean, rounding);
  EXPECT_NEAR(found.least, least, rounding);
  EXPECT_EQ(found.not_given, 0);

  const auto rejected = rejection_of(binomials(16, risks), binomials(49, risks), [](std::int64_t x1, std::int64_t x0) {
    return fisher_p({x1, 16, x0, 49}) <= 0.05;
  });
  for (std::size_t i = 0; i < risks.size(); ++i) {
    const RiskPair pair[] = {{risks[i], risks[i]}};
    EXPECT_NEAR(rejected[i], rejection_probability(16, 49, pair, [](const TwoByTwo& t) { return fisher_p(t); })[0],
                rounding);
  }
}

TEST(coverage_test, an_interval_that_is_not_given_is_counted) {
  const std::vector<double> half{0.5};
  const Coverage found = coverage_of(
      binomials(2, half), std::vector<CountLaw>{nobody()},
      [](std::int64_t x, std::int64_t) {
        return x == 0 ? std::nullopt : std::optional(Interval{0.6, 1});
      },
      [](std::size_t, std::size_t) { return 0.5; });
  EXPECT_DOUBLE_EQ(found.not_given, 0.25);
  EXPECT_DOUBLE_EQ(found.mean, 0.25);
}

// --- What theory promises
// ----------------------------------------------------------------------------------------------

double least_coverage(Interval (*interval)(const Proportion&, double), std::int64_t n) {
  const std::vector<double> risks = shares(2000);
  return coverage_of(
             binomials(n, risks), std::vector<CountLaw>{nobody()},
             [&](std::int64_t x, std::int64_t) {
               return std::optional(interval({x, n}, usual_confidence));
             },
             [&](std::size_t i, std::size_t) { return risks[i]; })
      .least;
}

TEST(coverage_test, clopper_pearson_is_kept_everywhere_and_the_check_sees_wald) {
  for (const std::int64_t n : {1, 16, 49, 134, 318})
    EXPECT_GE(least_coverage(clopper_pearson, n), 0.95 - rounding) << n;
  EXPECT_LT(least_coverage(wald, 16), 0.05);
  EXPECT_LT(least_coverage(wilson, 16), 0.95);  // good on average, without the promise
}

TEST(coverage_test, exact_limits_of_rates_and_odds_are_kept_and_the_check_sees_scores) {
  const std::vector<double> risks = shares(20);
  const auto odds = [&](std::size_t i, std::size_t j) {
    return risks[i] * (1 - risks[j]) / (risks[j] * (1 - risks[i]));
  };
  const auto least = [&](Interval (*interval)(const TwoByTwo&, double)) {
    return coverage_of(
               binomials(16, risks), binomials(49, risks),
               [&](std::int64_t x1, std::int64_t x0) {
                 return std::optional(interval({x1, 16, x0, 49}, usual_confidence));
               },
               odds)
        .least;
  };
  EXPECT_GE(least(exact_odds_ratio), 0.95 - rounding);
  EXPECT_LT(least(miettinen_nurminen_odds_ratio), 0.95);

  const std::vector<double> means{0.2, 1, 3.7, 9, 20};
  std::vector<CountLaw> laws;
  for (const double mean : means) laws.push_back(poisson_law(mean));
  const auto least_of_rates = [&](Interval (*interval)(const RatePair&, double)) {
    return coverage_of(
               laws, laws,
               [&](std::int64_t x1, std::int64_t x0) {
                 return std::optional(interval({{x1, 1}, {x0, 1}}, usual_confidence));
               },
               [&](std::size_t i, std::size_t j) { return means[i] / means[j]; })
        .least;
  };
  EXPECT_GE(least_of_rates(exact_rate_ratio), 0.95 - rounding);
  EXPECT_LT(least_of_rates(score_rate_ratio), 0.95);
}

/// Greatest chance to reject equal risks.
double size_of(std::int64_t n1, std::int64_t n0, const std::function<double(const TwoByTwo&)>& p) {
  const std::vector<double> risks = shares(2000);
  const auto found = rejection_of(binomials(n1, risks), binomials(n0, risks), [&](std::int64_t x1, std::int64_t x0) {
    return p({x1, n1, x0, n0}) <= 0.05;
  });
  return *std::max_element(found.begin(), found.end());
}

TEST(coverage_test, exact_tests_keep_five_percent_and_the_check_sees_pearson) {
  EXPECT_LE(size_of(16, 49, [](const TwoByTwo& t) { return fisher_p(t); }), 0.05);
  EXPECT_LE(size_of(16, 49, [](const TwoByTwo& t) { return boschloo(t)->p; }), 0.05);
  EXPECT_LE(size_of(16, 49, [](const TwoByTwo& t) { return barnard(t)->p; }), 0.05);
  EXPECT_GT(size_of(16, 49, [](const TwoByTwo& t) { return t.degenerate() ? 1 : chi_square(t)->p; }), 0.05);
}

// --- The page
// ----------------------------------------------------------------------------------------------------------

std::string page() {
  std::ifstream in(DESIST_SOURCE_DIR "/docs/methods.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// How many cells differ from the page's.
int stale_cells(const std::string& text, const ResultTable& table) {
  int stale = 0;
  for (const ResultTable::Row& row : table.rows) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      stale += cell_on_page(text, table, row.name, table.columns[i]) == row.cells[i] ? 0 : 1;
  }
  return stale;
}

TEST(coverage_test, page_holds_the_exact_tables) {
  const std::string text = page();
  for (const ResultTable& table : exact_tables({{16, 70}, {{16, 49}}}))
    EXPECT_EQ(stale_cells(text, table), 0) << table.name;
}

TEST(coverage_test, page_holds_the_simulated_tables) {
  const std::string text = page();
  for (const Simulation& each : simulations(source_sizes())) {
    EXPECT_TRUE(text.find("### " + each.name + "\n\n" + each.words + "\n") != std::string::npos) << each.name;
    const bool quick = each.name.starts_with("Stratified tables") || each.name.starts_with("Complier effect");
    if (!quick) continue;
    EXPECT_EQ(stale_cells(text, run(each)), 0) << each.name;
  }
}

TEST(coverage_test, a_stale_cell_is_seen) {
  const ResultTable table{"Of one", "Words.", "n", {"16", "70"}, {{"Wald", {"82.6 / 1.5", "91.4 / 6.7"}}}};
  EXPECT_EQ(stale_cells("# Page\n\n" + markdown(table) + "\n### Next\n", table), 0);
  ResultTable other = table;
  other.rows[0].cells[1] = "91.5 / 6.7";
  EXPECT_EQ(stale_cells(markdown(table), other), 1);
  EXPECT_EQ(stale_cells("### Of two\n", table), 2);
}

TEST(coverage_test, page_names_every_method) {
  const std::string text = page();
  for (const Estimator& each : estimators())
    EXPECT_TRUE(text.find(fmt::format("`{}`", each.name)) != std::string::npos) << each.name;
}

}  // namespace
}  // namespace desist::coverage
