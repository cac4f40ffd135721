// What a forecast gives: its rows, and the joint law of its years, which must be the same law.
#include "engine/estimation/forecast.hpp"

#include <cmath>

#include <gmock/gmock.h>

namespace desist {
namespace {

using Kind = ForecastRow::Kind;

Forecast resolutions() {
  Forecast forecast;
  forecast.name = "resolutions";
  forecast.label = "Out-of-court resolutions";
  forecast.thing = "resolutions";
  forecast.counts = {8721, 12176, 14740};
  forecast.next_year = Date::from_ymd(2026, 4, 1);
  forecast.years = 3;
  return forecast;
}

TEST(Forecast, Years_are_named_as_they_are_printed) {
  Forecast forecast = resolutions();
  EXPECT_EQ(forecast.year_name(0), "2026/27");
  EXPECT_EQ(forecast.year_name(-27), "1999/00");
  EXPECT_EQ(forecast.first_day(-1), Date::from_ymd(2025, 4, 1));
  forecast.next_year = Date::from_ymd(2027, 1, 1);
  EXPECT_EQ(forecast.year_name(-1), "2026");
}

TEST(Forecast, Has_a_row_a_year_with_each_prior_and_a_refit_for_each_later_count) {
  const ForecastResult result = evaluate(resolutions());
  ASSERT_EQ(result.rows.size(), 3u + 6u + 1u);
  const ForecastRow& next = *result.find(Kind::forecast, 0);
  EXPECT_NEAR(next.q50, 18'800, 50);  // mathematics.md 5.2
  EXPECT_NEAR(next.q025, 12'400, 50);
  EXPECT_NEAR(next.q975, 26'700, 50);
  EXPECT_EQ(next.counts_used, 3u);
  EXPECT_FALSE(next.counted);
  EXPECT_LT(next.q975 / next.q025, result.find(Kind::forecast, 2)->q975 / result.find(Kind::forecast, 2)->q025);
  EXPECT_NEAR(result.rows[3].change, 0.05, 1e-12);
  EXPECT_NEAR(result.rows[3].q975, 23'000, 50);
  EXPECT_NEAR(result.rows[6].change, 0.3, 1e-12);
  EXPECT_NEAR(result.rows[6].q975, 31'000, 50);
  const ForecastRow& refit = *result.find(Kind::back_test, -1);  // 5.3
  EXPECT_NEAR(refit.q50, 16'700, 50);
  EXPECT_NEAR(refit.q025, 9'900, 50);
  EXPECT_NEAR(refit.q975, 23'100, 50);
  EXPECT_NEAR(refit.plain_line, 17'000, 50);
  EXPECT_EQ(refit.counted, 14'740);
  EXPECT_EQ(result.find(Kind::back_test, -2), nullptr);  // one count is no series
}

TEST(Forecast, The_joint_law_of_its_years_is_the_same_law) {
  Forecast forecast = resolutions();
  forecast.limits = {0.8, 40'000};
  const Posterior law = joint_law(forecast, 52);
  ASSERT_EQ(law.columns.size(), 3u);
  EXPECT_EQ(law.columns[1].name, "2027/28");
  std::vector<Parameter> parameters;
  for (std::size_t year = 0; year < 3; ++year)
    parameters.push_back({law.columns[year].name, "", "case/week", PosteriorLaw{0, year}});
  const ParameterDraws draws(parameters, {}, {law}, 7);
  const statistics::GrowthForecast direct(forecast.counts, forecast.priors, forecast.limits);
  const int n = 20'000;  // a share's error is at most .0035: |share - p| <= 4.9 errors, a bias of .03 is found
  std::vector<std::vector<double>> rows;
  for (int draw = 0; draw < n; ++draw) rows.push_back(draws.row(static_cast<std::uint64_t>(draw)));
  for (std::size_t year = 0; year < 3; ++year) {
    for (const double p : {0.05, 0.25, 0.5, 0.8}) {
      // Poisson chance is in the count and not in the rate: at 15,000 and more it widens the law by a part in 500.
      const double limit = direct.quantile(static_cast<int>(year) + 1, p) / 52;
      int below = 0;
      for (const auto& row : rows) below += row[year] <= limit;
      EXPECT_NEAR(below / static_cast<double>(n), p, 4.9 * std::sqrt(p * (1 - p) / n)) << year << " at " << p;
    }
    for (const auto& row : rows) ASSERT_LE(row[year], 40'000 / 52.0);
  }
  // Drawn together: a run with much growth in the first year goes on from there.
  double both = 0;
  double first = 0;
  const double middle = direct.quantile(1, 0.5) / 52;
  const double middle_after = direct.quantile(2, 0.5) / 52;
  for (const auto& row : rows) {
    first += row[0] > middle;
    both += row[0] > middle && row[1] > middle_after;
  }
  EXPECT_GT(both / first, 0.6);  // one half, with an error of .005, if they were drawn apart
}

TEST(Forecast, Another_year_moves_no_earlier_one) {
  Forecast forecast = resolutions();
  const auto first_years = [&] {
    const Posterior law = joint_law(forecast);
    return ParameterDraws({{"a", "", "", PosteriorLaw{0, 0}}, {"b", "", "", PosteriorLaw{0, 1}}}, {}, {law}, 7).row(3);
  };
  const auto three = first_years();
  forecast.years = 8;
  EXPECT_EQ(first_years(), three);
}

}  // namespace
}  // namespace desist
