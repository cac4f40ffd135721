#include "engine/core/build_info.hpp"

// DESIST_VERSION, DESIST_COMMIT, DESIST_COMPILER and DESIST_MATHS_LIBRARY are defined for this file alone, so that a
// new commit compiles nothing else again.
namespace desist {

std::string_view project_version() { return DESIST_VERSION; }
std::string_view commit() { return DESIST_COMMIT; }
std::string_view compiler() { return DESIST_COMPILER; }
std::string_view maths_library() { return DESIST_MATHS_LIBRARY; }

}  // namespace desist
