#include "engine/estimation/estimators/parts.hpp"

namespace desist {

std::vector<Estimator> compliance_estimators() { return {}; }

}  // namespace desist
