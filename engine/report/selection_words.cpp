#include "engine/report/selection_words.hpp"

#include <cmath>

#include <fmt/format.h>

#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr double shown_beyond_chance = 0.05;

/// "67"; a share below 0, which an identity of few people may give, is none.
std::string hundredths(double share) { return share < 0.005 ? "none" : whole_number(std::round(100 * share)); }

}  // namespace

std::string small_chance(double chance) {
  if (chance >= 0.01) return in_100(chance, 0);
  if (chance < 0.001) return "under 1 in 1,000";
  return whole_number(std::round(1000 * chance)) + " in 1,000";
}

std::string no_mechanism_words(statistics::NoMechanism why) {
  switch (why) {
    case statistics::NoMechanism::completers_offend_more:
      return "None: completers would have to offend more than those whom drop-out spares by chance";
    case statistics::NoMechanism::breaches_end_too_many:
      return "None: recorded offences alone would end it for more people";
    case statistics::NoMechanism::too_strong:
      return "None: no drop-out leaves completers who offend so little";
  }
  return "";
}

Answer selection_answer(const std::string& label, const SelectionFinding& finding) {
  Answer answer;
  const std::string seen = finding.completed.count == 0
                               ? fmt::format("{}: none who finished", label)
                               : fmt::format("{}: {} who finished", label, in_100(finding.completed.estimate(), 0));
  if (!finding.breached) {
    const std::string least = finding.least < 0.005 ? "any number" : hundredths(finding.least) + " or more";
    answer.text = fmt::format("{}, {} if nothing worked.", seen, least);
    return answer;
  }
  const std::string both = fmt::format("{}, {} if nothing worked", seen, hundredths(finding.expected));
  if (finding.no_selection) {
    answer.verdict = "Not by selection";
    answer.parts = {
        fmt::format("{}: breachers had fewer than controls ({})", both, hundredths(finding.control.estimate()))};
  } else {
    answer.verdict = finding.p < shown_beyond_chance ? "Not by selection alone" : "Selection could be all of it";
    answer.parts = {fmt::format("{} ({} to {})", both, whole_number(std::round(100 * finding.limits.low)),
                                whole_number(std::round(100 * finding.limits.high)))};
    if (finding.chance) answer.parts.push_back(fmt::format("so few by luck: {}", small_chance(finding.chance->so_few)));
  }
  if (finding.odds_ratio_star && finding.p < shown_beyond_chance)
    answer.parts.push_back(fmt::format("gone if those sent had {}% of others' odds anyway",
                                       whole_number(std::round(100 * *finding.odds_ratio_star))));
  answer.text = fmt::format("{}.", fmt::join(answer.parts, "; "));
  answer.parts.front() += '.';
  return answer;
}

}  // namespace desist
