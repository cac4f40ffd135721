#include "tests/coverage/exact_tables.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "engine/statistics/audit_sampling.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/statistics/unconditional_tests.hpp"
#include "tests/coverage/enumeration.hpp"

namespace desist::coverage {

namespace {

using namespace statistics;
using Maybe = std::optional<Interval>;

constexpr double alpha = 0.05;

// --- Cells
// -------------------------------------------------------------------------------------------------------------

/// Percent with one decimal; a least coverage is rounded down and a greatest size up, so that none looks kept by
/// rounding.
std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }
std::string percent_down(double share) { return fmt::format("{:.1f}", std::floor(1000 * share + 1e-9) / 10); }
std::string percent_up(double share) { return fmt::format("{:.1f}", std::ceil(1000 * share - 1e-9) / 10); }

std::string coverage_cell(const Coverage& found) {
  return fmt::format("{} / {}", percent(found.mean), percent_down(found.least));
}

std::vector<std::string> heads(const Sizes& sizes) {
  std::vector<std::string> result;
  for (const GroupPair& pair : sizes.two) result.push_back(size_text(pair));
  return result;
}

std::vector<std::string> single_heads(const Sizes& sizes) {
  std::vector<std::string> result;
  for (const std::int64_t n : sizes.one) result.push_back(fmt::format("{}", n));
  return result;
}

// --- Grids
// -------------------------------------------------------------------------------------------------------------

/// step, 2 step, ..., steps of them.
std::vector<double> grid(int steps, double step_inverse) {
  std::vector<double> values;
  for (int i = 1; i <= steps; ++i) values.push_back(i / step_inverse);
  return values;
}

std::vector<CountLaw> binomial_laws(std::int64_t n, const std::vector<double>& risks) {
  std::vector<CountLaw> laws;
  for (const double p : risks) laws.push_back(binomial_law(n, p));
  return laws;
}

std::vector<CountLaw> poisson_laws(std::int64_t years, const std::vector<double>& rates) {
  std::vector<CountLaw> laws;
  for (const double rate : rates) laws.push_back(poisson_law(rate * static_cast<double>(years)));
  return laws;
}

// --- One group
// ---------------------------------------------------------------------------------------------------------

struct ShareMethod {
  std::string name;
  Interval (*interval)(const Proportion&, double);
};

void add_shares(const Sizes& sizes, std::vector<ResultTable>& tables) {
  const std::vector<ShareMethod> methods{{"Clopper-Pearson", clopper_pearson},
                                         {"Wilson", wilson},
                                         {"Wilson, continuity-corrected", wilson_continuity_corrected},
                                         {"Jeffreys", jeffreys},
                                         {"Jeffreys, equal-tailed", jeffreys_equal_tailed},
                                         {"Agresti-Coull", agresti_coull},
                                         {"Wald", wald}};
  const std::vector<double> risks = grid(999, 1000);
  ResultTable covered{"One share: coverage",
                      "Mean / least coverage in %, over p = 0.001, 0.002, ..., 0.999.",
                      "n",
                      single_heads(sizes),
                      {}};
  ResultTable width{
      "One share: width", "Mean width in percentage points, over the same p.", "n", single_heads(sizes), {}};
  for (const ShareMethod& method : methods) {
    covered.rows.push_back({method.name, {}});
    width.rows.push_back({method.name, {}});
    for (const std::int64_t n : sizes.one) {
      const Coverage found = coverage_of(
          binomial_laws(n, risks), std::vector<CountLaw>{nobody()},
          [&](std::int64_t x, std::int64_t) {
            return Maybe(method.interval({x, n}, usual_confidence));
          },
          [&](std::size_t i, std::size_t) { return risks[i]; });
      covered.rows.back().cells.push_back(coverage_cell(found));
      width.rows.back().cells.push_back(percent(found.width));
    }
  }
  tables.push_back(covered);
  tables.push_back(width);

  const std::vector<double> rates = grid(200, 100);
  ResultTable rate{"One rate: coverage",
                   "Mean / least coverage in %, over rates of 0.01, 0.02, ..., 2.00 events a person-year.",
                   "person-years",
                   single_heads(sizes),
                   {}};
  rate.rows.push_back({"Garwood", {}});
  for (const std::int64_t years : sizes.one) {
    const double time = static_cast<double>(years);
    rate.rows.back().cells.push_back(coverage_cell(coverage_of(
        poisson_laws(years, rates), std::vector<CountLaw>{nobody()},
        [&](std::int64_t x, std::int64_t) {
          return Maybe(exact_rate({x, time}));
        },
        [&](std::size_t i, std::size_t) { return rates[i]; })));
  }
  tables.push_back(rate);
}

/// A random review of some of all cases: its law is hypergeometric, so the grid is every number of cases of that kind.
ResultTable reviews() {
  struct Design {
    std::int64_t reviewed, cases;
  };
  const std::vector<Design> designs{{21, 84}, {21, 14740}, {84, 14740}};
  ResultTable table{"A review of some of all cases: coverage",
                    "Mean / least coverage in %, over every number of such cases among all.",
                    "reviewed of all cases",
                    {},
                    {{"Exact hypergeometric limits", {}}}};
  for (const Design& design : designs) {
    std::vector<CountRange> limits;
    for (std::int64_t x = 0; x <= design.reviewed; ++x)
      limits.push_back(review_limits({design.reviewed, x, design.cases})->number);
    Coverage found;
    for (std::int64_t kind = 0; kind <= design.cases; ++kind) {
      const Margins margins{kind, design.cases - kind, design.reviewed};
      double covered = 0;
      for (std::int64_t x = margins.least(); x <= margins.most(); ++x) {
        const CountRange& range = limits[static_cast<std::size_t>(x)];
        if (range.contains(kind)) covered += hypergeometric_probability(x, margins);
      }
      found.mean += covered / static_cast<double>(design.cases + 1);
      found.least = std::min(found.least, covered);
    }
    table.columns.push_back(fmt::format("{} of {}", design.reviewed, design.cases));
    table.rows[0].cells.push_back(coverage_cell(found));
  }
  return table;
}

// --- Two groups
// --------------------------------------------------------------------------------------------------------

struct TableMethod {
  std::string name;
  std::function<Maybe(const TwoByTwo&)> interval;
};

/// What the intervals of one measure of two risks do.
struct Measure {
  std::string name;
  double (*truth)(double p1, double p0);
  std::vector<TableMethod> methods;
  bool bounded = false;     // every interval has a width
  bool may_refuse = false;  // some intervals are not given
};

void add_two_shares(const Sizes& sizes, const Measure& measure, std::vector<ResultTable>& tables) {
  const std::vector<double> risks = grid(99, 100);
  ResultTable covered{measure.name + ": coverage",
                      "Mean / least coverage in %, over p1 and p0 = 0.01, 0.02, ..., 0.99 (9,801 pairs).",
                      "treated/comparison",
                      heads(sizes),
                      {}};
  if (measure.may_refuse) covered.words += " No interval counts as no error; \"none\": mean chance of that, in %.";
  ResultTable width{measure.name + ": width",
                    "Mean width in percentage points, over the same pairs.",
                    "treated/comparison",
                    heads(sizes),
                    {}};
  for (const TableMethod& method : measure.methods) {
    covered.rows.push_back({method.name, {}});
    width.rows.push_back({method.name, {}});
    for (const GroupPair& n : sizes.two) {
      const Coverage found = coverage_of(
          binomial_laws(n.n1, risks), binomial_laws(n.n0, risks),
          [&](std::int64_t x1, std::int64_t x0) {
            return method.interval({x1, n.n1, x0, n.n0});
          },
          [&](std::size_t i, std::size_t j) { return measure.truth(risks[i], risks[j]); });
      const std::string none = found.not_given > 0 ? fmt::format(" (none {})", percent(found.not_given)) : "";
      covered.rows.back().cells.push_back(coverage_cell(found) + none);
      width.rows.back().cells.push_back(percent(found.width));
    }
  }
  tables.push_back(covered);
  if (measure.bounded) tables.push_back(width);
}

template <class F>
auto at_95(F interval) {
  return [interval](const TwoByTwo& t) { return Maybe(interval(t, usual_confidence)); };
}

std::vector<Measure> measures() {
  return {{"Risk difference",
           [](double p1, double p0) { return p1 - p0; },
           {{"Miettinen-Nurminen", at_95(miettinen_nurminen_difference)},
            {"Mee", at_95(mee)},
            {"Newcombe", at_95(newcombe)},
            {"Wald", at_95(wald_difference)}},
           true},
          {"Risk ratio",
           [](double p1, double p0) { return p1 / p0; },
           {{"Miettinen-Nurminen", at_95(miettinen_nurminen_ratio)},
            {"Koopman", at_95(koopman)},
            {"Wald of the log (Katz)", at_95(log_wald_ratio)}},
           false,
           true},
          {"Odds ratio",
           [](double p1, double p0) { return p1 * (1 - p0) / (p0 * (1 - p1)); },
           {{"Exact conditional", at_95(exact_odds_ratio)},
            {"Mid-p conditional", at_95(mid_p_odds_ratio)},
            {"Miettinen-Nurminen", at_95(miettinen_nurminen_odds_ratio)},
            {"Wald of the log (Woolf)", at_95(wald_odds_ratio)}},
           false,
           true}};
}

struct RateMethod {
  std::string name;
  std::function<Maybe(const RatePair&)> interval;
};

void add_two_rates(const Sizes& sizes, const std::string& name, double (*truth)(double, double),
                   const std::vector<RateMethod>& methods, std::vector<ResultTable>& tables) {
  const std::vector<double> rates = grid(20, 20);
  ResultTable table{name + ": coverage",
                    "Mean / least coverage in %, over both rates = 0.05, 0.10, ..., 1.00 events a person-year (400 "
                    "pairs); \"none\" as above.",
                    "person-years",
                    heads(sizes),
                    {}};
  for (const RateMethod& method : methods) {
    table.rows.push_back({method.name, {}});
    for (const GroupPair& n : sizes.two) {
      const double time1 = static_cast<double>(n.n1), time0 = static_cast<double>(n.n0);
      const Coverage found = coverage_of(
          poisson_laws(n.n1, rates), poisson_laws(n.n0, rates),
          [&](std::int64_t x1, std::int64_t x0) {
            return method.interval({{x1, time1}, {x0, time0}});
          },
          [&](std::size_t i, std::size_t j) { return truth(rates[i], rates[j]); });
      const std::string none = found.not_given > 0 ? fmt::format(" (none {})", percent(found.not_given)) : "";
      table.rows.back().cells.push_back(coverage_cell(found) + none);
    }
  }
  tables.push_back(table);
}

// --- Tests
// -------------------------------------------------------------------------------------------------------------

using PValue = std::function<double(const TwoByTwo&)>;

struct TableTest {
  std::string name;
  PValue p;
  PValue order = nullptr;  // the p-value falls with this: only the place where it passes 5% is looked for
};

/// A degenerate table has no chi-square, so it rejects nothing.
PValue p_of(std::optional<TestResult> (*test)(const TwoByTwo&)) {
  return [test](const TwoByTwo& t) {
    const auto found = test(t);
    return found ? found->p : 1;
  };
}

double z_squared(const TwoByTwo& t, double error) {
  const double difference = risk_difference(t);
  return difference == 0 ? 0 : difference * difference / (error * error);
}

std::vector<TableTest> table_tests() {
  const auto minus_fisher = [](const TwoByTwo& t) { return -fisher_p(t); };
  const auto minus_one_sided = [](const TwoByTwo& t) {
    return -std::min(fisher_p(t, Alternative::less), fisher_p(t, Alternative::greater));
  };
  const auto pooled = [](const TwoByTwo& t) {
    const auto found = chi_square(t);
    return found ? found->statistic : 0;
  };
  const auto unpooled = [](const TwoByTwo& t) { return z_squared(t, risk_difference_error(t)); };
  const auto boschloo_doubled = [](const TwoByTwo& t) {
    return boschloo(t, Alternative::two_sided, BoschlooTwoSided::doubled)->p;
  };
  const auto barnard_of = [](BarnardVariance variance) {
    return [variance](const TwoByTwo& t) { return barnard(t, Alternative::two_sided, variance)->p; };
  };
  return {{"Chi-square x (N - 1)/N", p_of(chi_square_n_minus_1)},
          {"Chi-square (Pearson)", p_of(chi_square)},
          {"Chi-square (Yates)", p_of(chi_square_yates)},
          {"Fisher", [](const TwoByTwo& t) { return fisher_p(t); }},
          {"Mid-p", [](const TwoByTwo& t) { return mid_p(t); }},
          {"Boschloo, by Fisher's order", [](const TwoByTwo& t) { return boschloo(t)->p; }, minus_fisher},
          {"Boschloo, doubled", boschloo_doubled, minus_one_sided},
          {"Barnard, pooled", barnard_of(BarnardVariance::pooled), pooled},
          {"Barnard, unpooled", barnard_of(BarnardVariance::unpooled), unpooled}};
}

/// Whether each table is rejected, x1 major.
std::vector<bool> rejected_tables(const TableTest& test, const GroupPair& n) {
  std::vector<TwoByTwo> tables;
  for (std::int64_t x1 = 0; x1 <= n.n1; ++x1) {
    for (std::int64_t x0 = 0; x0 <= n.n0; ++x0) tables.push_back({x1, n.n1, x0, n.n0});
  }
  std::vector<bool> rejected(tables.size());
  if (!test.order) {
    for (std::size_t i = 0; i < tables.size(); ++i) rejected[i] = test.p(tables[i]) <= alpha;
    return rejected;
  }
  std::vector<double> extremeness;
  for (const TwoByTwo& table : tables) extremeness.push_back(test.order(table));
  std::vector<std::size_t> by_order(tables.size());
  for (std::size_t i = 0; i < by_order.size(); ++i) by_order[i] = i;
  std::stable_sort(by_order.begin(), by_order.end(),
                   [&](std::size_t a, std::size_t b) { return extremeness[a] > extremeness[b]; });
  const auto last =
      std::partition_point(by_order.begin(), by_order.end(), [&](std::size_t i) { return test.p(tables[i]) <= alpha; });
  for (auto each = by_order.begin(); each != last; ++each) rejected[*each] = true;
  return rejected;
}

constexpr double power_risk1 = 0.15, power_risk0 = 0.30;

void add_tests(const Sizes& sizes, std::vector<ResultTable>& tables) {
  const std::vector<double> risks = grid(999, 1000);
  ResultTable size{"Two shares: size of tests at 5%",
                   "Greatest / mean chance in % to reject equal risks, over p = 0.001, 0.002, ..., 0.999.",
                   "treated/comparison",
                   heads(sizes),
                   {}};
  ResultTable power{"Two shares: power of tests at 5%",
                    fmt::format("Chance in % to reject where the risks are {:.0f}% and {:.0f}%.", 100 * power_risk1,
                                100 * power_risk0),
                    "treated/comparison",
                    heads(sizes),
                    {}};
  for (const TableTest& test : table_tests()) {
    size.rows.push_back({test.name, {}});
    power.rows.push_back({test.name, {}});
    for (const GroupPair& n : sizes.two) {
      const std::vector<bool> rejected = rejected_tables(test, n);
      const Rejects rejects = [&](std::int64_t x1, std::int64_t x0) {
        return rejected[static_cast<std::size_t>(x1 * (n.n0 + 1) + x0)];
      };
      const std::vector<double> found = rejection_of(binomial_laws(n.n1, risks), binomial_laws(n.n0, risks), rejects);
      double sum = 0;
      for (const double each : found) sum += each;
      size.rows.back().cells.push_back(fmt::format("{} / {}", percent_up(*std::max_element(found.begin(), found.end())),
                                                   percent(sum / static_cast<double>(found.size()))));
      power.rows.back().cells.push_back(percent(
          rejection_of(binomial_laws(n.n1, {power_risk1}), binomial_laws(n.n0, {power_risk0}), rejects).front()));
    }
  }
  tables.push_back(size);
  tables.push_back(power);

  const std::vector<double> rates = grid(100, 100);
  ResultTable rate{
      "Two rates: size of tests at 5%",
      "Greatest / mean chance in % to reject equal rates, over 0.01, 0.02, ..., 1.00 events a person-year.",
      "person-years",
      heads(sizes),
      {{"Exact, given all events", {}}}};
  for (const GroupPair& n : sizes.two) {
    const double time1 = static_cast<double>(n.n1), time0 = static_cast<double>(n.n0);
    const std::vector<double> found =
        rejection_of(poisson_laws(n.n1, rates), poisson_laws(n.n0, rates), [&](std::int64_t x1, std::int64_t x0) {
          return exact_rate_test({{x1, time1}, {x0, time0}}).two_sided <= alpha;
        });
    double sum = 0;
    for (const double each : found) sum += each;
    rate.rows[0].cells.push_back(fmt::format("{} / {}", percent_up(*std::max_element(found.begin(), found.end())),
                                             percent(sum / static_cast<double>(found.size()))));
  }
  tables.push_back(rate);
}

}  // namespace

