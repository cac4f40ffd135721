// Thinned processes: right counts, and the promises about arms, horizons and bounds.
#include "engine/random/thinned_process.hpp"

#include <cmath>
#include <functional>
#include <set>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/counts.hpp"
#include "tests/random/checks.hpp"

namespace desist {
namespace {

constexpr Purpose purpose("referrals of an area");
using Rate = std::function<double(double)>;

bool operator==(const Candidate& a, const Candidate& b) {
  return a.time == b.time && a.height == b.height && a.marks == b.marks && a.strip == b.strip && a.index == b.index;
}

// All events before `horizon` of a rate below `bound`, in stretches of `step`.
std::vector<Candidate> events(std::uint64_t entity, double horizon, double bound, const Rate& rate, double step = 1e9) {
  ThinnedProcess process(Streams(5, 6, 7), purpose, entity, 1.0);
  std::vector<Candidate> kept;
  for (double end = std::min(step, horizon);; end = std::min(end + step, horizon)) {
    while (const auto event = process.next(end, bound, rate)) kept.push_back(*event);
    if (end >= horizon) return kept;
  }
}

TEST(ThinnedProcess, Equal_arms_are_equal_to_the_bit) {
  const Rate rate = [](double t) { return 3 + 2 * std::sin(t); };
  const auto one = events(1, 100, 5, rate);
  const auto two = events(1, 100, 5, rate);
  ASSERT_EQ(one.size(), two.size());
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i] == two[i]);
}

