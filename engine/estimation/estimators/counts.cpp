#include "engine/estimation/estimators/parts.hpp"

namespace desist {

std::vector<Estimator> count_estimators() { return {}; }

}  // namespace desist
