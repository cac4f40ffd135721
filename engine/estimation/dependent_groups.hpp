// Which uncertain figures can be judged only as one.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/simulation/parameters.hpp"

namespace desist {

/// Parameters that must be judged together: the members of one correlation or of one posterior (mathematics.md 6.7).
std::vector<std::vector<std::size_t>> dependent_groups(const std::vector<std::size_t>& slots,
                                                       const ParameterDraws& draws);

}  // namespace desist
