#include "engine/random/counts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/random/requirement.hpp"

namespace desist {
namespace {

constexpr double negligible = 0x1p-70;  // counts of a smaller probability end the search
constexpr double largest_mean = 1e9;
constexpr double longest_tail = 1e7;
constexpr double smallest_log_of_none = -30;  // P(0) above e^-30: begin at 0, which needs no incomplete function
constexpr std::int64_t no_last = std::numeric_limits<std::int64_t>::max();

/// One count with its probability and its cumulative probability.
struct Rung {
  std::int64_t count;
  double probability;
  double cumulative;
};

/// A law of counts as a ladder: a rung where it is known, and ratio(k) = P(k) / P(k - 1).
template <class Ratio>
struct Ladder {
  Rung start;
  Ratio ratio;
  std::int64_t last;

  bool up(Rung& rung) const {
    if (rung.count >= last || rung.probability < negligible) return false;
    ++rung.count;
    rung.probability *= ratio(static_cast<double>(rung.count));
    rung.cumulative += rung.probability;
    return true;
  }
  bool down(Rung& rung) const {
    if (rung.count == 0 || rung.probability < negligible) return false;
    rung.cumulative -= rung.probability;
    rung.probability /= ratio(static_cast<double>(rung.count));
    --rung.count;
    return true;
  }
};
template <class Ratio>
Ladder(Rung, Ratio, std::int64_t) -> Ladder<Ratio>;

template <class Ratio>
std::int64_t search(double u, const Ladder<Ratio>& ladder) {
  Rung rung = ladder.start;
  if (rung.cumulative < u) {
    while (rung.cumulative < u && ladder.up(rung)) {
    }
    return rung.count;
  }
  Rung below = rung;
  while (ladder.down(below) && below.cumulative >= u) rung = below;
  return rung.count;
}

auto poisson_ladder(double mean) {
  const auto ratio = [mean](double k) { return mean / k; };
  Rung start{0, std::exp(-mean), std::exp(-mean)};
  if (-mean < smallest_log_of_none) {
    const double mode = std::floor(mean);
    start = {static_cast<std::int64_t>(mode), boost::math::gamma_p_derivative(mode + 1, mean, BoostPolicy()),
             boost::math::gamma_q(mode + 1, mean, BoostPolicy())};
  }
  return Ladder{start, ratio, no_last};
}

/// The count without a search, where an asymptotic quantile says which it is; -1 where it does not.
///
/// Giles (2016), "Algorithm 955: approximation of the inverse Poisson cumulative distribution function", ACM
/// Transactions on Mathematical Software 42 (1): the count is the whole part of x with P(Gamma(x) > mean) = u, and for
/// a mean above 4 and a normal variate |w| < 3 at u, x is within `off` of the expansion. Where a whole number is that
/// close, the search decides. Verified by: counts_test Poisson_is_the_inverse,
/// Table_equals_search.
std::int64_t poisson_without_search(double u, double mean) {
  constexpr double least_mean = 8;          // below it a search from 0 is as quick
  constexpr double most_in_middle = 0.498;  // of |u - 1/2|: w = 2.88
  constexpr double rounding = 0x1p-48;      // of the expansion, a share of the mean: 2^-52 a step
  if (mean < least_mean || std::abs(u - 0.5) > most_in_middle) return -1;
  const double w = inverse_normal(u), root = std::sqrt(mean);
  const double x = mean + (root * w + (1.0 / 3 + w * w / 6) * (1 - w / (12 * root)));
  const double off = (1.0 / 40 + w * w * (1.0 / 80 + w * w / 160)) / mean + rounding * mean;
  const double count = std::floor(x - off);
  return x + off < count + 1 ? static_cast<std::int64_t>(count) : -1;
}

void require_probability(double u) {
  if (!(u > 0 && u < 1)) require_between(u, 0x1p-54, 1 - 0x1p-53, "the probability of a quantile");
}

}  // namespace

std::int64_t poisson_by_search(double u, double mean) {
  require_probability(u);
  require_between(mean, 0, largest_mean, "the mean of a Poisson count");
  if (mean == 0) return 0;
  if (const std::int64_t count = poisson_without_search(u, mean); count >= 0) return count;
  return search(u, poisson_ladder(mean));
}

std::int64_t binomial_by_search(double u, std::int64_t trials, double p) {
  require_probability(u);
  require_between(static_cast<double>(trials), 0, largest_mean, "the number of trials");
  require_between(p, 0, 1, "the chance of a success");
  if (trials == 0) return 0;
  return BinomialSearch(p)(u, trials);
}

BinomialSearch::BinomialSearch(double p) : p_(p) {
  require_between(p, 0, 1, "the chance of a success");
  odds_ = p / (1 - p);
  log_of_failing_ = std::log1p(-p);
}

std::int64_t BinomialSearch::operator()(double u, std::int64_t trials) const {
  require_probability(u);
  const auto n = static_cast<double>(trials);
  require_between(n, 0, largest_mean, "the number of trials");
  const double p = p_;
  if (trials == 0 || p == 0) return 0;
  if (p == 1) return trials;
  const auto ratio = [n, odds = odds_](double k) { return (n - k + 1) / k * odds; };
  const double log_of_none = n * log_of_failing_;
  if (log_of_none >= smallest_log_of_none) {
    const double none = std::exp(log_of_none);
    return search(u, Ladder{Rung{0, none, none}, ratio, trials});
  }
  const double mode = std::min(std::floor((n + 1) * p), n);
  if (mode == n) return search(u, Ladder{Rung{trials, std::exp(n * std::log(p)), 1}, ratio, trials});
  // P(X = m) = Beta density(p; m + 1, n - m + 1) / (n + 1);  P(X <= m) = 1 - I_p(m + 1, n - m).
  const Rung start{static_cast<std::int64_t>(mode),
                   boost::math::ibeta_derivative(mode + 1, n - mode + 1, p, BoostPolicy()) / (n + 1),
                   boost::math::ibetac(mode + 1, n - mode, p, BoostPolicy())};
  return search(u, Ladder{start, ratio, trials});
}

std::int64_t negative_binomial_by_search(double u, double mean, double size) {
  require_probability(u);
  require_between(mean, 0, largest_mean, "the mean of a negative binomial count");
  require_positive(size, "the size of a negative binomial count");
  require_between(mean / size, 0, longest_tail, "the mean over the size of a negative binomial count");
  if (mean == 0) return 0;
  const double failing = mean / (size + mean);
  const auto ratio = [size, failing](double k) { return (k - 1 + size) / k * failing; };
  const double log_of_none = -size * std::log1p(mean / size);
  if (log_of_none >= smallest_log_of_none) {
    const double none = std::exp(log_of_none);
    return search(u, Ladder{Rung{0, none, none}, ratio, no_last});
  }
  // P(X = m) = p / (size + m) Beta density(p; size, m + 1);  P(X <= m) = I_p(size, m + 1);  p = size / (size + mean).
  const double p = size / (size + mean);
  const double mode = size > 1 ? std::floor((size - 1) / size * mean) : 0;
  const Rung start{static_cast<std::int64_t>(mode),
                   p / (size + mode) * boost::math::ibeta_derivative(size, mode + 1, p, BoostPolicy()),
                   boost::math::ibeta(size, mode + 1, p, BoostPolicy())};
  return search(u, Ladder{start, ratio, no_last});
}

PoissonTable::PoissonTable(double mean) {
  require_between(mean, 0, largest_mean, "the mean of a Poisson count");
  if (mean == 0) {
    cumulative_ = {1};
  } else {
    const auto ladder = poisson_ladder(mean);
    cumulative_.reserve(static_cast<std::size_t>(20 * std::sqrt(mean)) + 80);  // what most means need
    for (Rung rung = ladder.start; ladder.down(rung);) cumulative_.push_back(rung.cumulative);
    first_ = ladder.start.count - static_cast<std::int64_t>(cumulative_.size());
    std::reverse(cumulative_.begin(), cumulative_.end());
    cumulative_.push_back(ladder.start.cumulative);
    for (Rung rung = ladder.start; ladder.up(rung);) cumulative_.push_back(rung.cumulative);
  }
  cumulative_.back() = std::numeric_limits<double>::infinity();

  const std::size_t cells = std::bit_ceil(4 * cumulative_.size());  // four a count: nine draws of ten need no step
  shift_ = 64 - std::countr_zero(cells);
  guide_.resize(cells);
  std::size_t next = 0;  // a cell begins at the first count whose cumulative probability is not below its lower end
  for (std::size_t i = 0; next < cells; ++i) {
    const double upto = std::min(cumulative_[i], 1.0) * static_cast<double>(cells);  // exact: cells are a power of two
    const std::size_t end = std::min(cells, static_cast<std::size_t>(upto) + 1);
    if (end <= next) continue;
    std::fill(guide_.begin() + static_cast<std::ptrdiff_t>(next), guide_.begin() + static_cast<std::ptrdiff_t>(end),
              static_cast<std::uint32_t>(i));
    next = end;
  }
}

}  // namespace desist
