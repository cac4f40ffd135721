// The binomial and the hypergeometric law: probabilities with full relative precision, tails, two-sided p-values.
#pragma once

#include <cstdint>

namespace desist::statistics {

/// What a law on the whole numbers gives to numbers below, at and above one number.
struct Tails {
  double below = 0;
  double at = 0;
  double above = 0;
  double at_most() const { return below + at < 1 ? below + at : 1; }
  double at_least() const { return above + at < 1 ? above + at : 1; }
};

/// Group sizes and total of a two-by-two table: what conditional inference holds fixed.
struct Margins {
  std::int64_t n1 = 0;
  std::int64_t n0 = 0;
  std::int64_t total = 0;
  std::int64_t least() const { return total > n0 ? total - n0 : 0; }
  std::int64_t most() const { return total < n1 ? total : n1; }
};

/// binom(n, x) p^x q^(n - x) by the saddle-point expansion of Loader 2000 (relative error about 1e-14 for any n that a
/// double can hold: no difference of large logarithms is taken). Verified by: discrete_laws_test
double binomial_probability(std::int64_t x, std::int64_t n, double p);

/// Tails of the binomial law at x; the smaller tail keeps its relative precision.
/// Verified by: discrete_laws_test
Tails binomial_tails(std::int64_t x, std::int64_t n, double p);

/// Probability of numbers no more probable than x, relative slack 1e-7 (R's binom.test).
/// Verified by: discrete_laws_test
double binomial_two_sided(std::int64_t x, std::int64_t n, double p);

/// binom(n1, x) binom(n0, total - x) / binom(n1 + n0, total), as a quotient of three of Loader's binomials.
/// Verified by: discrete_laws_test
double hypergeometric_probability(std::int64_t x, const Margins& margins);

/// Tails of the hypergeometric law at x; the smaller tail keeps its relative precision.
/// Verified by: discrete_laws_test
Tails hypergeometric_tails(std::int64_t x, const Margins& margins);

/// Probability of tables no more probable than x, relative slack 1e-7 (R's fisher.test).
/// Verified by: discrete_laws_test
double hypergeometric_two_sided(std::int64_t x, const Margins& margins);

/// Fisher's noncentral hypergeometric law seen from x.
struct NoncentralTails {
  Tails tails;
  double mean_less_x = 0;
};

/// Tails and mean of the law with weights binom(n1, s) binom(n0, total - s) psi^s, by the ratios of neighbours outwards
/// from the mode until a term is below 1e-20 of the sum: time grows with the law's spread, nothing overflows. Tails
/// below 1e-20 are 0. Verified by: discrete_laws_test
NoncentralTails noncentral_hypergeometric(std::int64_t x, const Margins& margins, double log_psi);

}  // namespace desist::statistics
