// What is said of levels: those that a target needs, and an outcome at each level of a sweep.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t levels_on_a_line = 8;
constexpr std::size_t level_room = 99;  // letters of a line beside its label and full stop

/// The levels that a line shows: the first, the last, as many between as are wanted, evenly, and the best one. Where
/// steps are shown the first of them is, what one more buys.
std::vector<std::size_t> shown_levels(std::size_t count, std::size_t wanted, std::optional<std::size_t> best,
                                      bool by_step) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < wanted; ++i) {
    const double at = static_cast<double>(i * (count - 1)) / static_cast<double>(wanted - 1);
    shown.push_back(static_cast<std::size_t>(std::lround(at)));
  }
  if (by_step && wanted > 2) shown[1] = 1;
  if (best && std::find(shown.begin(), shown.end(), *best) == shown.end()) {
    shown.push_back(*best);
    std::sort(shown.begin(), shown.end());
  }
  return shown;
}

/// A level as a row of them tells it: amounts of a row are rounded alike, where one is 10 or more, none has decimals.
std::string told_level(const SweepText& text, const SweepResult& result, const SweepLevel& level) {
  const bool whole = text.kind == OutcomeField::Kind::amount &&
                     std::any_of(result.levels.begin(), result.levels.end(),
                                 [](const SweepLevel& each) { return std::abs(each.mean) >= 10; });
  return swept_value(text, level.mean, whole ? std::max(1.0, level.mc_error) : level.mc_error);
}

/// "2,000", "13.5": a level with all its digits.
std::string level_number(double level) { return level == std::round(level) ? whole_number(level) : unrounded(level); }

/// "14 fewer at 1": a level against the first.
std::string added_part(const SweepText& text, const SweepLevel& level) {
  const double added = level.from_first.value_or(0);
  const std::string amount = swept_value(text, std::abs(added), level.from_first_error.value_or(0));
  const bool is_counted = !text.unit.starts_with("£") && text.unit != "share";
  return fmt::format("{} {} at {}", amount,
                     added > 0    ? "more"
                     : is_counted ? "fewer"
                                  : "less",
                     level_number(level.level));
}

/// What a text of a level says in numbers: "380,000", "£1,200".
double told_number(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if ((c >= '0' && c <= '9') || c == '.' || c == '-') digits += c;
  return std::strtod(digits.c_str(), nullptr);
}

/// Whether two rounded levels say another difference than there is: 380,000 and 360,000 where 10,800 lie between.
bool tells_another_difference(const SweepText& text, const SweepResult& result, std::size_t l) {
  constexpr double near = 0.25;  // of the difference
  const SweepLevel& level = result.levels[l];
  const double told =
      told_number(told_level(text, result, level)) - told_number(told_level(text, result, result.levels[l - 1]));
  return std::abs(told - *level.added) > near * std::abs(*level.added) + 2 * *level.added_error;
}

/// Of two levels in several arms, what the second adds with each of the other arms.
void add_other_arms(const ReportInput& input, const SweepText& text, const SweepResult& first, Answer& answer) {
  const auto added = [](const SweepResult& result) { return result.levels[1].from_first.value_or(0); };
  for (const SweepResult& other : input.swept) {
    if (other.sweep != first.sweep || other.arm == first.arm) continue;
    if ((added(other) > 0) != (added(first) > 0) || added(other) == 0) continue;
    const std::string part = fmt::format(
        "{} with {}", swept_value(text, std::abs(added(other)), other.levels[1].from_first_error.value_or(0)),
        short_arm(input, other.arm));
    const std::string whole = answer.text + fmt::format("{}, {}", fmt::join(answer.parts, ", "), part);
    if (letters_in(whole) <= level_room) answer.parts.push_back(part);
  }
}

std::vector<std::string> level_parts(const Sweep& sweep, const SweepText& text, const SweepResult& result,
                                     std::size_t wanted, const std::string& label) {
  std::vector<std::string> parts;
  const bool chance = text.kind != OutcomeField::Kind::amount;
  const bool by_step = hides_what_is_added(text, result);
  const std::string what = levels_in_words(sweep);
  for (const std::size_t l : shown_levels(result.levels.size(), wanted, result.turns_at, by_step)) {
    const SweepLevel& level = result.levels[l];
    const bool first = parts.empty();
    if (by_step && !first)
      parts.push_back(added_part(text, level));
    else
      parts.push_back(fmt::format(
          "{} at {}{}",
          first && chance ? in_100_beside(label, level.mean, level.mc_error) : told_level(text, result, level),
          level_number(level.level), !first ? "" : " " + (level.level == 1 ? label_of_one(what) : what)));
    if (result.turns_at == l) parts.back() += " (best)";
  }
  if (by_step && parts.size() > 1) {  // a stop between a level and what is told against it
    parts[1] = parts[0] + "; " + parts[1];
    parts.erase(parts.begin());
  }
  return parts;
}

}  // namespace

std::string levels_in_words(const Sweep& sweep) {
  std::string words = lower_first(sweep.label.empty() ? sweep.vary : sweep.label);
  for (const char* per : {" a week", " a year", " a month", " a day"})
    if (sweep.vary.ends_with(per) && !words.ends_with(per)) words += per;
  return words;
}

bool hides_what_is_added(const SweepText& text, const SweepResult& result) {
  if (text.kind != OutcomeField::Kind::amount) return false;
  for (std::size_t l = 1; l < result.levels.size(); ++l) {
    const SweepLevel& level = result.levels[l];
    if (level.added && level.added_error && std::abs(*level.added) > 2 * *level.added_error &&
        (told_level(text, result, level) == told_level(text, result, result.levels[l - 1]) ||
         tells_another_difference(text, result, l)))
      return true;
  }
  return false;
}

