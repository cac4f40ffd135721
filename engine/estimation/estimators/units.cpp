// Units of one service side by side: rates or their falls, drawn together as far as the units are alike, and ranks.
#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/unit_comparison.hpp"

namespace desist {
namespace {

/// The first rank from the lowest whose chance, with those before, reaches p.
double rank_at(const std::vector<double>& chances, double p) {
  double sum = 0;
  for (std::size_t r = 0; r < chances.size(); ++r) {
    sum += chances[r];
    if (sum >= p - 1e-9) return static_cast<double>(r + 1);
  }
  return static_cast<double>(chances.size());
}

/// Why the keys are none that can be analysed; nothing where they can.
std::optional<std::string> wrong_units(const Analysis& analysis) {
  const std::vector<std::string>& names = analysis.list("names");
  if (names.size() < 3 || names.size() > 100) return "names are of 3 to 100 units";
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) return "two units have one name";
  for (const char* key : {"people", "events", "events_before"}) {
    if (!analysis.has(key)) continue;
    const std::vector<double>& values = analysis.number_list(key);
    if (values.size() != names.size())
      return fmt::format("{} has {} numbers: one for each of {} names", key, values.size(), names.size());
    const bool may_be_none = std::string_view(key) == "events";
    for (const double value : values)
      if (!(value >= (may_be_none ? 0 : 1) && value == std::floor(value) && value < 1e12))
        return fmt::format("{} has {}: each is a whole number{}", key, shortest(value),
                           may_be_none ? "" : " from 1 on");
  }
  if (analysis.has("time_before") && !analysis.has("events_before"))
    return "time_before is of events_before: give both, or neither";
  for (const char* key : {"time", "time_before", "spread_scale", "people_shape"})
    if (const double value = analysis.number(key, 1); !(value > 0) || std::isinf(value))
      return fmt::format("{} is {}: it must be above 0", key, shortest(value));
  if (const double level = level_of(analysis); !(level > 0 && level < 1))
    return fmt::format("level is {}: it must be between 0 and 1", shortest(level));
  const std::vector<double>& share = analysis.number_list("share_counted");
  if (share.size() > 2 ||
      (!share.empty() && !(share.front() > 0 && share.front() <= share.back() && share.back() <= 1)))
    return "share_counted is one share, or the least and the most, above 0 and at most 1";
  if (!share.empty() && share.front() < 0.01)
    return "share_counted is at least 0.01: below, counts say next to nothing";
  for (const double ratio : analysis.number_list("expected_ratio"))
    if (!(ratio > 0 && ratio <= 10)) return "expected_ratio has numbers above 0";
  if (analysis.has("expected_ratio") && !analysis.has("events_before"))
    return "expected_ratio is of rates after over before: give events_before";
  return std::nullopt;
}

AnalysisResult units(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_units(analysis)) return refusal(*wrong);
  const std::vector<std::string>& names = analysis.list("names");
  const bool ratio = analysis.has("events_before");
  const double level = level_of(analysis);
  const std::vector<double>& given_share = analysis.number_list("share_counted");
  const statistics::ShareCounted share = given_share.empty()
                                             ? statistics::ShareCounted{}
                                             : statistics::ShareCounted{given_share.front(), given_share.back()};
  const double shape = analysis.number("people_shape", infinity);
  std::vector<statistics::UnitLikelihood> likelihoods;
  double before = 0, after = 0, people = 0;
  for (std::size_t u = 0; u < names.size(); ++u) {
    statistics::UnitCounts counts{analysis.number_list("people")[u],
                                  analysis.number_list("events")[u],
                                  analysis.number("time", 1),
                                  {},
                                  analysis.number("time_before", 1)};
    if (ratio) counts.events_before = analysis.number_list("events_before")[u];
    likelihoods.push_back(statistics::unit_likelihood(counts, shape, share));
    people += counts.people;
    after += counts.events;
    before += counts.events_before.value_or(0);
  }
  statistics::UnitComparison found;
  try {
    found = statistics::compare_units(likelihoods, analysis.number("spread_scale", 0.5), level);
  } catch (const std::invalid_argument& why) {
    return refusal(why.what());
  }

