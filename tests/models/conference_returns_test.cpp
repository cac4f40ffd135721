// Cases come back by their law: exact chances, an exact convolution for those of the past, and no echo of a burst.
#include "models/parts/conference_returns.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>

#include "tests/models/conference_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

TEST(ConferenceReturns, The_stated_share_comes_back_within_a_year) {
  for (const double share : {0.01, 0.2, 0.4, 0.9, 1.0}) {
    for (const double mean : {0.0, 8.0, 24.0, 40.0, 520.0}) {
      SCOPED_TRACE(testing::Message() << share << " " << mean);
      const ReturnLaw law(share, mean, 1, 22);
      EXPECT_GT(law.share, 0);
      EXPECT_LE(law.share, 1);
      EXPECT_LE(law.earlier_chance, 1);
      const double by_a_year = -std::expm1(weeks_per_year * std::log1p(-law.by_next_meeting));
      EXPECT_NEAR(law.share * by_a_year, share, 1e-12);
      const double stated = mean > 0 ? std::exp(-1 / mean) : 0;
      if (law.share < 1) {
        EXPECT_NEAR(1 - law.by_next_meeting, stated, 1e-12);
      } else {
        EXPECT_GE(law.by_next_meeting, 1 - stated - 1e-12);  // sooner than stated, if need be
      }
    }
  }
  EXPECT_NEAR(ReturnLaw(0.3, 24, 1, 22).share, 0.3 / 0.886121, 5e-7);  // exp(-365/168) = .113879
  EXPECT_FALSE(ReturningCases(ReturnLaw(0, 24, 1, 22), Streams(1, 0, 0), 0).any());
}

TEST(ConferenceReturns, A_batch_comes_back_by_the_exponential_law) {
  ReturnLaw law(0.3, 24, 1.4, 22);
  law.earlier_cases = 0;
  const double still = std::exp(-1.4 / 24);
  std::vector<double> first, by_ten, squares;
  const int heard = 400;
  for (std::uint64_t r = 0; r < 20'000; ++r) {  // finds a bias of 8/141 of the sd: half a case of 57
    const Streams streams(3, 0, r);
    ReturningCases cases(law, streams, 0);
    cases.take_before(0);
    cases.add_heard(heard);
    double sum = 0;
    for (std::size_t m = 1; m <= 10; ++m) {
      sum += static_cast<double>(cases.take_before(m));
      if (m == 1) first.push_back(sum);
    }
    by_ten.push_back(sum);
  }
  const double chance = law.share * (1 - std::pow(still, 10));
  for (const double count : by_ten) squares.push_back((count - heard * chance) * (count - heard * chance));
  EXPECT_TRUE(agrees(first, heard * law.share * (1 - still)));
  EXPECT_TRUE(agrees(by_ten, heard * chance));
  EXPECT_TRUE(agrees(squares, heard * chance * (1 - chance)));
  EXPECT_FALSE(agrees(by_ten, heard * 0.3 * (1 - std::pow(still, 10))));  // the share of a year, taken for that of all
  EXPECT_FALSE(agrees(by_ten, heard * law.share * (1 - std::pow(still, 9))));
}

/// Convolution of `law` with Binomial(n, p).
std::vector<double> with_binomial(const std::vector<double>& law, int n, double p) {
  std::vector<double> sum = law;
  for (int i = 0; i < n; ++i) {
    sum.push_back(0);
    for (std::size_t k = sum.size(); k-- > 0;) sum[k] = sum[k] * (1 - p) + (k > 0 ? sum[k - 1] * p : 0);
  }
  return sum;
}

/// Largest difference of the cumulative laws of the one binomial and of the sum over the meetings before the start.
double distance_at_the_start(const ReturnLaw& law, int hearings, std::int64_t cases, double chance) {
  std::vector<double> exact{1};
  for (double p = law.share; p > 1e-7; p *= 1 - law.by_next_meeting) {
    exact = with_binomial(exact, hearings, p);
    while (exact.back() < 1e-18) exact.pop_back();
  }
  const auto one = with_binomial({1}, static_cast<int>(cases), chance);
  double largest = 0;
  double difference = 0;
  for (std::size_t k = 0; k < std::max(exact.size(), one.size()); ++k) {
    difference += (k < exact.size() ? exact[k] : 0) - (k < one.size() ? one[k] : 0);
    largest = std::max(largest, std::abs(difference));
  }
  return largest;
}

TEST(ConferenceReturns, Those_of_the_past_follow_the_sum_over_past_meetings) {
  const auto distance = [](double share, double mean, int hearings) {
    const ReturnLaw law(share, mean, 1, hearings);
    return distance_at_the_start(law, hearings, law.earlier_cases, law.earlier_chance);
  };
  for (const double share : {0.2, 0.4}) {
    for (const double mean : {8.0, 24.0, 40.0}) EXPECT_LT(distance(share, mean, 22), 4e-4);
    for (const double mean : {4.0, 24.0}) EXPECT_LT(distance(share, mean, 5), 2e-3);
  }
  const ReturnLaw law(0.4, 24, 1, 22);  // a Poisson number of the same mean is wrong by far more
  const int many = 100'000;
  EXPECT_GT(distance_at_the_start(law, 22, many, static_cast<double>(law.earlier_cases) * law.earlier_chance / many),
            0.02);
}

/// Chance that the MARAC backlog is clear on the last date with `level` hearings a week from week 11.3: a replicate for
/// each of many mean delays and shares.
std::vector<double> clear_at(double level) {
  std::vector<double> clear;
  for (int i = 0; i < 2'000; ++i) {
    ConferenceParameters parameters = plain(8, 23.7, 22);
    parameters.hearings = Steps({{0, 176}, {11.3, level}});
    parameters.starting_backlog = 7;
    parameters.papers_released = 5.0 / 7;
    parameters.repeat_share = 0.2 + 0.2 * (i % 50) / 50;
    parameters.return_delay = 8 + 32.0 * (i % 43) / 43;
    parameters.clear_dates = {Date::from_ymd(2024, 3, 31)};
    parameters.record = Record::counts;
    clear.push_back(run(ConferencePlan(parameters, window_of(52)), static_cast<std::uint64_t>(i)).outcomes.clear[0]);
  }
  return clear;
}

TEST(ConferenceReturns, More_hearings_never_lower_the_chance_of_staying_clear) {
  // If all came back one delay after their hearing, 704 a week would do worse than 484 by .063: 12 standard errors.
  std::vector<double> before = clear_at(264);
  EXPECT_LT(mean_of(before).value, 0.5);
  for (const double level : {308, 352, 396, 484, 704}) {
    const std::vector<double> now = clear_at(level);
    std::vector<double> loss;
    for (std::size_t i = 0; i < now.size(); ++i) loss.push_back(before[i] - now[i]);
    const Mean mean = mean_of(loss);
    EXPECT_LE(mean.value, tolerance_in_errors * mean.standard_error) << level;
    before = now;
  }
  EXPECT_GT(mean_of(before).value, 0.99);
}

}  // namespace
}  // namespace desist
