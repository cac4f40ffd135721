// What is said of a printed fall: whether a programme that does nothing shows it, and on what that hangs.
#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// Fraction of what was before that is gone, in 100; negative of a rise. Infinite falls leave nothing, rises no number.
double gone_in_100(double fall) { return 100 * (1 - std::exp(-fall)); }

/// "no null programme ...: picked for at least 0 or 1 offences".
std::string deciding_levels(const NullUnknown& unknown, const std::vector<const PlaceboEnvelope*>& levels,
                            PlaceboVerdict verdict) {
  std::vector<std::string> found;
  for (std::size_t l = 0; l < levels.size(); ++l)
    if (levels[l]->verdict == verdict && levels[l]->points > 0) found.push_back(unknown.level_words[l]);
  if (found.empty() || found.size() == levels.size()) return "";
  return lower_first(unknown.label) + " " + listed(found, "or");
}

std::string verdict_of_fall(PlaceboVerdict verdict, bool is_rise = false) {
  switch (verdict) {
    case PlaceboVerdict::none_shows_it:
      return is_rise ? "Nothing tried without an effect shows so small a rise"
                     : "Nothing tried without an effect shows this fall";
    case PlaceboVerdict::less_than_expected:
      return "Less than expected anyway";
    case PlaceboVerdict::cannot_tell:
      break;
  }
  return "Cannot tell";
}

}  // namespace

std::string fall_in_words(double fall) {
  if (std::isnan(fall)) return "no number";
  if (fall == -infinity) return "higher than nothing";
  const double gone = gone_in_100(fall);
  if (std::abs(gone) < 0.5) return "no change";
  return fmt::format("{}% {}", rounded(std::abs(gone), 1), gone < 0 ? "higher" : "lower");
}

std::string falls_in_words(double low, double high) {
  const std::string first = fall_in_words(low), last = fall_in_words(high);
  if (first == last) return first;
  constexpr std::string_view lower = " lower", higher = " higher";
  // "4% to 91% lower": the word stands once where it is the same.
  for (const std::string_view way : {lower, higher})
    if (first.ends_with(way) && last.ends_with(way)) return first.substr(0, first.size() - way.size()) + " to " + last;
  return first + " to " + last;
}

std::string fall_position(FallIs position) {
  switch (position) {
    case FallIs::above:
      return "above";
    case FallIs::below:
      return "below";
    case FallIs::inside:
      break;
  }
  return "inside";
}

std::string first_placebo_verdict(const ReportInput& input) {
  if (input.null_results.placebos.empty()) return "";
  const PlaceboEnvelope& first = input.null_results.placebos.front().all;
  if (first.points == 0) return verdict_words(Verdict::cannot_be_answered);
  return verdict_of_fall(first.verdict, input.placebos.front().fall_most() < 0);
}

std::string placebo_verdict_words(PlaceboVerdict verdict) { return verdict_of_fall(verdict); }

std::string explained_in_words(const PlaceboEnvelope& envelope) {
  if (!envelope.explained_low) return "";
  return rounded_range(100 * *envelope.explained_low, 100 * *envelope.explained_high, 1) + " in 100";
}

/// Printed falls, one each: the verdict, what was printed, and what the null programme shows.
std::vector<Answer> placebo_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const PlaceboEnvelope& all = input.null_results.placebos[p].all;
    const Placebo& placebo = input.placebos.at(p);
    Answer answer;
    answer.verdict = placebo.label;
    if (all.points == 0) {
      answer.text =
          fmt::format("Can't be answered: no '{}' in its range gives as much before as was printed; widen the range.",
                      input.null_programme.match ? input.null_programme.match->name : "");
      answers.push_back(std::move(answer));
      continue;
    }
    const std::string printed = falls_in_words(placebo.fall_least(), placebo.fall_most());
    const std::string shown = falls_in_words(all.low, all.high);
    answer.text = verdict_of_fall(all.verdict, placebo.fall_most() < 0) + ": " + printed;
    // Its words leave little room.
    const bool is_long = all.verdict == PlaceboVerdict::none_shows_it;
    answer.text += is_long ? ", against " + shown + "." : " printed, " + shown + " with no effect.";
    answers.push_back(std::move(answer));
  }
  return answers;
}

