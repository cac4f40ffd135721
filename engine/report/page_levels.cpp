// The page's tables of levels: an outcome at each, what it adds to the one before, and where more makes it worse.
#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;

std::string label_of_arm(const ReportInput& input, const std::string& name) {
  for (const ArmText& arm : input.arms)
    if (arm.name == name) return arm.label;
  return name;
}

std::string signed_value(const SweepText& text, double value, double mc_error) {
  const bool shares = text.kind != OutcomeField::Kind::amount || text.unit == "share";
  const double scale = shares ? 100 : 1;
  const std::string size = rounded(scale * value, scale * mc_error);
  return value > 0 && size != "0" ? "+" + size : size;
}

}  // namespace

std::string levels_section(const ReportInput& input) {
  std::string all;
  for (std::size_t s = 0; s < input.sweeps.size(); ++s) {
    const Sweep& sweep = input.sweeps[s];
    const SweepText& text = input.sweep_texts.at(s);
    const bool chance = text.kind != OutcomeField::Kind::amount;
    std::vector<std::vector<html::TableCell>> rows;
    std::vector<std::string> turns;
    bool hides = false;
    for (const SweepResult& result : input.swept) {
      if (result.sweep != s) continue;
      hides = hides || hides_what_is_added(text, result);
      for (const SweepLevel& level : result.levels)
        rows.push_back(
            {words(label_of_arm(input, result.arm)), number(unrounded(level.level)),
             number(swept_value(text, level.mean, level.mc_error)),
             number(swept_value(text, level.low, 0) + " to " + swept_value(text, level.high, 0)),
             number(level.added ? signed_value(text, *level.added, *level.added_error) : ""),
             number(level.added ? rounded((chance || text.unit == "share" ? 100 : 1) * *level.added_error, 0) : "")});
      if (result.turns_at)
        turns.push_back(
            fmt::format("{}: at {} it is best; some higher level is worse by more than the simulation's own "
                        "error explains (99 in 100, all higher levels together). Beyond it, more undoes its "
                        "own effect.",
                        label_of_arm(input, result.arm), unrounded(result.levels[*result.turns_at].level)));
    }
    const std::string unit = chance                 ? "in 100 runs"
                             : text.unit == "share" ? "%"
                                                    : Unit::parse(text.unit.empty() ? "1" : text.unit).in_words(2);
    const std::string today = sweep.present
                                  ? fmt::format(" Today: {} {}.", rounded(*sweep.present, 0), levels_in_words(sweep))
                                  : std::string();
    const std::string of = upper_first(outcome_words(input, text.outcome, text.item));
    const std::string range =
        chance ? "The range is the simulation's own error." : "In 95 of 100 runs it lies in the range.";
    all += html::table(
        fmt::format(
            "{}{} at each level of {}. {} Levels share their draws and luck, so what one adds to "
            "the one before is known better than either.{}{}",
            of, unit.empty() ? "" : ", " + unit, levels_in_words(sweep), range, today,
            hides ? " Estimates are rounded to their own error, so that some look alike: read what is added." : ""),
        {"Arm", upper_first(levels_in_words(sweep)), "Estimate", "Range", "Adds to the one before", "Error of that"},
        rows);
    for (const std::string& turn : turns) all += html::element("p", turn);
  }
  return all;
}

}  // namespace desist::page
