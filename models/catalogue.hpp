// The models that `desist` knows.
#pragma once

#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist {

/// Every model, alphabetical by name.
const std::vector<ModelRecord>& catalogue();

}  // namespace desist
