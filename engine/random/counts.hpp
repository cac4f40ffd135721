// Random counts by inversion: the smallest count whose cumulative probability reaches u.
//
// Inversion takes one word a count and is monotone in it, so that two arms that read the same word stay close together
// (mathematics.md 0.4, 0.5). In the mean, the trials and the chance it is monotone too, but for words within the
// rounding of a cumulative probability (1e-12). The cumulative probabilities come from one count where they are known
// (zero, or the mode) and the ratio of neighbouring probabilities; counts are left out beyond the point, on either
// side, where a single probability falls below 2^-70. Together they have a probability below 1e-12.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"

namespace desist {

/// The Poisson count of a mean in [0, 1e9] at probability u in (0, 1): for a rate used once. Where an asymptotic
/// quantile can't say which count it is, by search from the mode, at about one step for each standard deviation's worth
/// of counts; the limit keeps that below a millisecond.
/// Verified by: counts_test, vectors_test.
std::int64_t poisson_by_search(double u, double mean);

/// The number of successes in `trials` (at most 1e9) of chance p at probability u in (0, 1), by search from the mode.
/// Verified by: counts_test, vectors_test.
std::int64_t binomial_by_search(double u, std::int64_t trials, double p);

/// binomial_by_search for one chance p and many draws: what only the chance decides is worked out once.
/// Verified by: counts_test Binomial_is_the_inverse (binomial_by_search is this, for a chance used once).
class BinomialSearch {
 public:
  explicit BinomialSearch(double p);  // in [0, 1]
  std::int64_t operator()(double u, std::int64_t trials) const;

 private:
  double p_;
  double odds_;
  double log_of_failing_;
};

/// The Poisson count whose mean is gamma-distributed with this `mean` and shape `size`, at probability u in (0, 1).
/// Variance mean + mean^2 / size. Range: mean in [0, 1e9], size > 0, mean / size <= 1e7 (the scale of the tail, which
/// the search walks). Verified by: counts_test, vectors_test.
std::int64_t negative_binomial_by_search(double u, double mean, double size);

/// Poisson counts of one mean, by a guide table (Chen & Asau 1974; Devroye 1986, III.2.4): for a bound rate.
/// The same count as poisson_by_search(uniform(word), mean), in a few nanoseconds. Usage:
///   const PoissonTable sample_referrals(12.5);
///   const std::int64_t referrals = sample_referrals(streams.words(Purpose("referrals"), area)[0]);
/// Verified by: counts_test Table_equals_search.
class PoissonTable {
 public:
  explicit PoissonTable(double mean);
  std::int64_t operator()(std::uint64_t word) const {
    const double u = uniform(word);
    std::size_t i = guide_[word >> shift_];
    while (cumulative_[i] < u) ++i;
    return first_ + static_cast<std::int64_t>(i);
  }

 private:
  std::int64_t first_ = 0;            // the count of cumulative_[0]
  std::vector<double> cumulative_;    // the last is infinity: the search needs no second test
  std::vector<std::uint32_t> guide_;  // by the leading bits of a word: where to begin
  int shift_ = 0;
};

}  // namespace desist
