#include "engine/estimation/dependent_groups.hpp"

#include <algorithm>
#include <variant>

namespace desist {

std::vector<std::vector<std::size_t>> dependent_groups(const std::vector<std::size_t>& slots,
                                                       const ParameterDraws& draws) {
  std::vector<std::vector<std::size_t>> groups;
  const auto belong_together = [&](std::size_t a, std::size_t b) {
    const auto* first = std::get_if<PosteriorLaw>(&draws.parameters()[a].law);
    const auto* second = std::get_if<PosteriorLaw>(&draws.parameters()[b].law);
    if (first != nullptr && second != nullptr && first->posterior == second->posterior) return true;
    return std::any_of(draws.correlations().begin(), draws.correlations().end(), [&](const Correlation& correlation) {
      const auto& members = correlation.parameters;
      return std::find(members.begin(), members.end(), a) != members.end() &&
             std::find(members.begin(), members.end(), b) != members.end();
    });
  };
  for (const std::size_t slot : slots) {
    const auto home = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return std::any_of(group.begin(), group.end(), [&](std::size_t member) { return belong_together(member, slot); });
    });
    if (home == groups.end()) {
      groups.push_back({slot});
    } else {
      home->push_back(slot);
    }
  }
  return groups;
}

}  // namespace desist
