#include "engine/statistics/discrete_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/statistics/real.hpp"

namespace desist::statistics {

namespace {

constexpr double two_pi = 6.28318530717958647693;
constexpr double rounding_slack = 1 + 1e-7;

/// log n! less Stirling's formula, by its asymptotic series (Abramowitz & Stegun 6.1.41), below 16 by recurrence
/// from 16.
double stirling_remainder(std::int64_t n) {
  const auto series = [](double x) {
    const double r = 1 / (x * x);
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360360 * r) * r) * r) * r) * r) /
           x;
  };
  static const auto small = [&series] {
    std::array<double, 17> table{};
    table[16] = series(16);
    for (std::size_t k = 16; k-- > 1;) {
      const double x = static_cast<double>(k);
      table[k] = table[k + 1] + ((x + 0.5) * std::log1p(1 / x) - 1);
    }
    return table;
  }();
  return n <= 16 ? small[static_cast<std::size_t>(n)] : series(real(n));
}

/// x log(x/mean) + mean - x without cancellation (Loader 2000, section 3).
double deviance(double x, double mean) {
  const double gap = x - mean;
  if (std::abs(gap) >= 0.1 * (x + mean)) return x * std::log(x / mean) - gap;
  const double v = gap / (x + mean);
  double sum = gap * v;
  double term = 2 * x * v;
  for (int j = 1; j < 1000; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double binomial(std::int64_t x, std::int64_t n, double p, double q) {
  if (x < 0 || x > n) return 0;
  if (p <= 0) return x == 0 ? 1 : 0;
  if (q <= 0) return x == n ? 1 : 0;
  if (x == 0) return std::exp(real(n) * (p < q ? std::log1p(-p) : std::log(q)));
  if (x == n) return std::exp(real(n) * (q < p ? std::log1p(-q) : std::log(p)));
  const double exponent = stirling_remainder(n) - stirling_remainder(x) - stirling_remainder(n - x) -
                          deviance(real(x), real(n) * p) - deviance(real(n - x), real(n) * q);
  return std::exp(exponent) * std::sqrt(real(n) / (two_pi * real(x) * real(n - x)));
}

/// A law on low..high whose probabilities rise to `mode` and fall after it; `rise(s)` is P(s + 1)/P(s).
template <class Probability, class Rise>
struct UnimodalLaw {
  std::int64_t low;
  std::int64_t high;
  std::int64_t mode;
  Probability probability;
  Rise rise;

  double sum_down_from(std::int64_t s) const {
    if (s < low) return 0;
    double term = probability(s);
    double sum = term;
    for (; s > low && term > 1e-20 * sum; --s) sum += term /= rise(s - 1);
    return sum;
  }
  double sum_up_from(std::int64_t s) const {
    if (s > high) return 0;
    double term = probability(s);
    double sum = term;
    for (; s < high && term > 1e-20 * sum; ++s) sum += term *= rise(s);
    return sum;
  }
  Tails tails(std::int64_t x) const {
    const double at = probability(x);
    if (x <= mode) {
      const double below = sum_down_from(x - 1);
      return {below, at, std::max(0.0, 1 - below - at)};
    }
    const double above = sum_up_from(x + 1);
    return {std::max(0.0, 1 - above - at), at, above};
  }
  double two_sided(std::int64_t x) const {
    const double limit = probability(x) * rounding_slack;
    if (probability(mode) <= limit) return 1;
    std::int64_t inside = mode;  // from here down to the last that is more probable than x
    std::int64_t outside = low - 1;
    while (inside - outside > 1) {
      const std::int64_t middle = outside + (inside - outside) / 2;
      (probability(middle) <= limit ? outside : inside) = middle;
    }
    const double lower = sum_down_from(outside);
    inside = mode;
    outside = high + 1;
    while (outside - inside > 1) {
      const std::int64_t middle = inside + (outside - inside) / 2;
      (probability(middle) <= limit ? outside : inside) = middle;
    }
    return std::min(1.0, lower + sum_up_from(outside));
  }
};
template <class Probability, class Rise>
UnimodalLaw(std::int64_t, std::int64_t, std::int64_t, Probability, Rise) -> UnimodalLaw<Probability, Rise>;

auto binomial_law(std::int64_t n, double p) {
  const auto mode = std::clamp<std::int64_t>(static_cast<std::int64_t>((real(n) + 1) * p), 0, n);
  return UnimodalLaw{std::int64_t{0}, n, mode, [n, p](std::int64_t s) { return binomial(s, n, p, 1 - p); },
                     [n, odds = p / (1 - p)](std::int64_t s) { return real(n - s) / real(s + 1) * odds; }};
}

/// P(s + 1)/P(s) of the central law.
double hypergeometric_rise(std::int64_t s, const Margins& m) {
  return real(m.n1 - s) / real(s + 1) * (real(m.total - s) / real(m.n0 - m.total + s + 1));
}

/// The mode of a law with ratio psi: the least s from which the weights do not rise.
std::int64_t mode_of(const Margins& m, double log_psi) {
  std::int64_t low = m.least();
  std::int64_t high = m.most();
  while (low < high) {
    const std::int64_t s = low + (high - low) / 2;
    if (std::log(hypergeometric_rise(s, m)) + log_psi > 0) {
      low = s + 1;
    } else {
      high = s;
    }
  }
  return low;
}

auto hypergeometric_law(const Margins& m) {
  return UnimodalLaw{m.least(), m.most(), mode_of(m, 0),
                     [m](std::int64_t s) { return hypergeometric_probability(s, m); },
                     [m](std::int64_t s) { return hypergeometric_rise(s, m); }};
}

}  // namespace

double binomial_probability(std::int64_t x, std::int64_t n, double p) { return binomial(x, n, p, 1 - p); }

Tails binomial_tails(std::int64_t x, std::int64_t n, double p) { return binomial_law(n, p).tails(x); }

double binomial_two_sided(std::int64_t x, std::int64_t n, double p) { return binomial_law(n, p).two_sided(x); }

double hypergeometric_probability(std::int64_t x, const Margins& m) {
  if (x < m.least() || x > m.most()) return 0;
  const std::int64_t people = m.n1 + m.n0;
  const double p = real(m.total) / real(people);
  const double q = real(people - m.total) / real(people);
  return binomial(x, m.n1, p, q) * binomial(m.total - x, m.n0, p, q) / binomial(m.total, people, p, q);
}

Tails hypergeometric_tails(std::int64_t x, const Margins& margins) { return hypergeometric_law(margins).tails(x); }

double hypergeometric_two_sided(std::int64_t x, const Margins& margins) {
  return hypergeometric_law(margins).two_sided(x);
}

NoncentralTails noncentral_hypergeometric(std::int64_t x, const Margins& m, double log_psi) {
  const std::int64_t mode = mode_of(m, log_psi);
  const double psi = std::exp(log_psi);
  Tails sums;
  double excess = 0;
  double total = 0;
  const auto add = [&](std::int64_t s, double weight) {
    (s < x ? sums.below : s == x ? sums.at : sums.above) += weight;
    excess += weight * real(s - x);
    total += weight;
  };
  add(mode, 1);
  double weight = 1;
  for (std::int64_t s = mode; s < m.most() && weight > 1e-20 * total; ++s) {
    weight *= hypergeometric_rise(s, m) * psi;
    add(s + 1, weight);
  }
  weight = 1;
  for (std::int64_t s = mode; s > m.least() && weight > 1e-20 * total; --s) {
    weight /= hypergeometric_rise(s - 1, m) * psi;
    add(s - 1, weight);
  }
  return {{sums.below / total, sums.at / total, sums.above / total}, excess / total};
}

}  // namespace desist::statistics
