#include "engine/estimation/forecast.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace desist {
namespace {

using statistics::GrowthForecast;

ForecastRow row_of(const GrowthForecast& law, ForecastRow::Kind kind, int years_ahead) {
  ForecastRow row;
  row.kind = kind;
  row.mean = law.mean(years_ahead);
  for (const auto& [p, value] :
       {std::pair(0.025, &row.q025), std::pair(0.1, &row.q10), std::pair(0.25, &row.q25), std::pair(0.5, &row.q50),
        std::pair(0.75, &row.q75), std::pair(0.9, &row.q90), std::pair(0.975, &row.q975)})
    *value = law.quantile(years_ahead, p);
  row.plain_line = law.plain_line(years_ahead);
  return row;
}

}  // namespace

Date Forecast::first_day(int year) const {
  return Date::from_ymd(next_year.year() + year, next_year.month(), next_year.day());
}

std::string Forecast::year_name(int year) const {
  const Date day = first_day(year);
  const bool is_calendar_year = day.month() == 1 && day.day() == 1;
  return is_calendar_year ? fmt::format("{}", day.year()) : fmt::format("{}/{:02}", day.year(), (day.year() + 1) % 100);
}

const ForecastRow* ForecastResult::find(ForecastRow::Kind kind, int year) const {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const ForecastRow& r) { return r.kind == kind && r.year == year; });
  return found == rows.end() ? nullptr : &*found;
}

ForecastResult evaluate(const Forecast& forecast) {
  ForecastResult result;
  const auto add = [&](ForecastRow::Kind kind, statistics::GrowthPriors priors, std::size_t counts, int years) {
    const std::span<const double> used(forecast.counts.data(), counts);
    const GrowthForecast law(used, priors, forecast.limits);
    for (int ahead = 1; ahead <= years; ++ahead) {
      ForecastRow row = row_of(law, kind, ahead);
      row.year = static_cast<int>(counts) - static_cast<int>(forecast.counts.size()) + ahead - 1;
      row.counts_used = counts;
      row.change = priors.change;
      if (kind == ForecastRow::Kind::back_test) row.counted = forecast.counts[counts];
      result.rows.push_back(std::move(row));
    }
  };
  const std::size_t all = forecast.counts.size();
  add(ForecastRow::Kind::forecast, forecast.priors, all, forecast.years);
  for (const double part : {1.0 / 3, 2.0}) {
    statistics::GrowthPriors priors = forecast.priors;
    priors.change *= part;
    add(ForecastRow::Kind::other_prior, priors, all, forecast.years);
  }
  for (std::size_t counts = 2; counts < all; ++counts) add(ForecastRow::Kind::back_test, forecast.priors, counts, 1);
  return result;
}

Posterior joint_law(const Forecast& forecast, double per_year) {
  const GrowthForecast law(forecast.counts, forecast.priors, forecast.limits);
  Posterior posterior;
  posterior.name = "forecast/" + forecast.name;
  Posterior::Growth growth;
  for (const GrowthForecast::Scale& scale : law.scales())
    growth.scales.push_back({scale.change, scale.weight, scale.mean, scale.variance});
  growth.last = law.last() / per_year;
  growth.damping = forecast.limits.damping;
  growth.ceiling = forecast.limits.ceiling / per_year;
  posterior.growth = std::move(growth);
  for (int year = 0; year < forecast.years; ++year)
    posterior.columns.push_back({forecast.year_name(year), Posterior::Year{}, ""});
  return posterior;
}

}  // namespace desist
