// Virtual trials that show something where nothing was done: more often than their level allows, and in words.
#include <algorithm>

#include <fmt/format.h>

#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// A test keeps its level if it errs at no more than one and a half times of it: Bradley (1978), the liberal criterion,
/// British Journal of Mathematical and Statistical Psychology 31, 144-152.
constexpr double times_the_level = 1.5;

}  // namespace

bool shows_without_effect(const TrialAnalysis& analysis, const std::optional<Characteristic>& found) {
  const double level = 1 - analysis.analysis.number("level", 0.95);
  return found && found->value - 1.96 * found->error > times_the_level * level;
}

bool shows_without_effect(const TrialAnalysis& analysis, const TrialResult& result) {
  return std::any_of(result.sizes.begin(), result.sizes.end(),
                     [&](const TrialSize& size) { return shows_without_effect(analysis, size.false_positives); });
}

std::string without_effect_words(const TrialAnalysis& analysis, const std::optional<Characteristic>& found) {
  return shows_without_effect(analysis, found) ? in_100(found->value, found->error) + " where nothing was done" : "";
}

std::size_t people_asked_for(const TrialResult& result) {
  const bool found = result.need && result.need->verdict != TrialNeed::Verdict::beyond_sizes;
  return found ? result.need->people : result.sizes.back().people;
}

std::string asked_without_effect(const ReportInput& input, const TrialResult& result) {
  const std::size_t people = people_asked_for(result);
  const auto at = std::find_if(result.sizes.begin(), result.sizes.end(),
                               [&](const TrialSize& size) { return size.people >= people; });
  const TrialSize& size = at == result.sizes.end() ? result.sizes.back() : *at;
  return without_effect_words(analysis_of(input, result), size.false_positives);
}

std::string all_without_effect(const TrialAnalysis& analysis, const TrialResult& result) {
  if (!shows_without_effect(analysis, result)) return "";
  const auto fewer = [](const TrialSize& a, const TrialSize& b) {
    return a.false_positives->value < b.false_positives->value;
  };
  const auto [least, most] = std::minmax_element(result.sizes.begin(), result.sizes.end(), fewer);
  const auto words = [](const TrialSize& size) {
    return bare_in_100(size.false_positives->value, size.false_positives->error);
  };
  const std::string low = words(*least), high = words(*most);
  const bool is_one = low == high || low.starts_with("more than");  // "more than 99 to 100" says no more
  return fmt::format("{} where nothing was done",
                     is_one ? in_100(least->false_positives->value, least->false_positives->error)
                            : fmt::format("{} to {}", low, high == "all" ? "100" : high));
}

}  // namespace desist
