#include "engine/estimation/estimators/parts.hpp"

namespace desist {

std::vector<Estimator> binary_estimators() { return {}; }

}  // namespace desist
