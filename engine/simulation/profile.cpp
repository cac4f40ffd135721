#include "engine/simulation/profile.hpp"

#include <algorithm>
#include <stdexcept>

namespace desist {

Steps::Steps(std::vector<Step> steps) : steps_(std::move(steps)) {
  if (steps_.empty()) throw std::invalid_argument("a step function needs at least one step");
  const auto not_later = [](const Step& a, const Step& b) { return !(a.from < b.from); };
  if (std::adjacent_find(steps_.begin(), steps_.end(), not_later) != steps_.end())
    throw std::invalid_argument("the steps of a step function must start one after the other");
}

double Steps::at(double week) const {
  const auto later = [](double moment, const Step& step) { return moment < step.from; };
  const auto next = std::upper_bound(steps_.begin() + 1, steps_.end(), week, later);
  return (next - 1)->value;  // the first step holds from minus infinity
}

}  // namespace desist
