// The forecast of a yearly count that an experiment asks for: what it is made from, and what comes of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/statistics/growth_forecast.hpp"

namespace desist {

/// One [[forecast]] of an experiment.
struct Forecast {
  std::string name, label;
  std::string thing;                  // what is counted: "resolution"
  std::vector<double> counts;         // a year each, the latest last
  std::vector<std::string> evidence;  // their ids
  std::vector<std::string> printed;   // as printed: "8,721"
  std::string same_definition;        // why they may be chained
  Date next_year;                     // first day of the first year ahead
  int years = 1;                      // how many are forecast
  statistics::GrowthPriors priors;
  statistics::GrowthLimits limits;
  std::string sets;  // parameter of the model that takes it; "": none

  /// The first day of a year: 0 is that of the first ahead, -1 that of the latest count.
  Date first_day(int year) const;
  /// "2026/27", or "2026" where years begin with January.
  std::string year_name(int year) const;
};

/// One law of one year's count, or of one that has been counted meanwhile.
struct ForecastRow {
  enum class Kind { forecast, other_prior, back_test };
  Kind kind = Kind::forecast;
  int year = 0;                 // as Forecast::first_day
  std::size_t counts_used = 0;  // the first of them
  double change = 0;            // scale of the prior of the change in growth
  double mean = 0;
  double q025 = 0, q10 = 0, q25 = 0, q50 = 0, q75 = 0, q90 = 0, q975 = 0;
  double plain_line = 0;          // the mean growth so far, gone on with
  std::optional<double> counted;  // of a back-test
};

struct ForecastResult {
  std::vector<ForecastRow> rows;  // years ahead; the same with other priors; refits to the first counts
  const ForecastRow* find(ForecastRow::Kind kind, int year) const;
};

/// What a refit to the first counts can show and what it can't: to be printed wherever one is.
inline constexpr const char* what_one_miss_shows =
    "One miss can show a gross error; it can't show how often such intervals are right.";

/// Forecasts at the prior and at a third and twice its scale of change; one refit for each count but the first two, a
/// year ahead (mathematics.md 5.2, 5.3). Throws std::invalid_argument. Verified by: forecast_test.
ForecastResult evaluate(const Forecast& forecast);

/// The joint law of the years ahead, a column each, its numbers divided by `per_year`. Poisson chance is not in it: a
/// model has its own. Verified by: forecast_test.
Posterior joint_law(const Forecast& forecast, double per_year = 1);

}  // namespace desist
