#include "engine/statistics/two_group_tests.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

/// Chi-square with every |observed - expected| (the same in all four cells) lowered by at most `correction`.
std::optional<TestResult> corrected_chi_square(const TwoByTwo& t, double correction) {
  if (t.degenerate()) return std::nullopt;
  const double n1 = static_cast<double>(t.n1), n0 = static_cast<double>(t.n0);
  const double with = static_cast<double>(t.events());
  const double people = n1 + n0;
  const double gap = std::abs(static_cast<double>(t.x1) - n1 * with / people);
  const double kept = gap - std::min(correction, gap);
  const double without = people - with;
  // Sum of the reciprocal expected cells: N/with (1/n1 + 1/n0) + N/without (1/n1 + 1/n0).
  const double statistic = kept * kept * people * (1 / with + 1 / without) * (1 / n1 + 1 / n0);
  return TestResult{statistic, chi_square_tail(statistic)};
}

}  // namespace

std::optional<TestResult> chi_square(const TwoByTwo& table) { return corrected_chi_square(table, 0); }

std::optional<TestResult> chi_square_yates(const TwoByTwo& table) { return corrected_chi_square(table, 0.5); }

std::optional<TestResult> chi_square_n_minus_1(const TwoByTwo& table) {
  const auto plain = chi_square(table);
  if (!plain) return std::nullopt;
  const double people = static_cast<double>(table.people());
  const double statistic = plain->statistic * (people - 1) / people;
  return TestResult{statistic, chi_square_tail(statistic)};
}

double fisher_p(const TwoByTwo& table, Alternative alternative) {
  if (alternative == Alternative::two_sided) return hypergeometric_two_sided(table.x1, table.margins());
  const Tails tails = hypergeometric_tails(table.x1, table.margins());
  return alternative == Alternative::less ? tails.at_most() : tails.at_least();
}

double mid_p(const TwoByTwo& table, Alternative alternative) {
  const Tails tails = hypergeometric_tails(table.x1, table.margins());
  const double less = tails.below + tails.at / 2;
  const double greater = tails.above + tails.at / 2;
  if (alternative == Alternative::less) return less;
  if (alternative == Alternative::greater) return greater;
  return std::min(1.0, 2 * std::min(less, greater));
}

}  // namespace desist::statistics
