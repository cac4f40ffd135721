// Units drawn together: against normal theory, and against a brute sum over three units and their law.
#include "engine/statistics/unit_comparison.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/rates.hpp"
#include "tests/statistics/frailty_integral.hpp"

namespace desist::statistics {
namespace {

UnitLikelihood normal_unit(double mean, double error) {
  return {[=](double x) { return -0.5 * std::pow((x - mean) / error, 2); }, mean, error};
}

double log_poisson(double y, double mean) { return y * std::log(mean) - mean - std::lgamma(y + 1); }

TEST(unit_comparison_test, likelihood_of_a_rate) {
  const UnitLikelihood poisson = unit_likelihood({50, 12, 3, {}, 1}, infinity, {});
  const UnitLikelihood mixed = unit_likelihood({50, 12, 3, {}, 1}, 0.4, {});
  const auto naive = [](double x) {  // 50 people's gamma rates add up to a gamma of shape 20
    return std::log(frailty_integral(20, 150 * std::exp(x), [](double m) { return std::exp(log_poisson(12, m)); }));
  };
  for (const double x : {-4.0, -2.5, -1.0}) {
    EXPECT_NEAR(poisson.log_likelihood(x) - poisson.log_likelihood(-2),
                log_poisson(12, 150 * std::exp(x)) - log_poisson(12, 150 * std::exp(-2)), 1e-10);
    EXPECT_NEAR(mixed.log_likelihood(x) - mixed.log_likelihood(-2), naive(x) - naive(-2), 1e-8);
  }
}

TEST(unit_comparison_test, likelihood_of_a_ratio_integrates_the_rate_before) {
  const UnitCounts counts{40, 9, 3, 60, 6};
  const UnitLikelihood binomial = unit_likelihood(counts, infinity, {});
  const UnitLikelihood nearly = unit_likelihood(counts, 1e7, {});
  const UnitLikelihood mixed = unit_likelihood(counts, 0.5, {});
  const auto naive = [](double x, double people_shape) {
    return std::log(simpson(
        -4, 2,
        [&](double log_rate) {
          const double before = 240 * std::exp(log_rate), after = 120 * std::exp(log_rate + x), s = 40 * people_shape;
          return std::exp(60 * std::log(before) - (60 + s) * std::log1p(before / s) + 9 * std::log(after) -
                          (9 + s) * std::log1p(after / s) - 300);
        },
        20000));
  };
  for (const double x : {-3.0, -1.5, 0.0}) {
    // all alike: binomial, of 69 events, odds e^x 3/6
    const double odds = std::exp(x) / 2;
    EXPECT_NEAR(binomial.log_likelihood(x), 9 * std::log(odds) - 69 * std::log1p(odds), 1e-10);
    EXPECT_NEAR(nearly.log_likelihood(x) - nearly.log_likelihood(-1),
                binomial.log_likelihood(x) - binomial.log_likelihood(-1), 1e-5);
    EXPECT_NEAR(mixed.log_likelihood(x) - mixed.log_likelihood(-1), naive(x, 0.5) - naive(-1, 0.5), 1e-6);
  }
}

TEST(unit_comparison_test, a_share_counted_is_integrated_out) {
  const UnitCounts counts{40, 9, 3, 60, 6};
  const UnitLikelihood half = unit_likelihood(counts, infinity, {0.5, 0.5});
  const UnitLikelihood all = unit_likelihood(counts, infinity, {});
  EXPECT_NEAR(half.log_likelihood(-0.3), all.log_likelihood(-0.3 + std::log(0.5)), 1e-12);
  const UnitLikelihood open = unit_likelihood(counts, infinity, {0.2, 1});
  const auto naive = [&](double x) {
    return std::log(simpson(0.2, 1, [&](double f) { return std::exp(all.log_likelihood(x + std::log(f)) + 20); }));
  };
  for (const double x : {-2.0, -0.5, 0.7})
    EXPECT_NEAR(open.log_likelihood(x) - open.log_likelihood(-1), naive(x) - naive(-1), 2e-3) << x;
  // People who differ: fewer of them are fewer rates that add up, so the law itself moves with the share.
  const UnitLikelihood mixed = unit_likelihood({40, 9, 3, {}, 1}, 0.5, {0.2, 1});
  const auto naive_mixed = [&](double x) {
    return std::log(simpson(0.2, 1, [&](double f) {
      const double s = 20 * f, m = 120 * f * std::exp(x);
      return std::exp(std::lgamma(9 + s) - std::lgamma(s) + 9 * std::log(m / (m + s)) + s * std::log(s / (m + s)) - 10);
    }));
  };
  for (const double x : {-4.0, -2.5, -1.0})
    EXPECT_NEAR(mixed.log_likelihood(x) - mixed.log_likelihood(-2), naive_mixed(x) - naive_mixed(-2), 2e-3) << x;
}

TEST(unit_comparison_test, alone_is_the_greatest_likelihood) {
  const UnitAlone own = alone(unit_likelihood({40, 9, 3, 60, 6}, infinity, {}), 0.9);
  EXPECT_NEAR(std::exp(own.x), (9.0 / 3) / (60.0 / 6), 1e-6);
  const double drop = chi_square_quantile(0.9, 1) / 2;
  const auto at = [](double x) { return 9 * x - 69 * std::log1p(std::exp(x) / 2); };
  EXPECT_NEAR(at(own.x) - at(own.limits.low), drop, 1e-8);
  EXPECT_NEAR(at(own.x) - at(own.limits.high), drop, 1e-8);
  const UnitAlone none = alone(unit_likelihood({40, 0, 3, {}, 1}, infinity, {}), 0.95);
  EXPECT_EQ(none.x, -infinity);
  EXPECT_EQ(none.limits.low, -infinity);
  EXPECT_NEAR(120 * std::exp(none.limits.high), chi_square_quantile(0.95, 1) / 2, 1e-4);
  const UnitAlone normal = alone(normal_unit(1.5, 0.2), 0.95);
  EXPECT_NEAR(normal.x, 1.5, 1e-7);
  EXPECT_NEAR(normal.limits.high, 1.5 + 0.2 * two_sided_z(0.95), 1e-8);
}

/// Posterior of normal units with tau integrated by a fine sum, everything else in closed form.
class NormalTheory {
 public:
  NormalTheory(std::vector<double> y, std::vector<double> error, double scale)
      : y_(std::move(y)), e_(std::move(error)) {
    constexpr int steps = 2000;
    double all = 0;
    for (int t = 0; t < steps; ++t) {
      Piece piece;
      const double tau = (t + 0.5) * 6 * scale / steps;
      piece.tau2 = tau * tau;
      double precision = 0, sum = 0;
      for (std::size_t i = 0; i < y_.size(); ++i) {
        precision += 1 / (e_[i] * e_[i] + piece.tau2);
        sum += y_[i] / (e_[i] * e_[i] + piece.tau2);
      }
      piece.theta = sum / precision;
      piece.variance = 1 / precision;
      double log_weight = -0.5 * std::pow(tau / scale, 2) - 0.5 * std::log(precision);
      for (std::size_t i = 0; i < y_.size(); ++i) {
        const double v = e_[i] * e_[i] + piece.tau2;
        log_weight -= 0.5 * std::log(v) + 0.5 * std::pow(y_[i] - piece.theta, 2) / v;
      }
      piece.weight = std::exp(log_weight);
      all += piece.weight;
      pieces_.push_back(piece);
    }
    for (Piece& piece : pieces_) piece.weight /= all;
  }

