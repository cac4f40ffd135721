// Collects the parameters that change nothing beside the others of an arm.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/simulation/declaration.hpp"

namespace desist {

/// A list of idle parameters, each once, with the first reason found.
class IdleList {
 public:
  void add(const std::vector<IdleParameter>& others) {
    for (const IdleParameter& other : others) add_if(true, other.why, {other.name});
  }
  void add_if(bool is_idle, std::string_view why, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
      if (is_idle && std::none_of(idle_.begin(), idle_.end(), [&](const auto& each) { return each.name == name; }))
        idle_.push_back({name, why});
  }
  const std::vector<IdleParameter>& all() const { return idle_; }

 private:
  std::vector<IdleParameter> idle_;
};

}  // namespace desist
