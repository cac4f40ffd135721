// What completers of a course that does nothing would show: the identity, its limits, and the mechanism behind it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/course_drop_out.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

using statistics::Interval;
using statistics::NoMechanism;
using statistics::Proportion;
using statistics::SelectionMechanism;

constexpr double most_people = 1e9;

bool is_whole(double n) { return n >= 0 && n == std::floor(n) && n <= most_people; }

std::string in_brackets(const std::vector<double>& values) {
  std::vector<std::string> all;
  for (const double value : values) all.push_back(shortest(value));
  return fmt::format("[{}]", fmt::join(all, ", "));
}

/// A group of a table is [with the outcome, people].
std::optional<WrongKey> wrong_group(const Analysis& analysis, const std::string& key) {
  const std::vector<double>& given = analysis.number_list(key);
  const std::string can_not_be = fmt::format("'{}' can't be {}", key, in_brackets(given));
  const std::string cure = "write those with the outcome, then people, such as [1, 54]";
  if (given.size() != 2 || !is_whole(given[0]) || !is_whole(given[1]))
    return WrongKey{key, can_not_be, "it is two whole numbers", cure};
  if (given[1] < 1) return WrongKey{key, can_not_be, "it is a group of nobody", cure};
  if (given[0] > given[1])
    return WrongKey{key, can_not_be,
                    fmt::format("{} of {} people can't have it", shortest(given[0]), shortest(given[1])), cure};
  return std::nullopt;
}

Proportion group_of(const Analysis& analysis, const char* key) {
  const std::vector<double>& given = analysis.number_list(key);
  return {std::llround(given.at(0)), std::llround(given.at(1))};
}

Interval cut(const statistics::ConfidenceSet& set) {
  if (set.shape != statistics::ConfidenceSet::Shape::interval) return {0, 1};
  return {std::clamp(set.low, 0.0, 1.0), std::clamp(set.high, 0.0, 1.0)};
}

bool is_no_selection(const statistics::CompletionTable& table, const statistics::ConfidenceSet& limits, double level) {
  const statistics::TwoByTwo breachers{table.breached.count, table.breached.n, table.control.count, table.control.n};
  const auto test = statistics::chi_square_n_minus_1(breachers);
  const bool fewer = test && test->p < 1 - level && breachers.risk1() < breachers.risk0();
  return fewer || (limits.shape == statistics::ConfidenceSet::Shape::interval && (limits.high < 0 || limits.low > 1));
}

std::optional<WrongKey> wrong_mechanism(const Analysis& analysis) {
  const double course = analysis.number("course", 1), followed = analysis.number("followed", 1);
  if (!(course > 0 && course <= followed && std::isfinite(followed)))
    return WrongKey{"course",
                    fmt::format("'course' can't be {} where 'followed' is {}", shortest(course), shortest(followed)),
                    "a course lasts longer than 0, and people are followed from referral for at least as long",
                    "give both in one unit, counted from referral"};
  for (const double k : analysis.number_list("shape"))
    if (!(k >= 0.01 && k <= 1e6))
      return WrongKey{"shape", fmt::format("'shape' can't be {}", shortest(k)), "it lies between 0.01 and a million",
                      ""};
  for (const double beta : analysis.number_list("breach"))
    if (!(beta >= 0 && beta <= 1))
      return WrongKey{"breach", fmt::format("'breach' can't be {}", shortest(beta)), "it is a chance, from 0 to 1", ""};
  return std::nullopt;
}

/// What no table and no course can be.
std::optional<WrongKey> wrong_key(const Analysis& analysis) {
  for (const char* key : {"control", "completed"})
    if (auto wrong = wrong_group(analysis, key)) return wrong;
  const std::vector<double>& breached = analysis.number_list("breached");
  if (breached.size() != 1) {
    if (auto wrong = wrong_group(analysis, "breached")) return wrong;
  } else if (!is_whole(breached.front()) || breached.front() < 1) {
    return WrongKey{"breached", fmt::format("'breached' can't be {}", in_brackets(breached)),
                    "alone it is a whole number of people", "write people, or those with the outcome, then people"};
  }
  return wrong_mechanism(analysis);
}

