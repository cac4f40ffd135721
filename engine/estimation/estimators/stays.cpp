// Lengths of stay: from one day's look at those present, and in a programme that is left early.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/early_leaving.hpp"
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

/// Shapes between which a hazard of leaving is sensible.
constexpr double least_of_shapes = 0.1;
constexpr double most_of_shapes = 10;
/// Stays and days that can be added up one by one.
constexpr double most_stays = 2000;
constexpr double most_days = 2000;  // of a programme

AnalysisResult early_leaving(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  for (const char* key : {"left", "completed", "still", "days", "programme"})
    if (const double value = analysis.number(key, 0); value < 0 || value != std::floor(value) || value > 1e9)
      return refusal(fmt::format("{} is {}: it must be a whole number", key, shortest(value)));
  const auto whole = [&](const char* key) { return std::llround(analysis.number(key, 0)); };
  const statistics::EarlyLeaving seen{whole("left"), whole("completed"), whole("still"),
                                      whole("days"), whole("programme"), analysis.number("admitted_over", 0)};
  const std::vector<double>& shape = analysis.number_list("shape");
  if (shape.empty() || shape.size() > 2 || !(shape.front() >= least_of_shapes && shape.back() <= most_of_shapes) ||
      shape.front() > shape.back())
    return refusal(fmt::format("shape is one number, or the least and the most, from {} to {}",
                               shortest(least_of_shapes), shortest(most_of_shapes)));
  if (static_cast<double>(seen.people()) > most_stays || static_cast<double>(seen.length) > most_days)
    return refusal(fmt::format("more than {} stays, or a programme of more than {} days, are not added up",
                               shortest(most_stays), shortest(most_days)));
  if (!(seen.admitted_over > static_cast<double>(seen.length)))
    return refusal("people came over no longer than the programme lasts: nobody could have completed it");
  if (!statistics::days_possible(seen))
    return refusal(fmt::format(
        "{} days can't be those of these stays: {} of {} days each, and the others at least one day and fewer than {}",
        seen.days, seen.completed, seen.length, seen.length));
  const double level = level_of(analysis);
  const auto fit = statistics::fit_leaving(seen, shape.front(), shape.back(), level);
  if (!fit) return refusal("nobody left early: no hazard can be told");

  AnalysisResult result;
  result.estimand = "people who come, if all leave by the same law";
  const auto with = [&](EffectRow row, const statistics::Interval& interval) {
    row.interval = interval;
    row.level = level;
    return row;
  };
  result.effects = {
      with(found_row("one who comes", "chance to complete", "share", fit->chance, true), fit->chance_interval)};
  if (seen.still > 0)
    result.effects.push_back(
        with(found_row(fmt::format("of the {} still there", seen.still), "expected to complete", "", fit->of_still),
             fit->of_still_interval));
  result.effects.push_back(
      with(found_row("days after which half have left", "time", "day", fit->half_stay), fit->half_stay_interval));
  const bool free_shape = shape.size() > 1 && shape.front() < shape.back();
  if (free_shape)
    result.effects.push_back(with(found_row("shape of the hazard", "shape", "", fit->best.shape), fit->shapes));
  const auto people = static_cast<double>(seen.people());
  const auto days = static_cast<double>(seen.days);
  result.facts = {
      {"stays", people},
      {"mean days so far", days / people},
      {"there on a day, at these stays", days / seen.admitted_over},
      {"still there", static_cast<double>(seen.still)},
      {"leaving a week, if constant, in 100", 100 * (1 - std::exp(-7 * static_cast<double>(seen.left) / days))}};
  if (shape.front() <= 1 && shape.back() >= 1)
    result.facts.push_back({"deviance of a constant hazard", std::max(0.0, fit->deviance_of_constant)});
  result.notes.push_back(
      "Single stays are not printed: their sum is, and every way of sharing the days out counts by its chance under "
      "the "
      "law. The hazard is Weibull's: shape 1 is the same on every day, below 1 it falls, above 1 it rises");
  result.notes.push_back(
      "Those still there have not left: counted as not completing they would make the programme worse than it is, left "
      "out as well, since long stays are those that have not ended");
  if (free_shape && fit->low_open && fit->high_open)
    result.notes.push_back("Every shape allowed fits: whether people leave early or late these numbers don't say");
  else if (free_shape && (fit->low_open || fit->high_open))
    result.notes.push_back(
        fmt::format("Shapes beyond {} would fit too", about(fit->low_open ? shape.front() : shape.back())));
  return result;
}

}  // namespace

std::vector<Estimator> stay_estimators() {
  return {{"early_leaving",
           "Chance to complete a programme, from how many left, completed and are still there and their days together",
           Needs::nothing,
           {{"left", Takes::number, true, "How many left before the end", "20"},
            {"completed", Takes::number, true, "How many stayed to the end", "4"},
            {"still", Takes::number, true, "How many were still there when counted", "3"},
            {"days", Takes::number, true, "Days of all of them together, so far", "1108"},
            {"programme", Takes::number, true, "How many days the programme lasts", "84"},
            {"admitted_over", Takes::number, true, "Days, up to the day of the count, over which people came evenly",
             "365"},
            {"shape", Takes::numbers, true,
             "Of the hazard of leaving (Weibull; 1: constant): one number, or the least and the most", "[0.5, 2]"},
            level_key()},
           early_leaving},
          {"stay_snapshot",
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
