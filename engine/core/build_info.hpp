// What this program was built from, for --version and the manifest.
#pragma once

#include <string_view>

namespace desist {

/// The version of the project: "0.1.0".
std::string_view project_version();

/// The commit that was built, 12 digits; "unknown" outside a git checkout.
std::string_view commit();

/// The compiler and its version: "GCC 12.2.0".
std::string_view compiler();

/// Whose exp, log and pow are linked: "musl 1.2.3 (fixed)", equal on every processor, or "system".
std::string_view maths_library();

}  // namespace desist
