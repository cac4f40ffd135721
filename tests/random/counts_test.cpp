// Counts by inversion: equal to naive cumulative probabilities, to each other, monotone, and right at the edges.
#include "engine/random/counts.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/stream.hpp"
#include "tests/random/checks.hpp"

namespace desist {
namespace {

using Probability = std::function<long double(long double)>;  // of a count
using Quantile = std::function<std::int64_t(double)>;         // of u

// Naive probabilities in extended precision by logarithms of factorials, which the samplers do not use.
Probability poisson(long double mean) {
  return [mean](long double k) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1)); };
}
Probability binomial(long double n, long double p) {
  return [n, p](long double k) {
    return k > n ? 0.0L
                 : std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(p) +
                            (n - k) * std::log1p(-p));
  };
}
Probability negative_binomial(long double mean, long double size) {
  return [mean, size](long double k) {
    return std::exp(std::lgamma(size + k) - std::lgamma(size) - std::lgamma(k + 1) - size * std::log1p(mean / size) +
                    k * std::log(mean / (size + mean)));
  };
}

// The quantile must step from k to k + 1 at the naive cumulative probability of k; `tolerance` is the rounding of the
// naive sum. A shift of the law by one part in 1e9 of a step is found.
void expect_inversion(const std::string& law, const Quantile& quantile, const Probability& probability,
                      double tolerance) {
  long double sum = 0;
  for (std::int64_t k = 0; sum < 1 - 1e-9L && k < 20'000; ++k) {
    sum += probability(static_cast<long double>(k));
    const double below = static_cast<double>(sum) - tolerance;
    const double above = static_cast<double>(sum) + tolerance;
    if (below > 1e-9) {
      ASSERT_LE(quantile(below), k) << law;
    }
    if (above < 1 - 1e-9 && above > 1e-9) {
      ASSERT_GE(quantile(above), k + 1) << law;
    }
  }
}

TEST(Counts, Poisson_is_the_inverse) {
  for (const double mean : {0.01, 0.7, 5.0, 7.999, 8.0, 8.3, 12.9, 29.999, 30.001, 64.5, 153.4, 2000.0, 9000.0}) {
    expect_inversion(
        "Poisson " + std::to_string(mean), [&](double u) { return poisson_by_search(u, mean); }, poisson(mean), 1e-11);
  }
}

TEST(Counts, Binomial_is_the_inverse) {
  for (const double p : {0.001, 0.2, 0.5, 0.97}) {
    for (const int n : {1, 7, 54, 249, 3000}) {
      expect_inversion(
          "Binomial " + std::to_string(n) + " " + std::to_string(p),
          [&](double u) { return binomial_by_search(u, n, p); }, binomial(n, p), 1e-11);
    }
  }
}

TEST(Counts, Negative_binomial_is_the_inverse) {
  for (const double size : {0.3, 1.0, 2.5, 40.0}) {
    for (const double mean : {0.05, 3.0, 300.0}) {
      expect_inversion(
          "Negative binomial " + std::to_string(mean) + " " + std::to_string(size),
          [&](double u) { return negative_binomial_by_search(u, mean, size); }, negative_binomial(mean, size), 1e-11);
    }
  }
}

TEST(Counts, The_check_of_inversion_finds_a_shift) {
  const double wrong = 5 * (1 + 1e-6);
  long double sum = 0;
  bool found = false;
  for (int k = 0; k < 12; ++k) {
    sum += poisson(5)(k);
    found = found || poisson_by_search(static_cast<double>(sum) - 1e-11, wrong) > k;
  }
  EXPECT_TRUE(found);
}

TEST(Counts, Table_equals_search) {
  for (const double mean : {0.0, 1e-9, 0.01, 1.0, 8.0, 12.5, 29.999, 30.001, 100.0, 4321.0, 1e6}) {
    const PoissonTable sample(mean);
    const Streams streams(1, 0, 0);
    const std::uint64_t words = mean > 1e5 ? 2'000 : 50'000;
    for (std::uint64_t i = 0; i < words; ++i) {
      const std::uint64_t word = streams.words(Purpose("table"), i)[0];
      ASSERT_EQ(sample(word), poisson_by_search(uniform(word), mean)) << mean;
    }
    for (int bit = 0; bit < 64; ++bit) {  // both tails and the edges of the guide's cells
      for (const std::uint64_t word : {1ULL << bit, ~(1ULL << bit), (1ULL << bit) - 1, ~((1ULL << bit) - 1)}) {
        ASSERT_EQ(sample(word), poisson_by_search(uniform(word), mean)) << mean << " " << word;
      }
    }
  }
}

TEST(Counts, Monotone_in_the_word_and_in_the_law) {
  std::int64_t last_table = 0;
  std::int64_t last_binomial = 0;
  std::int64_t last_negative = 0;
  const PoissonTable sample(64.5);
  for (std::uint64_t i = 0; i < (1U << 16U); ++i) {
    const std::uint64_t word = i << 48U | i;
    const double u = uniform(word);
    const std::int64_t table = sample(word);
    const std::int64_t successes = binomial_by_search(u, 400, 0.3);
    const std::int64_t negative = negative_binomial_by_search(u, 64.5, 0.8);
    ASSERT_GE(table, last_table);
    ASSERT_GE(successes, last_binomial);
    ASSERT_GE(negative, last_negative);
    if (u > 1e-12 && u < 1 - 1e-12) {  // beyond lies the rounding of cumulative probabilities
      ASSERT_LE(table, poisson_by_search(u, 70));
      ASSERT_LE(successes, binomial_by_search(u, 400, 0.35));
      ASSERT_LE(successes, binomial_by_search(u, 401, 0.3));
      ASSERT_LE(negative, negative_binomial_by_search(u, 70, 0.8));
    }
    last_table = table;
    last_binomial = successes;
    last_negative = negative;
  }
}

