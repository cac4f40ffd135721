// Where the program finds what ships with it: the figure renderer, the evidence; and whether it can write.
#pragma once

#include <string>

#include "engine/report/write_results.hpp"

namespace desist {

/// The folder that holds the running program, or "" where the system does not tell.
std::string program_folder();

/// The renderer's bundles, installed beside the program or in the build tree; an empty path for each that is not there.
RenderTools find_render_tools();

/// The folder of the shipped evidence, installed beside the program or in the source tree; "" if neither is there.
std::string find_shipped_evidence();

/// Makes sure, before anything is simulated, that results can be written there: the parent exists and takes files.
/// Throws Failure(cannot_write) with the path, the system's reason and the cure.
void prepare_directory(const std::string& directory);

}  // namespace desist
