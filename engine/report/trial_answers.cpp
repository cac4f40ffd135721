// What virtual trials show, in sentences.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t sizes_on_a_line = 5;
constexpr double worth_telling = 0.05;  // of trials without a number: as many as chance alone shows
constexpr double weeks_a_month = 365.25 / 7 / 12;

bool is_right_way(const ReportInput& input, const TrialResult& result) {
  return analysis_of(input, result).of == Analysed::everyone;
}

std::string people_in_words(std::size_t people) { return whole_number(static_cast<double>(people)); }

/// Of matched comparisons a size counts the matches too; what a programme asks is how many join.
bool is_matched(const TrialDesign& design) { return design.assignment == Assignment::matched; }

std::string size_in_words(const TrialDesign& design, std::size_t people) {
  return people_in_words(is_matched(design) ? people / 2 : people);
}

std::string whom_in_words(const TrialDesign& design) { return is_matched(design) ? " matched pairs" : " people"; }

std::string power_words(const TrialSize& size, bool first) {
  return first ? in_100(size.power.value, size.power.error) : bare_in_100(size.power.value, size.power.error);
}

/// " (81 afresh, 31 in 100 where nothing was done)": what is said beside a number; "" where that is nothing.
std::string in_brackets(std::vector<std::string> asides) {
  std::erase(asides, "");
  return asides.empty() ? "" : fmt::format(" ({})", fmt::join(asides, ", "));
}

/// "any offence 640 people (81 afresh)"; of the later parts the number alone.
std::string need_part(const ReportInput& input, const TrialResult& result, bool first) {
  const std::string label = lower_first(analysis_of(input, result).analysis.label);
  const TrialSize& greatest = result.sizes.back();
  const TrialDesign& design = design_of(input, result);
  const std::string people = first ? whom_in_words(design) : "";
  const std::string none = asked_without_effect(input, result);
  if (!result.need || result.sizes.size() == 1)
    return fmt::format("{} {} with {}{}{}", label, power_words(greatest, first), size_in_words(design, greatest.people),
                       people, in_brackets({none}));
  const TrialNeed& need = *result.need;
  switch (need.verdict) {
    case TrialNeed::Verdict::found:
      return fmt::format(
          "{} {}{}{}", label, size_in_words(design, need.people), people,
          in_brackets({first ? fmt::format("{} afresh", power_words(need.confirmed, false)) : "", none}));
    case TrialNeed::Verdict::at_smallest:
      return fmt::format("{} {}{} or fewer{}", label, size_in_words(design, need.people), people, in_brackets({none}));
    case TrialNeed::Verdict::beyond_sizes:
      break;
  }
  return fmt::format("{} over {}{}{}", label, size_in_words(design, greatest.people),
                     first ? fmt::format("{}, which show it in {} of 100", people, power_words(greatest, false)) : "",
                     in_brackets({none}));
}

/// The sizes that a line shows: the first, the last, and some between; one part where all say the same, or where
/// something is shown with nothing done, so that it is read with that or not at all.
std::vector<std::string> by_size_parts(const TrialDesign& design, const TrialAnalysis& analysis,
                                       const TrialResult& result) {
  std::vector<std::string> parts;
  const std::string none = all_without_effect(analysis, result);
  const std::string first = none.empty() ? "" : none + ", and by ";  // so that what is cut of a long line is sizes
  const std::size_t n = result.sizes.size(), wanted = std::min(none.empty() ? sizes_on_a_line : 2, n);
  const std::string of_first = power_words(result.sizes.front(), true);
  if (n > 1 && std::all_of(result.sizes.begin(), result.sizes.end(),
                           [&](const TrialSize& size) { return power_words(size, true) == of_first; }))
    return {fmt::format("{}{} trials of {} to {}{}", first, of_first,
                        size_in_words(design, result.sizes.front().people),
                        size_in_words(design, result.sizes.back().people), whom_in_words(design))};
  for (std::size_t k = 0; k < wanted; ++k) {
    const std::size_t at = wanted == 1 ? n - 1 : k * (n - 1) / (wanted - 1);
    const TrialSize& size = result.sizes[at];
    parts.push_back(fmt::format("{}{} at {}{}", power_words(size, k == 0), k == 0 ? " trials" : "",
                                size_in_words(design, size.people), k == 0 ? whom_in_words(design) : ""));
  }
  if (!none.empty()) return {fmt::format("{}{}", first, fmt::join(parts, ", "))};
  return parts;
}

}  // namespace