std::string swept_value(const SweepText& text, double value, double mc_error) {
  if (text.kind != OutcomeField::Kind::amount) return bare_in_100(value, mc_error);
  const double error = std::isnan(mc_error) ? 0 : mc_error;
  if (text.unit == "share") return rounded(100 * value, std::max(1.0, 100 * error)) + "%";
  const std::string amount = rounded(value, std::max(std::abs(value) >= 10 ? 1.0 : 0.0, error));
  if (!text.unit.starts_with("£")) return amount;
  return amount.starts_with('-') ? "-£" + amount.substr(1) : "£" + amount;
}

std::vector<Answer> sweep_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (const SweepResult& result : input.swept) {
    const Sweep& sweep = input.sweeps.at(result.sweep);
    if (result.arm != input.arms.at(sweep.arms.front()).name) continue;  // the other arms are on the page
    const SweepText& text = input.sweep_texts.at(result.sweep);
    Answer answer;
    answer.verdict = sweep.label;
    answer.text = upper_first(outcome_words(input, text.outcome, text.item));
    if (sweep.arms.front() != 0) answer.text += " with " + short_arm(input, result.arm);
    answer.text += ": ";
    for (std::size_t wanted = std::min(levels_on_a_line, result.levels.size()); wanted >= 2; --wanted) {
      answer.parts = level_parts(sweep, text, result, wanted, answer.text);
      if (letters_in(answer.text + fmt::format("{}", fmt::join(answer.parts, ", "))) <= level_room) break;
    }
    if (result.levels.size() == 2 && hides_what_is_added(text, result)) add_other_arms(input, text, result, answer);
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string level_in_words(double value, double step) {
  return step == std::floor(step) ? whole_number(value) : unrounded(value);
}

std::string counted_in_choice(const ReportInput& input, const FigureSource& source) {
  const std::size_t at = source.printed.find("weeks of ");
  if (at == std::string::npos) return "";
  const std::string name = trimmed(source.printed.substr(at + std::string_view("weeks of ").size()));
  const auto chosen = std::find_if(input.sources.begin(), input.sources.end(), [&](const FigureSource& each) {
    return each.name == name && each.kind == FigureSource::Kind::choice;
  });
  return chosen == input.sources.end() ? "" : name;
}

NeedWords need_words(const std::string& text) {
  NeedWords words;
  words.target = text.substr(0, text.find("; "));
  for (std::size_t at = text.find("; "); at != std::string::npos;) {
    const std::size_t end = text.find("; ", at + 2);
    const std::string part = text.substr(at + 2, end == std::string::npos ? end : end - at - 2);
    if (part.starts_with("with "))
      words.besides = part.substr(5);
    else
      words.chosen = part;
    at = end;
  }
  return words;
}

std::vector<Answer> need_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (std::size_t n = 0; n < input.needs.size(); ++n) {
    const Need& need = input.needs[n];
    const auto words = [&](double value) { return level_in_words(value, need.step); };
    const bool greatest = need.look_for == Need::Extreme::greatest;
    Answer answer;
    answer.verdict = need.label;
    const NeedWords said = need_words(n < input.need_texts.size() ? input.need_texts[n] : "");
    const std::string now = need.present_is_known ? fmt::format("Now {}", words(need.present)) : said.chosen;
    answer.text = fmt::format("For a chance of {}", in_100(need.chance, 0));
    if (!said.besides.empty())
      answer.text += fmt::format(" with {}{}", said.besides, now.empty() ? "" : " (" + lower_first(now) + " and that)");
    answer.text += ": ";
    bool named = false;  // what is counted is said once
    for (const NeedResult& result : input.found.needs) {
      if (result.need != n) continue;
      const bool comparator = result.arm == input.arms.front().name;
      const std::string with = comparator ? "" : " with " + short_arm(input, result.arm);
      const std::string unit = named ? "" : " " + need.label;
      const auto level = [&] {
        const std::string number = words(*result.level);
        return number + (number == "1" && !named ? " " + label_of_one(need.label) : unit);
      };
      std::string part;
      switch (result.verdict) {
        case NeedResult::Verdict::found:
        case NeedResult::Verdict::already_met:
          part = (greatest && !named ? "at most " : "") + level() + with;
          if (result.holds_to && greatest) part += fmt::format(" (fewer than {} is too few)", words(*result.holds_to));
          if (result.holds_to && !greatest)
            part += fmt::format(" (more than {} makes it worse)", words(*result.holds_to));
          named = true;
          break;
        case NeedResult::Verdict::nothing_does:
          part = fmt::format("no number of {} does it{}", need.label, with);
          if (result.best)
            part += fmt::format(" ({} at best, at {})", in_100(result.best->chance, 0), words(result.best->level));
          break;
        case NeedResult::Verdict::any_does:
          part = fmt::format("as many{} as were tried, up to {}{}", unit, words(result.tried.back().level), with);
          named = true;
          break;
        case NeedResult::Verdict::not_settled:
          part = fmt::format("not settled{}", comparator ? " " + lower_first(short_arm(input, result.arm)) : with);
          break;
      }
      answer.parts.push_back(std::move(part));
    }
    if (answer.parts.empty()) continue;
    if (!now.empty() && said.besides.empty()) answer.parts.back() += ". " + now;
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace desist
