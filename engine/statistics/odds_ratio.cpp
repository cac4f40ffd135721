#include "engine/statistics/odds_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/limits.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

/// Beyond exp of this no odds ratio of counts that fit a double, nor its limits, can lie.
constexpr double widest_log_odds = 150;

/// With and without the outcome: group 1, then group 0.
struct OddsCells {
  double a, b, c, d;
  OddsCells(double a_, double b_, double c_, double d_) : a(a_), b(b_), c(c_), d(d_) {}
  explicit OddsCells(const TwoByTwo& t)
      : OddsCells(static_cast<double>(t.x1), static_cast<double>(t.n1 - t.x1), static_cast<double>(t.x0),
                  static_cast<double>(t.n0 - t.x0)) {}
};

enum class Tail { whole, half };

/// Limits at which each tail, with the observed table counted in whole or by half, has probability (1 - confidence)/2.
Interval conditional_limits(const TwoByTwo& table, Tail count, double confidence) {
  const Margins margins = table.margins();
  const double share = count == Tail::whole ? 1.0 : 0.5;
  const double aim = (1 - confidence) / 2;
  const auto upper_tail = [&](double log_psi) {
    const Tails t = noncentral_hypergeometric(table.x1, margins, log_psi).tails;
    return t.above + share * t.at - aim;
  };
  const auto lower_tail = [&](double log_psi) {
    const Tails t = noncentral_hypergeometric(table.x1, margins, log_psi).tails;
    return t.below + share * t.at - aim;
  };
  Interval limits{0, infinity};
  if (table.x1 > margins.least())
    limits.low = std::exp(root_between(upper_tail, -widest_log_odds, widest_log_odds, -1.0));
  if (table.x1 < margins.most())
    limits.high = std::exp(root_between(lower_tail, -widest_log_odds, widest_log_odds, 1.0));
  return limits;
}

/// Expected cells of a table with these margins and odds ratio psi: A = a solves
/// (1 - psi) A^2 + (n0 - m + psi (n1 + m)) A - psi n1 m = 0, and d the same with both margins reversed. For psi <= 1
/// neither root cancels; psi > 1 is the table with its groups exchanged. Found by subtraction alone, a cell next to 0
/// would be noise.
OddsCells fitted_cells(double n1, double n0, double m, double psi) {
  if (psi > 1) {
    const OddsCells exchanged = fitted_cells(n0, n1, m, 1 / psi);
    return {exchanged.c, exchanged.d, exchanged.a, exchanged.b};
  }
  const auto smaller_root = [psi](double own, double other, double total) {
    const double b = other - total + psi * (own + total);
    const double root = std::sqrt(b * b + 4 * (1 - psi) * psi * own * total);
    return b < 0 ? (root - b) / (2 * (1 - psi)) : 2 * psi * own * total / (b + root);
  };
  const double without = n1 + n0 - m;
  const double a = smaller_root(n1, n0, m);
  const double d = smaller_root(n0, n1, without);
  return {a, std::max(0.0, n1 <= without ? n1 - a : without - d), std::max(0.0, m <= n0 ? m - a : n0 - d), d};
}

/// The lower score limit, searched on the log scale: 1/(n1 p1 q1) + 1/(n0 p0 q0) is the sum of the reciprocal fitted
/// cells.
double lower_odds_limit(const TwoByTwo& table, double z) {
  if (table.x1 == table.margins().least()) return 0;
  const OddsCells seen(table);
  const double n1 = seen.a + seen.b;
  const double n0 = seen.c + seen.d;
  const double scale = (n1 + n0) / (n1 + n0 - 1);
  const double least = std::min({seen.a, seen.b, seen.c, seen.d});
  const auto excess = [&](double log_psi) {
    const OddsCells fit = fitted_cells(n1, n0, seen.a + seen.c, std::exp(log_psi));
    // Seen less fitted is the same number in every cell, up to its sign: take it where least is lost.
    const double gap = least == seen.b   ? fit.b - seen.b
                       : least == seen.c ? fit.c - seen.c
                       : least == seen.d ? seen.d - fit.d
                                         : seen.a - fit.a;
    return gap - z * std::sqrt(scale / (1 / fit.a + 1 / fit.b + 1 / fit.c + 1 / fit.d));
  };
  const bool unbounded = seen.b == 0 || seen.c == 0;
  const double high = unbounded ? widest_log_odds : std::log(seen.a * seen.d / (seen.b * seen.c));
  return std::exp(root_between(excess, -widest_log_odds, high, 1.0));
}

}  // namespace

std::optional<double> odds_ratio(const TwoByTwo& table) {
  const OddsCells k(table);
  const double over = k.a * k.d;
  const double under = k.b * k.c;
  if (under > 0) return over / under;
  if (over > 0) return infinity;
  return std::nullopt;
}

std::optional<double> log_odds_ratio_error(const TwoByTwo& table) {
  if (table.has_zero_cell()) return std::nullopt;
  const OddsCells k(table);
  return std::sqrt(1 / k.a + 1 / k.b + 1 / k.c + 1 / k.d);
}

std::optional<Interval> wald_odds_ratio(const TwoByTwo& table, double confidence) {
  const auto error = log_odds_ratio_error(table);
  if (!error) return std::nullopt;
  const double centre = std::log(*odds_ratio(table));
  const double half = two_sided_z(confidence) * *error;
  return Interval{std::exp(centre - half), std::exp(centre + half)};
}

double haldane_anscombe_odds_ratio(const TwoByTwo& table) {
  const OddsCells k(table);
  return (k.a + 0.5) * (k.d + 0.5) / ((k.b + 0.5) * (k.c + 0.5));
}

std::optional<double> conditional_odds_ratio(const TwoByTwo& table) {
  const Margins margins = table.margins();
  if (margins.least() == margins.most()) return std::nullopt;
  if (table.x1 == margins.least()) return 0.0;
  if (table.x1 == margins.most()) return infinity;
  const auto excess = [&](double log_psi) { return noncentral_hypergeometric(table.x1, margins, log_psi).mean_less_x; };
  return std::exp(root_between(excess, -widest_log_odds, widest_log_odds, -1.0));
}

Interval exact_odds_ratio(const TwoByTwo& table, double confidence) {
  return conditional_limits(table, Tail::whole, confidence);
}

Interval mid_p_odds_ratio(const TwoByTwo& table, double confidence) {
  return conditional_limits(table, Tail::half, confidence);
}

Interval miettinen_nurminen_odds_ratio(const TwoByTwo& table, double confidence) {
  if (table.degenerate()) return {0, infinity};
  const double z = two_sided_z(confidence);
  const double reversed = lower_odds_limit(table.groups_exchanged(), z);
  return {lower_odds_limit(table, z), reversed == 0 ? infinity : 1 / reversed};
}

}  // namespace desist::statistics
