#include "engine/estimation/estimators/parts.hpp"

namespace desist {

std::vector<Estimator> design_estimators() { return {}; }

}  // namespace desist