Sizes source_sizes() {
  return {{16, 49, 70, 134, 318}, {{16, 49}, {28, 52}, {70, 49}, {55, 134}, {71, 315}, {251, 318}}};
}

Sizes small_groups(const Sizes& sizes) {
  Sizes few;
  for (const GroupPair& pair : sizes.two)
    if (pair.n1 + pair.n0 < 120) few.two.push_back(pair);
  return few;
}

std::string size_text(const GroupPair& pair) { return fmt::format("{}/{}", pair.n1, pair.n0); }

std::vector<ResultTable> exact_tables(const Sizes& sizes) {
  std::vector<ResultTable> tables;
  add_shares(sizes, tables);
  tables.push_back(reviews());
  for (const Measure& measure : measures()) add_two_shares(sizes, measure, tables);
  const auto at = [](auto interval) {
    return [interval](const RatePair& pair) { return Maybe(interval(pair, usual_confidence)); };
  };
  add_two_rates(
      sizes, "Rate ratio", [](double r1, double r0) { return r1 / r0; },
      {{"Exact conditional", at(exact_rate_ratio)},
       {"Mid-p conditional", at(mid_p_rate_ratio)},
       {"Score", at(score_rate_ratio)},
       {"Wald of the log", at(log_wald_rate_ratio)}},
      tables);
  add_two_rates(
      sizes, "Rate difference", [](double r1, double r0) { return r1 - r0; }, {{"Score", at(score_rate_difference)}},
      tables);
  add_tests(sizes, tables);
  return tables;
}

}  // namespace desist::coverage