const TrialSize& telling_size(const ReportInput& input, const TrialResult& result) {
  const std::size_t own = design_of(input, result).repeats.value_or(result.design);
  for (const TrialResult& first : input.tried) {
    if (first.design != own || !first.need || first.need->verdict == TrialNeed::Verdict::beyond_sizes) continue;
    const auto at = std::find_if(result.sizes.begin(), result.sizes.end(),
                                 [&](const TrialSize& size) { return size.people >= first.need->people; });
    return at == result.sizes.end() ? result.sizes.back() : *at;
  }
  return result.sizes.back();
}

namespace {

bool is_repeat(const ReportInput& input, const TrialResult& result) {
  return design_of(input, result).repeats.has_value();
}

}  // namespace

const TrialDesign& design_of(const ReportInput& input, const TrialResult& result) {
  return input.trials.at(result.design);
}

const TrialAnalysis& analysis_of(const ReportInput& input, const TrialResult& result) {
  return design_of(input, result).analyses.at(result.analysis);
}

std::string trial_effect(const TrialResult& result, double value, double error) {
  if (!result.has_effect) return "no effect of its own";
  if (std::isnan(value)) return "no number";
  if (result.log_scale) return rounded(std::exp(value), std::max(0.01, std::exp(value) * error)) + " times";
  if (result.unit != "share") return rounded(value, error);
  const std::string size = rounded(100 * std::abs(value), std::max(0.1, 100 * error));
  if (size == "0") return "no difference in 100";
  return size + (value < 0 ? " fewer in 100" : " more in 100");
}

std::string of_whom_words(const TrialAnalysis& analysis) {
  switch (analysis.of) {
    case Analysed::everyone:
      return "";
    case Analysed::completers:
      return "completers only";
    case Analysed::as_treated:
      break;
  }
  return "by who started";
}

std::string assignment_words(const TrialDesign& design) {
  switch (design.assignment) {
    case Assignment::individually:
      return fmt::format("each by chance, {}% to the programme", shortest(100 * design.share_treated));
    case Assignment::in_blocks:
      return fmt::format("in shuffled blocks of {}, {}% to the programme", design.block,
                         shortest(100 * design.share_treated));
    case Assignment::by_cluster:
      return fmt::format("whole clusters of {} by chance, in pairs", design.cluster_size);
    case Assignment::stepped_wedge:
      return fmt::format("clusters of {} that begin at {} steps in an order by chance", design.cluster_size,
                         design.steps);
    case Assignment::matched:
      return fmt::format("people who join, each matched to one who does not on {}, and counted with the match",
                         listed(design.match_on));
    case Assignment::before_and_after:
      break;
  }
  return "everyone compared with the time before";
}

std::string duration_words(double weeks) {
  const double months = weeks / weeks_a_month;
  if (months < 24) return fmt::format("{:.0f} months", months);
  return fmt::format("{:.1f} years", months / 12);
}

std::optional<double> weeks_needed(const TrialDesign& design, std::size_t people) {
  if (design.people_a_week == 0) return std::nullopt;
  return static_cast<double>(people) / design.people_a_week + design.follow_up + design.read_after.value_or(0);
}