  double unit_below(std::size_t i, double x) const {
    return over([&](const Piece& p) {
      const double b = own(p, i);
      const double v = b * e_[i] * e_[i] + (1 - b) * (1 - b) * p.variance;
      return normal_cdf((x - middle(p, i)) / std::sqrt(v));
    });
  }
  double pair_below(std::size_t i, std::size_t j) const {
    return over([&](const Piece& p) {
      const double b = own(p, i), c = own(p, j);
      const double v = b * e_[i] * e_[i] + c * e_[j] * e_[j] + (b - c) * (b - c) * p.variance;
      return normal_cdf((middle(p, j) - middle(p, i)) / std::sqrt(v));
    });
  }
  double typical_below(double x) const {
    return over([&](const Piece& p) { return normal_cdf((x - p.theta) / std::sqrt(p.variance)); });
  }
  double spread_below(double tau) const {
    return over([&](const Piece& p) { return p.tau2 < tau * tau ? 1.0 : 0.0; });
  }

 private:
  struct Piece {
    double weight = 0, tau2 = 0, theta = 0, variance = 0;
  };
  double own(const Piece& p, std::size_t i) const { return p.tau2 / (p.tau2 + e_[i] * e_[i]); }
  double middle(const Piece& p, std::size_t i) const { return own(p, i) * y_[i] + (1 - own(p, i)) * p.theta; }
  template <class F>
  double over(F f) const {
    double sum = 0;
    for (const Piece& piece : pieces_) sum += piece.weight * f(piece);
    return sum;
  }
  std::vector<double> y_, e_;
  std::vector<Piece> pieces_;
};

TEST(unit_comparison_test, normal_units_are_as_in_theory) {
  const std::vector<double> y{-1.0, -0.7, -0.75, -0.1, -0.6}, error{0.2, 0.1, 0.3, 0.25, 0.15};
  std::vector<UnitLikelihood> units;
  for (std::size_t i = 0; i < y.size(); ++i) units.push_back(normal_unit(y[i], error[i]));
  const UnitComparison ours = compare_units(units, 0.4, 0.95);
  const NormalTheory theory(y, error, 0.4);
  EXPECT_NEAR(theory.typical_below(ours.typical), 0.5, 0.002);
  EXPECT_NEAR(theory.typical_below(ours.typical_limits.low), 0.025, 0.002);
  EXPECT_NEAR(theory.typical_below(ours.typical_limits.high), 0.975, 0.002);
  EXPECT_NEAR(theory.spread_below(ours.spread), 0.5, 0.005);
  EXPECT_NEAR(theory.spread_below(ours.spread_limits.high), 0.975, 0.002);
  EXPECT_FALSE(ours.spread_at_bound);
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(theory.unit_below(i, ours.units[i].x), 0.5, 0.002) << i;
    EXPECT_NEAR(theory.unit_below(i, ours.units[i].limits.low), 0.025, 0.001) << i;
    EXPECT_NEAR(theory.unit_below(i, ours.units[i].limits.high), 0.975, 0.001) << i;
    for (std::size_t j = 0; j < y.size(); ++j) {
      if (j == i) continue;
      EXPECT_NEAR(ours.below[i][j], theory.pair_below(i, j), 1e-3) << i << " " << j;
    }
  }
}

TEST(unit_comparison_test, ranks_and_pairs_are_of_one_law) {
  std::vector<UnitLikelihood> units;
  for (const double events : {14.0, 30.0, 33.0, 90.0, 0.0, 154.0})
    units.push_back(unit_likelihood({200 + events, events, 3, {}, 1}, infinity, {}));
  const UnitComparison ours = compare_units(units, 0.5);
  for (std::size_t u = 0; u < units.size(); ++u) {
    const auto& chances = ours.units[u].rank_chances;
    EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), 1, 1e-6);
    double rank = 0, from_pairs = 1, column = 0;
    for (std::size_t r = 0; r < units.size(); ++r) {
      rank += chances[r] * static_cast<double>(r + 1);
      column += ours.units[r].rank_chances[u];
      EXPECT_GE(chances[r], -1e-9);
      if (r == u) continue;
      from_pairs += ours.below[r][u];
      EXPECT_NEAR(ours.below[r][u] + ours.below[u][r], 1, 1e-6);
    }
    EXPECT_NEAR(rank, from_pairs, 1e-6);
    EXPECT_NEAR(column, 1, 1e-4);  // some unit has this rank: ties are shared to the grid's order
  }
  EXPECT_GT(ours.units[4].rank_chances[0], 0.9);
  EXPECT_GT(ours.units[5].rank_chances[5], 0.99);
}

