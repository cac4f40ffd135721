#include "engine/events/state_paths.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace desist {

StatePaths::StatePaths(std::span<const std::vector<StateTransition>> ways) {
  static const LogExponential log_exponential;
  log_exponential_ = &log_exponential;
  for (std::size_t from = 0; from < ways.size(); ++from) {
    first_.push_back(ways_.size());
    width_ = std::max(width_, ways[from].size());
    for (const StateTransition& way : ways[from]) {
      const std::string name = "the way from state " + std::to_string(from) + " to state " + std::to_string(way.to);
      if (way.to >= ways.size()) throw std::invalid_argument(name + ": there is no such state");
      const auto is_sound = [](double value) { return value > 0 && std::isfinite(value); };
      if (!is_sound(way.shape) || !is_sound(way.scale))
        throw std::invalid_argument(name + ": shape and scale have to be above 0 and finite");
      ways_.push_back({way.to, std::log(way.scale), 1 / way.shape});
    }
  }
  first_.push_back(ways_.size());
}

}  // namespace desist
