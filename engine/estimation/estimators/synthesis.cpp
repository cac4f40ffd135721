#include "engine/estimation/estimators/parts.hpp"

namespace desist {

std::vector<Estimator> synthesis_estimators() { return {}; }

}  // namespace desist