/// Chance of every order of three units, and their means, by sums over theta, tau and a plain grid.
TEST(unit_comparison_test, three_units_by_brute_sums) {
  const std::vector<double> events{3, 8, 20}, people{30, 45, 60};
  std::vector<UnitLikelihood> units;
  for (std::size_t u = 0; u < 3; ++u) units.push_back(unit_likelihood({people[u], events[u], 1, {}, 1}, infinity, {}));
  const UnitComparison ours = compare_units(units, 0.6);
  constexpr int points = 700;
  const double low = -7, step = 8.0 / points;
  double all = 0, first_lowest = 0, second_middle = 0, third_highest = 0;
  for (int t = 0; t < 30; ++t) {
    const double tau = (t + 0.5) * 2.4 / 30;
    for (double theta = -6; theta < 2; theta += 0.08) {
      std::vector<std::vector<double>> f(3, std::vector<double>(points));
      double weight = std::exp(-0.5 * tau * tau / 0.36);
      for (std::size_t u = 0; u < 3; ++u) {
        double sum = 0;
        for (std::size_t i = 0; i < points; ++i) {
          const double x = low + static_cast<double>(i) * step;
          f[u][i] =
              std::exp(log_poisson(events[u], people[u] * std::exp(x)) - 0.5 * std::pow((x - theta) / tau, 2)) / tau;
          sum += f[u][i];
        }
        weight *= sum;
        for (double& each : f[u]) each /= sum;
      }
      all += weight;
      const auto order = [&](std::size_t a, std::size_t b, std::size_t c) {  // P(a < b < c)
        double below = 0, two = 0, three = 0;
        for (std::size_t i = 0; i < points; ++i) {
          three += f[c][i] * (two + f[b][i] * below / 2);
          two += f[b][i] * (below + f[a][i] / 2);
          below += f[a][i];
        }
        return three;
      };
      first_lowest += weight * (order(0, 1, 2) + order(0, 2, 1));
      second_middle += weight * (order(0, 1, 2) + order(2, 1, 0));
      third_highest += weight * (order(0, 1, 2) + order(1, 0, 2));
    }
  }
  EXPECT_NEAR(ours.units[0].rank_chances[0], first_lowest / all, 3e-3);
  EXPECT_NEAR(ours.units[1].rank_chances[1], second_middle / all, 3e-3);
  EXPECT_NEAR(ours.units[2].rank_chances[2], third_highest / all, 3e-3);
}