  AnalysisResult result;
  result.estimand = ratio ? "each unit's rate after over its rate before" : "each unit's rate";
  const std::string measure = ratio ? "rate ratio" : "rate";
  const std::string unit = ratio ? "" : "per person and " + analysis.word("unit", "month");
  const auto add = [&](const std::string& term, const std::string& what, double x, const statistics::Interval& limits) {
    EffectRow row = found_row(term, measure + what, unit, std::exp(x));
    row.interval = {std::exp(limits.low), std::exp(limits.high)};
    row.level = level;
    row.log_scale = ratio;
    result.effects.push_back(row);
  };
  const double sure = (1 + level) / 2;
  const auto apart = [&](std::size_t u, std::size_t v) {
    return std::max(found.below[u][v], found.below[v][u]) >= sure;
  };
  std::size_t pairs = 0, told = 0;
  for (std::size_t u = 0; u < names.size(); ++u)
    for (std::size_t v = u + 1; v < names.size(); ++v) {
      ++pairs;
      told += apart(u, v) ? 1 : 0;
    }
  result.effects.push_back(
      found_row("pairs of units", fmt::format("pairs told apart, of {}:", pairs), "", static_cast<double>(told), true));
  add("a typical unit", "", found.typical, found.typical_limits);
  EffectRow between = found_row("between units", "spread of logarithms", "", found.spread);
  between.interval = found.spread_limits;
  between.level = level;
  result.effects.push_back(between);
  for (std::size_t u = 0; u < names.size(); ++u) {
    const statistics::UnitAlone own = statistics::alone(likelihoods[u], level);
    const statistics::UnitAmongOthers& unit_found = found.units[u];
    add(names[u], ", alone", own.x, own.limits);
    add(names[u], ", among others", unit_found.x, unit_found.limits);
    EffectRow rank = found_row(names[u], "rank from the lowest", "", rank_at(unit_found.rank_chances, 0.5));
    rank.interval = {rank_at(unit_found.rank_chances, 1 - sure), rank_at(unit_found.rank_chances, sure)};
    rank.level = level;
    result.effects.push_back(rank);
    result.effects.push_back(found_row(names[u], "chance of the lowest", "share", unit_found.rank_chances.front()));
    result.effects.push_back(found_row(names[u], "chance of the highest", "share", unit_found.rank_chances.back()));
    double others = 0;
    for (std::size_t v = 0; v < names.size(); ++v) others += v != u && apart(u, v) ? 1 : 0;
    result.effects.push_back(found_row(names[u], "units told apart from it", "", others));
    for (const double expected : analysis.number_list("expected_ratio")) {
      EffectRow left = found_row(
          names[u], fmt::format("share counted at which nothing is left, if {} is expected anyway", shortest(expected)),
          "share", std::exp(unit_found.x) / expected);
      left.interval = {std::exp(unit_found.limits.low) / expected, std::exp(unit_found.limits.high) / expected};
      left.level = level;
      result.effects.push_back(left);
    }
  }
  result.facts = {{"units", static_cast<double>(names.size())}, {"people", people}, {"events", after}};
  if (ratio) result.facts.push_back({"events before", before});
  result.notes.push_back(
      std::isinf(shape)
          ? "Chance is that of people who are alike: where a few do most, limits are wider (people_shape)"
          : fmt::format("People's rates are taken to differ by a gamma law of shape {}: nothing printed says so",
                        shortest(shape)));
  if (share.least < share.most)
    result.notes.push_back(fmt::format("Each unit's share counted after may be anywhere from {}% to {}%, by itself",
                                       shortest(100 * share.least), shortest(100 * share.most)));
  else if (share.least < 1)
    result.notes.push_back(fmt::format("{}% of each unit's people are counted after", shortest(100 * share.least)));
  result.notes.push_back(
      "A pair is told apart where the chance that one is below the other reaches the level's upper limit; who is "
      "lowest "
      "says nothing about why");
  if (found.spread_at_bound)
    result.notes.push_back("Units may well differ by more than was searched: give a larger spread_scale");
  return result;
}

}  // namespace

std::vector<Estimator> unit_estimators() {
  return {
      {"units",
       "Units side by side: rates or falls drawn together as far as units are alike, and their ranks",
       Needs::nothing,
       {{"names", Takes::texts, true, "The units", "[\"A\", \"B\", \"C\"]"},
        {"people", Takes::numbers, true, "People of each", "[910, 1106, 801]"},
        {"events", Takes::numbers, true, "Events of each, after where there is a before", "[332, 253, 159]"},
        {"time", Takes::number, false, "How long they were counted; 1 where it is left out", "3"},
        {"events_before", Takes::numbers, false, "Events before: then rates after over before are compared",
         "[3947, 4210, 2702]"},
        {"time_before", Takes::number, false, "How long those were counted; 1 where it is left out", "6"},
        {"unit", Takes::word, false, "Of these times", "\"year\"", {"month", "week", "day", "year"}},
        {"people_shape", Takes::number, false,
         "Shape of the gamma law of rates between people of a unit; all alike where it is left out", "0.5"},
        {"share_counted", Takes::numbers, false,
         "Which share of the people is counted after: one, or the least and the most, each unit by itself", "[0.2, 1]"},
        {"expected_ratio", Takes::numbers, false,
         "Rates after over before that nothing but time would give: the share counted at which no effect is left",
         "[1, 0.6]"},
        {"spread_scale", Takes::number, false,
         "Scale of the half-normal prior of the standard deviation of logarithms between units; 0.5 where it is "
         "left out",
         "1"},
        level_key()},
       units}};
}

}  // namespace desist
