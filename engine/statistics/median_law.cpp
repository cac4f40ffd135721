#include "engine/statistics/median_law.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

/// cdf and its complement, each summed from its own end.
struct Sides {
  std::vector<double> below, at_most, above, at_least;
};

Sides sides_of(std::span<const double> probabilities) {
  const std::size_t values = probabilities.size();
  Sides s{std::vector<double>(values), std::vector<double>(values), std::vector<double>(values),
          std::vector<double>(values)};
  double sum = 0;
  for (std::size_t x = 0; x < values; ++x) {
    require(probabilities[x] >= 0, "probabilities are 0 or more");
    s.below[x] = sum;
    sum += probabilities[x];
    s.at_most[x] = std::min(sum, 1.0);
  }
  require(sum <= 1 + 1e-9, "probabilities add up to 1 at most");
  double tail = std::max(0.0, 1 - sum);
  for (std::size_t x = values; x-- > 0;) {
    s.above[x] = tail;
    tail += probabilities[x];
    s.at_least[x] = std::min(tail, 1.0);
  }
  return s;
}

}  // namespace

std::vector<double> median_law(std::size_t n, std::span<const double> probabilities) {
  require(n >= 1 && n <= 2000, "a median is of 1 to 2,000 counts");
  const std::size_t values = probabilities.size();
  if (values == 0) return {};
  const Sides s = sides_of(probabilities);
  std::vector<double> law(2 * values - 1, 0.0);
  const auto people = static_cast<std::int64_t>(n);
  const auto half = static_cast<std::int64_t>(n / 2);
  for (std::size_t a = 0; a < values; ++a) {  // one value in the middle: neither side holds more than it may
    const std::int64_t side = n % 2 == 1 ? half + 1 : half;
    double same = 1 - binomial_tails(side, people, std::min(s.below[a], 1.0)).at_least() -
                  binomial_tails(side, people, s.above[a]).at_least();
    if (n % 2 == 0)
      same += std::exp(std::log(binomial_probability(half, people, 0.5)) +
                       static_cast<double>(half) * std::log(4 * s.below[a] * s.above[a]));
    law[2 * a] = std::max(0.0, same);
  }
  if (n % 2 == 1) return law;

  // binom(2m, m) u^m v^m = binom(2m, m) 2^(-2m) (4 u v)^m: the first factor is a binomial probability.
  const double m = static_cast<double>(half);
  const double middle = binomial_probability(half, people, 0.5);
  const auto power = [m](double x) { return std::pow(2 * x, m); };
  std::vector<double> low(values), high(values);
  for (std::size_t x = 0; x < values; ++x) {
    low[x] = power(s.at_most[x]) - power(s.below[x]);
    high[x] = power(s.at_least[x]) - power(s.above[x]);
  }
  for (std::size_t a = 0; a < values; ++a)
    for (std::size_t b = a + 1; b < values; ++b) law[a + b] += middle * low[a] * high[b];
  return law;
}

}  // namespace desist::statistics
