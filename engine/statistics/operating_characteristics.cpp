#include "engine/statistics/operating_characteristics.hpp"

#include "engine/statistics/discrete_laws.hpp"

namespace desist::statistics {

namespace {

std::vector<double> binomial_probabilities(std::int64_t n, double p) {
  std::vector<double> law;
  law.reserve(static_cast<std::size_t>(n + 1));
  for (std::int64_t x = 0; x <= n; ++x) law.push_back(binomial_probability(x, n, p));
  return law;
}

/// f(x1, x0) for every table, x1 major.
template <class F>
auto of_every_table(std::int64_t n1, std::int64_t n0, F f) {
  std::vector<decltype(f(TwoByTwo{}))> values;
  values.reserve(static_cast<std::size_t>((n1 + 1) * (n0 + 1)));
  for (std::int64_t x1 = 0; x1 <= n1; ++x1) {
    for (std::int64_t x0 = 0; x0 <= n0; ++x0) values.push_back(f(TwoByTwo{x1, n1, x0, n0}));
  }
  return values;
}

/// Probability of the tables for which `counts(index)` holds.
template <class Counts>
double probability_where(std::int64_t n1, std::int64_t n0, const RiskPair& risks, Counts counts) {
  const std::vector<double> law1 = binomial_probabilities(n1, risks.risk1);
  const std::vector<double> law0 = binomial_probabilities(n0, risks.risk0);
  double sum = 0;
  for (std::size_t x1 = 0; x1 < law1.size(); ++x1) {
    double row = 0;
    for (std::size_t x0 = 0; x0 < law0.size(); ++x0) {
      if (counts(x1 * law0.size() + x0)) row += law0[x0];
    }
    sum += law1[x1] * row;
  }
  return sum;
}

}  // namespace

std::vector<double> coverage(std::int64_t n1, std::int64_t n0, std::span<const RiskPair> risks,
                             const std::function<Interval(const TwoByTwo&)>& interval,
                             const std::function<double(const RiskPair&)>& truth) {
  const auto intervals = of_every_table(n1, n0, interval);
  std::vector<double> result;
  for (const RiskPair& pair : risks) {
    const double value = truth(pair);
    result.push_back(probability_where(n1, n0, pair, [&](std::size_t i) { return intervals[i].contains(value); }));
  }
  return result;
}

std::vector<double> rejection_probability(std::int64_t n1, std::int64_t n0, std::span<const RiskPair> risks,
                                          const std::function<double(const TwoByTwo&)>& p_value, double alpha) {
  const auto p = of_every_table(n1, n0, p_value);
  std::vector<double> result;
  for (const RiskPair& pair : risks) {
    result.push_back(probability_where(n1, n0, pair, [&](std::size_t i) { return p[i] <= alpha; }));
  }
  return result;
}

}  // namespace desist::statistics