/// The surface on which p_0, pi and p_C are as in the table, at each shape and chance to breach that is asked for.
void add_surface(const Analysis& analysis, SelectionFinding& found) {
  const statistics::SelectionShares shares{found.control.estimate(), found.completed_share, found.expected};
  const auto inside = [](double share) { return share > 0 && share < 1; };
  if (!inside(shares.referred_risk) || !inside(shares.completed_share)) return;
  if (shares.completer_risk >= 0 && shares.completer_risk < 1)
    found.shape_alone =
        statistics::shape_behind_completers(shares.referred_risk, shares.completed_share, shares.completer_risk);
  std::vector<double> breaches = analysis.number_list("breach");
  if (breaches.empty()) breaches = {0};
  for (const double breach : breaches)
    for (const double shape : analysis.number_list("shape")) {
      SelectionPoint point;
      point.shape = shape;
      point.breach = breach;
      const auto behind = statistics::mechanism_behind(shares, shape, breach, found.course, found.followed);
      if (const auto* mechanism = std::get_if<SelectionMechanism>(&behind)) {
        point.mechanism = *mechanism;
        point.yield = statistics::selection_yield(*mechanism);
      } else {
        point.why = std::get<NoMechanism>(behind);
      }
      found.surface.push_back(std::move(point));
    }
}

void add_rows(const SelectionFinding& found, double level, AnalysisResult& result) {
  const auto row = [&](const char* term, const char* measure, double value, const Interval& limits) -> EffectRow& {
    EffectRow one = found_row(term, measure, "share", value);
    one.interval = limits;
    one.level = level;
    result.effects.push_back(one);
    return result.effects.back();
  };
  const Interval none{missing, missing};
  row("controls", "share, seen", found.control.estimate(), statistics::wilson(found.control, level));
  row("completers", "share, seen", found.completed.estimate(), found.seen_limits);
  if (found.breached)
    row("breachers", "share, seen", found.breached->estimate(), statistics::wilson(*found.breached, level));
  row("completers", "share at least, if nothing worked, whatever breachers did", found.least, none);
  if (!found.breached) return;
  // A share as its limits are: the identity itself, which may lie outside 0 to 1, is in a note.
  row("completers", "share, if nothing worked", std::clamp(found.expected, 0.0, 1.0), found.limits).headline = true;
  const statistics::TwoByTwo sent{found.completed.count + found.breached->count, found.completed.n + found.breached->n,
                                  found.control.count, found.control.n};
  EffectRow& all = row("everyone sent", "risk difference", statistics::risk_difference(sent),
                       statistics::miettinen_nurminen_difference(sent, level));
  all.effect = true;
  all.p = found.p;
  const auto effect =
      statistics::complier_effect(statistics::one_sided_table(found.control, found.completed, *found.breached), level);
  if (effect) {
    EffectRow& gap = row("completers", "share seen less that expected", effect->effect, none);
    gap.effect = true;
    if (effect->fieller.shape == statistics::ConfidenceSet::Shape::interval)
      gap.interval = {effect->fieller.low, effect->fieller.high};
  }
  if (found.chance) row("completers", "chance of so few, if nothing worked", found.chance->so_few, none);
  if (found.odds_ratio_star) {
    EffectRow star =
        found_row("everyone sent", "odds ratio before at which nothing is left", "", *found.odds_ratio_star);
    star.interval = found.odds_ratio_limits;
    star.level = level;
    result.effects.push_back(star);
  }
}

void add_notes(const SelectionFinding& found, AnalysisResult& result) {
  result.notes.push_back(
      "With no effect on anyone, and those sent like the controls, completers' share is an identity: (share of "
      "controls - share of breachers x part that breached)/part that completed. No model is needed. Its limits are "
      "Fieller's; its test is that of everyone sent against the controls, since what completers lack of it is their "
      "difference over the part that completed");
  if (!found.randomised)
    result.notes.push_back(
        "Groups were not made by chance: the identity takes those sent to be like the controls, which nothing shows. "
        "The odds ratio before is how much less likely to reoffend those sent would have to be, whatever was done, for "
        "nothing to be left");
  if (!found.breached) {
    result.notes.push_back("What breachers did isn't given: only a bound can be said");
    return;
  }
  if (found.no_selection)
    result.notes.push_back(
        "Breachers reoffended less than controls, beyond chance, or the identity leaves 0 to 100 in 100: no drop-out "
        "that rises with offending gives this table, so breachers, controls or the numbers are not what no effect on "
        "anyone says");
  else if (found.expected < 0)
    result.notes.push_back(fmt::format(
        "Those who did not complete alone were more, of everyone sent, than controls were of all controls: the "
        "identity gives {:.1f} in 100, fewer than none, and is taken as none. So few people that chance explains it",
        100 * found.expected));
  else if (found.expected > found.control.estimate())
    result.notes.push_back(fmt::format(
        "The identity gives {:.1f} in 100, which drop-out that rises with offending can't: so few people that chance "
        "explains it",
        100 * found.expected));
  if (!found.surface.empty())
    result.notes.push_back(
        "Every line of the mechanism gives the same three shares, so the table can't tell them apart; times and "
        "numbers "
        "of offences differ, and dates of each person's offences would tell");
}