TEST(ThinnedProcess, A_looser_bound_shorter_stretches_and_a_longer_horizon_move_nothing) {
  const Rate rate = [](double t) { return 3 + 2 * std::sin(t); };
  const auto first = events(1, 100, 5, rate);
  for (const auto& other : {events(1, 100, 37, rate), events(1, 100, 5, rate, 0.7), events(1, 250, 5, rate)}) {
    ASSERT_GE(other.size(), first.size());
    for (std::size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(first[i] == other[i]);
  }
  EXPECT_GT(events(1, 250, 5, rate).size(), first.size());
}

// An arm with a higher rate keeps every event of the other, as the same event, and adds some.
TEST(ThinnedProcess, A_higher_rate_only_adds) {
  const auto lower = events(2, 200, 1.5, [](double) { return 1.5; });
  const auto higher = events(2, 200, 6.5, [](double) { return 6.5; });
  std::set<std::pair<std::uint64_t, std::uint64_t>> names;
  for (const auto& event : higher) names.emplace(event.strip, event.index);
  EXPECT_EQ(names.size(), higher.size());
  for (const auto& event : lower) EXPECT_EQ(names.count({event.strip, event.index}), 1U);
  EXPECT_GT(higher.size(), lower.size());
}

// A strip that was above the bound for a while is the same afterwards.
TEST(ThinnedProcess, A_bound_that_rises_late_finds_the_same_events) {
  const Rate rate = [](double t) { return t < 50 ? 0.8 : 7.0; };
  ThinnedProcess process(Streams(5, 6, 7), purpose, 3, 1.0);
  std::vector<Candidate> kept;
  while (const auto event = process.next(50, 0.8, rate)) kept.push_back(*event);
  EXPECT_EQ(process.now(), 50);
  while (const auto event = process.next(100, 7, rate)) kept.push_back(*event);
  const auto whole = events(3, 100, 7, rate);
  ASSERT_EQ(kept.size(), whole.size());
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(kept[i] == whole[i]);
}

// Counts over a horizon are Poisson with the integral of the rate as mean: Pearson's test on all probabilities, so mean
// and variance too; and they are uncorrelated in two halves. `stated` is the rate that is tested.
struct Result {
  double p_value;
  double mean;
  double variance;
  double covariance_of_halves;
};

Result counts(double scale, double stated) {
  constexpr int n = 40'000;  // a bias of 0.04 standard deviations
  const double horizon = 4;
  const auto rate = [scale](double t) { return scale * (t < 2 ? 1.3 : 3.7); };
  const double expected_mean = stated * 10;
  std::vector<double> observed(60, 0);
  std::vector<double> z;
  std::vector<double> spread;
  std::vector<double> halves;
  for (std::uint64_t entity = 0; entity < n; ++entity) {
    ThinnedProcess process(Streams(1, 0, entity % 7), purpose, entity, 1.0);
    double early = 0;
    double late = 0;
    while (process.next(horizon, 3.7 * scale, rate)) (process.now() < 2 ? early : late) += 1;
    const double count = early + late;
    observed[static_cast<std::size_t>(count)] += 1;
    z.push_back(count);
    spread.push_back((count - expected_mean) * (count - expected_mean));
    halves.push_back((early - 2.6 * stated) * (late - 7.4 * stated));
  }
  std::vector<double> probabilities;
  double probability = std::exp(-expected_mean);
  for (std::size_t k = 0; k < observed.size(); ++k) {
    probabilities.push_back(probability);
    probability *= expected_mean / static_cast<double>(k + 1);
  }
  // The fourth central moment of a Poisson count is m + 3 m^2; halves are independent.
  return {chi_square_p(observed, probabilities), distance_of_mean(z, expected_mean, std::sqrt(expected_mean)),
          distance_of_mean(spread, expected_mean, std::sqrt(expected_mean + 2 * expected_mean * expected_mean)),
          distance_of_mean(halves, 0, std::sqrt(2.6 * 7.4) * stated)};
}

TEST(ThinnedProcess, Counts_are_Poisson) {
  const Result right = counts(1, 1);
  EXPECT_GT(right.p_value, false_alarm);
  EXPECT_LT(std::abs(right.mean), two_sided_limit);
  EXPECT_LT(std::abs(right.variance), two_sided_limit);
  EXPECT_LT(std::abs(right.covariance_of_halves), two_sided_limit);
  const Result wrong = counts(1.02, 1);  // 2 % too many: 0.06 standard deviations
  EXPECT_LT(wrong.p_value, false_alarm);
  EXPECT_GT(std::abs(wrong.mean), two_sided_limit);
}

TEST(ThinnedProcess, Marks_are_uniform_and_independent_of_strips) {
  std::vector<double> marks;
  std::vector<double> others;
  for (std::uint64_t entity = 0; entity < 2000; ++entity) {
    for (const auto& event : events(entity, 20, 4, [](double) { return 4.0; })) {
      marks.push_back(uniform(event.marks[0]));
      others.push_back(uniform(event.marks[1]));
    }
  }
  EXPECT_GT(fit_p(marks, [](double u) { return u; }), false_alarm);
  EXPECT_GT(fit_p(others, [](double u) { return u; }), false_alarm);
  EXPECT_LT(fit_p(marks, [](double u) { return u * u; }), false_alarm);
}

TEST(ThinnedProcess, Nothing_at_rate_zero_and_refusals) {
  ThinnedProcess process(Streams(1, 2, 3), purpose, 0, 1.0);
  const Rate zero = [](double) { return 0.0; };
  EXPECT_FALSE(process.next(10, 0, zero).has_value());
  EXPECT_FALSE(process.next(20, 5, zero).has_value());
  EXPECT_EQ(process.now(), 20);
  EXPECT_THROW(process.next(10, 1, zero), std::domain_error);  // backwards
  EXPECT_THROW(process.next(INFINITY, 1, zero), std::domain_error);
  EXPECT_THROW(process.next(1e3, -1, zero), std::domain_error);
  EXPECT_THROW(process.next(1e3, std::nan(""), zero), std::domain_error);
  EXPECT_THROW(process.next(1e3, 1, [](double) { return 1.5; }), std::domain_error);
  EXPECT_THROW(ThinnedProcess(Streams(1, 2, 3), purpose, 0, 0.0), std::domain_error);
}

}  // namespace
}  // namespace desist
