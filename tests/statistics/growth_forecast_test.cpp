// Forecasts from few points against check values, and against two ways of working them out that share nothing with
// ours.
#include "engine/statistics/growth_forecast.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>

#include "engine/random/counts.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

const std::vector<double> resolutions{8721, 12176, 14740};
const std::vector<double> first_two{8721, 12176};

double to_hundreds(double count) { return std::round(count / 100) * 100; }
/// 2.5%, median and 97.5%, to hundreds.
std::vector<double> in_short(const GrowthForecast& forecast) {
  return {to_hundreds(forecast.quantile(1, 0.025)), to_hundreds(forecast.quantile(1, 0.5)),
          to_hundreds(forecast.quantile(1, 0.975))};
}

TEST(GrowthForecast, Check_values) {  // mathematics.md 5.2 and 5.3
  using testing::ElementsAre;
  EXPECT_THAT(in_short(GrowthForecast(resolutions)), ElementsAre(12'400, 18'800, 26'700));
  EXPECT_THAT(in_short(GrowthForecast(resolutions, {0.3, 0.05})), ElementsAre(15'600, 19'000, 23'000));
  EXPECT_THAT(in_short(GrowthForecast(resolutions, {0.3, 0.3})), ElementsAre(9'600, 18'600, 31'000));
  const GrowthForecast before(first_two);
  EXPECT_THAT(in_short(before), ElementsAre(9'900, 16'700, 23'100));
  EXPECT_EQ(to_hundreds(before.plain_line(1)), 17'000);
  EXPECT_NEAR(1 - 14'740 / before.plain_line(1), 0.13, 0.005);
  EXPECT_NEAR(GrowthForecast(resolutions).plain_line(1), 14'740 * std::sqrt(14'740.0 / 8'721), 1e-9);
}

/// P(count <= limit) by the midpoint rule over the mean growth and its change, from the likelihood of each growth.
double naive_cdf(const std::vector<double>& counts, GrowthPriors priors, int years, double limit) {
  double above = 0;
  double below = 0;
  for (double mean = -6 * priors.mean_growth; mean < 6 * priors.mean_growth; mean += priors.mean_growth / 60) {
    for (int k = 0; k < 300; ++k) {
      const double change = (k + 0.5) / 300 * 4 * priors.change;
      double log_weight = -mean * mean / 2 / priors.mean_growth / priors.mean_growth;
      log_weight -= change * change / 2 / priors.change / priors.change;
      for (std::size_t i = 1; i < counts.size(); ++i) {
        const double chance = std::sqrt(1 / counts[i] + 1 / counts[i - 1]);
        const double sd = change > chance ? change : chance;
        const double z = (std::log(counts[i]) - std::log(counts[i - 1]) - mean) / sd;
        log_weight -= z * z / 2 + std::log(sd);
      }
      const double middle = std::log(counts.back()) + years * mean;
      const double sd = std::sqrt(years * change * change + std::exp(-middle));
      const double chance = 0.5 * std::erfc(-(std::log(limit) - middle) / sd / std::sqrt(2.0));
      below += std::exp(log_weight) * chance;
      above += std::exp(log_weight) * (1 - chance);
    }
  }
  return below / (below + above);
}

TEST(GrowthForecast, Equals_a_quadrature_over_the_plane) {
  const std::vector<double> many{87'210, 121'760, 147'400};
  const std::vector<double> fewer_each_year{9e5, 7e5, 6.5e5, 5.1e5};
  for (const auto& counts : {std::vector<double>{87'210, 121'760}, many, fewer_each_year}) {
    for (const int years : {1, 4}) {
      const GrowthPriors priors{0.25, 0.1};
      const GrowthForecast forecast(counts, priors);
      for (const double p : {0.025, 0.3, 0.9}) {
        const double limit = forecast.quantile(years, p);
        EXPECT_NEAR(forecast.cdf(years, limit), p, 1e-12);
        // Counts so large that Poisson chance, whose place within the plane differs, is a thousandth of the width; both
        // rules err by the step's square, 3e-4 at the most where the density of the change bends.
        EXPECT_NEAR(naive_cdf(counts, priors, years, limit), p, 5e-4);
      }
      // A prior that is a fifth narrower is found out.
      EXPECT_GT(std::abs(naive_cdf(counts, {0.25, 0.08}, years, forecast.quantile(years, 0.025)) - 0.025), 2e-3);
    }
  }
}

TEST(GrowthForecast, Equal_growths_leave_a_doubt) {
  // Four equal counts: what chance alone could hide, 1/10,000 + 1/10,000 a growth, is a sd of .014; with it added to
  // every growth in place of the greater of the two (a fuller model) 95 in 100 lie within 9,160 to 10,920.
  const Interval interval = GrowthForecast(std::vector<double>(4, 10'000)).interval(1);
  EXPECT_LT(interval.low, 9'300);
  EXPECT_GT(interval.high, 10'750);
}

/// Chances and their errors that counts drawn from the model, one story of growth each, stay at or below limits:
/// stories drawn from the priors, weighted by the likelihood of what was counted.
struct Simulated {
  std::vector<double> chance, error;
  double mean = 0, error_of_mean = 0;
};
Simulated simulate(const std::vector<double>& counts, GrowthPriors priors, GrowthLimits limits, int years,
                   const std::vector<double>& at) {
  Stream words = Streams(20261121, 0, 0).open(Purpose("stories"), counts.size(), static_cast<std::uint64_t>(years));
  const auto normal = [&] { return normal_quantile(uniform(words())); };
  std::vector<double> weights, ends;
  double all = 0;
  for (int story = 0; story < 400'000; ++story) {
    const double mean = priors.mean_growth * normal();
    const double change = std::abs(priors.change * normal());
    double weight = 1;
    for (std::size_t i = 1; i < counts.size(); ++i) {
      const double sd = std::max(change, std::sqrt(1 / counts[i] + 1 / counts[i - 1]));
      const double z = (std::log(counts[i] / counts[i - 1]) - mean) / sd;
      weight *= std::exp(-z * z / 2) / sd;
    }
    double rate = counts.back();
    double damped = mean;
    for (int year = 0; year < years; ++year) rate *= std::exp((damped *= limits.damping) + change * normal());
    const double count = static_cast<double>(poisson_by_search(uniform(words()), std::min(rate, 1e8)));
    weights.push_back(weight);
    ends.push_back(std::min(count, limits.ceiling));
    all += weight;
  }
  const auto ratio = [&](const std::function<double(double)>& f) {  // and its error by linearisation
    double sum = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) sum += weights[i] * f(ends[i]);
    const double value = sum / all;
    double squares = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) squares += std::pow(weights[i] * (f(ends[i]) - value), 2);
    return std::pair(value, std::sqrt(squares) / all);
  };
  Simulated result;
  for (const double limit : at) {
    const auto [chance, error] = ratio([&](double count) { return count <= limit ? 1.0 : 0.0; });
    result.chance.push_back(chance);
    result.error.push_back(error);
  }
  std::tie(result.mean, result.error_of_mean) = ratio([](double count) { return count; });
  return result;
}

TEST(GrowthForecast, Equals_stories_drawn_from_the_model) {
  // |chance - p| <= 4.9 errors (false alarms below 1e-6), an error being about .0015; and .006 for taking Poisson
  // chance around a hundred for normal on the scale of logarithms (skewness .1: the chances of a lognormal and of a
  // Poisson law of mean 100 differ by up to .04/6). Priors half as wide are found out.
  struct Kind {
    std::vector<double> counts;
    GrowthLimits limits;
    int years;
    double approximation;
  };
  const Kind kinds[] = {{resolutions, {}, 1, 0.0}, {resolutions, {0.7, 30'000}, 3, 0.0}, {{110, 130}, {}, 2, 0.006}};
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.years);
    const GrowthForecast forecast(kind.counts, {}, kind.limits);
    std::vector<double> at;
    const std::vector<double> chances{0.05, 0.3, 0.6};
    for (const double p : chances) at.push_back(forecast.quantile(kind.years, p));
    const Simulated found = simulate(kind.counts, {}, kind.limits, kind.years, at);
    for (std::size_t i = 0; i < chances.size(); ++i)
      EXPECT_NEAR(found.chance[i], chances[i], 4.9 * found.error[i] + kind.approximation);
    EXPECT_NEAR(found.mean, forecast.mean(kind.years), 4.9 * found.error_of_mean + kind.approximation * found.mean);
    const Simulated narrow = simulate(kind.counts, {0.3, 0.075}, kind.limits, kind.years, at);
    EXPECT_GT(std::abs(narrow.chance[0] - 0.05), 4.9 * narrow.error[0] + kind.approximation);
  }
}

TEST(GrowthForecast, Widens_with_years_and_with_priors) {
  double before = 0;
  for (int years = 1; years <= 6; ++years) {
    const Interval interval = GrowthForecast(resolutions).interval(years);
    EXPECT_GT(std::log(interval.high / interval.low), before);
    before = std::log(interval.high / interval.low);
  }
  const auto width = [](double change) {
    const Interval interval = GrowthForecast(resolutions, {0.3, change}).interval(1);
    return interval.high - interval.low;
  };
  EXPECT_LT(width(0.05), width(0.15));
  EXPECT_LT(width(0.15), width(0.3));
}

TEST(GrowthForecast, Without_growth_stays_where_it_is) {
  const GrowthForecast still(std::vector<double>{5000, 5000, 5000, 5000});
  EXPECT_NEAR(still.quantile(1, 0.5), 5000, 1e-6 * 5000);
  EXPECT_NEAR(std::log(still.quantile(3, 0.9) / 5000), -std::log(still.quantile(3, 0.1) / 5000), 1e-9);
}

TEST(GrowthForecast, A_ceiling_and_damping_hold_growth_back) {
  const GrowthForecast free(resolutions);
  const GrowthForecast held(resolutions, {}, {1, 20'000});
  EXPECT_EQ(held.quantile(1, 0.5), free.quantile(1, 0.5));
  EXPECT_EQ(held.quantile(1, 0.975), 20'000);
  EXPECT_EQ(held.cdf(1, 20'000), 1);
  EXPECT_LT(held.mean(1), free.mean(1));
  EXPECT_LT(held.mean(10), 20'000);
  const GrowthForecast damped(resolutions, {}, {0.5, std::numeric_limits<double>::infinity()});
  EXPECT_LT(damped.quantile(1, 0.5), free.quantile(1, 0.5));
  // Half, then a quarter of the mean growth: three quarters of one year's.
  EXPECT_LT(damped.quantile(2, 0.5), free.quantile(1, 0.5));
  EXPECT_GT(damped.quantile(20, 0.5), damped.quantile(1, 0.5));
}

std::string refusal(const std::function<void()>& make) {
  try {
    make();
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "";
}

TEST(GrowthForecast, What_cannot_be_is_refused) {
  const double infinite = std::numeric_limits<double>::infinity();
  const std::string flat =
      "a forecast needs priors of finite width: a flat one and two growths leave a law without a mean";
  EXPECT_EQ(refusal([&] { GrowthForecast(resolutions, {infinite, 0.15}); }), flat);
  EXPECT_EQ(refusal([&] { GrowthForecast(resolutions, {0.3, infinite}); }), flat);
  EXPECT_EQ(refusal([&] { GrowthForecast(resolutions, {0.3, 0}); }), flat);
  EXPECT_EQ(refusal([] { GrowthForecast(std::vector<double>{8721}); }), "a forecast needs 2 to 100 counts");
  EXPECT_EQ(refusal([] {
              GrowthForecast(std::vector<double>{90, 120});
            }),
            "a forecast needs counts of at least 100: in smaller ones chance alone would pass for growth");
  EXPECT_EQ(refusal([&] { GrowthForecast(resolutions, {}, {0, infinite}); }), "damping is above 0 and at most 1");
  EXPECT_EQ(refusal([&] { GrowthForecast(resolutions, {}, {1, 14'000}); }), "the ceiling lies below the last count");
}

}  // namespace
}  // namespace desist::statistics
