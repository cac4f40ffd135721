// The hypergeometric law as a table: how many of those on shift are trained.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace desist {

/// How many marked ones are in a sample drawn by chance without putting back.
struct Urn {
  std::int64_t population = 0;
  std::int64_t marked = 0;
  std::int64_t sample = 0;
  friend bool operator==(const Urn&, const Urn&) = default;
};

/// P(X = x) = binom(K, x) binom(N - K, M - x) / binom(N, M): population N, marked K, sample M.
///
/// Probabilities come from the mode outwards by the ratio of neighbours, (K - x)(M - x) / ((x + 1)(N - K - M + x + 1)),
/// until a term is below 2^-70 of the mode's, and are divided by their sum: no factorial is needed. Inversion takes one
/// word, so arms that read the same word stay close; more marked ones never give a smaller number, but for words within
/// rounding (1e-12) of a cumulative probability. Requires 0 <= K, M <= N, else throws std::domain_error.
/// Verified by: cover_test Hypergeometric_table_is_the_law.
class HypergeometricTable {
 public:
  /// Replaces what the table held; its memory is kept.
  void set(const Urn& urn);
  const Urn& urn() const { return urn_; }

  /// The smallest number whose cumulative probability reaches u in (0, 1).
  std::int64_t operator()(double u) const;

  std::int64_t first() const { return first_; }  // the number of the first probability
  std::span<const double> probabilities() const { return probabilities_; }

 private:
  Urn urn_;
  std::int64_t first_ = 0;
  std::vector<double> probabilities_{1};
};

}  // namespace desist