/// On which levels the first verdict hangs, a part each; nothing where it holds everywhere.
Answer boundary_answer(const ReportInput& input) {
  Answer answer;
  if (input.null_results.placebos.empty()) return answer;
  const PlaceboResult& result = input.null_results.placebos.front();
  if (result.all.verdict != PlaceboVerdict::cannot_tell || result.all.points == 0) return answer;
  for (std::size_t u = 0; u < input.null_programme.unknowns.size(); ++u) {
    std::vector<const PlaceboEnvelope*> levels;
    for (const PlaceboEnvelope& each : result.levels)
      if (each.unknown == u) levels.push_back(&each);
    const NullUnknown& unknown = input.null_programme.unknowns[u];
    if (const std::string none = deciding_levels(unknown, levels, PlaceboVerdict::none_shows_it); !none.empty())
      answer.parts.push_back(none + ": nothing without an effect shows it");
    if (const std::string less = deciding_levels(unknown, levels, PlaceboVerdict::less_than_expected); !less.empty())
      answer.parts.push_back(less + ": less than expected anyway");
  }
  if (answer.parts.empty())
    answer.parts.push_back("no single unknown: whatever one of them is, the others can make it either");
  answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

/// How much of the fall is expected anyway, by model of careers: structural spread, side by side.
Answer anyway_answer(const ReportInput& input) {
  Answer answer;
  if (input.null_results.placebos.empty()) return answer;
  const PlaceboResult& result = input.null_results.placebos.front();
  if (!result.all.explained_low) return answer;
  if (result.arms.size() < 2) {
    answer.parts.push_back(explained_in_words(result.all) + " of the fall is expected on average");
    return answer;
  }
  answer.text = "Of 100 of the fall, expected: ";
  for (const PlaceboEnvelope& arm : result.arms)
    if (arm.explained_low)
      answer.parts.push_back(fmt::format("{} {}", lower_first(short_arm(input, arm.arm)),
                                         rounded_range(100 * *arm.explained_low, 100 * *arm.explained_high, 1)));
  return answer;
}

/// The share of people counted after up to which nothing is left of the fall: of all, and of the units with the least
/// and the most.
Answer left_answer(const ReportInput& input) {
  Answer answer;
  if (input.null_results.placebos.empty()) return answer;
  const PlaceboResult& result = input.null_results.placebos.front();
  if (!result.nothing_left) return answer;
  // Below the least of the box nothing is left whatever else holds, above the most something is: more than everybody
  // can't be counted.
  const auto least = [](const PartLeft& left) {
    return left.least > 1 ? std::string("any share") : rounded(100 * left.least, 1);
  };
  const PartLeft& of_all = *result.nothing_left;
  if (of_all.least > 1) {
    answer.text = "Nothing is left, whatever share of people was counted after";
    return answer;
  }
  answer.text = "Nothing is left if at most ";
  const std::string above =
      of_all.most > 1 ? "with more it depends" : fmt::format("something above {}", rounded(100 * of_all.most, 1));
  answer.parts.push_back(least(of_all) + " in 100 people were counted after");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < result.parts.size(); ++i)
    if (result.parts[i].points > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return result.parts[a].least < result.parts[b].least; });
  const auto add_unit = [&](std::size_t unit) {
    answer.parts.push_back(fmt::format("{} in {}", least(result.parts[unit]), input.placebos.front().parts[unit].name));
  };
  if (!order.empty()) add_unit(order.front());
  if (order.size() > 1) add_unit(order.back());
  answer.parts.push_back(above);
  return answer;
}

}  // namespace desist