std::vector<Answer> trial_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (std::size_t d = 0; d < input.trials.size(); ++d) {
    const TrialDesign& design = input.trials[d];
    if (design.repeats) continue;
    Answer answer;
    answer.verdict = design.label;
    for (const TrialResult& result : input.tried) {
      if (result.design != d || !is_right_way(input, result)) continue;
      if (design.power) {
        answer.parts.push_back(need_part(input, result, answer.parts.empty()));
      } else if (answer.parts.empty()) {
        answer.text = upper_first(analysis_of(input, result).analysis.label) + ": shown by ";
        answer.parts = by_size_parts(design, analysis_of(input, result), result);
      }
    }
    if (answer.parts.empty()) continue;
    if (design.power && d == 0)
      answer.text = fmt::format("To show it in {} of 100: ", bare_in_100(*design.power, 0));
    else if (design.power)
      answer.parts.front() = upper_first(answer.parts.front());
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string trial_verdict(const ReportInput& input) {
  if (input.trials.empty() || !input.trials.front().power) return "";
  const double asked = *input.trials.front().power;
  std::size_t shown = 0, not_shown = 0, anyway = 0, all = 0;  // anyway: shown as asked, and where nothing was done
  for (const TrialResult& result : input.tried) {
    if (result.design != 0 || !is_right_way(input, result)) continue;
    ++all;
    std::size_t& enough = asked_without_effect(input, result).empty() ? shown : anyway;
    if (result.need && result.sizes.size() > 1) {
      ++(result.need->verdict == TrialNeed::Verdict::beyond_sizes ? not_shown : enough);
      continue;
    }
    const Characteristic& power = result.sizes.back().power;
    enough += power.value - 1.96 * power.error >= asked ? 1 : 0;
    not_shown += power.value + 1.96 * power.error < asked ? 1 : 0;
  }
  if (all == 0) return "";
  if (shown == all) return "Yes";
  if (anyway == all) return "Yes, but also where nothing was done";
  if (not_shown + anyway == all) return "No";
  return shown > 0 && not_shown + anyway > 0 ? "Depends on " + depends_words(DependsOn::which_outcome)
                                             : verdict_words(Verdict::not_shown);
}

Answer wrong_way_answer(const ReportInput& input) {
  Answer answer;
  for (const TrialResult& result : input.tried) {
    const TrialAnalysis& analysis = analysis_of(input, result);
    if (result.design != input.tried.front().design || analysis.of == Analysed::everyone) continue;
    const TrialSize& size = telling_size(input, result);
    const bool share = !result.log_scale && result.unit == "share";
    const auto effect = [&](double value, double error) {
      return share ? fewer_or_more(value) : trial_effect(result, value, error);
    };
    if (!result.has_effect) {  // a test alone: how often it shows something
      answer.parts.push_back(fmt::format("{}: {} show it{}", lower_first(analysis.analysis.label),
                                         in_100(size.power.value, size.power.error),
                                         in_brackets({without_effect_words(analysis, size.false_positives)})));
      continue;
    }
    std::string part = fmt::format("{}: {} on average", lower_first(analysis.analysis.label),
                                   effect(size.mean.value, size.mean.error));
    part += fmt::format(", where {} is true", effect(result.truth, result.truth_error));
    answer.parts.push_back(std::move(part));
  }
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer found_by_chance_answer(const ReportInput& input) {
  Answer answer;
  for (const TrialResult& result : input.tried) {
    const TrialSize& size = telling_size(input, result);
    if (!size.false_positives || is_repeat(input, result)) continue;
    const bool first = answer.parts.empty();
    const TrialDesign& design = design_of(input, result);
    if (first)
      answer.text =
          fmt::format("Without any effect, {}{}: ", size_in_words(design, size.people), whom_in_words(design));
    const bool of_first = result.design == input.tried.front().design;
    if (!of_first && result.analysis > 0) continue;  // of later trials the first analysis
    const std::string what = of_first ? analysis_of(input, result).analysis.label : design.label;
    const Characteristic& found = *size.false_positives;
    answer.parts.push_back(
        lower_first(what) + " " +
        (first ? in_100(found.value, found.error) + " find one" : bare_in_100(found.value, found.error)));
  }
  return answer;
}

namespace {

/// Of a trial and its other follow-ups the results of the first analysis of everyone, from short to long.
std::vector<const TrialResult*> by_follow_up(const ReportInput& input, std::size_t own) {
  std::vector<const TrialResult*> found;
  for (const TrialResult& result : input.tried) {
    const TrialDesign& design = design_of(input, result);
    const bool its = result.design == own || (design.is_other_follow_up && design.repeats == own);
    if (its && is_right_way(input, result) && (found.empty() || found.front()->analysis == result.analysis))
      found.push_back(&result);
  }
  std::stable_sort(found.begin(), found.end(), [&](const TrialResult* a, const TrialResult* b) {
    return design_of(input, *a).follow_up < design_of(input, *b).follow_up;
  });
  return found;
}

}  // namespace

const TrialSize& size_with(const TrialResult& result, std::size_t people) {
  const auto at = std::find_if(result.sizes.begin(), result.sizes.end(),
                               [&](const TrialSize& size) { return size.people == people; });
  return at == result.sizes.end() ? result.sizes.back() : *at;
}

Answer follow_up_answer(const ReportInput& input) {
  Answer answer;
  if (input.tried.empty()) return answer;
  const auto results = by_follow_up(input, input.tried.front().design);
  if (results.size() < 2) return answer;
  const TrialDesign& own = design_of(input, input.tried.front());
  answer.text = "Followed ";
  if (!own.power)
    answer.text =
        fmt::format("{}, shown with {}{} followed ", lower_first(analysis_of(input, *results.front()).analysis.label),
                    size_in_words(own, results.front()->sizes.back().people), whom_in_words(own));
  for (const TrialResult* result : results) {
    const bool first = answer.parts.empty();
    const TrialDesign& design = design_of(input, *result);
    const std::string followed = duration_words(design.follow_up);
    if (!own.power) {
      answer.parts.push_back(fmt::format("{} {}{}", followed, power_words(result->sizes.back(), first),
                                         in_brackets({asked_without_effect(input, *result)})));
      continue;
    }
    const bool beyond = result->need && result->need->verdict == TrialNeed::Verdict::beyond_sizes;
    const std::size_t people = people_asked_for(*result);
    const auto weeks = weeks_needed(design, people);
    answer.parts.push_back(fmt::format(
        "{} {}{}{}{}", followed, beyond ? "over " : "", size_in_words(own, people), first ? whom_in_words(own) : "",
        in_brackets({weeks && !beyond ? duration_words(*weeks) : "", asked_without_effect(input, *result)})));
  }
  return answer;
}

Answer how_long_answer(const ReportInput& input) {
  Answer answer;
  if (!follow_up_answer(input).parts.empty()) return answer;
  std::vector<std::size_t> said;
  for (const TrialResult& result : input.tried) {
    const TrialDesign& design = design_of(input, result);
    if (result.design != input.tried.front().design || !is_right_way(input, result)) continue;
    const std::size_t people = people_asked_for(result);
    const auto weeks = weeks_needed(design, people);
    if (!weeks || std::find(said.begin(), said.end(), people) != said.end()) continue;
    said.push_back(people);
    if (answer.text.empty())
      answer.text = fmt::format("{} people a week, {} of follow-up (not varied): ", shortest(design.people_a_week),
                                duration_words(design.follow_up));
    answer.parts.push_back(fmt::format("{} for {} people", duration_words(*weeks), people_in_words(people)));
  }
  return answer;
}

Answer no_number_answer(const ReportInput& input) {
  Answer answer;
  for (const TrialResult& result : input.tried) {
    if (is_repeat(input, result)) continue;
    const TrialDesign& design = design_of(input, result);
    const TrialSize* worst = nullptr;
    for (const TrialSize& size : result.sizes)
      if (static_cast<double>(size.without_number) > worth_telling * static_cast<double>(size.trials) &&
          (worst == nullptr || size.without_number > worst->without_number))
        worst = &size;
    if (worst == nullptr) continue;
    const bool of_first = result.design == input.tried.front().design;
    const std::string label = analysis_of(input, result).analysis.label;
    answer.parts.push_back(fmt::format("{}: {} of {} trials of {}{}, counted as not shown",
                                       of_first ? label : fmt::format("{}, {}", design.label, lower_first(label)),
                                       whole_number(static_cast<double>(worst->without_number)),
                                       whole_number(static_cast<double>(worst->trials)),
                                       size_in_words(design, worst->people), whom_in_words(design)));
  }
  return answer;
}

Answer inconclusive_answer(const ReportInput& input) {
  Answer answer;
  for (std::size_t d = 0; d < input.trials.size(); ++d) {
    const TrialDesign& design = input.trials[d];
    if (!is_matched(design) || design.repeats) continue;
    const auto its = std::find_if(input.tried.begin(), input.tried.end(), [&](const TrialResult& result) {
      return result.design == d && is_right_way(input, result);
    });
    if (its == input.tried.end()) continue;
    const auto not_shown = [](const TrialSize& size, bool first) {
      const Characteristic share{1 - size.power.value, size.power.error};
      return first ? in_100(share.value, share.error) : bare_in_100(share.value, share.error);
    };
    const TrialSize &least = its->sizes.front(), &most = its->sizes.back();
    const std::string none = all_without_effect(analysis_of(input, *its), *its);
    const std::string found = none.empty() ? "" : "shown by " + none;
    if (!answer.parts.empty()) {
      answer.parts.push_back(fmt::format("{} {} to {}{}", lower_first(design.label), not_shown(least, false),
                                         not_shown(most, false), in_brackets({found})));
      continue;
    }
    const std::size_t n = its->sizes.size(), wanted = std::min(sizes_on_a_line, n);
    for (std::size_t k = 0; k < wanted; ++k) {
      const TrialSize& size = its->sizes[wanted == 1 ? n - 1 : k * (n - 1) / (wanted - 1)];
      answer.parts.push_back(fmt::format("{}{} {}{}", not_shown(size, k == 0), k == 0 ? " comparisons at" : " at",
                                         size_in_words(design, size.people), k == 0 ? whom_in_words(design) : ""));
    }
    answer.parts.front() += in_brackets({found});
  }
  return answer;
}

Answer looks_answer(const ReportInput& input) {
  Answer answer;
  for (const TrialResult& result : input.tried) {
    if (!is_right_way(input, result) || is_repeat(input, result)) continue;
    const TrialSize& size = telling_size(input, result);
    if (size.stops.empty()) continue;
    const TrialDesign& design = design_of(input, result);
    if (answer.text.empty())
      answer.text = fmt::format("{} looks, {} people at most: ", design.looks.size(), people_in_words(size.people));
    const TrialAnalysis& analysis = analysis_of(input, result);
    answer.parts.push_back(fmt::format("{}: {} show it{}, after {} people on average",
                                       lower_first(analysis.analysis.label),
                                       in_100(size.power_with_looks.value, size.power_with_looks.error),
                                       in_brackets({without_effect_words(analysis, size.false_positives_with_looks)}),
                                       whole_number(size.people_with_looks.value)));
  }
  return answer;
}

Answer assurance_answer(const ReportInput& input) {
  Answer answer;
  for (const TrialResult& result : input.tried) {
    if (!is_right_way(input, result) || is_repeat(input, result)) continue;
    const bool found = result.need && result.need->verdict == TrialNeed::Verdict::found;
    const TrialSize& size = found ? result.need->confirmed : telling_size(input, result);
    if (!size.assurance) continue;
    const bool first = answer.parts.empty();
    if (first) answer.text = "Whatever is true of what isn't known: ";
    const bool of_first = result.design == input.tried.front().design;
    if (!of_first && result.analysis > 0) continue;  // of later trials the first analysis
    const std::string what = of_first ? analysis_of(input, result).analysis.label : design_of(input, result).label;
    answer.parts.push_back(fmt::format("{} {} with {}{}{}", lower_first(what),
                                       first ? in_100(size.assurance->value, size.assurance->error) + " show it"
                                             : bare_in_100(size.assurance->value, size.assurance->error),
                                       people_in_words(size.people), first ? " people" : "",
                                       in_brackets({asked_without_effect(input, result)})));
  }
  return answer;
}

std::vector<Answer> careers_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (std::size_t d = 0; d < input.trials.size(); ++d) {
    const TrialDesign& design = input.trials[d];
    if (design.careers.empty() || design.repeats) continue;
    std::vector<const TrialResult*> results;
    for (const TrialResult& result : input.tried) {
      const TrialDesign& its = design_of(input, result);
      if (its.repeats.value_or(result.design) == d && !its.is_other_follow_up && result.analysis == 0)
        results.push_back(&result);
    }
    if (results.empty()) continue;
    const TrialResult& last_result = *results.back();
    const bool needed = last_result.need.has_value();
    const bool none = !design.power && design.without_effect;
    const std::size_t people = last_result.sizes.back().people;
    const std::string label = lower_first(analysis_of(input, last_result).analysis.label);
    Answer answer;
    answer.text = needed
                      ? fmt::format("{}, to show it in {} of 100: ", upper_first(label), bare_in_100(*design.power, 0))
                  : none ? fmt::format("{}, found where there is no effect: ", design.label)
                         : fmt::format("{}, shown with {}{}: ", design.power ? upper_first(label) : design.label,
                                       size_in_words(design, people), whom_in_words(design));
    for (const TrialResult* result : results) {
      const bool first = answer.parts.empty();
      const TrialSize& size = size_with(*result, people);
      const Characteristic& chance = none ? *size.false_positives : size.power;
      std::string said = first ? in_100(chance.value, chance.error) : bare_in_100(chance.value, chance.error);
      if (needed) {
        const bool beyond = result->need->verdict == TrialNeed::Verdict::beyond_sizes;
        said = (beyond ? "over " : "") + size_in_words(design, people_asked_for(*result)) +
               (first ? whom_in_words(design) : "");
      }
      if (!none) {
        const TrialAnalysis& analysis = analysis_of(input, *result);
        said += in_brackets(
            {needed ? asked_without_effect(input, *result) : without_effect_words(analysis, size.false_positives)});
      }
      answer.parts.push_back(design_of(input, *result).careers + " " + said);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

double trial_error(const ReportInput& input) {
  double largest = 0;
  for (const TrialResult& result : input.tried)
    for (const TrialSize& size : result.sizes) largest = std::max(largest, size.power.error);
  return largest;
}

}  // namespace desist
