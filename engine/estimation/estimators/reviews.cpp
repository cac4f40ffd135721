// What a review of some of all cases can show, and several p-values at once.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/audit_sampling.hpp"
#include "engine/statistics/multiplicity.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist {

int unknown_of(const Analysis& analysis, const std::array<std::string, 3>& keys) {
  int unknown = -1, given = 0;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (analysis.has(keys[i]))
      ++given;
    else
      unknown = static_cast<int>(i);
  return given == 2 ? unknown : -1;
}

std::optional<std::string> wrong_number(const Analysis& analysis) {
  constexpr double none = HUGE_VAL;
  const struct {
    const char* key;
    double above, below;  // open ends
    const char* range;
  } ranges[] = {{"power", 0, 1, "between 0 and 1"},
                {"alpha", 0, 1, "between 0 and 1"},
                {"level", 0, 1, "between 0 and 1"},
                {"chance", 0, 1, "between 0 and 1"},
                {"margin", 0, none, "above 0"},
                {"control_risk", 0, 1, "between 0 and 1"},
                {"treated_risk", 0, 1, "between 0 and 1"},
                {"ratio", 0, none, "above 0"},
                {"sd", 0, none, "above 0"},
                {"control_rate", 0, none, "above 0"},
                {"treated_rate", 0, none, "above 0"},
                {"years", 0, none, "above 0"},
                {"events", 0, none, "above 0"},
                {"hazard_ratio", 0, none, "above 0"},
                {"clusters_per_step", 0, none, "above 0"}};
  for (const auto& each : ranges) {
    if (!analysis.has(each.key)) continue;
    const double value = analysis.number(each.key, 0);
    if (!(value > each.above && value < each.below))
      return fmt::format("{} is {}: it must be {}", each.key, shortest(value), each.range);
  }
  const std::vector<double>& people = analysis.number_list("people");
  if (people.size() > 2) return "people are two numbers, treated and control, or one for both together";
  for (const double each : people)
    if (!(each >= 2 / static_cast<double>(people.size())) || !std::isfinite(each))
      return fmt::format("people is {}: an arm needs at least one person", shortest(each));
  if (people.size() > 1 && analysis.has("ratio")) return "people gives both arms: take ratio out";
  return std::nullopt;
}

EffectRow found_row(const std::string& term, const std::string& measure, const std::string& unit, double value,
                    bool headline) {
  EffectRow row;
  row.term = term;
  row.measure = measure;
  row.unit = unit;
  row.estimate = value;
  row.headline = headline;
  return row;
}

