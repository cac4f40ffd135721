#include "engine/estimation/study.hpp"

namespace desist {

const PrintedCell* Group::cell(const std::string& quantity) const {
  for (const PrintedCell& one : cells) {
    if (one.quantity == quantity) return &one;
  }
  return nullptr;
}

}  // namespace desist