TEST(unit_comparison_test, what_can_not_be_is_refused) {
  const double no = std::nan("");
  for (const UnitCounts& wrong : {UnitCounts{0, 1, 1, {}, 1}, UnitCounts{5, -1, 1, {}, 1}, UnitCounts{5, 1, 0, {}, 1},
                                  UnitCounts{5, 1, 1, 0, 1}, UnitCounts{5, 1, 1, 3, 0}, UnitCounts{5, no, 1, {}, 1}})
    EXPECT_THROW(unit_likelihood(wrong, 1, {}), std::invalid_argument);
  const UnitCounts good{5, 1, 1, {}, 1};
  EXPECT_THROW(unit_likelihood(good, 0, {}), std::invalid_argument);
  for (const ShareCounted& wrong : {ShareCounted{0, 1}, ShareCounted{0.5, 0.4}, ShareCounted{0.5, 1.1}})
    EXPECT_THROW(unit_likelihood(good, 1, wrong), std::invalid_argument);
  const std::vector<UnitLikelihood> two{normal_unit(0, 1), normal_unit(1, 1)};
  EXPECT_THROW(compare_units(two, 1), std::invalid_argument);
  std::vector<UnitLikelihood> three = two;
  three.push_back(normal_unit(2, 1));
  EXPECT_NO_THROW(compare_units(three, 1));
  EXPECT_THROW(compare_units(three, 0), std::invalid_argument);
  three.push_back(normal_unit(1000, 0.01));
  EXPECT_THROW(compare_units(three, 1), std::invalid_argument);
}

}  // namespace
}  // namespace desist::statistics