namespace {

/// What was found in a review of cases whose number isn't printed: the share, with the limits that hold for any number
/// (Clopper & Pearson 1934), and no number of cases.
AnalysisResult found_of_unknown(std::int64_t reviewed, std::int64_t found, double level) {
  if (reviewed < 1 || found > reviewed)
    return refusal("found can't be more than reviewed, and at least one case is reviewed");
  EffectRow share =
      found_row("all cases", "share found", "share", static_cast<double>(found) / static_cast<double>(reviewed), true);
  share.interval = statistics::clopper_pearson({found, reviewed}, level);
  share.level = level;
  AnalysisResult result;
  result.estimand = "all cases, if the reviewed were drawn from them at random";
  result.effects.push_back(share);
  result.notes.push_back("Holds for cases drawn by chance; of cases chosen another way a review shows only themselves");
  return result;
}

AnalysisResult audit_sample(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  for (const char* key : {"cases", "reviewed", "found"})
    if (const double value = analysis.number(key, 0); value < 0 || value != std::floor(value) || value > 1e12)
      return refusal(fmt::format("{} is {}: it must be a whole number of cases", key, shortest(value)));
  const auto whole = [&](const char* key) { return std::llround(analysis.number(key, 0)); };
  const std::int64_t cases = whole("cases"), reviewed = whole("reviewed");
  const double level = level_of(analysis);
  AnalysisResult result;
  result.estimand = "all cases, if the reviewed were drawn from them at random";
  const bool of_unknown = !analysis.has("cases");
  if (of_unknown && !(analysis.has("found") && analysis.number_list("share").empty()))
    return refusal("without cases (how many there were to draw from) a review shows only the share that it found");
  if (!of_unknown && cases < 1) return refusal("cases is how many there were to draw from: at least 1");
  if (of_unknown) return found_of_unknown(reviewed, whole("found"), level);
  if (reviewed > cases) return refusal(fmt::format("{} of {} cases can't be reviewed", reviewed, cases));
  if (analysis.has("found")) {
    const auto limits = statistics::review_limits({reviewed, whole("found"), cases}, level);
    if (!limits) return refusal("found can't be more than reviewed, and at least one case is reviewed");
    EffectRow share = found_row("all cases", "share found", "share", limits->estimate, true);
    share.interval = limits->share;
    share.level = level;
    result.effects.push_back(share);
    EffectRow number = found_row("all cases", "number found", "", limits->estimate * static_cast<double>(cases));
    number.interval = {static_cast<double>(limits->number.first), static_cast<double>(limits->number.last)};
    number.level = level;
    result.effects.push_back(number);
    if (whole("found") == 0)
      if (const auto most = statistics::most_if_none_found(reviewed, cases, level)) {
        result.effects.push_back(
            found_row("all cases", "most that finding none leaves possible", "", static_cast<double>(*most)));
        result.effects.back().level = level;
      }
  }
  const double chance = analysis.number("chance", 0.95);
  for (const double share : analysis.number_list("share")) {
    if (!(share > 0 && share <= 1))
      return refusal(fmt::format("a share of {} is none: between 0 and 1", shortest(share)));
    const std::int64_t bad = std::max<std::int64_t>(1, std::llround(share * static_cast<double>(cases)));
    const std::string term =
        fmt::format("if {}% are {}", shortest(100 * share), analysis.word("kind", "of the kind looked for"));
    if (reviewed > 0)
      if (const auto none = statistics::chance_of_none(reviewed, bad, cases))
        result.effects.push_back(found_row(term, "chance of seeing none", "share", *none, result.effects.empty()));
    const auto needs = [&](const std::string& what, const std::optional<std::int64_t>& needed, bool headline) {
      if (needed) result.effects.push_back(found_row(term, what, "", static_cast<double>(*needed), headline));
    };
    const bool first = result.effects.empty(), for_limits = analysis.has("margin");
    needs(fmt::format("cases to review to see one with chance {}", shortest(chance)),
          statistics::review_needed(bad, cases, chance), first && !for_limits);
    if (!for_limits) continue;
    const double margin = analysis.number("margin", 0);
    needs(fmt::format("cases to review for limits within {} in 100", shortest(100 * margin)),
          statistics::review_needed_for_margin(share, margin, cases, level), first);
  }
  if (result.effects.empty())
    return refusal("give reviewed and found (what a review showed), or share (what one could show)");
  result.notes.push_back("Holds for cases drawn by chance; of cases chosen another way a review shows only themselves");
  return result;
}

AnalysisResult multiplicity(const AnalysisInput& input) {
  using statistics::Adjustment;
  const Analysis& analysis = input.analysis;
  const std::vector<double>& given = analysis.number_list("p_values");
  const std::vector<std::string>& names = analysis.list("names");
  const std::string word = analysis.word("adjustment", "Holm");
  if (!names.empty() && names.size() != given.size())
    return refusal(fmt::format("there are {} names of {} p-values", names.size(), given.size()));
  const std::vector<double>& families = analysis.number_list("families");
  if (!families.empty() && word != "gatekeeping")
    return refusal("families are of gatekeeping: write adjustment = \"gatekeeping\", or take them out");
  std::optional<std::vector<double>> adjusted;
  if (word == "gatekeeping") {
    std::vector<std::vector<double>> parts;
    std::size_t at = 0;
    for (const double size : families) {
      if (!(size >= 1) || size != std::floor(size) || size > static_cast<double>(given.size() - at)) break;
      const auto first = given.begin() + static_cast<std::ptrdiff_t>(at);
      parts.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
      at += static_cast<std::size_t>(size);
    }
    if (parts.size() != families.size() || at != given.size() || parts.empty())
      return refusal("families are how many p-values are in each, in order of importance: they add up to all of them");
    if (const auto found_parts = statistics::gatekeeping(parts)) {
      adjusted.emplace();
      for (const auto& part : *found_parts) adjusted->insert(adjusted->end(), part.begin(), part.end());
    }
  } else {
    adjusted = word == "fixed sequence"
                   ? statistics::fixed_sequence(given)
                   : statistics::adjusted(given, word == "Bonferroni"           ? Adjustment::bonferroni
                                                 : word == "Hochberg"           ? Adjustment::hochberg
                                                 : word == "Benjamini-Hochberg" ? Adjustment::benjamini_hochberg
                                                                                : Adjustment::holm);
  }
  if (!adjusted) return refusal("p_values are one or more numbers from 0 to 1");
  AnalysisResult result;
  result.estimand = word == "Benjamini-Hochberg" ? "expected share of false findings" : "chance of any false finding";
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string name = names.empty() ? fmt::format("test {}", i + 1) : names[i];
    EffectRow row = found_row(name, "adjusted p-value", "", (*adjusted)[i]);
    row.p = (*adjusted)[i];
    result.effects.push_back(row);
    result.facts.push_back({"p-value: " + name, given[i]});
  }
  return result;
}

}  // namespace

std::vector<Estimator> review_estimators() {
  return {
      {"audit_sample",
       "What a review of some of all cases shows or could show (exact, hypergeometric)",
       Needs::nothing,
       {{"cases", Takes::number, false, "How many cases there were to draw from; left out where that isn't known",
         "14740"},
        {"reviewed", Takes::number, false, "How many were reviewed", "84"},
        {"found", Takes::number, false, "How many of those were of the kind looked for", "12"},
        {"kind", Takes::text, false, "What is looked for", "\"bad decisions\""},
        {"share", Takes::numbers, false, "Shares of all cases for which the chance of seeing none is told", "[0.05]"},
        {"chance", Takes::number, false, "Chance of seeing at least one; 0.95 where it is left out", "0.95"},
        {"margin", Takes::number, false, "How near to the share both limits should lie", "0.05"},
        level_key()},
       audit_sample},
      {"multiplicity",
       "Several p-values at once, each to be compared with the level of all",
       Needs::nothing,
       {{"p_values", Takes::numbers, true, "The p-values, in order where order matters", "[0.01, 0.04, 0.03]"},
        {"names", Takes::texts, false, "What each is of", "[\"arrests\", \"convictions\", \"harm\"]"},
        {"adjustment",
         Takes::word,
         false,
         "What is kept below the level, and by which steps",
         "\"Benjamini-Hochberg\"",
         {"Holm", "Bonferroni", "Hochberg", "Benjamini-Hochberg", "fixed sequence", "gatekeeping"}},
        {"families", Takes::numbers, false, "Of gatekeeping: how many p-values are in each family", "[1, 2]"}},
       multiplicity},
  };
}

}  // namespace desist
