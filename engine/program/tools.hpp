// Where the program finds what ships with it: the figure renderer, the evidence; and what it says.
#pragma once

#include <string>
#include <string_view>

#include "engine/report/write_results.hpp"

namespace desist {

/// The folder that holds the running program, or "" where the system does not tell.
std::string program_folder();

/// The renderer's bundles, installed beside the program or in the build tree; an empty path for each that is not there.
RenderTools find_render_tools();

/// The folder of the shipped evidence, installed beside the program or in the source tree; "" if neither is there.
std::string find_shipped_evidence();

/// Writes to standard output and sees it through. Throws Failure(cannot_write): words that nobody got are no success.
void say(std::string_view text);

}  // namespace desist
