// Draws the figures of a run by the programs that are installed: node for SVG, rsvg-convert for PDF.
#pragma once

#include <string>
#include <vector>

#include "engine/report/write_results.hpp"

namespace desist {

struct Drawn {
  std::vector<std::string> files;     // made, inside the directory: "figures/forest.svg"
  std::vector<std::string> not_made;  // one line each: which, why, and what to install
};

/// Draws figures/NAME.vl.json as figures/NAME.svg and .pdf inside `directory`, all SVG in one process.
///
/// Never throws and never hangs: what is missing, fails or takes too long is a line in `not_made`, and the run goes on.
/// Programs are started without a shell. Verified by: report_test
Drawn draw_figures(const std::vector<std::string>& names, const std::string& directory, const RenderTools& tools);

/// How a program ended.
struct Ended {
  enum class How { not_found, failed, timed_out, succeeded } how = How::not_found;
  std::string said;  // on its standard error
};

/// Runs a program, found along PATH, in a folder, with nothing to read and no time beyond `seconds`.
Ended run_program(const std::vector<std::string>& words, const std::string& folder, double seconds);

}  // namespace desist
