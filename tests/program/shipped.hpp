// What every test of the reader starts from: the shipped models, experiments and evidence.
#pragma once

#include <string>

#include "models/catalogue.hpp"

namespace desist {

inline const Catalogue known{catalogue()};  // outlives what is read: a spec points into it
inline const std::string shipped = std::string(DESIST_SOURCE_DIR) + "/experiments";
inline const std::string shipped_evidence = shipped + "/evidence";

}  // namespace desist