// Pearson's test of drawn counts; by itself weaker than the inversion above, but it covers stream and word too.
TEST(Counts, Drawn_counts_follow_their_law) {
  const auto p_value = [](double drawn, double stated) {
    const PoissonTable sample(drawn);
    std::vector<double> observed(200, 0);
    std::vector<double> expected(200, 0);
    const Streams streams(2, 0, 0);
    for (std::uint64_t i = 0; i < enough_draws; ++i) {
      observed[static_cast<std::size_t>(sample(streams.words(Purpose("poisson"), i)[0]))] += 1;
    }
    for (std::size_t k = 0; k < expected.size(); ++k) {
      expected[k] = static_cast<double>(poisson(stated)(static_cast<long double>(k)));
    }
    return chi_square_p(observed, expected);
  };
  EXPECT_GT(p_value(17.3, 17.3), false_alarm);
  EXPECT_LT(p_value(17.3 + 0.05, 17.3), false_alarm);  // a bias of 0.012 standard deviations
}

// Means and variances at a million, where naive probabilities lose their digits.
TEST(Counts, Large_means) {
  const auto distances = [](const Quantile& quantile, double mean, double variance) {
    constexpr std::size_t n = 20'000;  // a bias of 0.06 standard deviations
    std::vector<double> counts;
    std::vector<double> squares;
    const Streams streams(3, 0, 0);
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto count = static_cast<double>(quantile(uniform(streams.words(Purpose("large"), i)[0])));
      counts.push_back(count);
      squares.push_back((count - mean) * (count - mean));
    }
    return std::pair{distance_of_mean(counts, mean, std::sqrt(variance)),
                     distance_of_mean(squares, variance, variance * std::sqrt(2.0))};
  };
  const auto expect_both = [](std::pair<double, double> z) {
    EXPECT_LT(std::abs(z.first), two_sided_limit);
    EXPECT_LT(std::abs(z.second), two_sided_limit);
  };
  expect_both(distances([](double u) { return poisson_by_search(u, 1e6); }, 1e6, 1e6));
  expect_both(distances([](double u) { return binomial_by_search(u, 4'000'000, 0.25); }, 1e6, 0.75e6));
  expect_both(distances([](double u) { return negative_binomial_by_search(u, 1e6, 1e6); }, 1e6, 2e6));
  EXPECT_GT(std::abs(distances([](double u) { return poisson_by_search(u, 1e6 + 80); }, 1e6, 1e6).first),
            two_sided_limit);
}

TEST(Counts, Edges_end) {
  const double least = uniform(0);
  const double most = uniform(~0ULL);
  for (const double mean : {0.0, 1e-300, 1e-9, 1.0, 30.0, 1e6, 1e9}) {
    EXPECT_LE(static_cast<double>(poisson_by_search(least, mean)), mean);
    EXPECT_GE(static_cast<double>(poisson_by_search(most, mean)), mean == 0 ? 0 : std::floor(mean));
  }
  EXPECT_EQ(poisson_by_search(0.5, 1e-9), 0);
  EXPECT_EQ(binomial_by_search(most, 0, 0.5), 0);
  EXPECT_EQ(binomial_by_search(most, 10, 0), 0);
  EXPECT_EQ(binomial_by_search(least, 10, 1), 10);
  EXPECT_EQ(binomial_by_search(most, 10, 1e-9), 1);  // P(X = 0) = 1 - 1e-8
  EXPECT_EQ(binomial_by_search(0.5, 10, 1 - 0x1p-53), 10);
  EXPECT_LE(binomial_by_search(most, 1'000'000'000, 0.5), 1'000'000'000);
  EXPECT_EQ(binomial_by_search(most, 1'000'000'000, 1 - 0x1p-53), 1'000'000'000);
  EXPECT_EQ(negative_binomial_by_search(most, 0, 3), 0);
  EXPECT_EQ(negative_binomial_by_search(0.5, 1e-9, 1e-3), 0);
  EXPECT_GT(negative_binomial_by_search(0.999, 1e6, 1), 1'000'000);
  EXPECT_NEAR(static_cast<double>(negative_binomial_by_search(0.5, 1e9, 1e9)), 1e9, 1e5);
}

TEST(Counts, Refusals_say_what) {
  EXPECT_EQ(refusal([] { return poisson_by_search(0.5, -1); }),
            "the mean of a Poisson count must be between 0 and 1000000000, not -1");
  EXPECT_EQ(refusal([] { return PoissonTable(std::nan("")); }),
            "the mean of a Poisson count must be between 0 and 1000000000, not NaN");
  EXPECT_EQ(refusal([] { return poisson_by_search(0.5, 2e9); }),
            "the mean of a Poisson count must be between 0 and 1000000000, not 2000000000");
  EXPECT_EQ(refusal([] { return binomial_by_search(0.5, -3, 0.5); }),
            "the number of trials must be between 0 and 1000000000, not -3");
  EXPECT_EQ(refusal([] { return binomial_by_search(0.5, 3, 1.5); }),
            "the chance of a success must be between 0 and 1, not 1.5");
  EXPECT_EQ(refusal([] { return negative_binomial_by_search(0.5, 3, 0); }),
            "the size of a negative binomial count must be positive and finite, not 0");
  EXPECT_EQ(refusal([] { return negative_binomial_by_search(0.5, 1e6, 1e-3); }),
            "the mean over the size of a negative binomial count must be between 0 and 10000000, not 1000000000");
  EXPECT_NE(refusal([] { return poisson_by_search(1, 3); }), "accepted");
}

}  // namespace
}  // namespace desist
