// Lengths of stay from one day's look at those present.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/stay_snapshot.hpp"

namespace desist {
namespace {

/// Spreads between which a law of stays is sensible: below, all stays are alike; above, hardly any is long.
constexpr double least_of_spreads = 0.01;
constexpr double most_of_spreads = 20;

AnalysisResult stay_snapshot(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const std::vector<double>& limits = analysis.number_list("limits");
  const std::vector<double>& present = analysis.number_list("present");
  const std::vector<double>& spread = analysis.number_list("spread");
  if (present.size() != limits.size() + 1)
    return refusal("present has one number more than limits: those up to the first, between two, and beyond the last");
  std::vector<statistics::SnapshotBin> bins;
  double all = 0;
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (!(present[i] >= 0 && present[i] == std::floor(present[i]) && present[i] < 1e12))
      return refusal(fmt::format("present has {}: each is a whole number of those present", shortest(present[i])));
    statistics::SnapshotBin bin;
    bin.from = i == 0 ? 0 : limits[i - 1];
    if (i < limits.size()) bin.to = limits[i];
    if (!(bin.to > bin.from)) return refusal("limits rise from above 0");
    bin.count = std::llround(present[i]);
    all += present[i];
    bins.push_back(bin);
  }
  if (spread.empty() || spread.size() > 2 ||
      !(spread.front() >= least_of_spreads && spread.back() <= most_of_spreads) || spread.front() > spread.back())
    return refusal(fmt::format("spread is one number, or the least and the most, from {} to {}",
                               shortest(least_of_spreads), shortest(most_of_spreads)));
  const auto law =
      analysis.word("law", "lognormal") == "gamma" ? statistics::StayLaw::gamma : statistics::StayLaw::lognormal;
  const double level = level_of(analysis);
  const auto fit = statistics::fit_stays(bins, law, spread.front(), spread.back(), level);
  if (!fit) return refusal("all who are present have been there as long: a mean can't be told from one group");

  const std::string unit = analysis.word("unit", "week");
  AnalysisResult result;
  if (!fit->open_below && !fit->open_above) {  // of the logarithm, on which the limits are nearly symmetric
    const double error = std::log(fit->interval.high / fit->interval.low) / (2 * normal_reach(analysis));
    Posterior of_mean;
    of_mean.columns = {{"mean", Posterior::Normal{true}, unit}};
    of_mean.means = {std::log(fit->mean)};
    of_mean.covariance = {error * error};
    result.posterior = std::move(of_mean);
  }
  result.estimand = "stays of all who come, if as many came as went";
  EffectRow mean = found_row("stays", "mean", unit, fit->mean, true);
  mean.interval = fit->interval;
  mean.level = level;
  result.effects = {mean, found_row("those present", "mean time so far", unit, fit->mean_so_far),
                    found_row("starts", "rate", "a " + unit, fit->starts)};
  result.effects.back().interval = {all / fit->interval.high, all / fit->interval.low};
  result.effects.back().level = level;
  result.facts = {{"present", all}, {"spread", fit->spread}, {"deviance", fit->deviance}};
  result.notes.push_back("One day's look: long stays are seen too often and none is seen whole; both are allowed for");
  result.notes.push_back("If more came lately than before, stays are longer than this");
  if (fit->open_below) result.notes.push_back("The data set no lower limit: stays too short to be seen may be many");
  if (fit->open_above) result.notes.push_back("The data set no upper limit");
  return result;
}

}  // namespace

std::vector<Estimator> stay_estimators() {
  return {{"stay_snapshot",
           "Mean length of stay from how long those present on one day have been there (Cox 1962)",
           Needs::nothing,
           {{"limits", Takes::numbers, true, "Times so far that divide those present, rising", "[26, 52]"},
            {"present", Takes::numbers, true, "How many are present below, between and beyond them", "[77, 23, 15]"},
            {"spread", Takes::numbers, true,
             "Standard deviation of stays over their mean: one number, or the least and the most", "[0.75, 1.5]"},
            {"law", Takes::word, false, "The law of stays", "\"gamma\"", {"lognormal", "gamma"}},
            {"unit", Takes::word, false, "Of the limits", "\"day\"", {"week", "day", "month", "year"}},
            level_key()},
           stay_snapshot}};
}

}  // namespace desist