AnalysisResult completer_selection(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  SelectionFinding found;
  if (const auto wrong = wrong_key(analysis)) return refusal(fmt::format("{}: {}", wrong->problem, wrong->why));
  found.control = group_of(analysis, "control");
  found.completed = group_of(analysis, "completed");
  const std::vector<double>& given = analysis.number_list("breached");
  if (given.size() == 2) found.breached = group_of(analysis, "breached");
  const double breachers = given.back();
  const double level = level_of(analysis);
  const auto completers = static_cast<double>(found.completed.n);
  found.completed_share = completers / (completers + breachers);
  found.randomised = analysis.word("groups", "compared") == "randomised";
  found.unit = analysis.word("unit", "month");
  found.course = analysis.number("course", 1);
  found.followed = analysis.number("followed", 12);
  found.seen_limits = statistics::wilson(found.completed, level);
  found.least = statistics::least_completer_risk_without_effect(found.control.estimate(), found.completed_share);
  if (found.breached) {
    const statistics::CompletionTable table{found.control, found.completed, *found.breached};
    const statistics::TwoByTwo sent{found.completed.count + found.breached->count, table.referred(),
                                    found.control.count, found.control.n};
    found.expected = statistics::completer_risk_without_effect(found.control.estimate(), found.breached->estimate(),
                                                               found.completed_share);
    const statistics::ConfidenceSet limits = statistics::completer_risk_limits(table, level);
    found.limits = cut(limits);
    found.no_selection = is_no_selection(table, limits, level);
    if (const auto test = statistics::chi_square_n_minus_1(sent)) found.p = test->p;
    found.chance = statistics::chance_of_so_few(table);
    if (!found.randomised) {
      found.odds_ratio_star = statistics::nullifying_odds_ratio(sent);
      found.odds_ratio_limits = statistics::miettinen_nurminen_odds_ratio(sent, level);
    }
    add_surface(analysis, found);
  }

  AnalysisResult result;
  result.estimand = "completers, if the programme changed nothing for anyone";
  add_rows(found, level, result);
  result.facts = {{"controls", static_cast<double>(found.control.n)},
                  {"completed", completers},
                  {"breached", breachers},
                  {"part that completed", found.completed_share}};
  if (found.chance) result.facts.push_back({"chance that the identity gives a share", found.chance->identity_fits});
  if (found.shape_alone)
    result.facts.push_back({"shape at which drop-out in proportion to rates is enough", *found.shape_alone});
  add_notes(found, result);
  result.selection = std::move(found);
  return result;
}

}  // namespace

std::vector<Estimator> selection_estimators() {
  return {
      {"completer_selection",
       "What completers would have shown had the programme done nothing (Bloom 1984), and what makes them so",
       Needs::nothing,
       {{"control", Takes::numbers, true, "Controls: those with the outcome, and people", "[10, 49]"},
        {"completed", Takes::numbers, true, "Those who completed: with the outcome, and people", "[1, 54]"},
        {"breached", Takes::numbers, true,
         "Those who did not: with the outcome, and people; people alone where the outcome isn't printed", "[7, 16]"},
        {"groups",
         Takes::word,
         false,
         "How those sent and controls were told apart; compared where it is left out",
         "\"randomised\"",
         {"compared", "randomised"}},
        {"course", Takes::number, true, "How long the course lasts, from referral", "1"},
        {"followed", Takes::number, true, "How long people are followed, from referral", "12"},
        {"unit", Takes::word, false, "Of these times", "\"week\"", {"month", "week", "day", "year"}},
        {"shape", Takes::numbers, true,
         "Shapes of the gamma law of rates between people at which the mechanism is worked out", "[0.5, 1, 3]"},
        {"breach", Takes::numbers, false,
         "Chances that a recorded offence in the course is a breach; 0 where it is left out", "[0, 0.5, 1]"},
        level_key()},
       completer_selection,
       wrong_key}};
}

}  // namespace desist
